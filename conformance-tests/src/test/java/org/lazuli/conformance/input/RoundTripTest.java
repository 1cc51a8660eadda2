package org.lazuli.conformance.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lazuli.Array;
import org.lazuli.Complex;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// Values that go in come out again.
class RoundTripTest {
    @ParameterizedTest
    @EnumSource
    void bytesOfASegment(DType dtype) {
        Shape shape = Shape.of(3, 5);
        byte[] bytes = new byte[shape.size() * dtype.bytes()];
        new Random(1).nextBytes(bytes);
        for (int i = 0; dtype == DType.BOOL && i < bytes.length; i++) {
            bytes[i] &= 1;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(bytes.length, 8);
            Array array = Ops.array(MemorySegment.ofArray(bytes), dtype, shape);
            array.copyTo(out);
            assertArrayEquals(bytes, out.toArray(ValueLayout.JAVA_BYTE), dtype.toString());
            array.transpose().transpose().copyTo(out);
            assertArrayEquals(bytes, out.toArray(ValueLayout.JAVA_BYTE), dtype + ", by a view");
        }
    }

    @Test
    void javaArraysOfEveryType() {
        float[][] floats = {{1.5f, -0f}, {Float.NaN, Float.POSITIVE_INFINITY}};
        assertArrayEquals(floats, Ops.array(floats).toArray(float[][].class));
        double[][][] doubles = {{{Math.PI, -1e300}}, {{0, 5e-324}}};
        assertArrayEquals(doubles, Ops.array(doubles, DType.FLOAT64).toArray(double[][][].class));
        int[] ints = {Integer.MIN_VALUE, 0, Integer.MAX_VALUE};
        assertArrayEquals(ints, Ops.array(ints).toIntArray());
        long[][] longs = {{Long.MIN_VALUE}, {Long.MAX_VALUE}};
        assertArrayEquals(longs, Ops.array(longs).toArray(long[][].class));
        short[] shorts = {Short.MIN_VALUE, 7};
        assertArrayEquals(shorts, Ops.array(shorts).toShortArray());
        byte[] bytes = {Byte.MIN_VALUE, 7};
        assertArrayEquals(bytes, Ops.array(bytes).toByteArray());
        boolean[][] truths = {{true, false}};
        assertArrayEquals(truths, Ops.array(truths).toArray(boolean[][].class));
        assertArrayEquals(
                new Complex[] {new Complex(1, -2)},
                Ops.array(List.of(new Complex(1, -2))).toArray(Complex[].class));
    }

    @Test
    void listsAndScalars() {
        Array nested = Ops.array(List.of(List.of(1, 2), List.of(3, 4)));
        assertEquals(DType.INT32, nested.dtype());
        assertArrayEquals(new int[][] {{1, 2}, {3, 4}}, nested.toArray(int[][].class));
        assertEquals(DType.FLOAT32, Ops.array(List.of(1, 2.5)).dtype());
        assertEquals(2.5, Ops.array(2.5).item());
        assertEquals(Long.MAX_VALUE, Ops.array(Long.MAX_VALUE).itemLong());
        assertTrue(Ops.array(true).itemBoolean());
        assertEquals(new Complex(3, 4), Ops.array(new Complex(3, 4)).itemComplex());
    }

    @Test
    void emptyArraysKeepTheirShape() {
        assertEquals(Shape.of(0, 0), Ops.array(new float[0][0]).shape());
        assertEquals(Shape.of(2, 0), Ops.array(new int[2][0]).shape());
        assertEquals(2, Ops.array(new int[2][0]).toArray(int[][].class).length);
    }

    @Test
    void doublesStayExactInFloat64() {
        double[] exact = {0.1, 1 / 3.0, 123456789.123456789};
        assertArrayEquals(exact, Ops.array(exact, DType.FLOAT64).toDoubleArray());
    }
}
