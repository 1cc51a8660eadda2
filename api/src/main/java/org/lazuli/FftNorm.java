package org.lazuli;

/// Which of a Fourier transform and its inverse is scaled, and how, so that one undoes the other.
public enum FftNorm {
    /// The inverse, by 1/n.
    BACKWARD,
    /// Both, by 1/√n: both keep the Euclidean norm.
    ORTHO,
    /// The transform, by 1/n.
    FORWARD
}
