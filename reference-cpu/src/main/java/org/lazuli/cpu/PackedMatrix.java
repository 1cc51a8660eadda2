package org.lazuli.cpu;

import java.util.List;
import org.lazuli.Quantization;
import org.lazuli.spi.Tensor;

/// A quantized matrix in row-major order, as loops take it: a row is a sequence of units, each of some whole words with the same number of elements
/// in them, a word where elements fill words without rest, else 32 elements. What lies at the same place of every unit is unpacked in one loop over
/// all units, whose few instructions the compiler vectorises.
final class PackedMatrix {
    private static final float[] E4M3 = e4m3();

    final Quantization how;
    final int bits;

    /// Words in a row.
    final int words;

    final int wordsPerUnit;

    /// Elements in a unit.
    final int places;

    /// Units in a row.
    final int units;

    final int unitsPerGroup;

    /// Groups in a row.
    final int groups;

    final int[] array;
    final int at;
    private final Tensor scales;
    private final Tensor biases;
    private final Object scaleArray;
    private final Object biasArray;
    private final int scalesAt;
    private final int biasesAt;

    /// @param columns elements in a row
    /// @param inputs of the product, the matrix second
    PackedMatrix(Quantization how, int columns, List<Tensor> inputs) {
        this.how = how;
        bits = how.bits();
        words = how.words(columns);
        wordsPerUnit = 32 % bits == 0 ? 1 : bits;
        places = 32 * wordsPerUnit / bits;
        units = columns / places;
        groups = columns / how.groupSize();
        unitsPerGroup = how.groupSize() / places;
        array = (int[]) inRows(inputs.get(1));
        at = start(inputs.get(1));
        scales = inputs.get(2);
        scaleArray = inRows(scales);
        scalesAt = start(scales);
        biases = inputs.getLast();
        biasArray = how.hasBiases() ? inRows(biases) : scaleArray;
        biasesAt = how.hasBiases() ? start(biases) : scalesAt;
    }

    private static Object inRows(Tensor tensor) {
        if (tensor.isContiguous()) {
            return Storage.array(tensor);
        }
        Object copy = Storage.of(tensor.dtype()).array(tensor.shape().size());
        Copies.toContiguous(tensor, copy, 0);
        return copy;
    }

    private static int start(Tensor tensor) {
        return tensor.isContiguous() ? tensor.offset() : 0;
    }

    /// The scales of some rows.
    void scales(int row, int rows, float[] to) {
        int from = scalesAt + row * groups;
        int count = rows * groups;
        switch (how.mode()) {
            case AFFINE -> Conversions.widen(scales.dtype(), scaleArray, from, to, count);
            case MXFP4, MXFP8 -> {
                byte[] codes = (byte[]) scaleArray;
                for (int g = 0; g < count; g++) {
                    int code = codes[from + g] & 0xFF;
                    to[g] = code == 255 ? Float.NaN : Math.scalb(1f, code - 127);
                }
            }
            case NVFP4 -> {
                byte[] codes = (byte[]) scaleArray;
                for (int g = 0; g < count; g++) {
                    to[g] = E4M3[codes[from + g] & 0xFF];
                }
            }
        }
    }

    /// The biases of some rows, if the mode has them.
    void biases(int row, int rows, float[] to) {
        if (how.hasBiases()) {
            Conversions.widen(biases.dtype(), biasArray, biasesAt + row * groups, to, rows * groups);
        }
    }

    /// Stores the words of some units of a row: word t of unit u to `to[t][u]`.
    void words(int row, int unit, int[][] to) {
        int from = at + row * words + unit * wordsPerUnit;
        for (int t = 0; t < wordsPerUnit; t++) {
            Runs.copy(array, from + t, wordsPerUnit, to[t], 0, 1, to[t].length, 1);
        }
    }

    /// Stores the elements at one place of units, still without scale and bias.
    ///
    /// @param words as [#words] gives them
    void elements(int place, int[][] words, float[] to) {
        int bit = place * bits;
        int t = bit >> 5;
        int shift = bit & 31;
        int mask = (1 << bits) - 1;
        switch (how.mode()) {
            case AFFINE -> {
                if (shift + bits <= 32) {
                    integers(words[t], shift, mask, to);
                } else {
                    integers(words[t], words[t + 1], shift, mask, to);
                }
            }
            case MXFP4, NVFP4 -> e2m1(words[t], shift, to);
            case MXFP8 -> e4m3(words[t], shift, to);
        }
    }

    private static void integers(int[] words, int shift, int mask, float[] to) {
        for (int u = 0; u < to.length; u++) {
            to[u] = (words[u] >>> shift) & mask;
        }
    }

    private static void integers(int[] low, int[] high, int shift, int mask, float[] to) {
        int left = 32 - shift;
        for (int u = 0; u < to.length; u++) {
            to[u] = ((low[u] >>> shift) | (high[u] << left)) & mask;
        }
    }

    /// Two bits of exponent and one of mantissa: in halves, the magnitudes are 0 to 4, 6, 8 and 12.
    private static void e2m1(int[] words, int shift, float[] to) {
        for (int u = 0; u < to.length; u++) {
            int code = words[u] >>> shift;
            int magnitude = code & 7;
            magnitude += Math.max(magnitude - 4, 0) + 2 * Math.max(magnitude - 6, 0);
            int sign = -((code >>> 3) & 1);
            to[u] = ((magnitude ^ sign) - sign) * 0.5f;
        }
    }

    /// Four bits of exponent and three of mantissa.
    private static void e4m3(int[] words, int shift, float[] to) {
        for (int u = 0; u < to.length; u++) {
            to[u] = E4M3[(words[u] >>> shift) & 0xFF];
        }
    }

    private static float[] e4m3() {
        float[] table = new float[256];
        for (int code = 0; code < 256; code++) {
            int exponent = (code >> 3) & 15;
            int mantissa = code & 7;
            float magnitude = exponent == 0 ? mantissa * 0x1p-9f : Math.scalb(8f + mantissa, exponent - 10);
            // One NaN for each sign.
            float number = (code & 0x7F) == 0x7F ? Float.NaN : magnitude;
            table[code] = code < 128 ? number : -number;
        }
        return table;
    }
}
