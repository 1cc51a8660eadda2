package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;

class CastTest {
    private final Workbench bench = new Workbench();

    @AfterEach
    void close() {
        bench.close();
    }

    private Tensor cast(Tensor input, DType dtype) {
        return bench.run(new Primitive.Cast(dtype), dtype, input.shape(), input);
    }

    @Test
    void fromIntegersToEveryType() {
        Shape shape = Shape.of(8, 5);
        for (DType source : DType.values()) {
            if (source.isInexact()) {
                continue;
            }
            BigInteger[] x = Samples.integers(source, 40, 1);
            Tensor input = bench.longs(source, shape, Samples.bits(x));
            for (DType target : DType.values()) {
                Tensor actual = cast(input, target);
                long[] bits = bench.bits(actual);
                double[] values = bench.values(actual);
                for (int i = 0; i < x.length; i++) {
                    String what = source + " " + x[i] + " to " + target;
                    if (target.isInexact()) {
                        double exact = target == DType.FLOAT64 ? x[i].doubleValue() : x[i].floatValue();
                        assertEquals(Workbench.rounded(target, exact), values[i * Storage.width(target)], what);
                    } else {
                        assertEquals(Samples.wrap(x[i], target), Samples.integer(target, bits[i]), what);
                    }
                }
            }
        }
    }

    @Test
    void fromFloatsToEveryType() {
        double[] x = {
            0, -0.0, 0.5, -0.5, 1.5, -1.5, 2.75, -1, 127, 128, -128.5, 255, 300, -300, 32768, 40000, -40000, 60000
        };
        Shape shape = Shape.of(3, 6);
        for (DType source : DType.values()) {
            if (!source.isFloating()) {
                continue;
            }
            double[] held = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                held[i] = Workbench.rounded(source, x[i]);
            }
            for (Tensor input : bench.layouts(source, shape, held)) {
                for (DType target : DType.values()) {
                    Tensor actual = cast(input, target);
                    long[] bits = bench.bits(actual);
                    double[] values = bench.values(actual);
                    for (int i = 0; i < x.length; i++) {
                        String what = source + " " + held[i] + " to " + target;
                        if (target.isInexact()) {
                            assertEquals(Workbench.rounded(target, held[i]), values[i * Storage.width(target)], what);
                        } else if (target == DType.BOOL) {
                            assertEquals(held[i] != 0 ? 1 : 0, bits[i], what);
                        } else {
                            BigInteger whole = new BigDecimal(held[i]).toBigInteger();
                            assertEquals(Samples.wrap(whole, target), Samples.integer(target, bits[i]), what);
                        }
                    }
                }
            }
        }
    }

    @Test
    void largeFloatsWrapAndNoNumbersBecomeZero() {
        double[] x = {
            3e9, -3e9, 1e19, 0x1p63, -0x1p63, 0x1p64, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
        };
        Tensor input = bench.tensor(DType.FLOAT64, Shape.of(9), x);
        assertArrayEquals(
                new double[] {3e9 - 0x1p32, 0x1p32 - 3e9, -1981284352, 0, 0, 0, 0, 0, 0},
                bench.values(cast(input, DType.INT32)));
        assertArrayEquals(
                new long[] {3000000000L, -3000000000L, 0x8AC7230489E80000L, Long.MIN_VALUE, Long.MIN_VALUE, 0, 0, 0, 0},
                bench.bits(cast(input, DType.INT64)));
        assertArrayEquals(
                new long[] {3000000000L, -3000000000L, 0x8AC7230489E80000L, Long.MIN_VALUE, Long.MIN_VALUE, 0, 0, 0, 0},
                bench.bits(cast(input, DType.UINT64)));
        assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1}, bench.values(cast(input, DType.BOOL)));
    }

    @Test
    void complexIsItsRealPart() {
        Tensor z = bench.tensor(DType.COMPLEX64, Shape.of(4), 0, 2.75, 1, 2, -1.5, 0.25, 300, -1);
        assertArrayEquals(new double[] {0, 1, 1, 1}, bench.values(cast(z, DType.BOOL)));
        assertArrayEquals(new double[] {0, 1, 255, 44}, bench.values(cast(z, DType.UINT8)));
        assertArrayEquals(new double[] {0, 1, -1, 300}, bench.values(cast(z, DType.INT64)));
        assertArrayEquals(new double[] {0, 1, -1.5, 300}, bench.values(cast(z, DType.FLOAT16)));
        assertArrayEquals(new double[] {0, 1, -1.5, 300}, bench.values(cast(z, DType.FLOAT64)));
        Tensor x = bench.tensor(DType.FLOAT32, Shape.of(2), 1.5, -2);
        assertArrayEquals(new double[] {1.5, 0, -2, 0}, bench.values(cast(x, DType.COMPLEX64)));
    }

    /// Every pattern of 16 bits, there and back.
    @Test
    void halvesAreRead() {
        long[] all = new long[65536];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        for (DType half : new DType[] {DType.FLOAT16, DType.BFLOAT16}) {
            Tensor input = bench.longs(half, Shape.of(65536), all);
            Tensor wide = cast(input, DType.FLOAT32);
            double[] expected = bench.values(input);
            assertArrayEquals(expected, bench.values(wide));
            assertArrayEquals(expected, bench.values(cast(wide, half)));
        }
    }
}
