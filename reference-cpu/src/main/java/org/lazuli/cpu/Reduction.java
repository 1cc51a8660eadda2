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

    /// Rows that are taken all together where they lie, if they are shorter than this, and how many longer ones: for memory to be read in long runs.
    private static final int LONG_ROW = 256;

    private static final int AT_ONCE = 8;

    /// Fewer results, or blocks of them, are not enough parts for several threads.
    private static final int FEW = 8;

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
        boolean extreme = op == ReduceOp.MAX || op == ReduceOp.MIN;
        if (!extreme || input.dtype() != DType.FLOAT32 || input.shape().size() < VectorSupport.SHORTEST) {
            return false;
        }
        Windows windows = axes.size() > 0 ? Windows.of(input, axes) : null;
        if (windows == null || windows.inner < SHORTEST_RUN || windows.offsets.length > MOST_RUNS) {
            return false;
        }
        WindowLoops loops = fast.windows();
        float[] x = (float[]) Storage.array(input);
        float[] o = (float[]) Storage.array(output);
        windows.run(GRAIN, (first, count) -> loops.extremes(op == ReduceOp.MAX, x, windows, o, first, count));
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
            if (size < FEW && reduced > 2 * GRAIN) {
                inPieces(source, 1, 1, size, GRAIN, output.dtype(), target);
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
            if (outer * blocks < FEW && (long) reduced * columns > 2 * GRAIN) {
                inPieces(source, inner, columns, outer * blocks, GRAIN / columns, output.dtype(), target);
                return;
            }
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

        /// Elements to be read by one thread.
        ///
        /// @param most how many at once
        Piece piece(int most) {
            return new Piece(elements.get(), Domain.of(dtype), most);
        }
    }

    /// Elements for an accumulator: read into a register, or where they lie, if they lie there as in a register.
    private static final class Piece {
        private final TileSource source;
        private final boolean inPlace;

        /// A register, or what all elements lie in.
        final Object array;

        Piece(TileSource source, Domain domain, int most) {
            this.source = source;
            Object all = source.inPlace();
            inPlace = all != null;
            array = all != null ? all : domain.register(most);
        }

        /// True if any number of elements can be had at once.
        boolean isInPlace() {
            return inPlace;
        }

        /// Gets `n` elements from number `start` on.
        ///
        /// @return where they begin in the array
        int read(int start, int n) {
            if (inPlace) {
                return source.position(start);
            }
            source.read(start, n, array);
            return 0;
        }
    }

    /// Results `from` to `to`. Reads what is reduced to one element in one piece, or several such pieces at once where
    /// they are short.
    private static void alongRows(Source source, int from, int to, DType dtype, Object target) {
        int reduced = source.reduced;
        int group = Math.min(Math.max(Tiles.SIZE / reduced, 1), to - from);
        Accumulator accumulator = source.accumulator();
        Piece elements = source.piece(group * Math.min(reduced, Tiles.SIZE));
        for (int first = from; first < to; first += group) {
            int count = Math.min(group, to - first);
            accumulator.start(count);
            if (reduced <= Tiles.SIZE) {
                int at = elements.read(first * reduced, count * reduced);
                for (int i = 0; i < count; i++) {
                    accumulator.fold(elements.array, at + i * reduced, at + (i + 1) * reduced, i);
                }
            } else {
                foldRange(elements, first * reduced, (first + 1) * reduced, accumulator);
            }
            accumulator.store(dtype, target, first, count);
        }
    }

    private static void foldRange(Piece elements, int from, int to, Accumulator accumulator) {
        for (int start = from; start < to; start += Tiles.SIZE) {
            int n = Math.min(Tiles.SIZE, to - start);
            int at = elements.read(start, n);
            accumulator.fold(elements.array, at, at + n, 0);
        }
    }

    /// A few results, or blocks of columns, of very many rows each: pieces of them are reduced on their own and put together in order.
    ///
    /// @param columns in a block
    /// @param length rows to a piece
    private static void inPieces(
            Source source, int inner, int columns, int count, int length, DType dtype, Object target) {
        int reduced = source.reduced;
        int pieces = (reduced - 1) / length + 1;
        Accumulator[] parts = new Accumulator[count * pieces];
        Workers.SHARED.run(parts.length, part -> {
            int from = part % pieces * length;
            int to = Math.min(reduced - from, length) + from;
            Block block = new Block(inner, columns, reduced, part / pieces);
            Accumulator accumulator = source.accumulator();
            accumulator.start(block.count());
            if (inner == 1) {
                foldRange(source.piece(Tiles.SIZE), block.row() + from, block.row() + to, accumulator);
            } else {
                block.combine(source.piece(block.tile()), from, to, accumulator);
            }
            parts[part] = accumulator;
        });
        for (int index = 0; index < count; index++) {
            Block block = new Block(inner, columns, reduced, index);
            Accumulator first = parts[index * pieces];
            for (int i = 1; i < pieces; i++) {
                first.merge(parts[index * pieces + i], block.count());
            }
            first.store(dtype, target, block.result(), block.count());
        }
    }

    /// Some neighbouring columns of rows of `inner` elements.
    ///
    /// @param width how many columns a block has, if it is not the last one of a row
    /// @param reduced rows to each result
    /// @param index which block of all
    private record Block(int inner, int width, int reduced, int index) {
        private int blocks() {
            return (inner - 1) / width + 1;
        }

        private int column() {
            return index % blocks() * width;
        }

        int count() {
            return Math.min(width, inner - column());
        }

        /// The first row.
        int row() {
            return index / blocks() * reduced;
        }

        /// The number of the first result.
        int result() {
            return index / blocks() * inner + column();
        }

        /// Rows that are read at once.
        private int rows() {
            return Math.max(Tiles.SIZE / inner, 1);
        }

        /// Elements that are read at once, at most.
        int tile() {
            return width * rows();
        }

        /// Combines rows `from` … `to - 1` of the block, whole rows at a time, so that memory is read as it lies.
        void combine(Piece elements, int from, int to, Accumulator accumulator) {
            int n = count();
            int most = !elements.isInPlace() ? rows() : n < LONG_ROW ? to - from : AT_ONCE;
            for (int next = from; next < to; next += most) {
                int rows = Math.min(most, to - next);
                int start = (row() + next) * inner + column();
                int at = elements.read(start, rows == 1 ? n : rows * inner);
                accumulator.combine(elements.array, at, inner, rows, n);
            }
        }
    }

    /// Blocks of columns `from` to `to`.
    private static void acrossRows(
            Source source, int inner, int columns, int from, int to, DType dtype, Object target) {
        int reduced = source.reduced;
        Accumulator accumulator = source.accumulator();
        Piece elements = source.piece(new Block(inner, columns, reduced, 0).tile());
        for (int index = from; index < to; index++) {
            Block block = new Block(inner, columns, reduced, index);
            accumulator.start(block.count());
            block.combine(elements, 0, reduced, accumulator);
            accumulator.store(dtype, target, block.result(), block.count());
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
