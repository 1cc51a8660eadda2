package org.lazuli.metal.kernels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.MetalBench;
import org.lazuli.metal.Placed;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.TensorSpec;

/// Sums of products checked against float64, within a bound for each element that follows from how it is computed.
final class Exact {
    /// The unit roundoff of float32, in which products are added up.
    static final double SUMS = 0x1p-24;

    private Exact() {}

    /// The unit roundoff of the dtype.
    static double unit(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> 0x1p-11;
            case BFLOAT16 -> 0x1p-8;
            case FLOAT64 -> 0x1p-53;
            default -> 0x1p-24;
        };
    }

    /// The elements in row-major order as numbers, two for each of complex64.
    static double[] values(Placed placed) {
        DType dtype = placed.spec().dtype();
        Shape shape = placed.spec().shape();
        int width = dtype.isComplex() ? 2 : 1;
        double[] stored = Placed.decode(dtype, placed.stored());
        double[] values = new double[shape.size() * width];
        for (int i = 0; i < shape.size(); i++) {
            int at = placed.offset();
            int rest = i;
            for (int axis = shape.rank() - 1; axis >= 0; axis--) {
                at += rest % shape.dim(axis) * placed.strides().get(axis);
                rest /= shape.dim(axis);
            }
            System.arraycopy(stored, at * width, values, i * width, width);
        }
        return values;
    }

    /// Numbers of ordinary size, that the dtype holds.
    static Placed random(DType dtype, Shape shape, long seed) {
        return shape.size() == 0
                ? Placed.contiguous(new TensorSpec(dtype, shape), new byte[dtype.bytes()])
                : Placed.random(dtype, shape, seed);
    }

    /// Checks a kernel that is bilinear in its two operands. Its elements are sums of `terms` products, added up in float32 in any order, with or without
    /// rounding each product: off by at most terms·u·Σ|ab| to first order; then rounded to the dtype. The sums and those of the magnitudes are the CPU backend's in
    /// float64.
    static void check(MetalBench bench, Kernel kernel, Shape result, int terms, Placed a, Placed b) {
        DType dtype = a.spec().dtype();
        TensorSpec spec = new TensorSpec(dtype, result);
        assertTrue(bench.metal.supports(kernel, MetalBench.specs(a, b)), () -> kernel + " is not supported");
        double[] actual = Placed.decode(dtype, bench.onMetal(kernel, spec, a, b));
        double[] x = values(a);
        double[] y = values(b);
        if (dtype.isComplex()) {
            // Each part is a sum of twice as many products.
            double[] rr = wide(bench, kernel, result, a, part(x, 0), b, part(y, 0));
            double[] ii = wide(bench, kernel, result, a, part(x, 1), b, part(y, 1));
            double[] ri = wide(bench, kernel, result, a, part(x, 0), b, part(y, 1));
            double[] ir = wide(bench, kernel, result, a, part(x, 1), b, part(y, 0));
            double[] magnitude = wide(bench, kernel, result, a, moduli(x), b, moduli(y));
            for (int i = 0; i < rr.length; i++) {
                near(kernel, dtype, a, b, i, rr[i] - ii[i], actual[2 * i], 2 * terms, magnitude[i]);
                near(kernel, dtype, a, b, i, ri[i] + ir[i], actual[2 * i + 1], 2 * terms, magnitude[i]);
            }
            return;
        }
        double[] expected = wide(bench, kernel, result, a, x, b, y);
        double[] magnitude = wide(bench, kernel, result, a, magnitudes(x), b, magnitudes(y));
        for (int i = 0; i < expected.length; i++) {
            near(kernel, dtype, a, b, i, expected[i], actual[i], terms, magnitude[i]);
        }
    }

    private static void near(
            Kernel kernel,
            DType dtype,
            Placed a,
            Placed b,
            int at,
            double expected,
            double actual,
            int terms,
            double magnitude) {
        // Second order terms are below 1e-4 of the first for less than a thousand terms; the smallest subnormal is what
        // rounding to the dtype may lose below its range.
        double sums = 1.001 * (terms + 1) * SUMS * magnitude;
        double bound = sums + 1.001 * unit(dtype) * (Math.abs(expected) + sums) + MetalBench.unit(dtype, 0);
        assertTrue(
                Double.isNaN(expected) ? Double.isNaN(actual) : Math.abs(expected - actual) <= bound,
                () -> kernel + " of " + a.spec() + a.strides() + " and " + b.spec() + b.strides() + " at " + at + " is "
                        + actual + ", not " + expected + ": off by " + Math.abs(expected - actual) + ", allowed "
                        + bound);
    }

    private static double[] wide(
            MetalBench bench, Kernel kernel, Shape result, Placed a, double[] x, Placed b, double[] y) {
        return Placed.decode(
                DType.FLOAT64,
                bench.onCpu(
                        kernel,
                        new TensorSpec(DType.FLOAT64, result),
                        Placed.of(DType.FLOAT64, a.spec().shape(), x),
                        Placed.of(DType.FLOAT64, b.spec().shape(), y)));
    }

    private static double[] magnitudes(double[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.abs(values[i]);
        }
        return result;
    }

    private static double[] part(double[] complex, int part) {
        double[] result = new double[complex.length / 2];
        for (int i = 0; i < result.length; i++) {
            result[i] = complex[2 * i + part];
        }
        return result;
    }

    private static double[] moduli(double[] complex) {
        double[] result = new double[complex.length / 2];
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.hypot(complex[2 * i], complex[2 * i + 1]);
        }
        return result;
    }
}
