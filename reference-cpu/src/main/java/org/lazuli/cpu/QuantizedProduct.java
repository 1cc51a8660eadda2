package org.lazuli.cpu;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.Quantization;
import org.lazuli.spi.Tensor;

/// Products with a quantized matrix.
///
/// A few rows times the transpose are inner products with each of its rows, of which no more than one is ever unpacked: a group contributes
/// `scale * Σ q x + bias * Σ x`. Otherwise some rows or columns are unpacked at a time for a matrix product.
///
/// Elements are unpacked in the order that [PackedMatrix] says, so what meets them is brought into that order first: all that is at the first place
/// of every unit, all at the second, and so on.
final class QuantizedProduct {
    /// More rows than these are worth a matrix product.
    private static final int MOST_ROWS = 8;

    /// Packed bytes to a part, about: some tens of microseconds.
    private static final int GRAIN = 1 << 16;

    /// Unpacked elements to a part.
    private static final int PANEL = 1 << 17;

    /// Multiplications that are worth the Vector API.
    private static final long VECTOR_WORK = 1 << 15;

    /// Room after the last row's scales, for vectors that begin among them.
    private static final int PADDING = 64;

    private static final RowLoops PLAIN = new RowLoops();

    private final @Nullable VectorSupport vectors;
    private final FloatGemm floats;

    QuantizedProduct(FloatGemm floats, @Nullable VectorSupport vectors) {
        this.floats = floats;
        this.vectors = vectors;
    }

    void run(Quantization how, boolean transpose, List<Tensor> inputs, Tensor output) {
        Tensor x = inputs.getFirst();
        int m = x.shape().dim(0);
        int k = x.shape().dim(1);
        int n = output.shape().dim(1);
        if (m == 0 || n == 0) {
            return;
        }
        PackedMatrix matrix = new PackedMatrix(how, transpose ? k : n, inputs);
        float[] rows = (float[]) Widened.contiguous(x);
        float[] product = output.dtype() == DType.FLOAT32 ? (float[]) Storage.array(output) : new float[m * n];
        if (!transpose) {
            byColumns(matrix, rows, m, k, product, n);
        } else if (m > MOST_ROWS) {
            byRows(matrix, rows, m, k, product, n);
        } else {
            few(matrix, rows, m, k, product, n);
        }
        if (output.dtype() != DType.FLOAT32) {
            Conversions.narrow(output.dtype(), product, Storage.array(output), 0, m * n);
        }
    }

    // ------------------------------------------------------------------------------------------- inner products

    private void few(PackedMatrix matrix, float[] rows, int m, int k, float[] product, int n) {
        boolean inWords = matrix.how.hasBiases() && matrix.wordsPerUnit == 1;
        PackedLoops fast = vectors != null && inWords && (long) m * n * k >= VECTOR_WORK ? vectors.packed() : null;
        int whole = fast == null ? 0 : fast.wholeWords(matrix.words);
        float[][][] x = new float[m][][];
        float[][] inOrder = new float[m][];
        float[][] groupSums = new float[m][matrix.groups];
        for (int r = 0; r < m; r++) {
            x[r] = places(matrix, rows, r * k);
            if (fast != null) {
                inOrder[r] = inOrder(matrix, x[r]);
            }
            if (matrix.how.hasBiases()) {
                sumGroups(rows, r * k, matrix.how.groupSize(), groupSums[r]);
            }
        }
        int perPart = Math.max(1, GRAIN / Math.max(1, 4 * matrix.words));
        Workers.SHARED.run((n + perPart - 1) / perPart, part -> {
            int from = part * perPart;
            int to = Math.min(n, from + perPart);
            Part own = new Part(matrix, from, to - from, whole);
            for (int r = 0; r < m; r++) {
                if (fast != null) {
                    fast.products(
                            matrix,
                            from,
                            to - from,
                            whole,
                            inOrder[r],
                            groupSums[r],
                            own.scales,
                            own.biases,
                            product,
                            r * n + from);
                    continue;
                }
                for (int i = 0; i < to - from; i++) {
                    product[r * n + from + i] =
                            PLAIN.dot(own.biases, i * matrix.groups, groupSums[r], 0, matrix.groups);
                }
            }
            for (int row = from; whole < matrix.units && row < to; row++) {
                matrix.words(row, whole, own.words);
                own.products(x, product, row, n);
            }
        });
    }

    private static void sumGroups(float[] row, int at, int size, float[] sums) {
        for (int g = 0; g < sums.length; g++) {
            for (int i = at + g * size; i < at + (g + 1) * size; i++) {
                sums[g] += row[i];
            }
        }
    }

    /// What one part works in.
    private static final class Part {
        final PackedMatrix matrix;

        /// The first of its rows.
        private final int start;

        /// The first unit that is not left to vectors.
        final int first;

        final float[] scales;
        final float[] biases;
        final int[][] words;
        final float[] elements;
        final float[] sums;

        Part(PackedMatrix matrix, int start, int rows, int first) {
            this.matrix = matrix;
            this.start = start;
            this.first = first;
            int units = matrix.units - first;
            scales = new float[rows * matrix.groups + PADDING];
            biases = new float[rows * matrix.groups];
            matrix.scales(start, rows, scales);
            matrix.biases(start, rows, biases);
            words = new int[matrix.wordsPerUnit][units];
            elements = new float[units];
            sums = new float[units];
        }

        /// Adds the products of one row of the matrix, from the first unit on.
        void products(float[][][] x, float[] product, int row, int n) {
            for (int r = 0; r < x.length; r++) {
                Arrays.fill(sums, 0);
                for (int place = 0; place < matrix.places; place++) {
                    matrix.elements(place, words, elements);
                    if (first == 0) {
                        accumulate(elements, x[r][place], sums);
                    } else {
                        for (int u = 0; u < sums.length; u++) {
                            sums[u] += elements[u] * x[r][place][first + u];
                        }
                    }
                }
                product[r * n + row] += scaledSum((row - start) * matrix.groups);
            }
        }

        private static void accumulate(float[] a, float[] b, float[] sums) {
            for (int u = 0; u < sums.length; u++) {
                sums[u] += a[u] * b[u];
            }
        }

        /// @param at the row's first scale
        private float scaledSum(int at) {
            float result = 0;
            int group = matrix.unitsPerGroup;
            for (int g = first / group; g < matrix.groups; g++) {
                int from = Math.max(g * group, first) - first;
                int to = (g + 1) * group - first;
                float even = 0;
                float odd = 0;
                for (int u = from; u < to - 1; u += 2) {
                    even += sums[u];
                    odd += sums[u + 1];
                }
                if (((to - from) & 1) != 0) {
                    even += sums[to - 1];
                }
                result += scales[at + g] * (even + odd);
            }
            return result;
        }
    }

    /// A row in the order of places, an array for each.
    private static float[][] places(PackedMatrix matrix, float[] row, int at) {
        float[][] planes = new float[matrix.places][matrix.units];
        for (int place = 0; place < matrix.places; place++) {
            Runs.copy(row, at + place, matrix.places, planes[place], 0, 1, matrix.units, 1);
        }
        return planes;
    }

    /// Such a row in one array, as [PackedLoops#products] takes it.
    private static float[] inOrder(PackedMatrix matrix, float[][] planes) {
        float[] result = new float[matrix.places * matrix.units];
        for (int place = 0; place < matrix.places; place++) {
            float factor = PackedLoops.placeFactor(place, matrix.bits);
            for (int u = 0; u < matrix.units; u++) {
                result[place * matrix.units + u] = planes[place][u] * factor;
            }
        }
        return result;
    }

    // ------------------------------------------------------------------------------------------ matrix products

    /// `x wᵀ`, some rows of the matrix at a time.
    private void byRows(PackedMatrix matrix, float[] x, int m, int k, float[] product, int n) {
        float[] ordered = new float[m * k];
        for (int r = 0; r < m; r++) {
            for (int place = 0; place < matrix.places; place++) {
                int to = r * k + place * matrix.units;
                Runs.copy(x, r * k + place, matrix.places, ordered, to, 1, matrix.units, 1);
            }
        }
        Matrix left = new Matrix(ordered, 0, k, 1);
        int height = Math.clamp(PANEL / k / 32 * 32L, 32, 512);
        Workers.SHARED.run((n + height - 1) / height, part -> {
            int from = part * height;
            int count = Math.min(height, n - from);
            float[] panel = new float[count * k];
            Unpacker unpacker = new Unpacker(matrix, 0, matrix.units);
            for (int row = 0; row < count; row++) {
                unpacker.run(from + row, panel, row * k);
            }
            floats.multiply(m, count, k, left, new Matrix(panel, 0, 1, k), product, from, n);
        });
    }

    /// `x w`, some units of every row at a time.
    private void byColumns(PackedMatrix matrix, float[] x, int m, int k, float[] product, int n) {
        Matrix left = new Matrix(x, 0, k, 1);
        int most = Math.clamp(PANEL / Math.max(k, 1) / matrix.places, 1, matrix.units);
        int group = matrix.unitsPerGroup;
        int units = Math.max(most / group, 1) * group;
        Workers.SHARED.run((matrix.units + units - 1) / units, part -> {
            int unit = part * units;
            int count = Math.min(units, matrix.units - unit);
            int columns = count * matrix.places;
            float[] panel = new float[k * columns];
            Unpacker unpacker = new Unpacker(matrix, unit, count);
            for (int row = 0; row < k; row++) {
                unpacker.run(row, panel, row * columns);
            }
            float[] block = new float[m * columns];
            floats.multiply(m, columns, k, left, new Matrix(panel, 0, columns, 1), block, 0, columns);
            for (int r = 0; r < m; r++) {
                for (int place = 0; place < matrix.places; place++) {
                    int to = r * n + unit * matrix.places + place;
                    Runs.copy(block, r * columns + place * count, 1, product, to, matrix.places, count, 1);
                }
            }
        });
    }

    /// Unpacks some units of rows, in the order of places.
    private static final class Unpacker {
        private final PackedMatrix matrix;
        private final int unit;
        private final int[][] words;
        private final float[] scales;
        private final float[] biases;
        private final float[] unitScales;
        private final float[] unitBiases;
        private final float[] elements;

        Unpacker(PackedMatrix matrix, int unit, int count) {
            this.matrix = matrix;
            this.unit = unit;
            words = new int[matrix.wordsPerUnit][count];
            scales = new float[matrix.groups];
            biases = new float[matrix.groups];
            unitScales = new float[count];
            unitBiases = new float[count];
            elements = new float[count];
        }

        void run(int row, float[] to, int at) {
            matrix.scales(row, 1, scales);
            matrix.biases(row, 1, biases);
            int count = elements.length;
            int group = matrix.unitsPerGroup;
            for (int u = 0; u < count; u += group) {
                Arrays.fill(unitScales, u, u + group, scales[(unit + u) / group]);
                Arrays.fill(unitBiases, u, u + group, biases[(unit + u) / group]);
            }
            matrix.words(row, unit, words);
            for (int place = 0; place < matrix.places; place++) {
                matrix.elements(place, words, elements);
                scale(elements, unitScales, unitBiases);
                System.arraycopy(elements, 0, to, at + place * count, count);
            }
        }

        private static void scale(float[] elements, float[] scales, float[] biases) {
            for (int u = 0; u < elements.length; u++) {
                elements[u] = elements[u] * scales[u] + biases[u];
            }
        }
    }
}
