package org.lazuli.cpu;

/// Loops over a few evenly long runs of one array at a time: the elements that meet in the results of one run, for some results of a line of [Windows].
class WindowLoops {
    /// Stores the largest, or the smallest, of the elements that meet; NaN if there is one.
    ///
    /// @param o all results, in order
    /// @param first the number of the first result
    void extremes(boolean largest, float[] x, Windows windows, float[] o, int first, int count) {
        extremes(largest, x, windows, o, first, count, 0);
    }

    /// @param column the first element of each run
    static void extremes(boolean largest, float[] x, Windows windows, float[] o, int first, int count, int column) {
        int[] offsets = windows.offsets;
        int n = windows.inner;
        int at = windows.position(first);
        for (int i = first; i < first + count; i++, at += windows.step) {
            for (int j = column; j < n; j++) {
                float extreme = x[at + offsets[0] + j];
                for (int r = 1; r < offsets.length; r++) {
                    float next = x[at + offsets[r] + j];
                    extreme = largest ? Math.max(extreme, next) : Math.min(extreme, next);
                }
                o[i * n + j] = extreme;
            }
        }
    }

    /// Shares each cotangent evenly among those of the elements that meet which are the extreme, and stores 0 for the others.
    ///
    /// @param windows where the elements lie in `x`
    /// @param y and g all extremes and cotangents, in order
    /// @param shares where the elements' shares lie in `o`
    /// @param first the number of the first result
    void share(float[] x, Windows windows, float[] y, float[] g, float[] o, Windows shares, int first, int count) {
        share(x, windows, y, g, o, shares, first, count, 0);
    }

    /// @param column the first element of each run
    static void share(
            float[] x,
            Windows windows,
            float[] y,
            float[] g,
            float[] o,
            Windows shares,
            int first,
            int count,
            int column) {
        int[] offsets = windows.offsets;
        int n = windows.inner;
        int at = windows.position(first);
        int to = shares.position(first);
        for (int i = first; i < first + count; i++, at += windows.step, to += shares.step) {
            for (int j = column; j < n; j++) {
                float extreme = y[i * n + j];
                int ties = 0;
                for (int offset : offsets) {
                    ties += x[at + offset + j] == extreme ? 1 : 0;
                }
                float share = g[i * n + j] / ties;
                for (int r = 0; r < offsets.length; r++) {
                    o[to + shares.offsets[r] + j] = x[at + offsets[r] + j] == extreme ? share : 0;
                }
            }
        }
    }
}
