package org.lazuli.cpu;

import org.lazuli.spi.Ints;
import org.lazuli.spi.Tensor;

/// The lines of a tensor along one axis, one after another: what scans, sorts and searches for an extreme work on.
final class Rows {
    /// The number of lines.
    final int count;

    /// The elements in each.
    final int length;

    private final Tensor tensor;
    private final TileReader reader;
    private final Layout others;

    Rows(Tensor tensor, int axis) {
        this.tensor = tensor;
        this.length = tensor.shape().dim(axis);
        this.count = length == 0 ? 0 : tensor.shape().size() / length;
        int rank = tensor.shape().rank();
        int[] order = new int[rank];
        int[] rest = new int[rank - 1];
        int at = 0;
        for (int i = 0; i < rank; i++) {
            if (i != axis) {
                rest[at] = i;
                order[at++] = i;
            }
        }
        order[rank - 1] = axis;
        this.reader = new TileReader(tensor, Layout.of(tensor, Ints.of(order)));
        this.others = Layout.of(tensor, Ints.of(rest));
    }

    /// Reads line number `row` to the start of a register.
    void read(int row, Object register) {
        reader.read(row * length, length, register);
    }

    /// Where line number `row` begins in memory.
    int position(int row) {
        return others.position(row);
    }

    /// Stores a register as line number `row` of this tensor, whose axis has this stride.
    void write(int row, int stride, Object register, Object scratch) {
        Object target = Storage.array(tensor);
        if (stride == 1) {
            Conversions.narrow(tensor.dtype(), register, target, position(row), length);
            return;
        }
        Conversions.narrow(tensor.dtype(), register, scratch, 0, length);
        Runs.copy(scratch, 0, 1, target, position(row), stride, length, Storage.width(tensor.dtype()));
    }

    /// An array for [#write] to work in.
    Object scratch() {
        return Storage.of(tensor.dtype()).array(length * Storage.width(tensor.dtype()));
    }
}
