package org.lazuli.cpu;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Sums, products and extremes along axes.
///
/// Floating point is accumulated in double whatever the dtype, tile by tile, so that the result is that of the exact
/// sum rounded once in all but the worst cases; integers in long, and wrapped at the end, which is the same as wrapping
/// at each step.
final class Reduction {
    /// Elements to a part for one thread.
    private static final int GRAIN = 1 << 16;

    /// The runs that are worth vectors, and how many of them are read at once.
    private static final int SHORTEST_RUN = 16;

    private static final int MOST_RUNS = 64;

    private final @Nullable VectorSupport vectors;

    Reduction(@Nullable VectorSupport vectors) {
        this.vectors = vectors;
    }

    void run(ReduceOp op, Ints axes, Tensor input, Tensor output) {
        if (!runDirectly(op, axes, input, output)) {
            run(op, axes, input.spec(), output, order -> {
                TileReader reader = new TileReader(input, Layout.of(input, order));
                return () -> new TileReader(reader);
            });
        }
    }

    /// Finds extremes of a few runs at a time where they lie, as pooling does.
    private boolean runDirectly(ReduceOp op, Ints axes, Tensor input, Tensor output) {
        VectorSupport fast = vectors;
        if (fast == null) {
            return false;
        }
        boolean direct = (op == ReduceOp.MAX || op == ReduceOp.MIN)
                && input.dtype() == DType.FLOAT32
                && input.offset() == 0
                && input.isContiguous()
                && input.shape().size() >= VectorSupport.SHORTEST
                && axes.size() > 0;
        if (!direct) {
            return false;
        }
        Windows windows = new Windows(input.shape(), axes);
        if (windows.inner < SHORTEST_RUN || windows.offsets.length > MOST_RUNS) {
            return false;
        }
        WindowLoops loops = fast.windows();
        float[] x = (float[]) Storage.array(input);
        float[] o = (float[]) Storage.array(output);
        int n = windows.inner;
        int grain = Math.max(GRAIN / (n * windows.offsets.length), 1);
        Workers.SHARED.run((windows.count + grain - 1) / grain, part -> {
            for (int i = part * grain; i < Math.min((part + 1) * grain, windows.count); i++) {
                loops.extremes(op == ReduceOp.MAX, x, windows.position(i), windows.offsets, o, i * n, n);
            }
        });
        return true;
    }

    /// Reduces elements that need not be in memory.
    ///
    /// @param input their type and shape
    /// @param elements gives them with their axes in another order, to each part for itself
    void run(ReduceOp op, Ints axes, TensorSpec input, Tensor output, Function<Ints, Supplier<TileSource>> elements) {
        int size = output.shape().size();
        if (size == 0) {
            return;
        }
        int reduced = 1;
        for (int i = 0; i < axes.size(); i++) {
            reduced *= input.shape().dim(axes.get(i));
        }
        Order order = Order.of(axes, input);
        Object target = Storage.array(output);
        if (reduced == 0) {
            Accumulator accumulator = Accumulator.of(op, input.dtype(), vectors);
            int tile = Math.min(size, Tiles.SIZE);
            accumulator.start(tile);
            for (int start = 0; start < size; start += tile) {
                accumulator.store(output.dtype(), target, start, Math.min(tile, size - start));
            }
            return;
        }
        // The size of the whole input decides, so that all results are computed alike.
        VectorSupport fast = input.shape().size() >= VectorSupport.SHORTEST ? vectors : null;
        Source source = new Source(op, input.dtype(), elements.apply(order.axes), reduced, fast);
        if (order.inner == 1) {
            if (size < 8 && reduced > 2 * GRAIN) {
                longRows(source, output, target);
                return;
            }
            int grain = Math.max(GRAIN / reduced, 1);
            Workers.SHARED.run((size + grain - 1) / grain, part -> {
                int from = part * grain;
                alongRows(source, from, Math.min(from + grain, size), output.dtype(), target);
            });
        } else {
            int inner = order.inner;
            int outer = size / inner;
            int columns = Math.min(inner, Tiles.SIZE);
            int blocks = (inner + columns - 1) / columns;
            int grain = Math.max((int) (GRAIN / ((long) columns * reduced)), 1);
            Workers.SHARED.run((outer * blocks + grain - 1) / grain, part -> {
                int from = part * grain;
                acrossRows(
                        source, inner, columns, from, Math.min(from + grain, outer * blocks), output.dtype(), target);
            });
        }
    }

    /// What is reduced: `reduced` elements to each result.
    private record Source(
            ReduceOp op,
            DType dtype,
            Supplier<TileSource> elements,
            int reduced,
            @Nullable VectorSupport vectors) {
        Accumulator accumulator() {
            return Accumulator.of(op, dtype, vectors);
        }
    }

    /// Results `from` to `to`. Reads what is reduced to one element in one piece, or several such pieces at once where
    /// they are short.
    private static void alongRows(Source source, int from, int to, DType dtype, Object target) {
        int reduced = source.reduced;
        int group = Math.min(Math.max(Tiles.SIZE / reduced, 1), to - from);
        Object register = Domain.of(source.dtype).register(group * Math.min(reduced, Tiles.SIZE));
        Accumulator accumulator = source.accumulator();
        TileSource elements = source.elements.get();
        for (int first = from; first < to; first += group) {
            int count = Math.min(group, to - first);
            accumulator.start(count);
            if (reduced <= Tiles.SIZE) {
                elements.read(first * reduced, count * reduced, register);
                for (int i = 0; i < count; i++) {
                    accumulator.fold(register, i * reduced, (i + 1) * reduced, i);
                }
            } else {
                foldRange(elements, first * reduced, (first + 1) * reduced, register, accumulator);
            }
            accumulator.store(dtype, target, first, count);
        }
    }

    private static void foldRange(TileSource elements, int from, int to, Object register, Accumulator accumulator) {
        for (int start = from; start < to; start += Tiles.SIZE) {
            int n = Math.min(Tiles.SIZE, to - start);
            elements.read(start, n, register);
            accumulator.fold(register, 0, n, 0);
        }
    }

    /// A few results of very many elements each: pieces of them are reduced on their own and put together in order.
    private static void longRows(Source source, Tensor output, Object target) {
        int reduced = source.reduced;
        int pieces = (reduced + GRAIN - 1) / GRAIN;
        for (int row = 0; row < output.shape().size(); row++) {
            int begin = row * reduced;
            Accumulator[] parts = new Accumulator[pieces];
            Workers.SHARED.run(pieces, part -> {
                Accumulator accumulator = source.accumulator();
                accumulator.start(1);
                int from = begin + part * GRAIN;
                int to = begin + (int) Math.min((part + 1L) * GRAIN, reduced);
                Object register = Domain.of(source.dtype).register(Tiles.SIZE);
                foldRange(source.elements.get(), from, to, register, accumulator);
                parts[part] = accumulator;
            });
            for (int i = 1; i < pieces; i++) {
                parts[0].merge(parts[i]);
            }
            parts[0].store(output.dtype(), target, row, 1);
        }
    }

    /// Blocks of columns `from` to `to`. Accumulates whole rows of elements that are kept, so that memory is read as it
    /// lies.
    private static void acrossRows(
            Source source, int inner, int columns, int from, int to, DType dtype, Object target) {
        int reduced = source.reduced;
        int blocks = (inner + columns - 1) / columns;
        int rows = Math.max(Tiles.SIZE / inner, 1);
        Object register = Domain.of(source.dtype).register(columns * rows);
        Accumulator accumulator = source.accumulator();
        TileSource elements = source.elements.get();
        for (int block = from; block < to; block++) {
            int outer = block / blocks;
            int column = block % blocks * columns;
            int n = Math.min(columns, inner - column);
            accumulator.start(n);
            for (int row = 0; row < reduced; row += rows) {
                int count = Math.min(rows, reduced - row);
                elements.read((outer * reduced + row) * inner + column, rows == 1 ? n : count * inner, register);
                for (int i = 0; i < count; i++) {
                    accumulator.combine(register, i * inner, n);
                }
            }
            accumulator.store(dtype, target, outer * inner + column, n);
        }
    }

    /// The order to read axes in: kept, then reduced, then the kept ones that lie innermost.
    private record Order(Ints axes, int inner) {
        static Order of(Ints reduced, TensorSpec input) {
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
            for (int axis = 0; axis < innermost; axis++) {
                if (reduced.contains(axis)) {
                    order[count++] = axis;
                }
            }
            for (int axis = innermost; axis < rank; axis++) {
                order[count++] = axis;
            }
            return new Order(Ints.of(order), inner);
        }
    }
}
