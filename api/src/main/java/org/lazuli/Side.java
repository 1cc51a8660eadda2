package org.lazuli;

/// Where [Array#searchsorted(Array, Side)] puts a value among equal ones.
public enum Side {
    /// Before them.
    LEFT,
    /// After them.
    RIGHT
}
