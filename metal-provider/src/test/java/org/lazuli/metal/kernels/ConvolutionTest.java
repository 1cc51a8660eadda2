package org.lazuli.metal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.metal.Placed;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.TensorSpec;

class ConvolutionTest {
    private static final List<DType> TYPES = List.of(DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16, DType.COMPLEX64);

    private static final SharedBench BENCH = new SharedBench();

    @AfterContainer
    static void close() {
        BENCH.close();
    }

    private static Shape result(Convolution c, Shape input, Shape weight) {
        int[] dims = input.toArray();
        for (int d = 0; d < dims.length - 2; d++) {
            int in = (input.dim(d + 1) - 1) * c.inputDilation().get(d)
                    + 1
                    + c.padLow().get(d)
                    + c.padHigh().get(d);
            int kernel = (weight.dim(d + 1) - 1) * c.kernelDilation().get(d) + 1;
            dims[d + 1] = (in - kernel) / c.strides().get(d) + 1;
        }
        dims[dims.length - 1] = weight.dim(0);
        return Shape.of(dims);
    }

    private static void check(Convolution c, Placed input, Placed weight) {
        Shape kernel = weight.spec().shape();
        Exact.check(
                BENCH.get(), c, result(c, input.spec().shape(), kernel), kernel.size() / kernel.dim(0), input, weight);
    }

    private static Ints random(Random random, int count, int from, int to) {
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(from, to + 1);
        }
        return Ints.of(values);
    }

    private static Convolution geometry(Random random, int spatial, int groups) {
        return new Convolution(
                random(random, spatial, 1, 3),
                random(random, spatial, -1, 3),
                random(random, spatial, -1, 3),
                random(random, spatial, 1, 2),
                random(random, spatial, 1, 3),
                groups,
                random.nextBoolean());
    }

    @Property(tries = 150)
    void anyGeometry(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int spatial,
            @ForAll @IntRange(max = 3) int type,
            @ForAll @IntRange(max = 4) int inputLayout,
            @ForAll @IntRange(max = 4) int weightLayout) {
        Random random = new Random(seed);
        int groups = random.nextInt(1, 4);
        Convolution c = geometry(random, spatial, groups);
        int[] in = new int[spatial + 2];
        int[] kernel = new int[spatial + 2];
        in[0] = random.nextInt(1, 3);
        kernel[0] = groups * random.nextInt(1, 3);
        kernel[spatial + 1] = random.nextInt(1, 4);
        in[spatial + 1] = groups * kernel[spatial + 1];
        for (int d = 1; d <= spatial; d++) {
            in[d] = random.nextInt(5, 9);
            kernel[d] = random.nextInt(1, 3);
        }
        DType dtype = TYPES.get(type);
        check(
                c,
                Exact.random(dtype, Shape.of(in), seed).layouts().get(inputLayout),
                Exact.random(dtype, Shape.of(kernel), seed + 1).layouts().get(weightLayout));
    }

    /// So many channels that the product is made by tiles: more or fewer than a tile has columns, and positions and depths that fill none.
    @Property(tries = 60)
    void byTiles(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int spatial,
            @ForAll @IntRange(max = 2) int type,
            @ForAll @IntRange(max = 4) int inputLayout,
            @ForAll @IntRange(max = 4) int weightLayout,
            @ForAll @IntRange(min = 8, max = 40) int out) {
        Random random = new Random(seed);
        int groups = random.nextInt(1, 3);
        Convolution c = geometry(random, spatial, groups);
        int[] in = new int[spatial + 2];
        int[] kernel = new int[spatial + 2];
        in[0] = random.nextInt(1, 3);
        kernel[0] = groups * out;
        kernel[spatial + 1] = random.nextInt(4, 20);
        in[spatial + 1] = groups * kernel[spatial + 1];
        for (int d = 1; d <= spatial; d++) {
            in[d] = random.nextInt(5, 7);
            kernel[d] = random.nextInt(2, 4);
        }
        DType dtype = TYPES.get(type);
        check(
                c,
                Exact.random(dtype, Shape.of(in), seed).layouts().get(inputLayout),
                Exact.random(dtype, Shape.of(kernel), seed + 1).layouts().get(weightLayout));
    }

    private static Convolution plain(int spatial, int groups) {
        return new Convolution(
                Ints.fill(spatial, 1),
                Ints.fill(spatial, 1),
                Ints.fill(spatial, 1),
                Ints.fill(spatial, 1),
                Ints.fill(spatial, 1),
                groups,
                false);
    }

    /// Each channel by itself.
    @Example
    void depthwise() {
        check(
                plain(2, 24),
                Exact.random(DType.FLOAT32, Shape.of(2, 6, 5, 24), 1),
                Exact.random(DType.FLOAT32, Shape.of(24, 3, 3, 1), 2));
    }

    @Example
    void fourSpatialAxes() {
        check(
                plain(4, 1),
                Exact.random(DType.FLOAT32, Shape.of(1, 3, 2, 3, 2, 2), 3),
                Exact.random(DType.FLOAT32, Shape.of(9, 2, 2, 2, 2, 2), 4));
    }

    /// No channels sum to zero; no samples give no elements.
    @Example
    void nothing() {
        for (DType dtype : TYPES) {
            check(plain(1, 1), Exact.random(dtype, Shape.of(2, 5, 0), 1), Exact.random(dtype, Shape.of(3, 3, 0), 2));
            check(plain(1, 1), Exact.random(dtype, Shape.of(0, 5, 2), 1), Exact.random(dtype, Shape.of(3, 3, 2), 2));
        }
    }

    /// An infinite input reaches the positions that see it, and NaN arises where a padded zero meets an infinite weight: as in a product of matrices.
    @Example
    void infinities() {
        for (int out : new int[] {1, 16}) {
            double[] x = new double[12 * 4];
            java.util.Arrays.fill(x, 1);
            x[5 * 4] = Double.POSITIVE_INFINITY;
            double[] w = new double[out * 3 * 4];
            java.util.Arrays.fill(w, 1);
            Shape result = Shape.of(1, 12, out);
            double[] y = Placed.decode(
                    DType.FLOAT32,
                    BENCH.get()
                            .onMetal(
                                    plain(1, 1),
                                    new TensorSpec(DType.FLOAT32, result),
                                    Placed.of(DType.FLOAT32, Shape.of(1, 12, 4), x),
                                    Placed.of(DType.FLOAT32, Shape.of(out, 3, 4), w)));
            for (int i = 0; i < y.length; i++) {
                int position = i / out;
                boolean sees = position >= 4 && position <= 6;
                assertEquals(sees, Double.isInfinite(y[i]), "at " + i + ": " + y[i]);
                assertFalse(Double.isNaN(y[i]), "at " + i);
            }
            w[0] = Double.POSITIVE_INFINITY;
            BENCH.get()
                    .assertClose(
                            plain(1, 1),
                            new TensorSpec(DType.FLOAT32, result),
                            0,
                            Placed.of(DType.FLOAT32, Shape.of(1, 12, 4), x),
                            Placed.of(DType.FLOAT32, Shape.of(out, 3, 4), w));
        }
    }

    @Example
    void integersFallBack() {
        TensorSpec input = new TensorSpec(DType.INT32, Shape.of(1, 5, 1));
        assertFalse(BENCH.get().metal.supports(plain(1, 1), List.of(input, input)));
        TensorSpec floats = new TensorSpec(DType.FLOAT32, Shape.of(1, 5, 1));
        assertTrue(BENCH.get().metal.supports(plain(1, 1), List.of(floats, floats)));
    }
}
