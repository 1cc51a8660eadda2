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
    private final int stride;

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
        this.stride = tensor.strides().get(axis);
    }

    /// The same lines, for another thread.
    Rows(Rows other) {
        this.tensor = other.tensor;
        this.length = other.length;
        this.count = other.count;
        this.reader = new TileReader(other.reader);
        this.others = other.others;
        this.stride = other.stride;
    }

    /// How many lines beginning with number `row` lie side by side, at most `most`: 1 where lines lie one after another.
    int beside(int row, int most) {
        int last = others.rank() - 1;
        if (stride == 1 || last < 0 || others.stride(last) != 1) {
            return 1;
        }
        return Math.min(most, others.dim(last) - row % others.dim(last));
    }

    /// Copies `lines` lines that lie side by side, as [#beside] says, into an array of the tensor's kind, one after another.
    void readBeside(int row, int lines, Object array) {
        Object source = Storage.array(tensor);
        int width = Storage.width(tensor.dtype());
        for (int i = 0, at = position(row); i < length; i++, at += stride) {
            Runs.copy(source, at, 1, array, i, length, lines, width);
        }
    }

    /// Stores what [#readBeside] reads.
    void writeBeside(int row, int lines, Object array) {
        Object target = Storage.array(tensor);
        int width = Storage.width(tensor.dtype());
        for (int i = 0, at = position(row); i < length; i++, at += stride) {
            Runs.copy(array, i, length, target, at, 1, lines, width);
        }
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
