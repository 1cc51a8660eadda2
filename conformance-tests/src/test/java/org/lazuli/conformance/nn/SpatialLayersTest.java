package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.nn.Bilinear;
import org.lazuli.nn.Conv2d;
import org.lazuli.nn.ConvTranspose2d;
import org.lazuli.nn.ConvTransposeOptions;
import org.lazuli.nn.Dropout2d;
import org.lazuli.nn.Dropout3d;
import org.lazuli.nn.GroupNorm;
import org.lazuli.nn.InstanceNorm;
import org.lazuli.nn.Upsample;

/// Layers for images and volumes, held against what defines them.
class SpatialLayersTest {

    /// The sum of `conv(x) * y` is that of `x * transposed(y)`.
    @Test
    void aTransposedConvolutionIsTheAdjoint() {
        Random.seed(2);
        Conv2d conv = new Conv2d(
                3,
                5,
                List.of(3, 2),
                Conv2d.Options.DEFAULT.withStride(2, 1).withPadding(1, 0).withBias(false));
        ConvTranspose2d transposed = new ConvTranspose2d(
                5,
                3,
                List.of(3, 2),
                ConvTransposeOptions.DEFAULT.withStride(2, 1).withPadding(1, 0).withBias(false));
        transposed.weight = conv.weight.swapaxes(0, -1);
        Array x = Random.normal(Shape.of(2, 7, 6, 3));
        Array y = Random.normal(conv.apply(x).shape());
        assertEquals(x.shape(), transposed.apply(y).shape());
        assertEquals(
                conv.apply(x).mul(y).sum().item(),
                x.mul(transposed.apply(y)).sum().item(),
                1e-3);
    }

    @Test
    void bilinearIsLinearInEach() {
        Random.seed(2);
        Bilinear layer = new Bilinear(3, 4, 2, false);
        Array a = Random.normal(Shape.of(5, 3));
        Array b = Random.normal(Shape.of(5, 4));
        float[][] found = layer.apply(a, b).toArray(float[][].class);
        float[][] x1 = a.toArray(float[][].class);
        float[][] x2 = b.toArray(float[][].class);
        float[][][] w = layer.weight.toArray(float[][][].class);
        for (int n = 0; n < 5; n++) {
            for (int k = 0; k < 2; k++) {
                double sum = 0;
                for (int i = 0; i < 4; i++) {
                    for (int j = 0; j < 3; j++) {
                        sum += x2[n][i] * w[k][i][j] * x1[n][j];
                    }
                }
                assertEquals(sum, found[n][k], 1e-5);
            }
        }
    }

    @Test
    void groupsHaveMeanZeroAndVarianceOne() {
        Array x = Random.normal(Shape.of(2, 5, 3, 6), DType.FLOAT32, 3, 2, Random.key(1));
        Array interleaved = new GroupNorm(3, 6).apply(x).reshape(2, 15, 2, 3);
        assertNormal(interleaved, 1, 2);
        Array neighbours = new GroupNorm(3, 6, GroupNorm.Options.DEFAULT.withPytorchCompatible(true))
                .apply(x)
                .reshape(2, 15, 3, 2);
        assertNormal(neighbours, 1, 3);
        assertNormal(new InstanceNorm(6).apply(x), 1, 2);
    }

    private static void assertNormal(Array x, int... axes) {
        assertTrue(x.mean(Axes.of(axes)).abs().max().item() < 1e-5);
        assertTrue(x.var(Axes.of(axes), 0).sub(1).abs().max().item() < 1e-4);
    }

    @Test
    void whatIsConstantStaysConstantAndALineALine() {
        for (Upsample.Mode mode : Upsample.Mode.values()) {
            for (boolean corners : new boolean[] {false, true}) {
                Upsample.Options options =
                        Upsample.Options.DEFAULT.withMode(mode).withAlignCorners(corners);
                Array flat = new Upsample(List.of(1.7, 0.6), options).apply(Ops.full(Shape.of(1, 6, 5, 2), 3.5));
                assertEquals(Shape.of(1, 10, 3, 2), flat.shape());
                assertTrue(flat.sub(3.5).abs().max().item() < 1e-5, mode::toString);
            }
        }
        Array line = Ops.linspace(0, 1, 5).reshape(1, 5, 1);
        Array longer = new Upsample(
                        1.8,
                        Upsample.Options.DEFAULT.withMode(Upsample.Mode.LINEAR).withAlignCorners(true))
                .apply(line);
        assertTrue(longer.reshape(9).allclose(Ops.linspace(0, 1, 9)).itemBoolean(), longer::toString);
    }

    /// Averages of whole blocks: a checkerboard becomes grey rather than one of its colours.
    @Test
    void antialiasingTakesTheMean() {
        Array board = Ops.arange(64).remainder(2).astype(DType.FLOAT32).reshape(1, 64, 1);
        Upsample.Options linear = Upsample.Options.DEFAULT.withMode(Upsample.Mode.LINEAR);
        Array grey = new Upsample(0.25, linear.withAntialias(true)).apply(board);
        assertTrue(grey.sub(0.5).abs().max().item() < 0.1, grey::toString);
    }

    @Test
    void channelsAreDroppedWhole() {
        Random.seed(6);
        Array x = Ops.ones(4, 3, 3, 32);
        Array y = new Dropout2d(0.25).apply(x);
        Array first = y.get(Index.all(), Index.span(0, 1), Index.span(0, 1));
        assertTrue(y.arrayEqual(first.broadcastTo(y.shape())).itemBoolean());
        double kept = y.gt(0).astype(DType.FLOAT32).mean().item();
        assertTrue(kept > 0.6 && kept < 0.9, () -> "" + kept);
        assertEquals(1 / 0.75, y.max().item(), 1e-6);
        Dropout3d inUse = new Dropout3d(0.25);
        inUse.eval();
        assertSame(x, inUse.apply(x));
    }

    @Test
    void badInputIsRefused() {
        assertMessage("GroupNorm: 4 features cannot be divided into 3 groups of equal size", () -> new GroupNorm(3, 4));
        assertMessage(
                "Upsample: 2 scale factors [2.0, 2.0] for the 1 spatial axes of an input of shape (1,3,2): give one for"
                        + " each, or one for all",
                () -> new Upsample(List.of(2.0, 2.0), Upsample.Options.DEFAULT).apply(Ops.ones(1, 3, 2)));
        assertMessage(
                "Upsample: nothing would be left of axis 1 of size 3, scaled by 0.25",
                () -> new Upsample(0.25).apply(Ops.ones(1, 3, 2)));
        assertMessage(
                "Upsample: antialiasing is for linear and cubic interpolation, not for nearest elements",
                () -> new Upsample(2, Upsample.Options.DEFAULT.withAntialias(true)));
        assertMessage(
                "Dropout2d: the input must have 3 axes, 2 and channels, or a batch before them, but its shape is (2,3)",
                () -> new Dropout2d().apply(Ops.ones(2, 3)));
        assertMessage(
                "Bilinear: the inputs must have shapes (…,3) and (…,4) with the same leading axes, but have (2,3) and"
                        + " (3,4)",
                () -> new Bilinear(3, 4, 2).apply(Ops.ones(2, 3), Ops.ones(3, 4)));
        assertMessage(
                "ConvTranspose2d: give one or 2 strides, not 3: [1, 2, 3]",
                () -> new ConvTranspose2d(1, 1, 2, ConvTransposeOptions.DEFAULT.withStride(1, 2, 3)));
    }

    private static void assertMessage(String expected, Executable call) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
