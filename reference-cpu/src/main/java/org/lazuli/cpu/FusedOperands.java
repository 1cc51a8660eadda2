package org.lazuli.cpu;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Tensor;

/// The operands and results of a [FusedLoop]. Where operands are broadcast along rows or across them, the loop runs once for each row, or for several short
/// ones.
@SuppressWarnings("ReferenceEquality") // whether two tensors share memory is a question of identity
final class FusedOperands {
    /// Rows shorter than this are computed several at once, if only whole rows are broadcast.
    private static final int SHORT_ROW = 512;

    private final int size;

    /// Operands and then results, as far as they are not the same for all elements of a row.
    private final float[][] arrays;

    private final int[] offsets;

    /// Whether an array has one row alone, which is read again and again.
    private final boolean[] isRow;

    private int arrayCount;

    /// Operands that are the same for all elements of a row, and then constants.
    private final float[] scalars;

    /// Where a scalar has another value in each row: the array with the values, the first one's place, and how far they are apart.
    private final float[] @Nullable [] columns;

    private final int[] columnOffsets;
    private final int[] columnStrides;
    private int scalarCount;
    private boolean hasColumns;
    private long scalarInputs;
    private int inner;

    private FusedOperands(int inputs, int outputs, int constants, int size) {
        this.size = size;
        inner = size;
        arrays = new float[inputs + outputs][];
        offsets = new int[inputs + outputs];
        isRow = new boolean[inputs];
        scalars = new float[inputs + constants];
        columns = new float[inputs][];
        columnOffsets = new int[inputs];
        columnStrides = new int[inputs];
    }

    /// @return null if they lie in another way
    static @Nullable FusedOperands of(List<Tensor> inputs, List<Tensor> outputs, float[] constants, int size) {
        var operands = new FusedOperands(inputs.size(), outputs.size(), constants.length, size);
        for (int i = 0; i < inputs.size(); i++) {
            if (!operands.add(inputs.get(i), i)) {
                return null;
            }
        }
        int count = operands.arrayCount;
        for (Tensor output : outputs) {
            float[] array = (float[]) Storage.array(output);
            if (!output.isContiguous() || operands.overwrites(array, output.offset(), count)) {
                return null;
            }
            operands.addArray(array, output.offset());
        }
        System.arraycopy(constants, 0, operands.scalars, operands.scalarCount, constants.length);
        operands.joinRows();
        return operands;
    }

    /// Makes long rows of short ones, by repeating the one that is read again and again.
    private void joinRows() {
        int times = Math.min(Tiles.SIZE, size) / inner;
        if (inner >= SHORT_ROW || hasColumns || times < 2) {
            return;
        }
        for (int i = 0; i < isRow.length; i++) {
            if (isRow[i]) {
                float[] rows = new float[times * inner];
                for (int at = 0; at < rows.length; at += inner) {
                    System.arraycopy(arrays[i], offsets[i], rows, at, inner);
                }
                arrays[i] = rows;
                offsets[i] = 0;
            }
        }
        inner *= times;
    }

    private boolean add(Tensor input, int number) {
        float[] array = (float[]) Storage.array(input);
        if (input.isContiguous()) {
            addArray(array, input.offset());
            return true;
        }
        Layout layout = Layout.of(input);
        if (layout.isUniform()) {
            addScalar(array, layout.offset(), 0, number);
            return true;
        }
        if (layout.rank() != 2 || (inner < size && layout.dim(1) != inner)) {
            return false;
        }
        inner = layout.dim(1);
        if (layout.stride(1) == 0) {
            addScalar(array, layout.offset(), layout.stride(0), number);
            return true;
        }
        if (layout.stride(0) == 0 && layout.stride(1) == 1) {
            isRow[arrayCount] = true;
            addArray(array, layout.offset());
            return true;
        }
        return false;
    }

    private void addArray(float[] array, int offset) {
        arrays[arrayCount] = array;
        offsets[arrayCount++] = offset;
    }

    private void addScalar(float[] array, int offset, int stride, int number) {
        scalarInputs |= 1L << number;
        scalars[scalarCount] = array[offset];
        if (stride != 0) {
            hasColumns = true;
            columns[scalarCount] = array;
            columnOffsets[scalarCount] = offset;
            columnStrides[scalarCount] = stride;
        }
        scalarCount++;
    }

    /// True if a result would be stored over an operand that is still to be read.
    private boolean overwrites(float[] output, int offset, int operands) {
        for (int i = 0; i < operands; i++) {
            if (arrays[i] == output && (isRow[i] || offsets[i] != offset)) {
                return true;
            }
        }
        for (int i = 0; i < scalarCount; i++) {
            if (columns[i] == output) {
                return true;
            }
        }
        return false;
    }

    /// Which inputs are the same for all elements of a row, as bits.
    long scalarInputs() {
        return scalarInputs;
    }

    /// The elements of a row; all, if nothing but single elements is broadcast.
    int inner() {
        return inner;
    }

    int arrayCount() {
        return arrayCount;
    }

    /// Computes elements `from` … `to - 1`.
    void run(FusedLoop loop, int from, int to) {
        if (inner == size) {
            loop.run(arrays, offsets, scalars, from, to);
            return;
        }
        int[] places = offsets.clone();
        float[] values = hasColumns ? scalars.clone() : scalars;
        for (int start = from; start < to; ) {
            int row = start / inner;
            int end = Math.min(to, (row + 1) * inner);
            for (int i = 0; i < isRow.length; i++) {
                if (isRow[i]) {
                    places[i] = offsets[i] - row * inner;
                }
            }
            for (int i = 0; i < scalarCount; i++) {
                float[] column = columns[i];
                if (column != null) {
                    values[i] = column[columnOffsets[i] + row * columnStrides[i]];
                }
            }
            loop.run(arrays, places, values, start, end);
            start = end;
        }
    }
}
