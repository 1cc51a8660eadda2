package org.lazuli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.ops.Attention;
import org.lazuli.ops.Normalizations;
import org.lazuli.ops.RotaryEmbedding;

/// Compositions that some backends compute in one go.
///
/// On every backend these are what their graphs of simpler operations are, and are differentiated, batched and compiled as such; where the
/// backend has a kernel of its own for one, that kernel gives the value. [Array#softmax] and [Array#logsumexp] along one axis are treated
/// alike.
///
/// ```java
/// Array scores = Fast.scaledDotProductAttention(q, k, v, 1 / Math.sqrt(q.dim(-1)), AttentionMask.CAUSAL);
/// ```
///
/// See also: MLX, *Fast*.
public final class Fast {
    private Fast() {}

    /// Normalizes the last axis to mean 0 and variance 1, then scales and shifts it. Half precision is computed in float32.
    ///
    /// @param x shape (…,D), with at least one axis
    /// @param weight what to multiply with, of shape (D), or null
    /// @param bias what to add then, of shape (D), or null
    /// @param eps what is added to the variance
    /// @return of the shape of `x` and the type that `x` and the parameters promote to
    /// @throws IllegalArgumentException if a shape is wrong or the type is not floating point
    public static Array layerNorm(Array x, @Nullable Array weight, @Nullable Array bias, double eps) {
        return Normalizations.layerNorm(x, weight, bias, eps);
    }

    /// Divides the last axis by the root of its mean square, then scales it. Half precision is computed in float32.
    ///
    /// @param x shape (…,D), with at least one axis
    /// @param weight what to multiply with, of shape (D), or null
    /// @param eps what is added to the mean square
    /// @return of the shape of `x` and the type that `x` and the weight promote to
    /// @throws IllegalArgumentException if a shape is wrong or the type is not floating point
    public static Array rmsNorm(Array x, @Nullable Array weight, double eps) {
        return Normalizations.rmsNorm(x, weight, eps);
    }

    /// `softmax(scale * q kᵀ) v` for each head, where every query sees every key.
    ///
    /// @return of shape (B,heads,queries,values' size)
    /// @see #scaledDotProductAttention(Array, Array, Array, double, AttentionMask)
    public static Array scaledDotProductAttention(Array queries, Array keys, Array values, double scale) {
        return scaledDotProductAttention(queries, keys, values, scale, AttentionMask.NONE);
    }

    /// `softmax(scale * q kᵀ) v` for each head, where the mask says which keys a query sees. A query that a boolean mask shows nothing gets
    /// the mean of all values. The softmax is computed in float32.
    ///
    /// @param queries shape (B,heads,queries,D)
    /// @param keys shape (B,groups,keys,D), where the number of heads is a multiple of the number of groups: that many heads in turn share
    ///     a group's keys and values
    /// @param values shape (B,groups,keys,Dv)
    /// @param scale what the products are multiplied with, usually 1/√D
    /// @return of shape (B,heads,queries,Dv) and the type that the three promote to
    /// @throws IllegalArgumentException if the shapes do not fit each other, the mask does not broadcast to (B,heads,queries,keys) or would
    ///     widen the type, or the type is not floating point
    public static Array scaledDotProductAttention(
            Array queries, Array keys, Array values, double scale, AttentionMask mask) {
        return Attention.of(queries, keys, values, scale, mask, null);
    }

    /// [#scaledDotProductAttention(Array, Array, Array, double, AttentionMask)] where every query also sees a key without a value, its
    /// *sink*: what attends to that, attends to nothing.
    ///
    /// @param sinks the score of the sink of each head, of shape (heads)
    /// @throws IllegalArgumentException if there is not one for each head
    public static Array scaledDotProductAttention(
            Array queries, Array keys, Array values, double scale, AttentionMask mask, Array sinks) {
        return Attention.of(queries, keys, values, scale, mask, sinks);
    }

    /// A kernel in Metal's language for what a Java function computes.
    ///
    /// Its inputs are copied to row-major order if they are not in it, its outputs are not atomic, and its arithmetic is that of IEEE 754;
    /// [MetalKernel#ensureRowContiguous(boolean)], [MetalKernel#atomicOutputs(boolean)], [MetalKernel#mathMode(MathMode)] and
    /// [MetalKernel#header(String)] change that.
    ///
    /// @param name what the kernel is called, an identifier
    /// @param inputs the inputs' names
    /// @param outputs the outputs' names
    /// @param source the body of the kernel function
    /// @param fallback computes the same in array operations: on backends other than Metal, and for gradients
    /// @throws IllegalArgumentException if a name is no identifier, or appears twice
    public static MetalKernel metalKernel(
            String name, List<String> inputs, List<String> outputs, String source, MetalKernel.Fallback fallback) {
        return new MetalKernel(name, inputs, outputs, source, "", true, false, MathMode.SAFE, fallback);
    }

    /// Rotary position embedding, of positions that begin at `offset`.
    ///
    /// @see #rope(Array, int, RopeOptions, Array)
    public static Array rope(Array x, int dims, RopeOptions options, int offset) {
        return rope(x, dims, options, Ops.array(offset));
    }

    /// Rotary position embedding: the first `dims` elements along the last axis are turned, in pairs, by angles that grow with the position.
    ///
    /// See: J. Su et al., *RoFormer: enhanced transformer with rotary position embedding*, 2021.
    ///
    /// @param x shape (B,…,positions,D)
    /// @param dims how many of the D elements to turn, an even number
    /// @param offset the first position, an integer; or one for each example, of shape (B)
    /// @return of the shape and type of `x`
    /// @throws IllegalArgumentException if `x` has fewer than three axes or is not floating point, or `dims`, the offset or the frequencies
    ///     do not fit it
    public static Array rope(Array x, int dims, RopeOptions options, Array offset) {
        return RotaryEmbedding.of(x, dims, options, offset);
    }
}
