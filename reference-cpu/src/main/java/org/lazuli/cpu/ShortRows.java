package org.lazuli.cpu;

import org.lazuli.DType;
import org.lazuli.spi.Tensor;

/// Softmax, and the logarithm of the sum of exponentials, of rows that are shorter than what loops along a row take, such as those of a classifier's ten classes: a
/// row for each lane, with elements of the same column side by side.
final class ShortRows {
    /// Longer rows are computed one by one.
    private static final int LONGEST = 24;

    /// Elements to a part for one thread: some ten microseconds.
    private static final int GRAIN = 1 << 13;

    private final RowLoops loops;
    private final Tensor x;
    private final Tensor output;
    private final int n;

    /// The elements of a row of the output.
    private final int width;

    /// A power of two.
    private final int lanes;

    ShortRows(RowLoops loops, Tensor x, Tensor output) {
        this.loops = loops;
        this.x = x;
        this.output = output;
        n = x.shape().dim(-1);
        width = output.shape().dim(-1);
        lanes = loops.lanes();
    }

    /// Whether rows are short, and enough of them. Those that fill vectors are as fast by themselves.
    static boolean suit(RowLoops loops, Tensor x) {
        int n = x.shape().dim(-1);
        int lanes = loops.lanes();
        return n <= LONGEST && n % lanes != 0 && x.shape().size() >= n * lanes;
    }

    /// What is stored of some rows, of which `tiles` has the exponentials.
    private interface Result {
        void store(float[] tiles, float[] largest, float[] totals, float[] o, int to, int rows);
    }

    void softmax() {
        run((tiles, _, totals, o, to, rows) -> {
            for (int row = 0; row < rows; row++) {
                float scale = 1 / totals[row];
                int from = place(row);
                for (int j = 0; j < n; j++) {
                    o[to + row * n + j] = tiles[from + j * lanes] * scale;
                }
            }
        });
    }

    /// An infinite largest element is the result; the difference to it is not a number.
    void logSumExp() {
        run((_, largest, totals, o, to, rows) -> {
            for (int row = 0; row < rows; row++) {
                float most = largest[row];
                o[to + row] = Float.isInfinite(most) ? most : (float) Math.log(totals[row]) + most;
            }
        });
    }

    /// Where in tiles the first element of a row is; the others are [#lanes] apart each.
    private int place(int row) {
        int lane = row & lanes - 1;
        return (row - lane) * n + lane;
    }

    private void run(Result result) {
        int rows = x.shape().size() / n;
        int grain = Math.max(GRAIN / n / lanes, 1) * lanes;
        TileReader reader = new TileReader(x);
        float[] whole = x.dtype() == DType.FLOAT32 ? (float[]) reader.inPlace() : null;
        boolean direct = output.dtype() == DType.FLOAT32;
        Object target = Storage.array(output);
        Workers.SHARED.run((rows + grain - 1) / grain, part -> {
            int first = part * grain;
            int count = Math.min(grain, rows - first);
            float[] lines = whole;
            int from = reader.position(first * n);
            if (lines == null) {
                lines = new float[count * n];
                from = 0;
                new TileReader(reader).read(first * n, count * n, lines);
            }
            float[] results = direct ? (float[]) target : new float[count * width];
            int to = direct ? first * width : 0;
            some(lines, from, count, result, results, to);
            if (!direct) {
                Conversions.narrow(output.dtype(), results, target, first * width, count * width);
            }
        });
    }

    /// `count` rows of `lines` from element `from` on.
    ///
    /// Has no loop, and exponentials of all rows come from one call: the JIT compiler should come to that method by itself, after it has seen how often its
    /// loop runs. Made part of a method that is hot before, it was left without what it calls, and made an object of every vector.
    private void some(float[] lines, int from, int count, Result result, float[] results, int to) {
        int groups = (count + lanes - 1) / lanes;
        float[] tiles = Scratch.floats(Scratch.Use.TILE, groups * n * lanes);
        float[] largest = new float[groups * lanes];
        float[] totals = new float[groups * lanes];
        gather(lines, from, count, tiles);
        loops.exponentials(tiles, n, largest, totals);
        result.store(tiles, largest, totals, results, to, count);
    }

    private void gather(float[] lines, int from, int count, float[] tiles) {
        for (int row = 0; row < count; row++) {
            int place = place(row);
            for (int j = 0; j < n; j++) {
                tiles[place + j * lanes] = lines[from + row * n + j];
            }
        }
    }
}
