package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Complex;
import org.lazuli.DType;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Printing;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;

/// Values to and from Java's arrays, buffers and memory segments, for every type.
class HostDataTest {
    @Test
    void buffersGiveWhatRemainsInThem() {
        FloatBuffer floats = FloatBuffer.wrap(new float[] {9, 1, 2, 9}, 1, 2);
        assertArrayEquals(new float[] {1, 2}, Ops.array(floats).toFloatArray());
        assertEquals(1, floats.position());
        ByteBuffer direct = ByteBuffer.allocateDirect(8)
                .order(ByteOrder.BIG_ENDIAN)
                .putInt(5)
                .putInt(-6)
                .flip();
        assertArrayEquals(new int[] {5, -6}, Ops.array(direct.asIntBuffer()).toIntArray());
        for (Buffer buffer : List.of(
                ByteBuffer.allocate(3),
                ShortBuffer.allocate(3),
                IntBuffer.allocate(3),
                LongBuffer.allocate(3),
                FloatBuffer.allocate(3),
                DoubleBuffer.allocate(3))) {
            Array x = Ops.array(buffer);
            assertEquals(Shape.of(3), x.shape());
            assertEquals(buffer instanceof DoubleBuffer ? 4 : x.itemsize(), x.itemsize());
            assertEquals(DType.FLOAT64, Ops.array(buffer, DType.FLOAT64).dtype());
        }
        assertArrayEquals(
                new double[] {0.1},
                Ops.array(DoubleBuffer.wrap(new double[] {0.1}), DType.FLOAT64).toDoubleArray());
        Refused.with(
                IllegalArgumentException.class, () -> Ops.array(CharBuffer.wrap("x")), "CharBuffer", "ShortBuffer");
    }

    @Test
    void anArrayIsItself() {
        Array x = Ops.zeros(2);
        assertSame(x, Ops.array(x));
        assertEquals(DType.INT32, Ops.array(x, DType.INT32).dtype());
    }

    @Test
    void everyTypeGoesThroughASegment() {
        for (DType dtype : DType.values()) {
            Array x =
                    Ops.array(new int[][] {{1, 0, 1}, {0, 1, 1}}).astype(dtype).transpose();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment segment = arena.allocate(x.nbytes(), 8);
                x.copyTo(segment);
                Array back = Ops.array(segment, dtype, x.shape());
                assertTrue(back.arrayEqual(x).itemBoolean(), dtype.toString());
            }
            byte[] bytes = new byte[(int) x.nbytes()];
            x.copyTo(MemorySegment.ofArray(bytes));
            Array back = Ops.array(MemorySegment.ofArray(bytes), dtype, x.shape());
            assertTrue(back.arrayEqual(x).itemBoolean(), dtype + " on the heap");
        }
    }

    @Test
    void everyTypeHasAJavaArray() {
        for (DType dtype : DType.values()) {
            Array x = Ops.array(new int[] {1, 0, 1}).astype(dtype);
            Object java = switch (dtype) {
                case BOOL -> x.toBooleanArray();
                case UINT8, INT8 -> x.toByteArray();
                case UINT16, INT16 -> x.toShortArray();
                case UINT32, INT32 -> x.toIntArray();
                case UINT64, INT64 -> x.toLongArray();
                case FLOAT16, BFLOAT16, FLOAT32 -> x.toFloatArray();
                case FLOAT64 -> x.toDoubleArray();
                case COMPLEX64 -> x.toComplexArray();
            };
            Array back = dtype == DType.COMPLEX64 ? Ops.array(List.of((Object[]) java)) : Ops.array(java, dtype);
            assertTrue(back.arrayEqual(x).itemBoolean(), dtype.toString());
        }
        assertEquals(
                new Complex(1, -2), Ops.array(new Complex(1, -2)).reshape(1).toComplexArray()[0]);
        assertArrayEquals(
                new long[] {0xFFFF_FFFFL},
                Ops.array(new int[] {-1}).astype(DType.UINT32).toLongArray());
        assertArrayEquals(
                new byte[] {-1}, Ops.array(new byte[] {-1}, DType.UINT8).toByteArray());
        Refused.with(IllegalArgumentException.class, () -> Ops.zeros(2).toIntArray(), "float32", "astype");
    }

    @Test
    void halfPrecisionComesAsBits() {
        short[] bits = {Float.floatToFloat16(1.5f), Float.floatToFloat16(-2)};
        assertArrayEquals(
                new float[] {1.5f, -2},
                Ops.array(MemorySegment.ofArray(bits), DType.FLOAT16, Shape.of(2))
                        .toFloatArray());
        assertArrayEquals(
                new float[] {1.5f, -2}, Ops.array(bits).view(DType.FLOAT16).toFloatArray());
        assertEquals(
                bits[0],
                Ops.array(new float[] {1.5f})
                        .astype(DType.FLOAT16)
                        .view(DType.INT16)
                        .toShortArray()[0]);
        assertEquals(2, MemorySegment.ofArray(bits).byteSize() / ValueLayout.JAVA_SHORT.byteSize());
    }

    @Test
    void aCopyHasTheSameValuesInOrder() {
        Array x = Ops.arange(6).reshape(2, 3).transpose();
        assertArrayEquals(new int[] {0, 3, 1, 4, 2, 5}, x.contiguous().toIntArray());
        assertEquals(x.shape(), x.contiguous().shape());
    }

    @Test
    void constantsAreTheOnesOfMathematics() {
        assertEquals(Math.PI, Ops.PI);
        assertEquals(Math.E, Ops.E);
        double sum = 0;
        int n = 1_000_000;
        for (int i = n; i > 0; i--) {
            sum += 1.0 / i;
        }
        // The sum exceeds the logarithm by γ + 1/2n - 1/12n².
        assertEquals(Ops.EULER_GAMMA, sum - Math.log(n) - 0.5 / n, 1e-12);
        assertTrue(Double.isNaN(Ops.NAN) && Ops.INF > Double.MAX_VALUE);
        assertTrue(Ops.array(new double[] {Ops.NAN}).isnan().all().itemBoolean());
    }

    @Test
    void printingHasAPrecisionForEachThread() {
        Array x = Ops.array(new float[] {0.5f, 1.25f});
        assertEquals(Printing.DEFAULT_PRECISION, Printing.precision());
        assertEquals("array([0.5, 1.2], dtype=float32)", Printing.withPrecision(1, x::toString));
        assertEquals(3, Printing.withPrecision(1, () -> Printing.withPrecision(3, Printing::precision)));
        assertEquals("array([0.5, 1.25], dtype=float32)", x.toString());
        try (var _ = Memory.scope()) {
            assertEquals("array([1, 2.5], dtype=float32)", x.mul(2).toString(), "a scope is no tracing");
        }
        Refused.with(
                IllegalArgumentException.class, () -> Printing.withPrecision(-2, x::toString), "withPrecision", "-2");
    }
}
