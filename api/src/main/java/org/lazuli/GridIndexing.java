package org.lazuli;

/// The order of the first two axes of [Ops#meshgrid].
public enum GridIndexing {
    /// Cartesian: the first array runs along the second axis.
    XY,
    /// Matrix: each array runs along its own axis.
    IJ
}
