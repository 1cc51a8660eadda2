package org.lazuli;

/// How much of the result [Ops#convolve] keeps.
public enum ConvolveMode {
    /// Every position where the two overlap.
    FULL,
    /// As many positions as the longer one has, from the middle.
    SAME,
    /// The positions where the shorter one lies fully within the longer one.
    VALID
}
