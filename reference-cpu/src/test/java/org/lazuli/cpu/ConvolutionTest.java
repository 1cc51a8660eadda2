package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;

class ConvolutionTest {
    private final Workbench bench = new Workbench();

    @AfterEach
    void close() {
        bench.close();
    }

    /// The size of each spatial axis of the result.
    private static Shape result(Convolution c, Shape input, Shape weight) {
        int[] dims = new int[input.rank()];
        dims[0] = input.dim(0);
        for (int d = 0; d < dims.length - 2; d++) {
            int in = (input.dim(d + 1) - 1) * c.inputDilation().get(d)
                    + 1
                    + c.padLow().get(d)
                    + c.padHigh().get(d);
            int kernel = (weight.dim(d + 1) - 1) * c.kernelDilation().get(d) + 1;
            assertTrue(kernel <= in, "the kernel is larger than the padded image");
            dims[d + 1] = (in - kernel) / c.strides().get(d) + 1;
        }
        dims[dims.length - 1] = weight.dim(0);
        return Shape.of(dims);
    }

    /// By the definition: the input is spread out and padded into a larger array, which is then correlated.
    private static double[] convolve(Convolution c, Shape input, double[] x, Shape weight, double[] w) {
        Shape result = result(c, input, weight);
        int spatial = input.rank() - 2;
        int[] padded = new int[input.rank()];
        padded[0] = input.dim(0);
        padded[spatial + 1] = input.dim(spatial + 1);
        for (int d = 0; d < spatial; d++) {
            padded[d + 1] = (input.dim(d + 1) - 1) * c.inputDilation().get(d)
                    + 1
                    + c.padLow().get(d)
                    + c.padHigh().get(d);
        }
        Shape space = Shape.of(padded);
        double[] spread = new double[space.size()];
        for (int i = 0; i < x.length; i++) {
            int[] at = index(input, i);
            boolean inside = true;
            for (int d = 0; d < spatial; d++) {
                at[d + 1] = at[d + 1] * c.inputDilation().get(d) + c.padLow().get(d);
                inside &= at[d + 1] >= 0 && at[d + 1] < padded[d + 1];
            }
            if (inside) {
                spread[number(space, at)] = x[i];
            }
        }
        int channels = weight.dim(spatial + 1);
        int perGroup = weight.dim(0) / c.groups();
        double[] y = new double[result.size()];
        for (int i = 0; i < y.length; i++) {
            int[] to = index(result, i);
            int out = to[spatial + 1];
            for (int j = 0; j < weight.size() / weight.dim(0); j++) {
                int[] place = index(weight, out * (weight.size() / weight.dim(0)) + j);
                int[] at = to.clone();
                for (int d = 0; d < spatial; d++) {
                    int k = c.flip() ? weight.dim(d + 1) - 1 - place[d + 1] : place[d + 1];
                    at[d + 1] = to[d + 1] * c.strides().get(d)
                            + k * c.kernelDilation().get(d);
                }
                at[spatial + 1] = out / perGroup * channels + place[spatial + 1];
                y[i] += spread[number(space, at)] * w[number(weight, place)];
            }
        }
        return y;
    }

    private static int[] index(Shape shape, int number) {
        int[] index = new int[shape.rank()];
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            index[axis] = number % shape.dim(axis);
            number /= shape.dim(axis);
        }
        return index;
    }

    private static int number(Shape shape, int[] index) {
        int number = 0;
        for (int axis = 0; axis < index.length; axis++) {
            number = number * shape.dim(axis) + index[axis];
        }
        return number;
    }

    private static Ints random(Random random, int count, int from, int to) {
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(from, to + 1);
        }
        return Ints.of(values);
    }

    @Property(tries = 300)
    void anyGeometry(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int spatial) {
        Random random = new Random(seed);
        int groups = random.nextInt(1, 4);
        Convolution c = new Convolution(
                random(random, spatial, 1, 3),
                random(random, spatial, -1, 3),
                random(random, spatial, -1, 3),
                random(random, spatial, 1, 2),
                random(random, spatial, 1, 3),
                groups,
                random.nextBoolean());
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
        check(c, Shape.of(in), Shape.of(kernel), DType.FLOAT32, seed);
    }

    /// Enough channels for whole and partial tiles, and lines that do not fill one.
    @Property(tries = 40)
    void manyChannels(@ForAll long seed) {
        Random random = new Random(seed);
        int groups = random.nextInt(1, 3);
        Convolution c = new Convolution(
                random(random, 2, 1, 2),
                random(random, 2, 0, 2),
                random(random, 2, 0, 2),
                random(random, 2, 1, 2),
                random(random, 2, 1, 2),
                groups,
                random.nextBoolean());
        int channels = random.nextInt(1, 20);
        Shape input = Shape.of(2, random.nextInt(5, 8), random.nextInt(5, 20), groups * channels);
        Shape weight = Shape.of(groups * random.nextInt(1, 50), random.nextInt(1, 3), random.nextInt(1, 4), channels);
        check(c, input, weight, DType.FLOAT32, seed);
    }

    /// Batches whose tiles take eight samples at a time: whole and partial ones, with positions that see a part of the kernel or none of it.
    @Property(tries = 40)
    void batches(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2) int spatial) {
        Random random = new Random(seed);
        int[] in = new int[spatial + 2];
        int[] kernel = new int[spatial + 2];
        int[] dilations = new int[spatial];
        in[0] = random.nextInt(8, 20);
        kernel[0] = random.nextInt(26, 70);
        in[spatial + 1] = kernel[spatial + 1] = random.nextInt(1, 20);
        for (int d = 1; d <= spatial; d++) {
            // Cropped by one on either side, it still holds three places that lie two apart.
            in[d] = random.nextInt(7, 11);
            kernel[d] = random.nextInt(1, 4);
            dilations[d - 1] = d == spatial ? 1 : random.nextInt(1, 3);
        }
        Convolution c = new Convolution(
                random(random, spatial, 1, 3),
                random(random, spatial, -1, 4),
                random(random, spatial, -1, 4),
                Ints.of(dilations),
                random(random, spatial, 1, 1),
                1,
                random.nextBoolean());
        check(c, Shape.of(in), Shape.of(kernel), DType.FLOAT32, seed);
    }

    /// A kernel as large as the image, as in the gradient by the weights.
    @Property(tries = 40)
    void largeKernels(@ForAll long seed) {
        Random random = new Random(seed);
        Convolution c = new Convolution(
                random(random, 2, 1, 2),
                random(random, 2, 0, 2),
                random(random, 2, 0, 2),
                random(random, 2, 1, 2),
                random(random, 2, 1, 2),
                1,
                false);
        int samples = random.nextInt(1, 12);
        int height = random.nextInt(3, 6);
        int width = random.nextInt(3, 6);
        Shape input = Shape.of(random.nextInt(1, 20), 2 * height + 1, 2 * width + random.nextInt(1, 3), samples);
        check(c, input, Shape.of(random.nextInt(1, 50), height, width, samples), DType.FLOAT32, seed);
    }

    private static void check(Convolution c, Shape input, Shape weight, DType dtype, long seed) {
        try (Workbench bench = new Workbench()) {
            double[] x = Samples.of(dtype, input.size(), false, seed);
            double[] w = Samples.of(dtype, weight.size(), false, seed + 1);
            double[] expected = convolve(c, input, x, weight, w);
            List<Tensor> xs = bench.layouts(dtype, input, x);
            List<Tensor> ws = bench.layouts(dtype, weight, w);
            for (int layout = 0; layout < 4; layout++) {
                Tensor y = bench.run(c, dtype, result(c, input, weight), xs.get(layout), ws.get(layout));
                double[] actual = bench.values(y);
                int terms = weight.size() / weight.dim(0);
                for (int i = 0; i < actual.length; i++) {
                    double bound = 200 * terms * (dtype == DType.FLOAT64 ? 0x1p-53 : 0x1p-24)
                            + 2 * MatrixProductTest.unit(dtype) * Math.abs(expected[i]);
                    assertEquals(expected[i], actual[i], bound, dtype + " " + c);
                }
            }
        }
    }

    @Test
    void everyFloatingType() {
        Convolution c =
                new Convolution(Ints.of(2, 1), Ints.of(1, 0), Ints.of(0, 2), Ints.of(1, 2), Ints.of(1, 1), 2, false);
        for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64)) {
            check(c, Shape.of(2, 7, 6, 4), Shape.of(6, 3, 2, 2), dtype, 1);
        }
    }

    /// A complex convolution is made of four real ones.
    @Test
    void complex() {
        Convolution c = new Convolution(Ints.of(1), Ints.of(1), Ints.of(1), Ints.of(1), Ints.of(1), 1, false);
        Shape input = Shape.of(1, 5, 2);
        Shape weight = Shape.of(3, 3, 2);
        double[] x = Samples.of(DType.COMPLEX64, input.size(), false, 1);
        double[] w = Samples.of(DType.COMPLEX64, weight.size(), false, 2);
        double[][] xs = parts(x);
        double[][] ws = parts(w);
        double[] rr = convolve(c, input, xs[0], weight, ws[0]);
        double[] ri = convolve(c, input, xs[0], weight, ws[1]);
        double[] ir = convolve(c, input, xs[1], weight, ws[0]);
        double[] ii = convolve(c, input, xs[1], weight, ws[1]);
        Tensor y = bench.run(
                c,
                DType.COMPLEX64,
                Shape.of(1, 5, 3),
                bench.tensor(DType.COMPLEX64, input, x),
                bench.tensor(DType.COMPLEX64, weight, w));
        double[] actual = bench.values(y);
        for (int i = 0; i < rr.length; i++) {
            assertEquals(rr[i] - ii[i], actual[2 * i], 1e-4);
            assertEquals(ri[i] + ir[i], actual[2 * i + 1], 1e-4);
        }
    }

    private static double[][] parts(double[] complex) {
        double[][] parts = new double[2][complex.length / 2];
        for (int i = 0; i < complex.length; i++) {
            parts[i % 2][i / 2] = complex[i];
        }
        return parts;
    }
}
