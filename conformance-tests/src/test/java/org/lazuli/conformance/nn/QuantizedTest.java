package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.conformance.Packed;
import org.lazuli.nn.Embedding;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Module;
import org.lazuli.nn.Nn;
import org.lazuli.nn.QQLinear;
import org.lazuli.nn.QuantizedEmbedding;
import org.lazuli.nn.QuantizedLinear;

/// Quantized matrices by the definitions of their formats, and layers made of them.
class QuantizedTest {
    @Provide
    Arbitrary<Quantization> formats() {
        Stream<Quantization> affine = Stream.of(2, 3, 4, 5, 6, 8)
                .flatMap(bits -> Stream.of(32, 64, 128)
                        .map(size -> Quantization.AFFINE.withBits(bits).withGroupSize(size)));
        return Arbitraries.of(
                Stream.concat(affine, Stream.of(Quantization.MXFP4, Quantization.MXFP8, Quantization.NVFP4))
                        .toList());
    }

    private static Array normal(long seed, int... dims) {
        return Random.normal(Shape.of(dims), Random.key(seed));
    }

    private static double[] unpacked(Quantized w) {
        double[] scales = w.scales().astype(DType.FLOAT64).toDoubleArray();
        Array biases = w.biases();
        return Packed.elements(
                w.how(),
                w.weight().astype(DType.FLOAT64).toDoubleArray(),
                scales,
                biases == null ? scales : biases.astype(DType.FLOAT64).toDoubleArray());
    }

    @Property(tries = 60)
    void dequantizeIsTheDefinition(@ForAll("formats") Quantization how, @ForAll long seed) {
        Quantized w = Ops.quantize(normal(seed, 3, 256), how);
        double[] expected = unpacked(w);
        double[] actual = Ops.dequantize(w, DType.FLOAT32).astype(DType.FLOAT64).toDoubleArray();
        for (int i = 0; i < expected.length; i++) {
            // A product and a sum, each rounded.
            assertEquals(expected[i], actual[i], 0x1p-22 * Math.max(4, Math.abs(expected[i])));
        }
    }

    @Property(tries = 60)
    void anElementIsTheNearest(@ForAll("formats") Quantization how, @ForAll long seed) {
        Array w = normal(seed, 2, 256);
        Quantized q = Ops.quantize(w, how);
        double[] values = w.astype(DType.FLOAT64).toDoubleArray();
        double[] stored = unpacked(q);
        double[] scales = q.scales().astype(DType.FLOAT64).toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            double error = Math.abs(values[i] - stored[i]);
            if (how.hasBiases()) {
                // Half a step; the far end may be cut by as much as the step was stretched to meet 0.
                double step = Math.abs(scales[i / how.groupSize()]);
                assertTrue(error <= step * 1.0001, () -> how + ": " + error + " of a step of " + step);
            } else {
                // Half of the largest step of E2M1 is a third of a number; a scale that is a power of two may be as
                // small as 1/√2 of what the
                // largest number asks for, which is then cut by 1 - 1/√2.
                double largest = Math.abs(values[i]) * (how.bits() == 4 ? 0.34 : 0.3);
                double least = how.bits() == 4 ? 0.5 : 0.05;
                assertTrue(error <= largest + least, () -> how + ": " + error);
            }
        }
    }

    @Property(tries = 40)
    void productsAreThoseOfTheMatrix(@ForAll("formats") Quantization how, @ForAll long seed) {
        Quantized w = Ops.quantize(normal(seed, 7, 256), how);
        Array dense = Ops.dequantize(w, DType.FLOAT32);
        for (int rows : new int[] {1, 3, 20}) {
            Array x = normal(seed + 1, rows, 256);
            close(x.matmul(dense.transpose()), Ops.quantizedMatmul(x, w));
            Array y = normal(seed + 2, rows, 7);
            close(y.matmul(dense), Ops.quantizedMatmul(y, w, false));
        }
    }

    /// Rows that are long enough for the Vector API, of a number of groups that fills no vectors, and fewer or more of them than are computed at a time.
    @Property(tries = 40)
    void productsOfLongRowsAreThoseOfTheMatrix(@ForAll("formats") Quantization how, @ForAll long seed) {
        int columns = 33 * how.groupSize();
        for (int[] rows : new int[][] {{1, 131}, {2, 130}, {8, 132}, {8, 3}, {8, 5}}) {
            Quantized w = Ops.quantize(normal(seed, rows[1], columns), how);
            Array dense = Ops.dequantize(w, DType.FLOAT32);
            Array x = normal(seed + 1, rows[0], columns);
            Array expected =
                    x.astype(DType.FLOAT64).matmul(dense.astype(DType.FLOAT64).transpose());
            Array error = Ops.quantizedMatmul(x, w)
                    .astype(DType.FLOAT64)
                    .sub(expected)
                    .abs();
            Array bound = x.abs().matmul(dense.abs().transpose()).mul(64 * 0x1p-24);
            assertTrue(
                    error.le(bound.astype(DType.FLOAT64)).all().itemBoolean(),
                    () -> how + " " + rows[0] + " x " + rows[1]);
        }
    }

    private static void close(Array expected, Array actual) {
        assertEquals(expected.shape(), actual.shape());
        float[] e = expected.toFloatArray();
        float[] a = actual.toFloatArray();
        for (int i = 0; i < e.length; i++) {
            // 256 products of numbers below 4 or so.
            assertEquals(e[i], a[i], 256 * 0x1p-24 * 256 * 4);
        }
    }

    @Test
    void gradientsAreThoseOfTheMatrix() {
        Quantized w = Ops.quantize(normal(1, 5, 64));
        Array dense = Ops.dequantize(w);
        Array x = normal(2, 3, 64);
        Array packed =
                Transforms.grad(v -> Ops.quantizedMatmul(v, w).square().sum()).apply(x);
        Array plain =
                Transforms.grad(v -> v.matmul(dense.transpose()).square().sum()).apply(x);
        assertArrayEquals(plain.toFloatArray(), packed.toFloatArray(), 1e-3f);
        Array scales = Transforms.grad(s -> Ops.quantizedMatmul(x, new Quantized(w.weight(), s, w.biases(), w.how()))
                        .sum())
                .apply(w.scales());
        // d/ds of s Σ q x: the sum over all rows of x and a group of q.
        Array q = dense.sub(Objects.requireNonNull(w.biases())).div(w.scales());
        assertArrayEquals(
                x.sum(0).mul(q).sum(1).toFloatArray(), scales.reshape(5).toFloatArray(), 1e-2f);
    }

    @Test
    void aBatchIsALoop() {
        Quantized w = Ops.quantize(normal(1, 5, 64));
        Array x = normal(2, 4, 3, 64);
        Array batched = Transforms.vmap(v -> Ops.quantizedMatmul(v, w)).apply(x);
        for (int i = 0; i < 4; i++) {
            close(Ops.quantizedMatmul(x.get(org.lazuli.Index.at(i)), w), batched.get(org.lazuli.Index.at(i)));
        }
    }

    @Test
    void whatDoesNotBelongTogetherIsRefused() {
        Quantized w = Ops.quantize(normal(1, 5, 64));
        Array x = normal(2, 3, 32);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Ops.quantizedMatmul(x, w));
        assertTrue(String.valueOf(e.getMessage()).contains("(3,32)"), e.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> Ops.dequantize(new Quantized(w.weight(), w.scales(), null, w.how())));
        assertThrows(
                IllegalArgumentException.class,
                () -> Ops.dequantize(new Quantized(
                        w.weight(), w.scales(), w.biases(), w.how().withBits(8))));
        assertThrows(IllegalArgumentException.class, () -> Ops.qqmm(normal(3, 2, 64), w));
        assertThrows(IllegalArgumentException.class, () -> Quantization.MXFP4.withGroupSize(64));
    }

    @Test
    void eightBitFloatsComeBack() {
        byte[] codes = new byte[256];
        for (int i = 0; i < 256; i++) {
            codes[i] = (byte) i;
        }
        Array all = Ops.array(java.lang.foreign.MemorySegment.ofArray(codes), DType.UINT8, Shape.of(256));
        byte[] again = Ops.toFp8(Ops.fromFp8(all, DType.FLOAT32)).toByteArray();
        assertArrayEquals(codes, again);
    }

    static class Model extends Module {
        public Embedding table = new Embedding(10, 64);
        public Linear first = new Linear(64, 32);
        public List<Linear> rest = List.of(new Linear(32, 8), new Linear(32, 4, false));
    }

    @Test
    void aModelsFieldsHoldItsQuantizedLayers() {
        Model model = new Model();
        Array before = model.first.apply(model.table.apply(Ops.array(new int[] {1, 2})));
        Nn.quantize(
                model,
                (path, layer) -> path.equals("rest.1")
                        ? null
                        : Quantization.AFFINE.withGroupSize(32).withBits(8),
                false);
        assertInstanceOf(QuantizedEmbedding.class, model.table);
        assertInstanceOf(QuantizedLinear.class, model.first);
        assertInstanceOf(QuantizedLinear.class, model.rest.get(0));
        assertEquals(Linear.class, model.rest.get(1).getClass());
        Array after = model.first.apply(model.table.apply(Ops.array(new int[] {1, 2})));
        // 64 products of numbers below 1/2, each off by half of 1/255 of a range below 1.
        assertArrayEquals(before.toFloatArray(), after.toFloatArray(), 64 * 0.5f / 255);
        assertEquals(
                List.of("first.bias", "rest.0.bias", "rest.1.weight"),
                List.copyOf(model.trainableParameters().flatten().keySet()));
    }

    @Test
    void aLayerThatDoesNotFitLeavesTheModelAsItWas() {
        Model model = new Model();
        assertThrows(IllegalArgumentException.class, () -> Nn.quantize(model));
        assertEquals(Linear.class, model.first.getClass());
        assertEquals(Embedding.class, model.table.getClass());
    }

    @Test
    void roundedTrainingSeesWhatEvaluationWillCompute() {
        QQLinear layer = new QQLinear(64, 8);
        Array x = normal(5, 3, 64);
        Array trained = layer.apply(x);
        layer.eval();
        assertEquals(DType.UINT32, layer.weight.dtype());
        assertArrayEquals(trained.toFloatArray(), layer.apply(x).toFloatArray(), 1e-4f);
        layer.train();
        assertArrayEquals(trained.toFloatArray(), layer.apply(x).toFloatArray(), 1e-4f);
        Array gradient = Transforms.grad(
                        v -> Ops.qqmm(v, layer.weight, Quantization.NVFP4).sum())
                .apply(x);
        assertArrayEquals(
                Ops.full(Shape.of(3, 1), 1f)
                        .mul(Ops.dequantize(Ops.quantize(layer.weight, Quantization.NVFP4), DType.FLOAT32)
                                .sum(0))
                        .toFloatArray(),
                gradient.toFloatArray(),
                1e-4f);
        assertTrue(layer.toString().contains("mode=nvfp4"), layer.toString());
    }
}
