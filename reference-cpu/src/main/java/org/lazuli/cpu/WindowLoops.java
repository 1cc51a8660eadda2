package org.lazuli.cpu;

/// Loops over a few evenly long runs of one array at a time: the elements that meet in the results of one run.
class WindowLoops {
    /// Stores the largest, or the smallest, of `x[at + offsets[r] + j]` over r to `o[oAt + j]` for j < n; NaN if there is one.
    void extremes(boolean largest, float[] x, int at, int[] offsets, float[] o, int oAt, int n) {
        for (int j = 0; j < n; j++) {
            float extreme = x[at + offsets[0] + j];
            for (int r = 1; r < offsets.length; r++) {
                float next = x[at + offsets[r] + j];
                extreme = largest ? Math.max(extreme, next) : Math.min(extreme, next);
            }
            o[oAt + j] = extreme;
        }
    }

    /// Shares each cotangent among the elements that are the extreme: stores `g[yAt + j] / count` to `o[oAt + offsets[r] + j]` where
    /// `x[at + offsets[r] + j] == y[yAt + j]`, with the count of such r, and 0 elsewhere, for j < n.
    void share(float[] x, int at, float[] y, float[] g, int yAt, int[] offsets, float[] o, int oAt, int n) {
        for (int j = 0; j < n; j++) {
            float extreme = y[yAt + j];
            int count = 0;
            for (int offset : offsets) {
                count += x[at + offset + j] == extreme ? 1 : 0;
            }
            float share = g[yAt + j] / count;
            for (int offset : offsets) {
                o[oAt + offset + j] = x[at + offset + j] == extreme ? share : 0;
            }
        }
    }
}
