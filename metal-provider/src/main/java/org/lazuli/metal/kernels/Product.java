package org.lazuli.metal.kernels;

import org.lazuli.DType;
import org.lazuli.spi.Tensor;

/// Matrix products in a batch: (rows, depth) times (depth, columns).
///
/// @param leftRow stride of the left operand along its rows; the others likewise
/// @param batches the leading axes, with the strides of both operands
record Product(
        Tensor left,
        Tensor right,
        Tensor result,
        int rows,
        int columns,
        int depth,
        int leftRow,
        int leftDepth,
        int rightDepth,
        int rightColumn,
        Collapsed batches) {
    /// Up to this many products of elements one thread an element is as good as tiles.
    private static final int SMALL = 16 * 16 * 16;

    static Product of(Tensor left, Tensor right, Tensor result) {
        int rank = result.shape().rank();
        int rows = result.shape().dim(rank - 2);
        Collapsed batches = Places.leading(rank - 2, left, right);
        int leftRow = left.strides().get(rank - 2);
        if (rows == 1) {
            // Any stride would do: with the one that continues the batch the two can be joined.
            leftRow = batches.rank() == 0 ? leftRow : batches.strides()[0][batches.rank() - 1];
        }
        boolean joined = batches.rank() == 1
                && batches.strides()[1][0] == 0
                && batches.strides()[0][0] == (rows == 1 ? leftRow : rows * leftRow);
        if (joined) {
            // One right operand for all: the left ones are the rows of one matrix.
            rows *= batches.dims()[0];
            batches = new Collapsed(new int[0], new int[2][0]);
        }
        return new Product(
                left,
                right,
                result,
                rows,
                result.shape().dim(rank - 1),
                left.shape().dim(rank - 1),
                leftRow,
                left.strides().get(rank - 1),
                right.strides().get(rank - 2),
                right.strides().get(rank - 1),
                batches);
    }

    /// The product of the transposed operands in the other order. Its result has the same elements in the same order where one of its sides is 1.
    Product transposed() {
        return new Product(
                right,
                left,
                result,
                columns,
                rows,
                depth,
                rightColumn,
                rightDepth,
                leftDepth,
                leftRow,
                new Collapsed(batches.dims(), new int[][] {batches.strides()[1], batches.strides()[0]}));
    }

    /// The number of products.
    int size() {
        return Places.size(batches);
    }

    boolean isComplex() {
        return result.dtype() == DType.COMPLEX64;
    }

    boolean isSmall() {
        return (long) rows * columns * depth <= SMALL;
    }

    /// Whether neighbours along a column of the left operand lie closer than those along a row.
    boolean leftByColumns() {
        return depth > 1 && Math.abs(leftRow) < Math.abs(leftDepth);
    }

    /// Whether neighbours along a column of the right operand lie closer than those along a row.
    boolean rightByColumns() {
        return columns > 1 && Math.abs(rightDepth) < Math.abs(rightColumn);
    }

    /// What the kernels of a product read first.
    int[] sizes() {
        return new int[] {rows, columns, depth, leftRow, leftDepth, rightDepth, rightColumn};
    }
}
