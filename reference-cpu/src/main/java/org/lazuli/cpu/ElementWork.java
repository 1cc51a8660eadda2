package org.lazuli.cpu;

import java.util.ArrayList;
import java.util.List;

/// Elements to be computed, each for itself: in parts, and in any order.
///
/// @param grain how many elements are worth a part of their own
record ElementWork(int size, int grain, Loop loop) {
    interface Loop {
        /// Computes elements `from` … `to - 1`.
        void run(int from, int to);
    }

    /// Computes all, by several threads if there are enough.
    void run() {
        if (size <= grain) {
            loop.run(0, size);
        } else {
            Workers.SHARED.run(pieces(), this::run);
        }
    }

    private int pieces() {
        return (size - 1) / grain + 1;
    }

    private void run(int piece) {
        int from = piece * grain;
        loop.run(from, Math.min(from + grain, size));
    }

    /// Computes all elements of several, of which none reads what another one writes: small ones go to one part together.
    static void run(List<ElementWork> works) {
        List<List<ElementWork>> parts = new ArrayList<>();
        List<Integer> pieces = new ArrayList<>();
        List<ElementWork> small = new ArrayList<>();
        double filled = 0;
        for (ElementWork work : works) {
            double share = (double) work.size / work.grain;
            if (share >= 1) {
                for (int piece = 0; piece < work.pieces(); piece++) {
                    parts.add(List.of(work));
                    pieces.add(piece);
                }
                continue;
            }
            if (filled + share > 1) {
                small = new ArrayList<>();
                filled = 0;
            }
            if (small.isEmpty()) {
                parts.add(small);
                pieces.add(0);
            }
            small.add(work);
            filled += share;
        }
        Workers.SHARED.run(parts.size(), part -> {
            for (ElementWork work : parts.get(part)) {
                work.run(pieces.get(part));
            }
        });
    }
}
