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

    /// What is stored of some rows, of which `tile` has the exponentials.
    private interface Result {
        void store(float[] tile, float[] largest, float[] totals, float[] o, int to, int rows);
    }

    void softmax() {
        run((tile, _, totals, o, to, rows) -> {
            for (int r = 0; r < rows; r++) {
                float scale = 1 / totals[r];
                for (int j = 0; j < n; j++) {
                    o[to + r * n + j] = tile[j * lanes + r] * scale;
                }
            }
        });
    }

    /// An infinite largest element is the result; the difference to it is not a number.
    void logSumExp() {
        run((_, largest, totals, o, to, rows) -> {
            for (int r = 0; r < rows; r++) {
                o[to + r] = Float.isInfinite(largest[r]) ? largest[r] : (float) Math.log(totals[r]) + largest[r];
            }
        });
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
    private void some(float[] lines, int from, int count, Result result, float[] results, int to) {
        float[] tile = new float[n * lanes];
        float[] largest = new float[lanes];
        float[] totals = new float[lanes];
        for (int row = 0; row < count; row += lanes) {
            int rows = Math.min(lanes, count - row);
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < n; j++) {
                    tile[j * lanes + r] = lines[from + (row + r) * n + j];
                }
            }
            loops.exponentials(tile, n, largest, totals);
            result.store(tile, largest, totals, results, to + row * width, rows);
        }
    }
}
