package org.lazuli.cpu;

import java.util.Arrays;
import org.lazuli.DType;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Tensor;

/// Sums, products and extremes along axes.
///
/// Floating point is accumulated in double whatever the dtype, tile by tile, so that the result is that of the exact
/// sum rounded once in all but the worst cases; integers in long, and wrapped at the end, which is the same as wrapping
/// at each step.
final class Reduction {
    private Reduction() {}

    static void run(ReduceOp op, Ints axes, Tensor input, Tensor output) {
        int size = output.shape().size();
        if (size == 0) {
            return;
        }
        int reduced = 1;
        for (int i = 0; i < axes.size(); i++) {
            reduced *= input.shape().dim(axes.get(i));
        }
        Accumulator accumulator = Accumulator.of(op, input.dtype());
        Order order = Order.of(axes, input);
        Object target = Storage.array(output);
        if (reduced == 0) {
            int tile = Math.min(size, Tiles.SIZE);
            accumulator.start(tile);
            for (int start = 0; start < size; start += tile) {
                accumulator.store(output.dtype(), target, start, Math.min(tile, size - start));
            }
            return;
        }
        TileReader reader = new TileReader(input, Layout.of(input, order.axes));
        if (order.inner == 1) {
            alongRows(accumulator, reader, input.dtype(), reduced, output, target);
        } else {
            acrossRows(accumulator, reader, input.dtype(), reduced, order.inner, output, target);
        }
    }

    /// Reads what is reduced to one element in one piece, or several such pieces at once where they are short.
    private static void alongRows(
            Accumulator accumulator, TileReader reader, DType dtype, int reduced, Tensor output, Object target) {
        int size = output.shape().size();
        int group = Math.min(Math.max(Tiles.SIZE / reduced, 1), size);
        Object register = Domain.of(dtype).register(Math.max(group * Math.min(reduced, Tiles.SIZE), 1));
        for (int first = 0; first < size; first += group) {
            int count = Math.min(group, size - first);
            accumulator.start(count);
            if (reduced <= Tiles.SIZE) {
                reader.read(first * reduced, count * reduced, register);
                for (int i = 0; i < count; i++) {
                    accumulator.fold(register, i * reduced, (i + 1) * reduced, i);
                }
            } else {
                for (int start = 0; start < reduced; start += Tiles.SIZE) {
                    int n = Math.min(Tiles.SIZE, reduced - start);
                    reader.read(first * reduced + start, n, register);
                    accumulator.fold(register, 0, n, 0);
                }
            }
            accumulator.store(output.dtype(), target, first, count);
        }
    }

    /// Accumulates whole rows of `inner` elements that are kept, so that memory is read as it lies.
    private static void acrossRows(
            Accumulator accumulator,
            TileReader reader,
            DType dtype,
            int reduced,
            int inner,
            Tensor output,
            Object target) {
        int outer = output.shape().size() / inner;
        int columns = Math.min(inner, Tiles.SIZE);
        int rows = Math.max(Tiles.SIZE / inner, 1);
        Object register = Domain.of(dtype).register(Math.max(columns * rows, columns));
        for (int o = 0; o < outer; o++) {
            for (int column = 0; column < inner; column += columns) {
                int n = Math.min(columns, inner - column);
                accumulator.start(n);
                for (int row = 0; row < reduced; row += rows) {
                    int count = Math.min(rows, reduced - row);
                    reader.read((o * reduced + row) * inner + column, rows == 1 ? n : count * inner, register);
                    for (int i = 0; i < count; i++) {
                        accumulator.combine(register, i * inner, n);
                    }
                }
                accumulator.store(output.dtype(), target, o * inner + column, n);
            }
        }
    }

    /// The order to read axes in: kept, then reduced, then the kept ones that lie innermost.
    private record Order(Ints axes, int inner) {
        static Order of(Ints reduced, Tensor input) {
            int rank = input.shape().rank();
            int innermost = rank;
            int inner = 1;
            for (int axis = rank - 1; axis >= 0 && !reduced.contains(axis); axis--) {
                innermost = axis;
                inner *= input.shape().dim(axis);
            }
            int[] order = new int[rank];
            int count = 0;
            for (int axis = 0; axis < innermost; axis++) {
                if (!reduced.contains(axis)) {
                    order[count++] = axis;
                }
            }
            int[] sorted = reduced.toArray();
            Arrays.sort(sorted);
            for (int axis : sorted) {
                order[count++] = axis;
            }
            for (int axis = innermost; axis < rank; axis++) {
                order[count++] = axis;
            }
            return new Order(Ints.of(order), inner);
        }
    }
}
