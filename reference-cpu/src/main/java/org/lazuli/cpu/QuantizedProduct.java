package org.lazuli.cpu;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.Quantization;
import org.lazuli.spi.Tensor;

/// Products of few rows with a quantized matrix, transposed: for each row of the matrix a few inner products, without ever storing more than one
/// row of it unpacked.
///
/// Where elements fill words without rest, a group contributes `scale * Σ q x + bias * Σ x`. The words are read as they lie: lane `w` of a vector
/// takes element after element out of word `w`, so `x` is laid out in planes, the first of which meets the first element of every word.
final class QuantizedProduct {
    /// More rows than these are worth unpacking the matrix for a matrix product.
    static final int MOST_ROWS = 8;

    /// Packed bytes to a part, about: some tens of microseconds.
    private static final int GRAIN = 1 << 18;

    /// Multiplications that are worth the Vector API.
    private static final long VECTOR_WORK = 1 << 15;

    /// Room after a row's scales, for vectors that begin among them.
    private static final int PADDING = 64;

    private static final float[] E2M1 = table(16, 2, 1);
    private static final float[] E4M3 = table(256, 4, 3);

    private final @Nullable VectorSupport vectors;

    QuantizedProduct(@Nullable VectorSupport vectors) {
        this.vectors = vectors;
    }

    void run(Quantization how, List<Tensor> inputs, Tensor output) {
        Tensor x = inputs.getFirst();
        int m = x.shape().dim(0);
        int k = x.shape().dim(1);
        int n = output.shape().dim(1);
        if (m == 0 || n == 0) {
            return;
        }
        Matrix matrix = new Matrix(how, k, inputs);
        Rows rows = new Rows(how, m, k, (float[]) Widened.contiguous(x));
        float[] product = output.dtype() == DType.FLOAT32 ? (float[]) Storage.array(output) : new float[m * n];
        VectorSupport fast = (long) m * n * k >= VECTOR_WORK ? vectors : null;
        int perPart = Math.max(1, GRAIN / Math.max(1, 4 * matrix.words));
        Workers.SHARED.run((n + perPart - 1) / perPart, part -> {
            int from = part * perPart;
            int to = Math.min(n, from + perPart);
            if (how.hasBiases() && 32 % how.bits() == 0) {
                words(fast, matrix, rows, from, to, product, n);
            } else {
                unpacked(fast, matrix, rows, from, to, product, n);
            }
        });
        if (output.dtype() != DType.FLOAT32) {
            Conversions.narrow(output.dtype(), product, Storage.array(output), 0, m * n);
        }
    }

    private static void words(
            @Nullable VectorSupport vectors, Matrix matrix, Rows x, int from, int to, float[] product, int n) {
        float[] scales = new float[matrix.groups + PADDING];
        float[] biases = new float[matrix.groups + PADDING];
        float[] sums = new float[matrix.words];
        for (int row = from; row < to; row++) {
            matrix.scales(row, scales);
            matrix.biases(row, biases);
            int at = matrix.at + row * matrix.words;
            for (int r = 0; r < x.count; r++) {
                float[] planes = x.planes[r];
                float result = 0;
                int done = 0;
                if (vectors != null) {
                    done = vectors.wholeWords(matrix.words);
                    if (done > 0) {
                        result = vectors.packedProduct(
                                matrix.array,
                                at,
                                done,
                                matrix.bits,
                                planes,
                                matrix.words,
                                scales,
                                matrix.wordsPerGroup);
                    }
                }
                if (done < matrix.words) {
                    result += packedProduct(matrix, at, done, planes, scales, sums);
                }
                float[] groupSums = x.groupSums[r];
                float shift = 0;
                for (int g = 0; g < matrix.groups; g++) {
                    shift += biases[g] * groupSums[g];
                }
                product[r * n + row] = result + shift;
            }
        }
    }

    /// The plain form, from word `done` on: a loop for each element of a word, over all words.
    private static float packedProduct(Matrix matrix, int at, int done, float[] planes, float[] scales, float[] sums) {
        int bits = matrix.bits;
        int mask = (1 << bits) - 1;
        int words = matrix.words - done;
        Arrays.fill(sums, 0, words, 0);
        for (int j = 0; j < 32 / bits; j++) {
            accumulate(matrix.array, at + done, j * bits, mask, planes, j * matrix.words + done, sums, words);
        }
        float result = 0;
        for (int g = done / matrix.wordsPerGroup; g < matrix.groups; g++) {
            int first = Math.max(g * matrix.wordsPerGroup, done) - done;
            int last = (g + 1) * matrix.wordsPerGroup - done;
            float sum = 0;
            for (int w = first; w < last; w++) {
                sum += sums[w];
            }
            result += scales[g] * sum;
        }
        return result;
    }

    private static void accumulate(
            int[] packed, int at, int shift, int mask, float[] x, int from, float[] sums, int words) {
        for (int w = 0; w < words; w++) {
            sums[w] += ((packed[at + w] >>> shift) & mask) * x[from + w];
        }
    }

    private static void unpacked(
            @Nullable VectorSupport vectors, Matrix matrix, Rows x, int from, int to, float[] product, int n) {
        float[] scales = new float[matrix.groups + PADDING];
        float[] biases = new float[matrix.groups + PADDING];
        float[] elements = new float[x.length];
        for (int row = from; row < to; row++) {
            matrix.scales(row, scales);
            matrix.biases(row, biases);
            matrix.elements(row, scales, biases, elements);
            for (int r = 0; r < x.count; r++) {
                product[r * n + row] = vectors != null
                        ? vectors.dot(elements, x.rows, r * x.length, x.length)
                        : dot(elements, x.rows, r * x.length, x.length);
            }
        }
    }

    /// Eight sums, which do not wait for each other.
    private static float dot(float[] a, float[] b, int at, int n) {
        float[] sums = new float[8];
        int i = 0;
        for (; i + 8 <= n; i += 8) {
            for (int lane = 0; lane < 8; lane++) {
                sums[lane] += a[i + lane] * b[at + i + lane];
            }
        }
        float result = 0;
        for (; i < n; i++) {
            result += a[i] * b[at + i];
        }
        for (float sum : sums) {
            result += sum;
        }
        return result;
    }

    private static float[] table(int size, int exponentBits, int mantissaBits) {
        float[] table = new float[size];
        int bias = (1 << (exponentBits - 1)) - 1;
        for (int code = 0; code < size; code++) {
            int mantissa = code & ((1 << mantissaBits) - 1);
            int exponent = (code >> mantissaBits) & ((1 << exponentBits) - 1);
            float magnitude = exponent == 0
                    ? Math.scalb((float) mantissa, 1 - bias - mantissaBits)
                    : Math.scalb((float) (mantissa + (1 << mantissaBits)), exponent - bias - mantissaBits);
            // E4M3 has one NaN for each sign; E2M1 none.
            boolean isNaN = size == 256 && (code & 0x7F) == 0x7F;
            table[code] = isNaN ? Float.NaN : code < size / 2 ? magnitude : -magnitude;
        }
        return table;
    }

    /// The rows that are multiplied with.
    private static final class Rows {
        final int count;
        final int length;
        final float[] rows;
        final float[][] planes;
        final float[][] groupSums;

        Rows(Quantization how, int count, int length, float[] rows) {
            this.count = count;
            this.length = length;
            this.rows = rows;
            boolean inPlanes = how.hasBiases() && 32 % how.bits() == 0;
            planes = new float[inPlanes ? count : 0][length];
            groupSums = new float[inPlanes ? count : 0][length / how.groupSize()];
            int perWord = 32 / how.bits();
            int words = how.words(length);
            for (int r = 0; r < planes.length; r++) {
                for (int w = 0; w < words; w++) {
                    for (int j = 0; j < perWord; j++) {
                        planes[r][j * words + w] = rows[r * length + w * perWord + j];
                    }
                }
                for (int i = 0; i < length; i++) {
                    groupSums[r][i / how.groupSize()] += rows[r * length + i];
                }
            }
        }
    }

    /// The quantized matrix in row-major order.
    private static final class Matrix {
        final Quantization how;
        final int bits;
        final int words;
        final int groups;
        final int wordsPerGroup;
        final int[] array;
        final int at;
        private final Tensor scales;
        private final Tensor biases;
        private final Object scaleArray;
        private final Object biasArray;
        private final int scalesAt;
        private final int biasesAt;

        Matrix(Quantization how, int k, List<Tensor> inputs) {
            this.how = how;
            bits = how.bits();
            words = how.words(k);
            groups = k / how.groupSize();
            wordsPerGroup = how.words(how.groupSize());
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

        void scales(int row, float[] to) {
            int from = scalesAt + row * groups;
            switch (how.mode()) {
                case AFFINE -> Conversions.widen(scales.dtype(), scaleArray, from, to, groups);
                case MXFP4, MXFP8 -> {
                    byte[] codes = (byte[]) scaleArray;
                    for (int g = 0; g < groups; g++) {
                        int code = codes[from + g] & 0xFF;
                        to[g] = code == 255 ? Float.NaN : Math.scalb(1f, code - 127);
                    }
                }
                case NVFP4 -> {
                    byte[] codes = (byte[]) scaleArray;
                    for (int g = 0; g < groups; g++) {
                        to[g] = E4M3[codes[from + g] & 0xFF];
                    }
                }
            }
        }

        void biases(int row, float[] to) {
            if (how.hasBiases()) {
                Conversions.widen(biases.dtype(), biasArray, biasesAt + row * groups, to, groups);
            }
        }

        /// One row, unpacked.
        void elements(int row, float[] scales, float[] biases, float[] to) {
            int from = at + row * words;
            int mask = (1 << bits) - 1;
            int group = how.groupSize();
            float[] table = how.mode() == Quantization.Mode.MXFP8 ? E4M3 : E2M1;
            for (int g = 0; g < groups; g++) {
                float scale = scales[g];
                float bias = biases[g];
                for (int i = g * group; i < (g + 1) * group; i++) {
                    int bit = i * bits;
                    int word = from + (bit >> 5);
                    int shift = bit & 31;
                    int code = array[word] >>> shift;
                    if (shift + bits > 32) {
                        code |= array[word + 1] << (32 - shift);
                    }
                    code &= mask;
                    to[i] = how.hasBiases() ? scale * code + bias : scale * table[code];
                }
            }
        }
    }
}
