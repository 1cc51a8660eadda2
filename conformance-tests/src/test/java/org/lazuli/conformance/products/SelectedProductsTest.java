package org.lazuli.conformance.products;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;

/// Products of blocks, of chosen matrices and of segments, against loops over elements. The elements are small integers, so both are exact.
class SelectedProductsTest {
    private final Random random = new Random(7);

    private Array integers(int... dims) {
        Shape shape = Shape.of(dims);
        return Ops.array(
                        IntStream.range(0, shape.size())
                                .mapToDouble(i -> random.nextInt(-4, 5))
                                .toArray(),
                        DType.FLOAT32)
                .reshape(shape);
    }

    @Test
    void blocksAreMultipliedByTheirMasks() {
        int n = 70;
        int k = 33;
        int m = 40;
        Array a = integers(n, k);
        Array b = integers(k, m);
        Array out = integers(3, 2);
        Array left = integers(3, 2);
        Array right = integers(2, 2);
        float[] x = a.toFloatArray();
        float[] y = b.toFloatArray();
        float[] expected = new float[n * m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                float sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += x[i * k + l] * at(left, i, l) * (y[l * m + j] * at(right, l, j));
                }
                expected[i * m + j] = sum * at(out, i, j);
            }
        }
        assertArrayEquals(
                expected, Ops.blockMaskedMm(a, b, 32, out, left, right).toFloatArray());
        float[] shown = Ops.blockMaskedMm(a, b, 32, out.gt(0), null, null).toFloatArray();
        float[] whole = a.matmul(b).toFloatArray();
        for (int i = 0; i < shown.length; i++) {
            assertEquals(at(out, i / m, i % m) > 0 ? whole[i] : 0, shown[i]);
        }
    }

    private static float at(Array mask, int row, int column) {
        return mask.toFloatArray()[row / 32 * mask.dim(1) + column / 32];
    }

    @Test
    void whatABooleanMaskLeavesOutMayBeAnything() {
        Array a = Ops.concatenate(List.of(Ops.ones(32, 4), Ops.full(Shape.of(32, 4), Double.NaN)), 0);
        Array mask = Ops.array(new boolean[][] {{true}, {false}});
        float[] result =
                Ops.blockMaskedMm(a, Ops.ones(4, 1), 32, null, mask, null).toFloatArray();
        for (int i = 0; i < 64; i++) {
            assertEquals(i < 32 ? 4 : 0, result[i]);
        }
    }

    @Test
    void matricesAreChosenByNumber() {
        Array a = integers(2, 2, 3, 4);
        Array b = integers(5, 4, 2);
        Array lhs = Ops.array(new int[][] {{3}, {0}});
        Array rhs = Ops.array(new int[] {4, -5, 4});
        Array result = Ops.gatherMm(a, b, lhs, rhs);
        assertEquals(Shape.of(2, 3, 3, 2), result.shape());
        Array matrices = a.reshape(4, 3, 4);
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                float[] expected = matrices.take(Ops.array(i == 0 ? 3 : 0), 0)
                        .matmul(b.take(Ops.array(j == 1 ? 0 : 4), 0))
                        .toFloatArray();
                float[] actual =
                        result.take(Ops.array(i), 0).take(Ops.array(j), 0).toFloatArray();
                assertArrayEquals(expected, actual);
            }
        }
        assertArrayEquals(
                a.matmul(b.take(Ops.array(2), 0)).toFloatArray(),
                Ops.gatherMm(a, b, null, Ops.array(new int[][] {{2}})).toFloatArray());
        Refused.with(
                IndexOutOfBoundsException.class,
                () -> Ops.gatherMm(a, b, null, Ops.array(new int[] {5})).eval(),
                "5");
    }

    @Test
    void segmentsAreProductsOfRanges() {
        Array a = integers(3, 8);
        Array b = integers(8, 2);
        int[][] segments = {{0, 3}, {3, 8}, {2, 2}, {5, 6}};
        Array result = Ops.segmentedMm(a, b, Ops.array(segments));
        assertEquals(Shape.of(4, 3, 2), result.shape());
        float[] actual = result.toFloatArray();
        float[] x = a.toFloatArray();
        float[] y = b.toFloatArray();
        for (int s = 0; s < 4; s++) {
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 2; j++) {
                    float sum = 0;
                    for (int k = segments[s][0]; k < segments[s][1]; k++) {
                        sum += x[i * 8 + k] * y[k * 2 + j];
                    }
                    assertEquals(sum, actual[(s * 3 + i) * 2 + j]);
                }
            }
        }
        Array broken = a.at(Index.all(), Index.at(7)).set(Ops.full(Shape.of(3), Double.NaN));
        assertArrayEquals(
                a.get(Index.all(), Index.to(3)).matmul(b.get(Index.to(3))).toFloatArray(),
                Ops.segmentedMm(broken, b, Ops.array(new int[] {0, 3})).toFloatArray());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Array a = Ops.ones(4, 4);
        Array ints = Ops.arange(4).reshape(2, 2);
        Refused.with(
                IllegalArgumentException.class,
                () -> Ops.blockMaskedMm(a, a, 16, null, null, null),
                "blockMaskedMm: ",
                "32 or 64",
                "16");
        Refused.with(
                IllegalArgumentException.class,
                () -> Ops.blockMaskedMm(a, a, 32, Ops.ones(2, 2), null, null),
                "blockMaskedMm: ",
                "(2,2)",
                "(1,1)");
        Refused.with(
                IllegalArgumentException.class,
                () -> Ops.blockMaskedMm(a, a, 32, ints, null, null),
                "blockMaskedMm: ",
                "mask",
                "int32");
        Refused.with(
                IllegalArgumentException.class,
                () -> Ops.gatherMm(a, Ops.ones(3, 4), null, null),
                "gatherMm: ",
                "(4,4)",
                "(3,4)");
        Refused.with(IllegalArgumentException.class, () -> Ops.gatherMm(a, a, a, null), "gatherMm: ", "integers");
        Refused.with(
                IllegalArgumentException.class, () -> Ops.gatherMm(ints, ints, null, null), "gatherMm: ", "astype");
        Refused.with(
                IllegalArgumentException.class,
                () -> Ops.segmentedMm(a, a, Ops.ones(2, 2)),
                "segmentedMm: ",
                "integers");
        Refused.with(
                IllegalArgumentException.class,
                () -> Ops.segmentedMm(a, a, Ops.arange(3)),
                "segmentedMm: ",
                "size 2",
                "(3)");
        Refused.with(
                IllegalArgumentException.class,
                () -> Ops.segmentedMm(Ops.ones(2, 4, 4), a, ints),
                "segmentedMm: ",
                "two matrices");
    }
}
