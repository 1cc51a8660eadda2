package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Quantization;
import org.lazuli.Shape;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.Tensor;

/// Which kernels a backend computes with is its own property: two in one process may differ.
class PlainBackendTest {
    /// Kernels that give away that they were used.
    private static final class Spy extends VectorSupport {
        final Set<String> used = ConcurrentHashMap.newKeySet();

        @Override
        String shape() {
            return "spies";
        }

        @Override
        boolean unary(UnaryOp op, float[] a, float[] o, int from, int to) {
            used.add("unary");
            java.util.Arrays.fill(o, from, to, 42);
            return true;
        }

        @Override
        float maximum(float[] a, int from, int to) {
            used.add("maximum");
            return 42;
        }

        @Override
        float minimum(float[] a, int from, int to) {
            used.add("minimum");
            return 42;
        }

        @Override
        BrainFloats brainFloats() {
            throw new AssertionError("bfloat16 is not a backend's own");
        }

        @Override
        DoubleSums sums() {
            throw new AssertionError("no sum is asked for");
        }

        @Override
        Passes passes() {
            used.add("passes");
            return new Passes();
        }

        @Override
        int passLanes() {
            return 8;
        }

        @Override
        WindowLoops windows() {
            return new WindowLoops() {
                @Override
                void extremes(boolean largest, float[] x, Windows windows, float[] o, int first, int count) {
                    used.add("extremes");
                }

                @Override
                void share(
                        float[] x,
                        Windows windows,
                        float[] y,
                        float[] g,
                        float[] o,
                        Windows shares,
                        int first,
                        int count) {
                    used.add("share");
                }
            };
        }

        @Override
        MaskLoops masks() {
            return new MaskLoops() {
                @Override
                public void compare(BinaryOp op, float[] a, float[] b, int[] o, int from, int to) {
                    used.add("masks");
                }

                @Override
                public void select(int[] c, float[] a, float[] b, float[] o, int from, int to) {
                    used.add("masks");
                }

                @Override
                public void isNonzero(float[] a, int[] o, int from, int to) {
                    used.add("masks");
                }

                @Override
                public void sign(float[] a, float[] o, int from, int to) {
                    used.add("masks");
                }
            };
        }

        @Override
        RowLoops rows() {
            return new RowLoops() {
                @Override
                float exponentials(float[] a, int at, float[] o, int to, int n, Extent extent) {
                    used.add("rows");
                    return 42;
                }
            };
        }

        @Override
        MicroKernel micro() {
            return new MicroKernel() {
                @Override
                int rows() {
                    return 4;
                }

                @Override
                int lanes() {
                    return 8;
                }

                @Override
                void multiply(
                        int rows,
                        int vectors,
                        float[] a,
                        int aAt,
                        int aRow,
                        int aColumn,
                        float[] b,
                        int bAt,
                        int bRow,
                        int depth,
                        float[] c,
                        int cAt,
                        int cRow,
                        boolean add) {
                    used.add("multiply");
                }

                @Override
                void lines(
                        float[] a,
                        int aAt,
                        int aRow,
                        int aLine,
                        float[] b,
                        int bAt,
                        int bLine,
                        int count,
                        int depth,
                        float[] c,
                        int cAt,
                        int cRow) {
                    used.add("lines");
                }

                @Override
                void dots(float[] a, int at, int row, int count, float[] x, int n, float[] y, int yAt, boolean add) {
                    used.add("dots");
                }

                @Override
                void sweep(float[] a, int at, int row, int count, float[] x, float[] y, int yAt, int n) {
                    used.add("sweep");
                }

                @Override
                int doubleRows() {
                    return 4;
                }

                @Override
                int doubleColumns() {
                    return 8;
                }

                @Override
                void multiply(double[] a, double[] b, int bAt, int depth, double[] c, int cAt, int cRow, boolean add) {
                    used.add("doubles");
                }
            };
        }

        @Override
        PackedLoops packed() {
            return new PackedLoops() {
                @Override
                int wholeWords(int words) {
                    return words;
                }

                @Override
                void products(
                        PackedMatrix matrix,
                        int row,
                        int rows,
                        int words,
                        float[] x,
                        float[] groupSums,
                        float[] scales,
                        float[] biases,
                        float[] product,
                        int at) {
                    used.add("packedProducts");
                }
            };
        }
    }

    /// Runs one kernel of each kind that the Vector API makes faster.
    private static long[][] results(Backend backend) {
        try (Workbench bench = new Workbench(backend)) {
            Shape square = Shape.of(128, 128);
            Tensor x = bench.tensor(DType.FLOAT32, square, Samples.of(DType.FLOAT32, square.size(), false, 1));
            Tensor image =
                    bench.tensor(DType.FLOAT32, Shape.of(1, 64, 64, 4), Samples.of(DType.FLOAT32, 1 << 14, false, 2));
            Tensor weight =
                    bench.tensor(DType.FLOAT32, Shape.of(16, 3, 3, 4), Samples.of(DType.FLOAT32, 576, false, 3));
            Tensor lines = bench.tensor(DType.FLOAT32, Shape.of(1, 1, 64, 4), Samples.of(DType.FLOAT32, 256, false, 7));
            Ints one = Ints.of(1, 1);
            Kernel convolution = new Primitive.Convolution(one, one, one, one, one, 1, false);
            Tensor row = bench.tensor(DType.FLOAT32, Shape.of(1, 128), Samples.of(DType.FLOAT32, 128, false, 4));
            return new long[][] {
                bench.bits(bench.run(new Primitive.Unary(UnaryOp.TANH), DType.FLOAT32, square, x)),
                bench.bits(
                        bench.run(new Primitive.Reduce(ReduceOp.MAX, Ints.of(0, 1)), DType.FLOAT32, Shape.of(1, 1), x)),
                bench.bits(
                        bench.run(new Primitive.Reduce(ReduceOp.MIN, Ints.of(0, 1)), DType.FLOAT32, Shape.of(1, 1), x)),
                bench.bits(
                        bench.run(new Primitive.Reduce(ReduceOp.MAX, Ints.of(1)), DType.FLOAT32, lines.shape(), image)),
                bench.bits(bench.run(
                        new Accelerated.ExtremeGradient(Ints.of(1)),
                        DType.FLOAT32,
                        image.shape(),
                        image,
                        lines,
                        lines)),
                bench.bits(bench.run(new Primitive.Binary(BinaryOp.LESS), DType.BOOL, square, x, x)),
                bench.bits(bench.run(new Primitive.MatMul(), DType.FLOAT32, square, x, x)),
                bench.bits(bench.run(new Accelerated.Softmax(), DType.FLOAT32, square, x)),
                bench.bits(bench.run(convolution, DType.FLOAT32, Shape.of(1, 64, 64, 16), image, weight)),
                bench.bits(bench.run(
                        new Primitive.FourierTransform(Primitive.FourierOp.REAL, 0, 128, 1),
                        DType.COMPLEX64,
                        Shape.of(65, 128),
                        x)),
                bench.bits(quantizedProduct(bench, row, Quantization.AFFINE)),
                bench.bits(quantizedProduct(bench, row, Quantization.AFFINE.withBits(3)))
            };
        }
    }

    /// A row times 256 others.
    private static Tensor quantizedProduct(Workbench bench, Tensor row, Quantization how) {
        Shape packed = Shape.of(256, how.words(128));
        Tensor weight = bench.tensor(DType.UINT32, packed, Samples.of(DType.UINT32, packed.size(), false, 5));
        Tensor scales = bench.tensor(DType.FLOAT32, Shape.of(256, 2), Samples.of(DType.FLOAT32, 512, false, 6));
        return bench.run(
                new Accelerated.QuantizedMatMul(how, true),
                DType.FLOAT32,
                Shape.of(1, 256),
                row,
                weight,
                scales,
                scales);
    }

    @Test
    void aBackendUsesTheKernelsItWasGiven() {
        Spy spy = new Spy();
        CpuBackend backend = new CpuBackend(spy);
        assertTrue(backend.device().endsWith("vectors of spies"), backend.device());
        long[][] spied = results(backend);
        assertEquals(
                Set.of(
                        "unary",
                        "maximum",
                        "minimum",
                        "extremes",
                        "share",
                        "masks",
                        "multiply",
                        "rows",
                        "passes",
                        "packedProducts"),
                spy.used);
        assertEquals(42, Float.intBitsToFloat((int) spied[0][77]));
    }

    @Test
    void thePlainOneUsesNone() {
        CpuBackendProvider provider = CpuBackendProvider.plain();
        assertEquals("cpu", provider.name());
        Backend plain = provider.open();
        assertTrue(plain.device().endsWith("plain loops"), plain.device());
        long[][] expected = results(new CpuBackend(null));
        long[][] actual = results(plain);
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], actual[i]);
        }
        float[] x = new float[1 << 14];
        double[] samples = Samples.of(DType.FLOAT32, x.length, false, 1);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) samples[i];
        }
        FloatUnary.run(UnaryOp.TANH, x, x, 0, x.length);
        for (int i = 0; i < x.length; i++) {
            assertEquals(Float.floatToIntBits(x[i]), (int) actual[0][i]);
        }
    }
}
