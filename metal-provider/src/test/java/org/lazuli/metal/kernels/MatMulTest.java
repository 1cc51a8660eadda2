package org.lazuli.metal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.Placed;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

class MatMulTest {
    private static final List<DType> TYPES = List.of(DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16, DType.COMPLEX64);

    /// Round the tiles' edges.
    private static final int[] SIZES = {1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65};

    private static final Primitive.MatMul MATMUL = new Primitive.MatMul();

    private static final SharedBench BENCH = new SharedBench();

    @AfterContainer
    static void close() {
        BENCH.close();
    }

    private static void check(Placed a, Placed b) {
        Shape left = a.spec().shape();
        int rank = left.rank();
        Shape result = left.with(-1, b.spec().shape().dim(-1));
        Exact.check(BENCH.get(), MATMUL, result, left.dim(rank - 1), a, b);
    }

    @Property(tries = 150)
    void anySizeAndLayout(
            @ForAll @IntRange(max = 10) int rows,
            @ForAll @IntRange(max = 10) int columns,
            @ForAll @IntRange(max = 10) int depth,
            @ForAll @IntRange(max = 3) int type,
            @ForAll @IntRange(max = 4) int left,
            @ForAll @IntRange(max = 4) int right,
            @ForAll long seed) {
        DType dtype = TYPES.get(type);
        int n = SIZES[rows];
        int m = SIZES[columns];
        int k = SIZES[depth];
        check(
                Exact.random(dtype, Shape.of(n, k), seed).layouts().get(left),
                Exact.random(dtype, Shape.of(k, m), seed + 1).layouts().get(right));
    }

    @Property(tries = 80)
    void batches(
            @ForAll @IntRange(min = 1, max = 3) int outer,
            @ForAll @IntRange(min = 1, max = 3) int inner,
            @ForAll @IntRange(min = 1, max = 34) int rows,
            @ForAll @IntRange(min = 1, max = 34) int columns,
            @ForAll @IntRange(min = 1, max = 20) int depth,
            @ForAll @IntRange(max = 3) int type,
            @ForAll @IntRange(max = 4) int layout,
            @ForAll @IntRange(max = 8) int repeated,
            @ForAll long seed) {
        DType dtype = TYPES.get(type);
        Placed a = Exact.random(dtype, Shape.of(outer, inner, rows, depth), seed)
                .layouts()
                .get(layout);
        Placed b = Exact.random(dtype, Shape.of(outer, inner, depth, columns), seed + 1)
                .layouts()
                .get(4 - layout);
        // Broadcast along none, one or both leading axes, on either side.
        if (repeated % 3 > 0) {
            a = a.repeated(repeated % 3 - 1);
        }
        if (repeated / 3 > 0) {
            b = b.repeated(repeated / 3 - 1);
        }
        check(a, b);
    }

    /// One matrix for a whole batch, on either side.
    @Example
    void oneMatrixForAll() {
        for (DType dtype : TYPES) {
            Placed a = Exact.random(dtype, Shape.of(3, 33, 9), 1);
            Placed b = Exact.random(dtype, Shape.of(3, 9, 33), 2);
            check(a, b.repeated(0));
            check(a.repeated(0), b);
            Placed rows = Exact.random(dtype, Shape.of(40, 1, 50), 3);
            check(rows, Exact.random(dtype, Shape.of(40, 50, 40), 4).repeated(0));
            check(rows.repeated(0), Exact.random(dtype, Shape.of(40, 50, 40), 4));
        }
    }

    /// Few tiles and a deep product: parts of the depth are summed up apart.
    @Example
    void deepAndNarrow() {
        for (DType dtype : TYPES) {
            for (int layout = 0; layout < 2; layout++) {
                check(
                        Exact.random(dtype, Shape.of(9, 777), 5).layouts().get(layout),
                        Exact.random(dtype, Shape.of(777, 33), 6).layouts().get(layout));
            }
        }
        check(
                Exact.random(DType.FLOAT32, Shape.of(2, 32, 768), 7),
                Exact.random(DType.FLOAT32, Shape.of(2, 768, 32), 8).transposed());
    }

    /// Large enough for the larger tiles, whole and cut off.
    @Example
    void largeTiles() {
        for (DType dtype : List.of(DType.FLOAT32, DType.BFLOAT16)) {
            check(Exact.random(dtype, Shape.of(256, 32), 9), Exact.random(dtype, Shape.of(32, 256), 10));
            check(Exact.random(dtype, Shape.of(250, 33), 11).transposed(), Exact.random(dtype, Shape.of(33, 255), 12));
        }
    }

    @Property(tries = 60)
    void vectors(
            @ForAll @IntRange(min = 1, max = 70) int rows,
            @ForAll @IntRange(min = 1, max = 300) int depth,
            @ForAll @IntRange(max = 2) int type,
            @ForAll @IntRange(max = 4) int left,
            @ForAll @IntRange(max = 4) int right,
            @ForAll boolean first,
            @ForAll long seed) {
        DType dtype = TYPES.get(type);
        Placed matrix = Exact.random(dtype, first ? Shape.of(2, depth, rows) : Shape.of(2, rows, depth), seed)
                .layouts()
                .get(left);
        Placed vector = Exact.random(dtype, first ? Shape.of(2, 1, depth) : Shape.of(2, depth, 1), seed + 1)
                .layouts()
                .get(right);
        if (first) {
            check(vector, matrix);
        } else {
            check(matrix, vector);
        }
    }

    @Example
    void longVectors() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT16)) {
            check(Exact.random(dtype, Shape.of(3, 5000), 1), Exact.random(dtype, Shape.of(5000, 1), 2));
            check(Exact.random(dtype, Shape.of(1, 5000), 3), Exact.random(dtype, Shape.of(5000, 3), 4));
            check(Exact.random(dtype, Shape.of(1, 5000), 5), Exact.random(dtype, Shape.of(5000, 1), 6));
        }
    }

    @Example
    void emptySizes() {
        for (DType dtype : TYPES) {
            for (int n : new int[] {0, 1, 40}) {
                for (int m : new int[] {0, 1, 40}) {
                    for (int k : new int[] {0, 3}) {
                        check(Exact.random(dtype, Shape.of(n, k), 1), Exact.random(dtype, Shape.of(k, m), 2));
                    }
                }
            }
        }
        TensorSpec spec = new TensorSpec(DType.FLOAT32, Shape.of(2, 3));
        byte[] sums = BENCH.get()
                .onMetal(
                        MATMUL,
                        spec,
                        Exact.random(DType.FLOAT32, Shape.of(2, 0), 1),
                        Exact.random(DType.FLOAT32, Shape.of(0, 3), 2));
        for (double sum : Placed.decode(DType.FLOAT32, sums)) {
            assertEquals(0, sum);
        }
    }

    /// NaN and infinity in one row are not spread to others, by padding or otherwise.
    @Example
    void infinitiesStayInTheirRow() {
        Random random = new Random(1);
        for (int size : new int[] {3, 33, 65}) {
            double[] a = random.doubles((long) size * size, 1, 2).toArray();
            double[] b = random.doubles((long) size * size, 1, 2).toArray();
            a[size + 1] = Double.POSITIVE_INFINITY;
            a[2 * size] = Double.NaN;
            byte[] bytes = BENCH.get()
                    .onMetal(
                            MATMUL,
                            new TensorSpec(DType.FLOAT32, Shape.of(size, size)),
                            Placed.of(DType.FLOAT32, Shape.of(size, size), a),
                            Placed.of(DType.FLOAT32, Shape.of(size, size), b));
            double[] c = Placed.decode(DType.FLOAT32, bytes);
            for (int i = 0; i < c.length; i++) {
                int at = i;
                switch (i / size) {
                    case 1 -> assertEquals(Double.POSITIVE_INFINITY, c[i], () -> "at " + at);
                    case 2 -> assertTrue(Double.isNaN(c[i]), () -> "at " + at);
                    default -> assertTrue(Double.isFinite(c[i]), () -> "at " + at);
                }
            }
        }
    }

    @Example
    void integersFallBack() {
        for (DType dtype : List.of(DType.BOOL, DType.INT32, DType.UINT64)) {
            TensorSpec spec = new TensorSpec(dtype, Shape.of(2, 2));
            assertFalse(BENCH.get().metal.supports(MATMUL, List.of(spec, spec)));
        }
    }

    @Example
    void sameBitsEveryTime() {
        TensorSpec spec = new TensorSpec(DType.FLOAT32, Shape.of(33, 33));
        Placed a = Exact.random(DType.FLOAT32, Shape.of(33, 600), 1);
        Placed b = Exact.random(DType.FLOAT32, Shape.of(600, 33), 2);
        byte[] once = BENCH.get().onMetal(MATMUL, spec, a, b);
        org.junit.jupiter.api.Assertions.assertArrayEquals(once, BENCH.get().onMetal(MATMUL, spec, a, b));
    }
}
