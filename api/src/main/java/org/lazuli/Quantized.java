package org.lazuli;

import org.jspecify.annotations.Nullable;

/// A matrix of few bits an element, made by [Ops#quantize].
///
/// @param weight the packed elements, `uint32` of shape (…,n,words)
/// @param scales what each group is multiplied with, of shape (…,n,groups)
/// @param biases what is then added to each group, of the same shape; null if the mode has none
/// @param how the format
public record Quantized(
        Array weight, Array scales, @Nullable Array biases, Quantization how) {
    /// The shape of the matrix that this stands for.
    public Shape shape() {
        return weight.shape().with(-1, how.elements(weight.dim(-1)));
    }
}
