package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.nn.AvgPool2d;
import org.lazuli.nn.Conv1d;
import org.lazuli.nn.Conv2d;
import org.lazuli.nn.Dropout;
import org.lazuli.nn.Embedding;
import org.lazuli.nn.LayerNorm;
import org.lazuli.nn.Linear;
import org.lazuli.nn.MaxPool1d;
import org.lazuli.nn.MaxPool2d;
import org.lazuli.nn.RMSNorm;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.Sequential;

/// Layers compared with their definitions, and what they refuse.
class LayersTest {
    @TempDir
    Path folder;

    @Test
    void linearIsAProductAndASum() {
        Linear linear = new Linear(3, 2);
        Array x = Random.normal(Shape.of(4, 5, 3));
        Array expected = x.matmul(linear.weight.transpose())
                .add(linear.parameters().get("bias").value());
        assertArrayEquals(expected.toFloatArray(), linear.apply(x).toFloatArray(), 1e-6f);
        assertMessage(
                "Linear: the last axis of the input must have size 3, but its shape is (4,2):"
                        + " make the layer with other input dims",
                () -> linear.apply(Ops.ones(4, 2)));
    }

    @Test
    void embeddingLooksUp() {
        Embedding embedding = new Embedding(5, 3);
        Array rows = embedding.apply(Ops.array(new int[][] {{4, 0}, {2, 2}}));
        assertEquals(Shape.of(2, 2, 3), rows.shape());
        float[][] table = embedding.weight.toArray(float[][].class);
        float[][][] found = rows.toArray(float[][][].class);
        assertArrayEquals(table[4], found[0][0]);
        assertArrayEquals(table[2], found[1][1]);
        assertEquals(Shape.of(7, 5), embedding.asLinear(Ops.ones(7, 3)).shape());
    }

    @Test
    void convolutionIsASumOverTheWindow() {
        Conv2d conv = new Conv2d(
                2, 3, List.of(2, 3), Conv2d.Options.DEFAULT.withStride(1, 2).withPadding(1, 0));
        Array x = Random.normal(Shape.of(1, 4, 5, 2));
        Array y = conv.apply(x);
        assertEquals(Shape.of(1, 5, 2, 3), y.shape());
        float[][][][] in = x.toArray(float[][][][].class);
        float[][][][] w = conv.weight.toArray(float[][][][].class);
        float[][][][] out = y.toArray(float[][][][].class);
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 2; j++) {
                for (int o = 0; o < 3; o++) {
                    double sum = 0;
                    for (int a = 0; a < 2; a++) {
                        for (int b = 0; b < 3; b++) {
                            for (int c = 0; c < 2; c++) {
                                int row = i + a - 1;
                                sum += row < 0 || row > 3 ? 0 : in[0][row][2 * j + b][c] * w[o][a][b][c];
                            }
                        }
                    }
                    assertEquals(sum, out[0][i][j][o], 1e-5);
                }
            }
        }
        assertMessage(
                "Conv2d: 3 input channels cannot be divided into 2 groups of equal size",
                () -> new Conv2d(3, 4, 1, Conv2d.Options.DEFAULT.withGroups(2)));
        assertMessage(
                "Conv2d: give one or 2 strides, not 3: [1, 2, 3]", () -> Conv2d.Options.DEFAULT.withStride(1, 2, 3));
        assertEquals(
                "Conv1d(2, 4, kernel_size=3, stride=2, padding=0, dilation=1, groups=2, bias=False)",
                new Conv1d(
                                2,
                                4,
                                3,
                                Conv1d.Options.DEFAULT
                                        .withStride(2)
                                        .withGroups(2)
                                        .withBias(false))
                        .toString());
    }

    @Test
    void poolingReducesEachWindow() {
        Array x = Random.normal(Shape.of(2, 6, 7, 3));
        for (int[] sizes : new int[][] {{2, 2, 0}, {3, 3, 0}, {3, 2, 1}, {2, 1, 1}, {3, 1, 0}}) {
            int kernel = sizes[0];
            int stride = sizes[1];
            int padding = sizes[2];
            Array largest = new MaxPool2d(kernel, stride, padding).apply(x);
            Array mean = new AvgPool2d(kernel, stride, padding).apply(x);
            float[][][][] in = x.toArray(float[][][][].class);
            int height = (6 + 2 * padding - kernel) / stride + 1;
            int width = (7 + 2 * padding - kernel) / stride + 1;
            assertEquals(Shape.of(2, height, width, 3), largest.shape());
            float[][][][] max = largest.toArray(float[][][][].class);
            float[][][][] avg = mean.toArray(float[][][][].class);
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < width; j++) {
                    double most = Double.NEGATIVE_INFINITY;
                    double sum = 0;
                    for (int a = 0; a < kernel; a++) {
                        for (int b = 0; b < kernel; b++) {
                            int row = i * stride + a - padding;
                            int column = j * stride + b - padding;
                            if (row >= 0 && row < 6 && column >= 0 && column < 7) {
                                most = Math.max(most, in[1][row][column][2]);
                                sum += in[1][row][column][2];
                            }
                        }
                    }
                    assertEquals(most, max[1][i][j][2]);
                    assertEquals(sum / (kernel * kernel), avg[1][i][j][2], 1e-5);
                }
            }
        }
        assertMessage(
                "MaxPool2d: the input must have 4 axes, a batch, 2 to pool over and channels, but its shape is (6,7,3)",
                () -> new MaxPool2d(2).apply(Ops.ones(6, 7, 3)));
        assertMessage(
                "MaxPool1d: a window of 4 does not fit axis 1 of the input of shape (1,3,1) with padding 0:"
                        + " use a smaller kernel",
                () -> new MaxPool1d(4).apply(Ops.ones(1, 3, 1)));
        assertThrows(IllegalArgumentException.class, () -> new MaxPool2d(0));
    }

    @Test
    void layerNormGivesMeanZeroAndVarianceOne() {
        Array x = Random.normal(Shape.of(5, 64)).mul(3).add(7);
        Array y = new LayerNorm(64).apply(x);
        assertTrue(y.mean(-1).abs().max().item() < 1e-5);
        assertTrue(y.var(-1).sub(1).abs().max().item() < 1e-4);
        assertEquals(
                DType.FLOAT16,
                new LayerNorm(64, LayerNorm.Options.DEFAULT.withAffine(false))
                        .apply(x.astype(DType.FLOAT16))
                        .dtype());
        Array rms = new RMSNorm(64).apply(x);
        assertTrue(rms.square().mean(Axes.of(-1)).sub(1).abs().max().item() < 1e-4);
        assertThrows(IllegalArgumentException.class, () -> new LayerNorm(3).apply(x));
        assertThrows(IllegalArgumentException.class, () -> new RMSNorm(3).apply(x));
    }

    @Test
    void dropoutActsInTrainingOnly() {
        Dropout dropout = new Dropout(0.25);
        Array x = Ops.ones(100, 100);
        Random.seed(3);
        float[] first = dropout.apply(x).toFloatArray();
        Random.seed(3);
        assertArrayEquals(first, dropout.apply(x).toFloatArray());
        int zeros = 0;
        for (float value : first) {
            zeros += value == 0 ? 1 : 0;
            assertTrue(value == 0 || Math.abs(value - 4.0 / 3) < 1e-6);
        }
        assertEquals(2500, zeros, 250);
        dropout.eval();
        assertSame(x, dropout.apply(x));
        assertMessage("Dropout: the probability must be at least 0 and below 1, not 1.0", () -> new Dropout(1));
    }

    @Test
    void weightsAreSavedAndLoaded() {
        Sequential saved = model();
        for (String name : List.of("model.safetensors", "model.npz")) {
            Path file = folder.resolve(name);
            saved.saveWeights(file);
            Sequential loaded = model();
            loaded.loadWeights(file);
            saved.parameters()
                    .forEach((path, weight) -> assertArrayEquals(
                            weight.toFloatArray(),
                            loaded.parameters().get(path).value().toFloatArray()));
            Sequential other = new Sequential(new Linear(2, 3));
            assertThrows(IllegalArgumentException.class, () -> other.loadWeights(file));
        }
        assertThrows(RuntimeException.class, () -> model().loadWeights(folder.resolve("none.npz")));
        assertThrows(RuntimeException.class, () -> {
            Path cut = folder.resolve("cut.safetensors");
            byte[] whole = Files.readAllBytes(folder.resolve("model.safetensors"));
            Files.write(cut, java.util.Arrays.copyOf(whole, whole.length - 5));
            model().loadWeights(cut);
        });
    }

    private static Sequential model() {
        return new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1, false));
    }

    @Test
    void loadedWeightsCanBePartOfTheModel() {
        Sequential model = model();
        model.loadWeights(Map.of("layers.2.weight", Ops.ones(1, 3)), false);
        assertEquals(3, model.parameters().get("layers.2.weight").value().sum().item());
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
