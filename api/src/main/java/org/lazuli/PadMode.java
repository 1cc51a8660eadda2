package org.lazuli;

/// What [Ops#pad(Array, int[][], PadMode)] puts around an array.
public enum PadMode {
    /// The element at the edge, again and again: `aaa|abcd|ddd`.
    EDGE,
    /// The array mirrored at its outermost elements: `dcb|abcd|cba`.
    REFLECT,
    /// The array mirrored at its edges: `cba|abcd|dcb`.
    SYMMETRIC
}
