package org.lazuli.cpu;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UpdateOp;
import org.lazuli.spi.Tensor;

/// Reads and writes with index arrays, and writes to slices. Every index is checked.
final class Indexing {
    /// Elements to a part for one thread.
    private static final int GRAIN = 1 << 15;

    private Indexing() {}

    static void gather(Ints axes, List<Tensor> inputs, Tensor output) {
        Tensor x = inputs.getFirst();
        int[] positions = positions("take", axes, x, inputs.subList(1, inputs.size()), x.strides());
        int size = output.shape().size();
        if (size == 0) {
            return;
        }
        Layout slice = slice(x, axes, x.strides());
        Object source = Storage.array(x);
        Object target = Storage.array(output);
        int width = Storage.width(x.dtype());
        int count = size / positions.length;
        boolean even = slice.rank() <= 1;
        int stride = slice.rank() == 1 ? slice.stride(0) : 1;
        int[] offsets = even ? new int[0] : offsets(slice, count);
        int grain = Math.max(GRAIN / count, 1);
        Workers.SHARED.run((positions.length + grain - 1) / grain, part -> {
            for (int i = part * grain; i < Math.min((part + 1) * grain, positions.length); i++) {
                int from = x.offset() + positions[i];
                if (even) {
                    Runs.copy(source, from, stride, target, i * count, 1, count, width);
                } else {
                    pick(source, from, offsets, target, i * count, width);
                }
            }
        });
    }

    private static void pick(Object source, int from, int[] offsets, Object target, int to, int width) {
        for (int j = 0; j < offsets.length; j++) {
            Runs.copy(source, from + offsets[j], 1, target, to + j, 1, 1, width);
        }
    }

    static void scatter(UpdateOp op, Ints axes, List<Tensor> inputs, Tensor output) {
        Tensor x = inputs.getFirst();
        Tensor updates = inputs.getLast();
        Object target = Storage.array(output);
        int[] positions = positions("update", axes, x, inputs.subList(1, inputs.size() - 1), output.strides());
        Copies.toContiguous(x, target, 0);
        int size = updates.shape().size();
        if (size == 0) {
            return;
        }
        int count = size / positions.length;
        Layout slice = slice(output, axes, output.strides());
        int[] offsets = offsets(slice, count);
        if (op == UpdateOp.SET) {
            // Bits move as they are: through float32 a NaN in half precision would change.
            int width = Storage.width(x.dtype());
            Object values = Storage.of(x.dtype()).array(size * width);
            Copies.toContiguous(updates, values, 0);
            if (slice.isContiguous()) {
                for (int i = 0; i < positions.length; i++) {
                    Runs.copy(values, i * count, 1, target, positions[i], 1, count, width);
                }
                return;
            }
            for (int i = 0; i < size; i++) {
                int to = positions[i / count] + offsets[i % count];
                Runs.copy(values, i, 1, target, to, 1, 1, width);
            }
            return;
        }
        new Updates(op, x.dtype(), positions, offsets, slice.isContiguous())
                .apply(updates, target, output.shape().size());
    }

    static void sliceUpdate(UpdateOp op, Ints starts, Ints steps, Tensor x, Tensor update, Tensor output) {
        Object target = Storage.array(output);
        Copies.toContiguous(x, target, 0);
        int size = update.shape().size();
        if (size == 0) {
            return;
        }
        DType dtype = x.dtype();
        int[] dims = update.shape().toArray();
        int[] strides = new int[dims.length];
        int at = 0;
        for (int axis = 0; axis < dims.length; axis++) {
            int first = starts.get(axis);
            int last = first + (dims[axis] - 1) * steps.get(axis);
            int length = x.shape().dim(axis);
            if (first < 0 || first >= length || last < 0 || last >= length) {
                throw new IndexOutOfBoundsException("slice update: elements " + first + " to " + last
                        + " are out of bounds for axis " + axis + " with size " + length);
            }
            at += first * output.strides().get(axis);
            strides[axis] = steps.get(axis) * output.strides().get(axis);
        }
        if (op == UpdateOp.SET) {
            int[] from = update.strides().toArray();
            Copies.copy(dtype, dims, Storage.array(update), update.offset(), from, target, at, strides);
            return;
        }
        TileReader region = new TileReader(output, Layout.of(dims, strides, at));
        TileReader operands = new TileReader(update);
        int tile = Math.min(size, Tiles.SIZE);
        Object current = Domain.of(dtype).register(tile);
        Object operand = Domain.of(dtype).register(tile);
        Object result = Storage.of(dtype).array(size * Storage.width(dtype));
        for (int start = 0; start < size; start += tile) {
            int n = Math.min(tile, size - start);
            region.read(start, n, current);
            operands.read(start, n, operand);
            combine(op, dtype, current, operand, n);
            Conversions.narrow(dtype, current, result, start, n);
        }
        int[] rowMajor = Tensor.rowMajor(update.shape()).toArray();
        Copies.copy(dtype, dims, result, 0, rowMajor, target, at, strides);
    }

    /// `current` combined with `operand`, in place.
    private static void combine(UpdateOp op, DType dtype, Object current, Object operand, int n) {
        BinaryOp binary = switch (op) {
            case SET -> throw new IllegalArgumentException("set combines nothing");
            case ADD -> BinaryOp.ADD;
            case MULTIPLY -> BinaryOp.MULTIPLY;
            case MAXIMUM -> BinaryOp.MAXIMUM;
            case MINIMUM -> BinaryOp.MINIMUM;
        };
        Instructions.binary(binary, current, operand, dtype, current, dtype, 0, n);
    }

    /// For each place in the index arrays, how far from the beginning its slice of `x` lies.
    private static int[] positions(String operation, Ints axes, Tensor x, List<Tensor> indices, Ints strides) {
        int size = indices.isEmpty() ? 1 : indices.getFirst().shape().size();
        int[] positions = new int[size];
        for (int k = 0; k < axes.size(); k++) {
            int axis = axes.get(k);
            int length = x.shape().dim(axis);
            int stride = strides.get(axis);
            Tensor index = indices.get(k);
            TileReader reader = new TileReader(index);
            Object register = Domain.of(index.dtype()).register(Math.min(size, Tiles.SIZE));
            boolean unsigned = index.dtype().isUnsigned();
            for (int start = 0; start < size; start += Tiles.SIZE) {
                int n = Math.min(Tiles.SIZE, size - start);
                reader.read(start, n, register);
                for (int i = 0; i < n; i++) {
                    long value = register instanceof int[] ints ? ints[i] : ((long[]) register)[i];
                    long at = value < 0 && !unsigned ? value + length : value;
                    if (at < 0 || at >= length) {
                        throw new IndexOutOfBoundsException(operation + ": index "
                                + (unsigned ? Long.toUnsignedString(value) : Long.toString(value))
                                + " is out of bounds for axis " + axis + " with size " + length);
                    }
                    positions[start + i] += (int) at * stride;
                }
            }
        }
        return positions;
    }

    /// The axes that no index array picks from.
    private static Layout slice(Tensor x, Ints axes, Ints strides) {
        int rank = x.shape().rank() - axes.size();
        int[] dims = new int[rank];
        int[] rest = new int[rank];
        int at = 0;
        for (int axis = 0; axis < x.shape().rank(); axis++) {
            if (!axes.contains(axis)) {
                dims[at] = x.shape().dim(axis);
                rest[at++] = strides.get(axis);
            }
        }
        return Layout.of(dims, rest, 0);
    }

    private static int[] offsets(Layout slice, int count) {
        int[] offsets = new int[count];
        for (int i = 0; i < count; i++) {
            offsets[i] = slice.position(i);
        }
        return offsets;
    }
}
