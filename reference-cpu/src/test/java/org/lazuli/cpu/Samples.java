package org.lazuli.cpu;

import java.math.BigInteger;
import java.util.Random;
import org.lazuli.DType;

/// Elements to test with: those at the edges of a dtype and ordinary ones.
final class Samples {
    private Samples() {}

    /// Numbers that the dtype holds exactly, `n` of them (complex64: pairs); with NaN, infinities and signed zeros
    /// first if `special`.
    static double[] of(DType dtype, int n, boolean special, long seed) {
        Random random = new Random(seed);
        double[] edges = dtype.isInexact() && special
                ? new double[] {
                    Double.NaN,
                    Double.POSITIVE_INFINITY,
                    Double.NEGATIVE_INFINITY,
                    0.0,
                    -0.0,
                    1,
                    -1,
                    0.5,
                    -0.5,
                    1.5,
                    2.5,
                    -2.5,
                    1e-30,
                    3e38,
                    -90,
                    8388609
                }
                : new double[0];
        double[] values = new double[n * Storage.width(dtype)];
        for (int i = 0; i < values.length; i++) {
            double value = switch (dtype.category()) {
                case BOOL -> random.nextInt(2);
                case UNSIGNED -> random.nextInt(7) == 0 ? 0 : random.nextInt(120);
                case SIGNED -> random.nextInt(7) == 0 ? 0 : random.nextInt(240) - 120;
                case FLOATING, COMPLEX -> 3 * random.nextGaussian();
            };
            values[i] = Workbench.rounded(dtype, i < edges.length ? edges[i] : value);
        }
        return values;
    }

    /// Integers over the whole range of the dtype, its limits and small numbers among them.
    static BigInteger[] integers(DType dtype, int n, long seed) {
        Random random = new Random(seed);
        int bits = dtype == DType.BOOL ? 1 : 8 * dtype.bytes();
        BigInteger[] values = new BigInteger[n];
        for (int i = 0; i < n; i++) {
            BigInteger value = switch (i % 5) {
                case 0 -> BigInteger.ONE.shiftLeft(bits - 1);
                case 1 -> BigInteger.ONE.shiftLeft(bits - 1).subtract(BigInteger.ONE);
                case 2 -> BigInteger.valueOf(random.nextInt(7) - 3);
                default -> new BigInteger(bits, random);
            };
            values[i] = wrap(value, dtype);
        }
        return values;
    }

    /// The value modulo the range of the dtype.
    static BigInteger wrap(BigInteger value, DType dtype) {
        if (dtype == DType.BOOL) {
            return value.signum() == 0 ? BigInteger.ZERO : BigInteger.ONE;
        }
        BigInteger range = BigInteger.ONE.shiftLeft(8 * dtype.bytes());
        BigInteger wrapped = value.mod(range);
        return !dtype.isUnsigned() && wrapped.testBit(8 * dtype.bytes() - 1) ? wrapped.subtract(range) : wrapped;
    }

    static long[] bits(BigInteger... values) {
        long[] bits = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = values[i].longValue();
        }
        return bits;
    }

    /// An integer from its bits.
    static BigInteger integer(DType dtype, long bits) {
        return wrap(BigInteger.valueOf(bits), dtype);
    }
}
