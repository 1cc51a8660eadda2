package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

class MatrixProductTest {
    private static final List<DType> TYPES =
            List.of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64, DType.COMPLEX64);

    private final Workbench bench = new Workbench();

    @AfterEach
    void close() {
        bench.close();
    }

    /// The unit roundoff of the result, and of the sums it is made of.
    static double unit(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> 0x1p-11;
            case BFLOAT16 -> 0x1p-8;
            case FLOAT64 -> 0x1p-53;
            default -> 0x1p-24;
        };
    }

    /// Checks `actual` against sums of products in double, within the bound for a sum of k terms: k·u·Σ|ab|, and the
    /// rounding of the result.
    private static void check(DType dtype, int batch, int n, int m, int k, double[] a, double[] b, double[] actual) {
        int width = Storage.width(dtype);
        double sums = dtype == DType.FLOAT64 ? 0x1p-53 : 0x1p-24;
        for (int p = 0; p < batch; p++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < m; j++) {
                    double re = 0;
                    double im = 0;
                    double magnitude = 0;
                    for (int l = 0; l < k; l++) {
                        int x = (p * n * k + i * k + l) * width;
                        int y = (p * k * m + l * m + j) * width;
                        if (width == 2) {
                            re += a[x] * b[y] - a[x + 1] * b[y + 1];
                            im += a[x] * b[y + 1] + a[x + 1] * b[y];
                            magnitude += Math.hypot(a[x], a[x + 1]) * Math.hypot(b[y], b[y + 1]);
                        } else {
                            re += a[x] * b[y];
                            magnitude += Math.abs(a[x] * b[y]);
                        }
                    }
                    int at = ((p * n + i) * m + j) * width;
                    double bound = 2 * (k + 2) * sums * magnitude + 2 * unit(dtype) * Math.abs(re) + 1e-7 * unit(dtype);
                    String what = dtype + " (" + n + "," + k + ") x (" + k + "," + m + ") at " + p + "," + i + "," + j;
                    assertEquals(re, actual[at], bound, what);
                    if (width == 2) {
                        assertEquals(im, actual[at + 1], bound + 2 * unit(dtype) * Math.abs(im), what);
                    }
                }
            }
        }
    }

    @Test
    void everyLayout() {
        int n = 5;
        int m = 6;
        int k = 7;
        for (DType dtype : TYPES) {
            double[] a = Samples.of(dtype, 2 * n * k, false, 1);
            double[] b = Samples.of(dtype, 2 * k * m, false, 2);
            for (Tensor x : bench.layouts(dtype, Shape.of(2, n, k), a)) {
                for (Tensor y : bench.layouts(dtype, Shape.of(2, k, m), b)) {
                    Tensor c = bench.run(new Primitive.MatMul(), dtype, Shape.of(2, n, m), x, y);
                    check(dtype, 2, n, m, k, a, b, bench.values(c));
                }
            }
        }
    }

    @Property(tries = 60)
    void anySize(
            @ForAll @IntRange(max = 40) int n,
            @ForAll @IntRange(max = 70) int m,
            @ForAll @IntRange(max = 40) int k,
            @ForAll @IntRange(max = 4) int type,
            @ForAll @IntRange(max = 3) int layout) {
        try (Workbench bench = new Workbench()) {
            DType dtype = TYPES.get(type);
            double[] a = Samples.of(dtype, n * k, false, 3);
            double[] b = Samples.of(dtype, k * m, false, 4);
            Tensor x = bench.layouts(dtype, Shape.of(n, k), a).get(layout);
            Tensor y = bench.layouts(dtype, Shape.of(k, m), b).get(3 - layout);
            Tensor c = bench.run(new Primitive.MatMul(), dtype, Shape.of(n, m), x, y);
            check(dtype, 1, n, m, k, a, b, bench.values(c));
        }
    }

    /// Sizes whose operands are packed, several strips and panels of them, whole ones and such with a rest.
    @Property(tries = 40)
    void packed(
            @ForAll @IntRange(min = 17, max = 150) int n,
            @ForAll @IntRange(min = 30, max = 400) int m,
            @ForAll @IntRange(min = 1, max = 530) int k,
            @ForAll @IntRange(max = 3) int left,
            @ForAll @IntRange(max = 3) int right) {
        product(n, m, k, left, right);
    }

    /// Several bands of rows, whole strips of them and such with a rest.
    @Property(tries = 40)
    void tall(
            @ForAll @IntRange(min = 160, max = 420) int n,
            @ForAll @IntRange(min = 33, max = 70) int m,
            @ForAll @IntRange(min = 64, max = 200) int k,
            @ForAll @IntRange(max = 3) int left,
            @ForAll @IntRange(max = 3) int right) {
        product(n, m, k, left, right);
    }

    private static void product(int n, int m, int k, int left, int right) {
        try (Workbench bench = new Workbench()) {
            double[] a = Samples.of(DType.FLOAT32, n * k, false, 3);
            double[] b = Samples.of(DType.FLOAT32, k * m, false, 4);
            Tensor x = bench.layouts(DType.FLOAT32, Shape.of(n, k), a).get(left);
            Tensor y = bench.layouts(DType.FLOAT32, Shape.of(k, m), b).get(right);
            Tensor c = bench.run(new Primitive.MatMul(), DType.FLOAT32, Shape.of(n, m), x, y);
            check(DType.FLOAT32, 1, n, m, k, a, b, bench.values(c));
        }
    }

    /// A few columns, or rows, and the depth of several vectors: whole ones and such with a rest, in one block and in several.
    @Property(tries = 60)
    void fewColumns(
            @ForAll @IntRange(min = 8, max = 90) int n,
            @ForAll @IntRange(min = 1, max = 12) int m,
            @ForAll @IntRange(min = 16, max = 1200) int k,
            @ForAll boolean whole,
            @ForAll boolean rows,
            @ForAll @IntRange(max = 3) int left,
            @ForAll @IntRange(max = 3) int right) {
        try (Workbench bench = new Workbench()) {
            int high = rows ? m : n;
            int wide = rows ? n : m;
            int deep = whole ? (k + 15) / 16 * 16 : k;
            double[] a = Samples.of(DType.FLOAT32, high * deep, false, 3);
            double[] b = Samples.of(DType.FLOAT32, deep * wide, false, 4);
            Tensor x = bench.layouts(DType.FLOAT32, Shape.of(high, deep), a).get(left);
            Tensor y = bench.layouts(DType.FLOAT32, Shape.of(deep, wide), b).get(right);
            Tensor c = bench.run(new Primitive.MatMul(), DType.FLOAT32, Shape.of(high, wide), x, y);
            check(DType.FLOAT32, 1, high, wide, deep, a, b, bench.values(c));
        }
    }

    /// So many rows that panels are packed for all threads, and a left operand that no cache holds.
    @Test
    void manyRows() {
        int n = 520;
        int m = 300;
        for (int k : new int[] {70, 520}) {
            double[] a = Samples.of(DType.FLOAT32, n * k, false, 5);
            double[] b = Samples.of(DType.FLOAT32, k * m, false, 6);
            List<Tensor> ys = bench.layouts(DType.FLOAT32, Shape.of(k, m), b);
            for (Tensor x : bench.layouts(DType.FLOAT32, Shape.of(n, k), a)) {
                Tensor c = bench.run(new Primitive.MatMul(), DType.FLOAT32, Shape.of(n, m), x, ys.getFirst());
                check(DType.FLOAT32, 1, n, m, k, a, b, bench.values(c));
            }
        }
    }

    /// Beyond one block in depth and in columns.
    @Test
    void severalBlocks() {
        int n = 3;
        int m = 1100;
        int k = 700;
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            double[] a = Samples.of(dtype, n * k, false, 5);
            double[] b = Samples.of(dtype, k * m, false, 6);
            List<Tensor> xs = bench.layouts(dtype, Shape.of(n, k), a);
            List<Tensor> ys = bench.layouts(dtype, Shape.of(k, m), b);
            for (int layout = 0; layout < 2; layout++) {
                Tensor c = bench.run(new Primitive.MatMul(), dtype, Shape.of(n, m), xs.get(layout), ys.get(layout));
                check(dtype, 1, n, m, k, a, b, bench.values(c));
            }
        }
    }

    /// Broadcast leading axes have stride 0.
    @Test
    void broadcastBatches() {
        double[] a = Samples.of(DType.FLOAT32, 6, false, 7);
        double[] b = Samples.of(DType.FLOAT32, 24, false, 8);
        Tensor matrix = bench.tensor(DType.FLOAT32, Shape.of(2, 3), a);
        TensorSpec spec = new TensorSpec(DType.FLOAT32, Shape.of(2, 2, 3));
        Tensor repeated = new Tensor(matrix.buffer(), spec, Ints.of(0, 3, 1), 0);
        Tensor right = bench.tensor(DType.FLOAT32, Shape.of(2, 3, 4), b);
        Tensor c = bench.run(new Primitive.MatMul(), DType.FLOAT32, Shape.of(2, 2, 4), repeated, right);
        double[] twice = new double[12];
        System.arraycopy(a, 0, twice, 0, 6);
        System.arraycopy(a, 0, twice, 6, 6);
        check(DType.FLOAT32, 2, 2, 4, 3, twice, b, bench.values(c));
    }

    /// Matrices of one row, or one column, over and over: the sum of a matrix's elements has such a gradient.
    @Property(tries = 200)
    void broadcastRowsAndColumns(
            @ForAll @IntRange(min = 1, max = 90) int n,
            @ForAll @IntRange(min = 1, max = 90) int m,
            @ForAll @IntRange(min = 1, max = 150) int k,
            @ForAll boolean isLeft,
            @ForAll boolean isRow) {
        int rows = isLeft ? n : k;
        int columns = isLeft ? k : m;
        double[] once = Samples.of(DType.FLOAT32, isRow ? columns : rows, false, 7);
        double[] other = Samples.of(DType.FLOAT32, isLeft ? k * m : n * k, false, 8);
        double[] all = new double[rows * columns];
        for (int i = 0; i < all.length; i++) {
            all[i] = once[isRow ? i % columns : i / columns];
        }
        Tensor line = bench.tensor(DType.FLOAT32, Shape.of(once.length), once);
        TensorSpec spec = new TensorSpec(DType.FLOAT32, Shape.of(rows, columns));
        Tensor repeated = new Tensor(line.buffer(), spec, isRow ? Ints.of(0, 1) : Ints.of(1, 0), 0);
        Tensor whole = bench.tensor(DType.FLOAT32, isLeft ? Shape.of(k, m) : Shape.of(n, k), other);
        Tensor c = bench.run(
                new Primitive.MatMul(),
                DType.FLOAT32,
                Shape.of(n, m),
                isLeft ? repeated : whole,
                isLeft ? whole : repeated);
        check(DType.FLOAT32, 1, n, m, k, isLeft ? all : other, isLeft ? other : all, bench.values(c));
    }

    @Test
    void nothingSummedIsZero() {
        Tensor a = bench.tensor(DType.FLOAT32, Shape.of(2, 0));
        Tensor b = bench.tensor(DType.FLOAT32, Shape.of(0, 3));
        for (double value : bench.values(bench.run(new Primitive.MatMul(), DType.FLOAT32, Shape.of(2, 3), a, b))) {
            assertEquals(0, value);
        }
    }

    /// NaN and infinity in one row are not spread to others, by padding or otherwise.
    @Test
    void infinitiesStayInTheirRow() {
        double[] a = {1, 2, Double.POSITIVE_INFINITY, 3, 1, 1};
        double[] b = {1, 2, 3, 4, 5, 6, 7, 8};
        Tensor x = bench.tensor(DType.FLOAT32, Shape.of(3, 2), a);
        Tensor y = bench.tensor(DType.FLOAT32, Shape.of(2, 4), b);
        double[] c = bench.values(bench.run(new Primitive.MatMul(), DType.FLOAT32, Shape.of(3, 4), x, y));
        for (int j = 0; j < 4; j++) {
            assertEquals(b[j] + 2 * b[4 + j], c[j]);
            assertTrue(Double.isInfinite(c[4 + j]));
            assertEquals(b[j] + b[4 + j], c[8 + j]);
        }
    }

    /// Nor in products of a few columns, where rows are computed together and some of them twice.
    @Test
    void infinitiesStayInTheirRowOfFewColumns() {
        int n = 13;
        int m = 4;
        for (int k : new int[] {64, 521}) {
            double[] a = new double[n * k];
            double[] b = new double[k * m];
            Arrays.fill(a, 1);
            Arrays.fill(b, 2);
            a[5 * k + 7] = Double.POSITIVE_INFINITY;
            a[9 * k + k - 1] = Double.NaN;
            Tensor x = bench.tensor(DType.FLOAT32, Shape.of(n, k), a);
            Tensor y = bench.tensor(DType.FLOAT32, Shape.of(k, m), b);
            double[] c = bench.values(bench.run(new Primitive.MatMul(), DType.FLOAT32, Shape.of(n, m), x, y));
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < m; j++) {
                    double expected = i == 5 ? Double.POSITIVE_INFINITY : i == 9 ? Double.NaN : 2 * k;
                    assertEquals(expected, c[i * m + j]);
                }
            }
        }
    }
}
