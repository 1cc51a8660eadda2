package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.lazuli.Transforms.NOT_MAPPED;
import static org.lazuli.Transforms.vmap;

import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.function.Binary;

/// What MLX gets wrong or crashes on, by value; the gradients among it are in [Compositions].
class OdditiesTest {
    @Test
    void emptyAxesAreSortedScannedAndPermuted() {
        Array none = Ops.zeros(2, 0);
        assertEquals(Shape.of(2, 0), none.sort(1).eval().shape());
        assertEquals(Shape.of(2, 0), none.argsort(1).eval().shape());
        assertEquals(Shape.of(2, 0), none.cumsum(1).eval().shape());
        assertEquals(Shape.of(2, 0), none.logcumsumexp(1).eval().shape());
        assertEquals(Shape.of(0), Random.permutation(0, Random.key(1)).eval().shape());
        assertArrayEquals(new float[] {0, 0}, none.eval().sum(1).toFloatArray());
    }

    @Test
    void integersAreDividedByZero() {
        Array x = Ops.array(new int[] {7, -7, 0});
        Array zero = Ops.zerosLike(x);
        assertArrayEquals(new int[] {0, 0, 0}, x.floorDivide(zero).toIntArray());
        assertArrayEquals(new int[] {0, 0, 0}, x.remainder(zero).toIntArray());
    }

    @Test
    void theMedianOverNegativeAxesOfSizeOne() {
        Array x = Ops.array(new float[] {3, 1, 2}).reshape(1, 3, 1);
        assertArrayEquals(new float[] {3, 1, 2}, x.median(Axes.of(-1, -3)).toFloatArray());
    }

    @Test
    void comparisonsAndBitsAreMappedAlongDifferentAxes() {
        Array x = Ops.array(new int[][] {{1, 2, 3}, {4, 5, 6}});
        Array y = Ops.array(new int[][] {{1, 5}, {2, 5}, {0, 6}});
        assertArrayEquals(
                new boolean[] {false, false, true, true, false, false},
                vmap((Binary) Array::ne, 0, 1, 0).apply(x, y).toBooleanArray());
        assertArrayEquals(
                new int[] {0, 0, 3, 1, 0, 0},
                vmap((Binary) Array::bitwiseXor, 0, 1, 0).apply(x, y).toIntArray());
        assertArrayEquals(
                new int[] {2, 8, 3, 128, 160, 384},
                vmap((Binary) Array::leftShift, 0, 1, 0).apply(x, y).toIntArray());
    }

    @Test
    void anUpdateWithoutABatchIsWrittenIntoEveryExample() {
        Array x = Ops.zeros(Shape.of(2, 3), DType.FLOAT32);
        Array update = Ops.array(new float[] {1, 2});
        Binary set = (a, u) -> a.at(Index.from(1)).set(u);
        assertArrayEquals(
                new float[] {0, 1, 2, 0, 1, 2},
                vmap(set, 0, NOT_MAPPED, 0).apply(x, update).toFloatArray());
    }
}
