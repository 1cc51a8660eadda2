package org.lazuli.ops;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.graph.Region;

/// Matrix products of which only a part is wanted: blocks, chosen matrices, ranges of the inner axis.
public final class SelectedProducts {
    private SelectedProducts() {}

    /// `a @ b` with blocks masked out.
    public static Array blockMasked(
            Array a,
            Array b,
            int blockSize,
            @Nullable Array maskOut,
            @Nullable Array maskLhs,
            @Nullable Array maskRhs) {
        DType dtype = checked(a, b, "blockMaskedMm");
        if (blockSize != 32 && blockSize != 64) {
            throw new IllegalArgumentException("blockMaskedMm: the block size must be 32 or 64, got " + blockSize);
        }
        return Region.own(() -> {
            Array left = masked(Elementwise.cast(a, dtype), maskLhs, blockSize, "left");
            Array right = masked(Elementwise.cast(b, dtype), maskRhs, blockSize, "right");
            return masked(left.matmul(right), maskOut, blockSize, "result's");
        });
    }

    /// With every block multiplied by its element of the mask; what a boolean mask leaves out is 0, even if it was not finite.
    private static Array masked(Array x, @Nullable Array mask, int size, String which) {
        if (mask == null) {
            return x;
        }
        if (mask.dtype() != DType.BOOL && !mask.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    "blockMaskedMm: the " + which + " mask must be bool or floating point, got " + mask.dtype());
        }
        int rows = (x.dim(-2) + size - 1) / size;
        int columns = (x.dim(-1) + size - 1) / size;
        Shape blocks = x.shape().with(-2, rows).with(-1, columns);
        if (mask.ndim() > x.ndim()
                || !Shape.broadcast(mask.shape(), blocks, "blockMaskedMm").equals(blocks)) {
            throw new IllegalArgumentException("blockMaskedMm: the " + which + " mask of shape " + mask.shape()
                    + " does not broadcast to " + blocks + ", one element for each block of " + size + " x " + size
                    + " of shape " + x.shape());
        }
        // A mask that is the same for all of the batch stays so.
        Array whole = Elementwise.broadcast(
                mask,
                mask.ndim() < 2
                        ? Shape.of(rows, columns)
                        : mask.shape().with(-2, rows).with(-1, columns));
        Array wide = whole.repeat(size, -2).repeat(size, -1);
        wide = Shapes.slice(wide, wide.ndim() - 2, 0, x.dim(-2));
        wide = Shapes.slice(wide, wide.ndim() - 1, 0, x.dim(-1));
        return mask.dtype() == DType.BOOL ? Ops.where(wide, x, Ops.zerosLike(x)) : x.mul(wide.astype(x.dtype()));
    }

    /// Products of matrices that are chosen by number.
    public static Array gathered(Array a, Array b, @Nullable Array lhsIndices, @Nullable Array rhsIndices) {
        DType dtype = checked(a, b, "gatherMm");
        checkIndices(lhsIndices, "gatherMm");
        checkIndices(rhsIndices, "gatherMm");
        if (lhsIndices == null && rhsIndices == null) {
            return a.matmul(b);
        }
        return Region.own(() -> {
            Array left = chosen(Elementwise.cast(a, dtype), lhsIndices);
            Array right = chosen(Elementwise.cast(b, dtype), rhsIndices);
            return left.matmul(right);
        });
    }

    private static Array chosen(Array x, @Nullable Array indices) {
        if (indices == null) {
            return x;
        }
        Shape batch = x.shape().slice(0, x.ndim() - 2);
        return Shapes.reshape(x, Shape.of(batch.size(), x.dim(-2), x.dim(-1))).take(indices, 0);
    }

    /// Products of ranges of the columns of one matrix and the same rows of another.
    public static Array segmented(Array a, Array b, Array segments) {
        DType dtype = checked(a, b, "segmentedMm");
        if (a.ndim() != 2 || b.ndim() != 2) {
            throw new IllegalArgumentException(
                    "segmentedMm: needs two matrices, got shapes " + a.shape() + " and " + b.shape());
        }
        checkIndices(segments, "segmentedMm");
        if (segments.ndim() < 1 || segments.dim(-1) != 2) {
            throw new IllegalArgumentException("segmentedMm: needs a start and an end for each segment, along a last"
                    + " axis of size 2, got segments of shape " + segments.shape());
        }
        return Region.own(() -> {
            Array position = Ops.arange(a.dim(1)).astype(DType.INT64);
            Array bounds = segments.astype(DType.INT64).expandDims(-2);
            Array start = bounds.get(Index.rest(), Index.at(0));
            Array end = bounds.get(Index.rest(), Index.at(1));
            Array inside = position.ge(start).logicalAnd(position.lt(end));
            // Both sides, since what lies outside may be infinite.
            Array left = Elementwise.cast(a, dtype);
            Array right = Elementwise.cast(b, dtype);
            return Ops.where(inside.expandDims(-2), left, Ops.zerosLike(left))
                    .matmul(Ops.where(inside.expandDims(-1), right, Ops.zerosLike(right)));
        });
    }

    private static void checkIndices(@Nullable Array indices, String name) {
        if (indices != null && !indices.dtype().isInteger()) {
            throw new IllegalArgumentException(name + ": positions must be integers, got " + indices.dtype());
        }
    }

    private static DType checked(Array a, Array b, String name) {
        DType dtype = DType.promote(a.dtype(), b.dtype());
        if (!dtype.isInexact()) {
            throw new IllegalArgumentException(name + ": needs floating point or complex operands, got " + a.dtype()
                    + " and " + b.dtype() + "; convert with astype(FLOAT32)");
        }
        if (a.ndim() < 2 || b.ndim() < 2 || a.dim(-1) != b.dim(-2)) {
            throw new IllegalArgumentException(
                    name + ": needs matrices (…,n,k) and (…,k,m), got shapes " + a.shape() + " and " + b.shape());
        }
        return dtype;
    }
}
