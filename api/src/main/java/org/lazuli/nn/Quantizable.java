package org.lazuli.nn;

import org.lazuli.Quantization;

/// A layer that has a quantized form, which [Nn#quantize] puts in its place.
///
/// Where a model's field is declared to hold this layer, the quantized form must be a subclass of it.
public interface Quantizable {
    /// A layer that computes the same with quantized parameters, which are frozen. This one stays as it is.
    ///
    /// @param how the format of the parameters
    /// @param inputs whether what comes in is to be rounded to that format too
    /// @throws IllegalArgumentException if the parameters do not fit the format, or the layer has no such form
    Module toQuantized(Quantization how, boolean inputs);
}
