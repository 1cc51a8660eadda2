package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.Fast;
import org.lazuli.RopeOptions;
import org.lazuli.function.Unary;

/// Rotary position embedding: pairs of elements of queries and keys are turned by angles that grow with the position, so that their product
/// depends on the distance alone.
///
/// Pair `i` of `n = dims / 2` at position `t` is turned by `scale * t * base^(-i/n)`. There are no parameters.
///
/// See: J. Su et al., *RoFormer: enhanced transformer with rotary position embedding*, 2021. See also: [Fast#rope]; MLX, *RoPE*.
public class RoPE extends Module implements Unary {
    private final int dims;
    private final RopeOptions options;

    public RoPE(int dims) {
        this(dims, RopeOptions.DEFAULT);
    }

    /// @param dims how many elements of the last axis to turn, an even number; those after them stay
    public RoPE(int dims, RopeOptions options) {
        this.dims = dims;
        this.options = options;
    }

    /// Positions from 0.
    ///
    /// @param x shape `(B,…,positions,D)`
    /// @return of the same shape
    @Override
    public Array apply(Array x) {
        return apply(x, 0);
    }

    /// Positions from `offset`.
    ///
    /// @param x shape `(B,…,positions,D)`
    /// @return of the same shape
    public Array apply(Array x, int offset) {
        return Fast.rope(x, dims, options, offset);
    }

    /// Positions from an offset that is computed.
    ///
    /// @param x shape `(B,…,positions,D)`
    /// @param offset an integer, or one for each example, of shape `(B)`
    /// @return of the same shape
    public Array apply(Array x, Array offset) {
        return Fast.rope(x, dims, options, offset);
    }

    @Override
    protected String extraRepr() {
        return dims + ", traditional=" + Repr.of(options.traditional());
    }
}
