package org.lazuli.cpu;

import java.util.Arrays;

/// The right operand of a block of a product: where it lies, or in panels of as many columns as a tile has. The last panel is packed in any case if it is not
/// full, with zeros behind; one vector wide if that is enough.
///
/// @param from the first panel that is packed
/// @param count how many there are
/// @param width of a panel, and `rest` of the last one
/// @param columns of all panels
/// @param depth of what was packed
/// @param row the first row
record Panels(
        Packing packing,
        Matrix matrix,
        float[] packed,
        int from,
        int count,
        int width,
        int rest,
        int columns,
        int depth,
        int row) {
    /// Panels that are packed together, and how many rows of them at a time: rows may be a page of memory apart each, and what lies side by side there
    /// should be read in one go.
    private static final int SIDE_BY_SIDE = 4;

    private static final int AT_A_TIME = 16;

    /// Elements to a part that is packed.
    private static final long GRAIN = 1 << 13;

    /// @param direct whether panels that are full are read where they lie
    static Panels of(Packing packing, Matrix b, int depth, int columns, boolean direct) {
        int count = count(packing, columns);
        int from = !direct ? 0 : columns % packing.lanes() == 0 ? count : count - 1;
        Panels panels = unpacked(packing, b, depth, columns, from, count - from);
        panels.pack();
        return panels;
    }

    private static int count(Packing packing, int columns) {
        int width = 2 * packing.lanes();
        return (columns + width - 1) / width;
    }

    /// @param room how many panels are to be packed from `from` on
    private static Panels unpacked(Packing packing, Matrix b, int depth, int columns, int from, int room) {
        int lanes = packing.lanes();
        int width = 2 * lanes;
        int count = count(packing, columns);
        int rest = columns - (count - 1) * width <= lanes ? lanes : width;
        float[] packed = Scratch.floats(Scratch.Use.PANELS, room * depth * width);
        return new Panels(packing, b, packed, from, count, width, rest, columns, depth, 0);
    }

    /// Packs panels on all threads.
    private void pack() {
        int least = count - from < SIDE_BY_SIDE * SIDE_BY_SIDE ? 1 : SIDE_BY_SIDE;
        int grain = Math.clamp(GRAIN / ((long) depth * width), least, Math.max(count - from, least));
        Workers.SHARED.run((count - from + grain - 1) / grain, part -> {
            int first = from + part * grain;
            pack(first, Math.min(first + grain, count));
        });
    }

    /// Packs panels `first` … `end - 1`.
    private void pack(int first, int end) {
        int most = end - first > 1 && matrix.columnStride() == 1 ? AT_A_TIME : depth;
        for (int p = 0; p < depth; p += most) {
            for (int panel = first; panel < end; panel++) {
                pack(panel, p, Math.min(most, depth - p));
            }
        }
    }

    /// Packs so many rows of a panel from row `p` on: one after the other, with zeros up to the width of the panel.
    private void pack(int panel, int p, int rows) {
        int step = row(panel);
        int held = Math.min(columns - panel * width, width);
        int to = (panel - from) * depth * width + p * step;
        if (held < step) {
            Arrays.fill(packed, to, to + rows * step, 0);
        }
        Matrix part = matrix.from(p).fromColumn(panel * width);
        packing.pack(part.transposed(), held, rows, packed, to, step);
    }

    /// Some panels, packed by this thread for itself, unless it still has them.
    static Panels some(Packed own, Packing packing, Matrix b, int depth, int columns, int from, int count) {
        Panels some = unpacked(packing, b, depth, columns, from, count);
        if (!own.hasPanels(from)) {
            some.pack(from, from + count);
        }
        return some;
    }

    /// The rows from `p` on.
    Panels startingAt(int p) {
        return new Panels(packing, matrix, packed, from, count, width, rest, columns, depth, row + p);
    }

    /// How many panels from `panel` to `last - 1` at most are full and lie [#apart] each.
    int full(int panel, int last) {
        int end = columns % width == 0 ? count : count - 1;
        return Math.max(Math.min(panel < from ? Math.min(from, end) : end, last) - panel, 0);
    }

    /// The distance of a panel to the next.
    int apart(int panel) {
        return panel < from ? width : depth * width;
    }

    float[] array(int panel) {
        return panel < from ? (float[]) matrix.array() : packed;
    }

    int at(int panel) {
        return panel < from
                ? matrix.at() + row * matrix.rowStride() + panel * width
                : (panel - from) * depth * width + row * row(panel);
    }

    /// The distance of rows.
    int row(int panel) {
        return panel < from ? matrix.rowStride() : panel < count - 1 ? width : rest;
    }
}
