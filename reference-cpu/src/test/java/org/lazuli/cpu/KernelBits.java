package org.lazuli.cpu;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// A program for [DeterminismTest]: prints a digest of the bits that every loop over floats and doubles gives. All NaNs count as one: which of
/// its operands' NaNs an operation gives is not determined.
final class KernelBits {
    private static final int SIZE = 1024;

    private final int calls;

    private KernelBits(int calls) {
        this.calls = calls;
    }

    /// @param args how often each loop runs before its bits are looked at
    public static void main(String... args) {
        new KernelBits(Integer.parseInt(args[0])).print();
    }

    private void print() {
        float[] x = floats(1);
        float[] y = floats(2);
        double[] u = doubles(x);
        double[] v = doubles(y);
        VectorSupport vectors = VectorSupport.get();
        for (UnaryOp op : UnaryOp.values()) {
            floats("plain " + op, o -> FloatUnary.run(op, x, o, 0, SIZE));
            doubles("plain " + op, o -> DoubleUnary.run(op, u, o, 0, SIZE));
            floats("complex " + op, o -> ComplexKernels.unary(op, x, o, 0, SIZE / 2));
            if (vectors != null) {
                // A length that leaves a rest.
                floats("vector " + op, o -> {
                    if (!vectors.unary(op, x, o, 0, SIZE - 3)) {
                        throw new UnsupportedOperationException();
                    }
                });
            }
        }
        for (BinaryOp op : BinaryOp.values()) {
            floats("plain " + op, o -> FloatBinary.run(op, x, y, o, 0, SIZE));
            doubles("plain " + op, o -> DoubleBinary.run(op, u, v, o, 0, SIZE));
            floats("complex " + op, o -> ComplexKernels.binary(op, x, y, o, 0, SIZE / 2));
        }
        rows("plain", new RowLoops(), x, y);
        if (vectors != null) {
            rows("vector", vectors.rows(), x, y);
            floats("vector extremes", o -> {
                o[0] = vectors.maximum(x, 100, SIZE);
                o[1] = vectors.minimum(x, 100, SIZE);
                o[2] = vectors.maximum(x, 0, SIZE);
            });
            DoubleSums sums = vectors.sums();
            double[] finite = doubles(Arrays.copyOfRange(x, 20, SIZE));
            doubles("vector sums", o -> {
                sums.add(o, x, 20, 37, 19, 77);
                sums.add(o, x, 20, 0, 1, 777);
                sums.add(o, finite, 3, 777);
                sums.maximum(o, y, 100, 333);
                sums.minimum(o, y, 300, 222);
                o[1000] = sums.sum(x, 23, SIZE);
                o[1001] = sums.sum(finite, 1, 990);
            });
            MicroKernel micro = vectors.micro();
            float[] a = floats(3);
            float[] b = floats(4);
            for (int rows = 4; rows <= micro.rows(); rows += 4) {
                int tall = rows;
                for (int width = 1; width <= 2; width++) {
                    int broad = width;
                    floats("vector products " + rows + " by " + width, o -> {
                        int stride = 2 * micro.lanes();
                        micro.multiply(tall, broad, a, 20, 31, 1, b, 20, 17, 37, o, 0, stride, true);
                    });
                }
            }
            floats("vector products of packed operands", o -> {
                int rows = micro.rows();
                int wide = 2 * micro.lanes();
                micro.multiply(rows, 2, a, 20, 31, 1, b, 20, wide, 24, o, 0, wide, true);
                micro.multiply(rows, 2, a, 20, 1, rows, b, 20, wide, 24, o, rows * wide, wide, true);
                micro.transpose(a, 20, 31, 15, 31, o, 2 * rows * wide, 15);
            });
            floats("vector products of a packed narrow operand", o -> {
                int lanes = micro.lanes();
                micro.multiply(micro.rows(), 1, a, 20, 31, 1, b, 20, lanes, 24, o, 0, lanes, true);
            });
            floats("vector inner products of a few columns", o -> {
                int lanes = micro.lanes();
                float[] products = new float[8 * 5 * lanes + lanes];
                micro.inner(a, 20, 83, 8, b, 20, 71, 5, 4 * lanes, products, 0);
                System.arraycopy(products, 0, o, 0, products.length);
                float[] totals = new float[8 * 5 + lanes];
                micro.fold(products, 0, 8 * 5, totals);
                System.arraycopy(totals, 0, o, products.length, 8 * 5);
            });
            floats(
                    "vector inner products",
                    o -> micro.dots(a, 20, 117, 7, Arrays.copyOfRange(b, 20, 220), 197, o, 3, true));
            floats("vector sweeps", o -> micro.sweep(a, 20, 61, 11, Arrays.copyOfRange(b, 20, 40), o, 3, 197));
        }
    }

    /// Finite elements, since one NaN would hide all sums, and a length that leaves a rest.
    private void rows(String name, RowLoops loops, float[] x, float[] y) {
        int n = 997;
        float[] a = Arrays.copyOfRange(x, 20, 20 + loops.room(n));
        float[] b = Arrays.copyOfRange(y, 20, 20 + loops.room(n));
        floats(name + " rows", o -> {
            float[] p = a.clone();
            float[] q = b.clone();
            Extent extent = new Extent();
            loops.measure(p, 0, n, extent);
            o[0] = extent.largest();
            o[1] = loops.sum(p, 0, n);
            o[2] = loops.dot(p, 0, q, 0, n);
            o[3] = loops.squares(p, 0, n, 0.1f);
            float[] sums = new float[2];
            loops.moments(p, 0, q, 0, b, n, 0.2f, sums);
            float[] first = b.clone();
            float[] second = a.clone();
            loops.accumulate(p, 0, q, 0, n, 0.1f, 1.3f, first, second);
            loops.combine(p, 0, q, 0, first, q, 0, n, 0.1f, sums[0], sums[1], 0.3f);
            loops.multiplyShifted(p, 0, q, 0, q, 0, n, 0.7f);
            loops.normalize(q, 0, q, 0, n, 0.2f, 0.9f, first, second);
            loops.scale(q, 0, n, 1.7f);
            o[4 + n] = loops.exponentials(p, 0, q.clone(), 0, n, extent, 0);
            o[5 + n] = extent.largest();
            float total = loops.exponentials(p, 0, p, 0, n, extent);
            loops.normalize(q, 0, q, 0, n, total, 0.9f, p, null);
            System.arraycopy(q, 0, o, 4, n);
        });
    }

    /// Special values first, then numbers of all magnitudes.
    private static float[] floats(int seed) {
        float[] special = {
            0f,
            -0f,
            1f,
            -1f,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MAX_VALUE,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MIN_NORMAL,
            88.7f,
            89f,
            -103.9f,
            1e5f,
            3e5f,
            0.5f,
            -0.5f,
            0.625f,
            4f
        };
        Random random = new Random(seed);
        float[] x = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            x[i] = i < special.length
                    ? special[(i * seed) % special.length]
                    : (float) Math.scalb(random.nextGaussian(), random.nextInt(-12, 8));
        }
        return x;
    }

    private static double[] doubles(float... x) {
        double[] u = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            u[i] = x[i];
        }
        return u;
    }

    private void floats(String name, Consumer<float[]> loop) {
        float[] o = new float[SIZE];
        if (run(loop, o, () -> Arrays.fill(o, 0))) {
            long digest = 0;
            for (float value : o) {
                digest = digest * 31 + Float.floatToIntBits(value);
            }
            System.out.println(name + " of floats: " + Long.toHexString(digest));
        }
    }

    private void doubles(String name, Consumer<double[]> loop) {
        double[] o = new double[SIZE];
        if (run(loop, o, () -> Arrays.fill(o, 0))) {
            long digest = 0;
            for (double value : o) {
                digest = digest * 31 + Double.doubleToLongBits(value);
            }
            System.out.println(name + " of doubles: " + Long.toHexString(digest));
        }
    }

    /// Runs the loop again and again, on nothing that it wrote before; false for one that is not defined.
    private <A> boolean run(Consumer<A> loop, A o, Runnable reset) {
        try {
            for (int i = 0; i < calls; i++) {
                reset.run();
                loop.accept(o);
            }
            return true;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
