package org.lazuli.conformance.oddities;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.lazuli.conformance.oddities.Differences.check;
import static org.lazuli.conformance.oddities.Differences.numbers;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;
import org.lazuli.nn.Activations;

/// Where the reference crashes or hangs.
class CrashesTest {
    @Test
    void emptyAxesAreSorted() {
        for (DType dtype : DType.values()) {
            Array none = Ops.zeros(Shape.of(2, 0, 3), dtype).eval();
            assertEquals(Shape.of(2, 0, 3), none.sort(1).eval().shape());
            assertEquals(Shape.of(2, 0, 3), none.sort(2).eval().shape());
            assertEquals(Shape.of(2, 0, 3), none.argsort(1).eval().shape());
            assertEquals(DType.UINT32, none.argsort(1).dtype());
        }
    }

    @Test
    void emptyAxesAreScanned() {
        Array none = Ops.zeros(3, 0).eval();
        for (boolean reverse : new boolean[] {false, true}) {
            for (boolean inclusive : new boolean[] {false, true}) {
                for (Array result : List.of(
                        none.cumsum(1, reverse, inclusive),
                        none.cumprod(1, reverse, inclusive),
                        none.cummax(1, reverse, inclusive),
                        none.cummin(1, reverse, inclusive),
                        none.logcumsumexp(1, reverse, inclusive),
                        none.cumsum(0, reverse, inclusive))) {
                    assertEquals(Shape.of(3, 0), result.eval().shape());
                }
            }
        }
    }

    @Test
    void nothingIsPermuted() {
        assertEquals(Shape.of(0), Random.permutation(0, Random.key(1)).eval().shape());
        assertEquals(
                Shape.of(0, 2),
                Random.permutation(Ops.zeros(0, 2), 0, Random.key(1)).eval().shape());
    }

    @Test
    void nothingIsSummedToZero() {
        Array stored = Ops.zeros(2, 0).add(1).eval();
        assertArrayEquals(new float[] {0, 0}, stored.sum(1).toFloatArray());
        assertEquals(0, stored.sum().item());
        assertEquals(1, stored.prod().item());
        assertEquals(Shape.of(0), stored.sum(0).eval().shape());
        assertEquals(0, Ops.zeros(Shape.of(0), DType.INT8).eval().sum().itemLong());
    }

    @Test
    void theMedianOverNegativeAxesOfSizeOne() {
        Array x = Ops.array(new float[] {4, 1, 3, 2}).reshape(1, 4, 1);
        assertArrayEquals(new float[] {4, 1, 3, 2}, x.median(Axes.of(-3, -1)).toFloatArray());
        assertArrayEquals(new float[] {2.5f}, x.median(Axes.of(-2, -1)).toFloatArray());
        assertArrayEquals(new float[] {2.5f}, x.median(Axes.of(-1, -2, -3)).toFloatArray());
        assertEquals(Shape.of(1, 1, 1), x.median(Axes.of(-1, -2).keepDims()).shape());
    }

    @Test
    void padHasAGradientByItsFillValue() {
        check(in -> List.of(Ops.pad(in.get(0), new int[][] {{1, 2}, {0, 1}}, in.get(1))), numbers(2, 3), numbers());
        check(in -> List.of(Ops.pad(in.get(0), new int[][] {{0, 0}}, in.get(1))), numbers(3), numbers());
    }

    @Test
    void logSoftmaxOverOneElementIsZero() {
        Array x = Ops.array(new float[] {3, -1e30f, 1e30f}).reshape(3, 1);
        assertArrayEquals(new float[3], Activations.logSoftmax(x, 1).toFloatArray());
        assertArrayEquals(new float[3], Activations.logSoftmax(x, -1).toFloatArray());
    }

    @Test
    void integersAreDividedByZero() {
        for (DType dtype : DType.values()) {
            if (!dtype.isInteger()) {
                continue;
            }
            Array x = Ops.array(new int[] {7, 0, 1}).astype(dtype);
            Array zero = Ops.zerosLike(x);
            assertArrayEquals(new long[3], x.floorDivide(zero).toLongArray(), "floorDivide of " + dtype);
            assertArrayEquals(new long[3], x.remainder(zero).toLongArray(), "remainder of " + dtype);
            assertArrayEquals(new long[3], Ops.divmod(x, zero).get(0).toLongArray());
            assertArrayEquals(new long[3], x.floorDivide(0).toLongArray());
        }
        // The one quotient of other numbers that does not fit wraps.
        Array least = Ops.array(new int[] {Integer.MIN_VALUE});
        assertArrayEquals(new int[] {Integer.MIN_VALUE}, least.floorDivide(-1).toIntArray());
        assertArrayEquals(new int[] {0}, least.remainder(-1).toIntArray());
        // A true division is in floating point.
        assertEquals(Double.POSITIVE_INFINITY, Ops.array(7).div(Ops.array(0)).item());
    }

    @Test
    void vecdotOfUnequalRanksIsRefused() {
        Refused.with(
                IllegalArgumentException.class,
                () -> Ops.vecdot(Ops.ones(2, 3), Ops.ones(3), -1),
                "vecdot: ",
                "(2,3)",
                "(3)");
    }
}
