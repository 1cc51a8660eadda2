package org.lazuli.metal.kernels;

import java.util.Arrays;
import java.util.Comparator;
import org.lazuli.DType;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Tensor;

/// Encodes a reduction, whatever is combined.
///
/// Where the elements of one result lie side by side, the lanes of a simdgroup or of a threadgroup read them together; where the results do, each lane
/// has one. Few elements are combined by one thread. Very many are cut into parts, whose states a second dispatch combines: that keeps the
/// device busy, and the chains of additions short, on whose length the error of a sum depends.
final class Reducer {
    private static final int THREADS = 256;
    private static final int SIMDGROUPS = THREADS / 32;

    /// One thread combines so many elements.
    private static final int FEW = 8;

    /// One simdgroup combines so many, or more where there are many results.
    private static final int SHORT_ROW = 256;

    private static final int ROW = 1024;

    /// A part is at most so long: no thread adds up more than 64 numbers one after another.
    private static final int LONGEST_ROW = 4 * 64 * THREADS;

    private static final int LONGEST_COLUMN = 4 * 64 * SIMDGROUPS;

    /// Parts are made down to these lengths while there is less to do than `BUSY` threadgroups.
    private static final int SHORTEST_ROW = 4096;

    private static final int SHORTEST_COLUMN = 256;
    private static final int BUSY = 128;

    private final Combination combination;
    private final Commands commands;

    Reducer(Combination combination, Commands commands) {
        this.combination = combination;
        this.commands = commands;
    }

    /// Combines the elements along the axes; where there are none, the result is the neutral element.
    void encode(Ints axes, Tensor input, Tensor output) {
        int outputs = output.shape().size();
        if (outputs == 0) {
            return;
        }
        Strided kept = kept(axes, input);
        Strided along = along(axes, input);
        int reduced = along.size();
        if (reduced <= FEW) {
            each(kept, along, input, output);
            return;
        }
        boolean columns = isColumns(kept, along);
        int groups = columns ? Math.ceilDiv(outputs, 32) : outputs;
        int parts = columns
                ? parts(reduced, groups, SHORTEST_COLUMN, LONGEST_COLUMN)
                : parts(reduced, groups, SHORTEST_ROW, LONGEST_ROW);
        if (parts == 1) {
            pass(columns, false, kept, along, outputs, reduced, 1, input, output);
            return;
        }
        int part = Math.ceilDiv(reduced, parts);
        parts = Math.ceilDiv(reduced, part);
        Tensor states = commands.temporary(DType.UINT8, outputs * parts * combination.stateBytes());
        pass(columns, false, kept, along, outputs, reduced, parts, input, states);
        Strided none = Strided.of(new int[0], new int[0]);
        pass(false, true, none, none, outputs, parts, 1, states, output);
    }

    private static int parts(int reduced, int groups, int shortest, int longest) {
        int needed = Math.ceilDiv(reduced, longest);
        int useful = Math.min(Math.ceilDiv(BUSY, groups), reduced / shortest);
        return Math.max(1, Math.max(needed, useful));
    }

    /// Whether neighbouring results lie closer together than the elements of one.
    private static boolean isColumns(Strided kept, Strided along) {
        if (kept.rank() == 0 || kept.dim(kept.rank() - 1) < FEW) {
            return false;
        }
        int between = Math.abs(kept.stride(0, kept.rank() - 1));
        return between < Math.abs(along.stride(0, along.rank() - 1));
    }

    private void each(Strided kept, Strided along, Tensor input, Tensor output) {
        boolean even = along.rank() <= 1;
        String name = "reduce_each_" + (even ? "" : "uneven_") + combination.name();
        commands.kernel(name, () -> text(name, even, false, false).with(files("reduce_each")))
                .read(input)
                .write(output)
                .ints(output.shape().size(), along.size(), along.size(), 1, stride(along))
                .ints(kept.layout())
                .ints(along.layout())
                .threads(output.shape().size());
    }

    private void pass(
            boolean columns,
            boolean second,
            Strided kept,
            Strided along,
            int outputs,
            int reduced,
            int parts,
            Tensor source,
            Tensor target) {
        boolean first = parts > 1;
        boolean even = along.rank() <= 1;
        boolean together = !columns && reduced > (outputs < SIMDGROUPS * 8 ? SHORT_ROW : ROW);
        String way = columns ? "columns" : together ? "groups" : "rows";
        String name = "reduce_" + way + (first ? "_to_states" : "") + (second ? "_of_states" : "")
                + (even ? "_" : "_uneven_") + combination.name();
        Dispatch dispatch = commands.kernel(
                        name,
                        () -> text(name, even, second, first)
                                .define("TOGETHER", together)
                                .define("SIMDGROUPS", SIMDGROUPS)
                                .with(files(columns ? "reduce_columns" : "reduce_rows")))
                .read(source)
                .write(target)
                .ints(outputs, reduced, Math.ceilDiv(reduced, parts), parts, stride(along))
                .ints(kept.layout())
                .ints(along.layout());
        int threads = Math.min(THREADS, dispatch.maxThreads() / 32 * 32);
        int groups = columns ? Math.ceilDiv(outputs, 32) : together ? outputs : Math.ceilDiv(outputs, threads / 32);
        dispatch.groups(groups, parts, 1, threads, 1, 1);
    }

    private KernelText text(String name, boolean even, boolean fromStates, boolean toStates) {
        return combination
                .text()
                .copy()
                .define("REDUCE", name)
                .define("EVEN", even)
                .define("FROM_STATES", fromStates)
                .define("TO_STATES", toStates);
    }

    private String[] files(String kernel) {
        return new String[] {"places", "shuffles", combination.file(), "reduction", kernel};
    }

    private static int stride(Strided along) {
        return along.rank() == 0 ? 0 : along.stride(0, 0);
    }

    /// The axes that stay, in row-major order.
    private static Strided kept(Ints axes, Tensor input) {
        int rank = input.shape().rank();
        int[] sizes = new int[rank];
        int[] strides = new int[rank];
        int count = 0;
        for (int axis = 0; axis < rank; axis++) {
            if (!axes.contains(axis)) {
                sizes[count] = input.shape().dim(axis);
                strides[count++] = input.strides().get(axis);
            }
        }
        return Strided.of(Arrays.copyOf(sizes, count), Arrays.copyOf(strides, count));
    }

    /// The axes that are reduced, as they lie: their order does not matter, but where the elements are numbered it does, along one axis.
    private static Strided along(Ints axes, Tensor input) {
        int[] order = Arrays.stream(axes.toArray())
                .boxed()
                .sorted(Comparator.comparingInt(
                                (Integer axis) -> -Math.abs(input.strides().get(axis)))
                        .thenComparing(Comparator.naturalOrder()))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] sizes = new int[order.length];
        int[] strides = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            sizes[i] = input.shape().dim(order[i]);
            strides[i] = input.strides().get(order[i]);
        }
        return Strided.of(sizes, strides);
    }
}
