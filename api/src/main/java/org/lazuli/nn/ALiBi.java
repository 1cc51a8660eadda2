package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Attention with linear biases: the score of a key falls with its distance to the query, in each head at a rate of its own.
///
/// Head `i` of `n`, from 1, adds `-2^(-8 i / n) * |query - key|`. If `n` is no power of two, the heads up to the next lower one, `m`, do so
/// with `m` in place of `n`, and those that are left take every other slope of `2 m` heads. There are no parameters.
///
/// See: O. Press, N. Smith and M. Lewis, *Train short, test long: attention with linear biases enables input length extrapolation*, 2021.
/// See also: MLX, *ALiBi*.
public class ALiBi extends Module implements Unary {
    /// Queries from position 0.
    ///
    /// @param scores shape `(B,heads,queries,keys)`
    /// @return of the same shape
    @Override
    public Array apply(Array scores) {
        return apply(scores, 0, null);
    }

    /// @param scores shape `(B,heads,queries,keys)`
    /// @param offset the position of the first query among the keys
    /// @param mask what else to add, of a shape that broadcasts to that of the scores, or null
    /// @return of the shape of `scores`
    public Array apply(Array scores, int offset, @Nullable Array mask) {
        if (scores.ndim() != 4) {
            throw new IllegalArgumentException("ALiBi: the scores must have four axes (batch, heads, queries, keys),"
                    + " but their shape is " + scores.shape());
        }
        Array biases = createAlibiMatrix(scores.dim(2), scores.dim(3), scores.dim(1), offset, scores.dtype());
        return scores.add(mask == null ? biases : biases.add(mask));
    }

    /// What to add to scores.
    ///
    /// @param offset the position of the first query among the keys
    /// @return shape `(1,heads,queries,keys)`
    public static Array createAlibiMatrix(int queries, int keys, int heads, int offset, DType dtype) {
        DType wide = dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        Array from = Ops.arange(offset, offset + queries, 1, wide).expandDims(1);
        Array distances = from.sub(Ops.arange(0, keys, 1, wide)).abs().neg();
        return distances.mul(createAlibiSlope(heads, wide)).astype(dtype).expandDims(0);
    }

    /// How fast the scores of each head fall.
    ///
    /// @return shape `(heads,1,1)`
    public static Array createAlibiSlope(int heads, DType dtype) {
        int even = Integer.highestOneBit(heads);
        double[] slopes = new double[heads];
        for (int i = 0; i < heads; i++) {
            slopes[i] = i < even ? Math.pow(2, -8.0 * (i + 1) / even) : Math.pow(2, -4.0 * (2 * (i - even) + 1) / even);
        }
        return Ops.array(slopes, dtype).reshape(heads, 1, 1);
    }
}
