package org.lazuli.conformance.products;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.lazuli.Transforms.vjp;

import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;

class HadamardTest {
    private static final int[] LENGTHS = {1, 2, 4, 8, 64, 128, 256, 8192, 12, 20, 28, 24, 40, 56, 96, 448};

    /// What makes a Hadamard matrix one: elements 1 and -1, and rows at right angles.
    @Test
    void theMatrixHasOnesAndRowsAtRightAngles() {
        for (int n : LENGTHS) {
            if (n > 512) {
                continue;
            }
            Array matrix = Ops.hadamardTransform(Ops.identity(n), 1);
            assertEquals(n * n, matrix.abs().eq(1).sum().item(), "of " + n);
            assertArrayEquals(
                    Ops.identity(n).mul(n).toFloatArray(),
                    matrix.matmul(matrix.transpose()).toFloatArray());
        }
    }

    @Test
    void powersOfTwoHaveTheMatrixOfCommonBits() {
        float[] matrix = Ops.hadamardTransform(Ops.identity(128), 1).toFloatArray();
        for (int i = 0; i < 128; i++) {
            for (int j = 0; j < 128; j++) {
                assertEquals(Integer.bitCount(i & j) % 2 == 0 ? 1 : -1, matrix[128 * i + j]);
            }
        }
    }

    /// The factor of order m is applied to parts that are n/m apart.
    @Test
    void otherLengthsAreKroneckerProducts() {
        for (int order : new int[] {12, 20, 28}) {
            Array large = Ops.hadamardTransform(Ops.identity(4 * order), 1);
            Array product =
                    Ops.kron(Ops.hadamardTransform(Ops.identity(order), 1), Ops.hadamardTransform(Ops.identity(4), 1));
            assertArrayEquals(product.toFloatArray(), large.toFloatArray());
        }
    }

    @Test
    void lengthsAreKept() {
        for (int n : LENGTHS) {
            Array x = Random.normal(Shape.of(3, n), DType.FLOAT64, 0, 1, Random.key(n));
            double[] before = x.square().sum(1).toDoubleArray();
            double[] after = Ops.hadamardTransform(x).square().sum(1).toDoubleArray();
            for (int i = 0; i < 3; i++) {
                // Products of up to 64 terms, some of them in a row.
                assertEquals(before[i], after[i], 64 * 3 * 0x1p-52 * before[i], "of " + n);
            }
        }
    }

    /// The matrices of order 12, 20 and 28 are not symmetric: the gradient is the product with the transpose, which undoes the transform.
    @Test
    void theGradientUndoesTheTransform() {
        for (int n : LENGTHS) {
            Array x = Random.normal(Shape.of(2, n), DType.FLOAT64, 0, 1, Random.key(n));
            double[] back = vjp(Ops::hadamardTransform, x, Ops.hadamardTransform(x))
                    .grad()
                    .toDoubleArray();
            assertArrayEquals(x.toDoubleArray(), back, 64 * 6 * 0x1p-52 * 8, "of " + n);
        }
    }

    @Test
    void typesStayAndIntegersBecomeFloat32() {
        for (DType dtype : DType.values()) {
            DType expected = dtype.isInexact() ? dtype : DType.FLOAT32;
            assertEquals(
                    expected,
                    Ops.hadamardTransform(Ops.ones(Shape.of(4), dtype)).dtype());
        }
        assertArrayEquals(
                new float[] {2, 0, 0, 0},
                Ops.hadamardTransform(Ops.ones(Shape.of(4), DType.INT8)).toFloatArray());
    }

    @Test
    void otherSizesAreRefused() {
        for (int n : new int[] {3, 36, 60, 84}) {
            Refused.with(
                    IllegalArgumentException.class,
                    () -> Ops.hadamardTransform(Ops.ones(2, n)),
                    "hadamardTransform: ",
                    "(2," + n + ")",
                    "28");
        }
        Refused.with(IllegalArgumentException.class, () -> Ops.hadamardTransform(Ops.array(1f)), "()");
        Refused.with(IllegalArgumentException.class, () -> Ops.hadamardTransform(Ops.zeros(2, 0)), "(2,0)");
    }
}
