package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lazuli.Transforms.NOT_MAPPED;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.Axes;
import org.lazuli.Backends;
import org.lazuli.DType;
import org.lazuli.Fast;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.conformance.input.Refused;
import org.lazuli.cpu.CpuBackendProvider;
import org.lazuli.function.Nary;
import org.lazuli.nn.LayerNorm;
import org.lazuli.nn.RMSNorm;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;

/// A backend with kernels of its own runs them and nothing else for the same values; everything that sees the graph, gradients and batches,
/// is as on a backend without.
class AcceleratedTest {
    /// A function of float32 arrays that a backend may have a kernel for.
    ///
    /// @param inputs the shapes of its arguments
    private record Call(String name, Class<? extends Accelerated> kernel, Nary function, int[]... inputs) {
        static Call of(String name, Class<? extends Accelerated> kernel, Function<List<Array>, Array> f, int[]... in) {
            return new Call(name, kernel, x -> List.of(f.apply(x)), in);
        }

        List<Array> arguments(long seed) {
            List<Array> arguments = new ArrayList<>();
            for (int[] dims : inputs) {
                arguments.add(Random.normal(Shape.of(dims), Random.key(100 * seed + arguments.size())));
            }
            return arguments;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /// Multiples of 1/16, which are stored as they are.
    private static final Quantized PACKED =
            Ops.quantize(Ops.arange(160).remainder(16).div(16).reshape(5, 32), Quantization.AFFINE.withGroupSize(32));

    private static final Quantized PACKED_FLOATS =
            Ops.quantize(Ops.arange(160).remainder(16).div(16).reshape(5, 32), Quantization.NVFP4);

    static {
        Ops.eval(PACKED, PACKED_FLOATS);
    }

    private static final List<Call> CALLS = List.of(
            Call.of(
                    "quantized matmul",
                    Accelerated.QuantizedMatMul.class,
                    in -> Ops.quantizedMatmul(in.get(0), PACKED),
                    dims(3, 32)),
            Call.of(
                    "quantized matmul of several matrices, not transposed",
                    Accelerated.QuantizedMatMul.class,
                    in -> Ops.quantizedMatmul(in.get(0), PACKED_FLOATS, false),
                    dims(2, 3, 5)),
            Call.of("softmax", Accelerated.Softmax.class, in -> in.get(0).softmax(-1), dims(3, 5)),
            Call.of(
                    "softmax of a vector",
                    Accelerated.Softmax.class,
                    in -> in.get(0).softmax(),
                    dims(5)),
            Call.of(
                    "softmax along the first axis",
                    Accelerated.Softmax.class,
                    in -> in.get(0).softmax(0),
                    dims(3, 2, 5)),
            Call.of("logsumexp", Accelerated.LogSumExp.class, in -> in.get(0).logsumexp(-1), dims(3, 5)),
            Call.of(
                    "logsumexp along an axis that stays",
                    Accelerated.LogSumExp.class,
                    in -> in.get(0).logsumexp(Axes.of(1).keepDims()),
                    dims(3, 4, 5)),
            Call.of(
                    "layer norm",
                    Accelerated.LayerNorm.class,
                    in -> Fast.layerNorm(in.get(0), in.get(1), in.get(2), 1e-5),
                    dims(2, 3, 7),
                    dims(7),
                    dims(7)),
            Call.of(
                    "layer norm without a weight",
                    Accelerated.LayerNorm.class,
                    in -> Fast.layerNorm(in.get(0), null, in.get(1), 1e-3),
                    dims(3, 7),
                    dims(7)),
            Call.of(
                    "RMS norm",
                    Accelerated.RmsNorm.class,
                    in -> Fast.rmsNorm(in.get(0), in.get(1), 1e-5),
                    dims(3, 7),
                    dims(7)),
            Call.of(
                    "RMS norm without a weight",
                    Accelerated.RmsNorm.class,
                    in -> Fast.rmsNorm(in.get(0), null, 1e-5),
                    dims(7)),
            Call.of(
                    "the layer LayerNorm",
                    Accelerated.LayerNorm.class,
                    in -> new LayerNorm(7).apply(in.get(0)),
                    dims(3, 7)),
            Call.of("the layer RMSNorm", Accelerated.RmsNorm.class, in -> new RMSNorm(7).apply(in.get(0)), dims(3, 7)),
            attention("attention", AttentionMask.NONE, dims(2, 3, 4, 5), dims(2, 3, 6, 5), dims(2, 3, 6, 2)),
            attention("causal attention", AttentionMask.CAUSAL, dims(1, 2, 3, 4), dims(1, 2, 5, 4), dims(1, 2, 5, 4)),
            attention("grouped attention", AttentionMask.CAUSAL, dims(2, 4, 3, 2), dims(2, 2, 3, 2), dims(2, 2, 3, 2)),
            attention(
                    "attention with a boolean mask that hides all keys of a query",
                    AttentionMask.of(Ops.array(new boolean[][] {{true, false, true}, {false, false, false}})),
                    dims(1, 2, 2, 3),
                    dims(1, 1, 3, 3),
                    dims(1, 1, 3, 3)),
            Call.of(
                    "attention with a mask that is added",
                    Accelerated.Attention.class,
                    in -> Fast.scaledDotProductAttention(
                            in.get(0), in.get(1), in.get(2), 0.5, AttentionMask.of(in.get(3))),
                    dims(2, 2, 3, 4),
                    dims(2, 1, 3, 4),
                    dims(2, 1, 3, 4),
                    dims(2, 1, 1, 3)));

    private static int[] dims(int... dims) {
        return dims;
    }

    private static Call attention(String name, AttentionMask mask, int[]... inputs) {
        return Call.of(
                name,
                Accelerated.Attention.class,
                in -> Fast.scaledDotProductAttention(in.get(0), in.get(1), in.get(2), 0.5, mask),
                inputs);
    }

    private static Stream<DynamicTest> each(Consumer<Call> test) {
        return CALLS.stream().map(call -> DynamicTest.dynamicTest(call.name(), () -> test.accept(call)));
    }

    private static void checkClose(List<Array> expected, List<Array> actual, double ulps) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).shape(), actual.get(i).shape());
            float[] e = expected.get(i).toFloatArray();
            float[] a = actual.get(i).toFloatArray();
            float largest = 0;
            for (float value : e) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertArrayEquals(e, a, (float) (ulps * 0x1p-23 * Math.max(largest, 1)));
        }
    }

    private static List<Array> evaluated(List<Array> arrays) {
        Ops.eval(arrays);
        return arrays;
    }

    /// The sum of the results weighted unevenly, so that no gradient is 0 by symmetry.
    private static Nary weighted(Nary function) {
        return in -> {
            Array result = function.apply(in).get(0);
            Array weights = Ops.arange(result.size()).mul(0.37).sin().reshape(result.shape());
            return List.of(result.mul(weights).sum());
        };
    }

    private static List<Array> gradients(Nary function, List<Array> arguments) {
        return Transforms.vjp(function, arguments, List.of(Ops.array(1f))).derivatives();
    }

    @TestFactory
    Stream<DynamicTest> theKernelRunsAndTheGraphDoesNot() {
        return each(call -> {
            List<Array> arguments = evaluated(call.arguments(1));
            List<Array> expected = evaluated(call.function().apply(arguments));
            try (var backend = WatchedBackend.accelerating(kernel -> true)) {
                List<Array> actual = evaluated(call.function().apply(arguments));
                assertEquals(
                        1, backend.count(call.kernel()), () -> backend.kernels().toString());
                List<Kernel> others = backend.kernels().stream()
                        .filter(kernel -> !(kernel instanceof Accelerated))
                        .filter(kernel -> !isPreparation(kernel))
                        .toList();
                assertEquals(List.of(), others);
                checkClose(expected, actual, 16);
                assertEquals(0, Backends.current().fallbacks());
            }
        });
    }

    /// Parameters of a new layer, and the mask in a layout of its own.
    private static boolean isPreparation(Kernel kernel) {
        return kernel instanceof Primitive.Constant
                || kernel instanceof Primitive.Copy
                || (kernel instanceof FusedElementwise fused
                        && fused.instructions().stream().allMatch(i -> i.op() instanceof Primitive.Constant));
    }

    @TestFactory
    Stream<DynamicTest> aBackendWithoutItRunsTheGraph() {
        return each(call -> {
            List<Array> arguments = evaluated(call.arguments(2));
            List<Array> expected = evaluated(call.function().apply(arguments));
            try (var backend = WatchedBackend.open()) {
                List<Array> actual = evaluated(call.function().apply(arguments));
                assertEquals(0, backend.count(Accelerated.class));
                checkClose(expected, actual, 16);
                assertEquals(0, Backends.current().fallbacks(), "nothing moves to the reference for it");
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> gradientsAreThoseOfTheGraph() {
        return each(call -> {
            List<Array> arguments = evaluated(call.arguments(3));
            Nary loss = weighted(call.function());
            Nary squares = in -> {
                Array sum = null;
                for (Array gradient : gradients(loss, in)) {
                    Array square = gradient.square().sum();
                    sum = sum == null ? square : sum.add(square);
                }
                return List.of(sum);
            };
            List<Array> tangents = evaluated(call.arguments(4));
            List<Array> first = evaluated(gradients(loss, arguments));
            List<Array> forward =
                    evaluated(Transforms.jvp(loss, arguments, tangents).derivatives());
            List<Array> second = evaluated(gradients(squares, arguments));
            try (var _ = WatchedBackend.accelerating(kernel -> true)) {
                checkClose(first, evaluated(gradients(loss, arguments)), 64);
                checkClose(
                        forward,
                        evaluated(Transforms.jvp(loss, arguments, tangents).derivatives()),
                        64);
                checkClose(second, evaluated(gradients(squares, arguments)), 256);
            }
        });
    }

    @Test
    void theGradientOfSoftmaxUsesTheKernelsResult() {
        Array x = Random.normal(Shape.of(3, 5), Random.key(5)).eval();
        try (var backend = WatchedBackend.accelerating(kernel -> true)) {
            evaluated(gradients(weighted(in -> List.of(in.get(0).softmax(-1))), List.of(x)));
            assertEquals(1, backend.count(Accelerated.Softmax.class));
            assertEquals(0, backend.count(new Primitive.Unary(Primitive.UnaryOp.EXP)), "no second softmax");
        }
    }

    @Test
    void theGradientsOfANormAreKernels() {
        Nary norm = weighted(in -> List.of(Fast.layerNorm(in.get(0), in.get(1), in.get(2), 1e-5)));
        List<Array> arguments = evaluated(List.of(
                Random.normal(Shape.of(4, 7), Random.key(15)),
                Random.normal(Shape.of(7), Random.key(16)),
                Random.normal(Shape.of(7), Random.key(17))));
        try (var backend = WatchedBackend.accelerating(kernel -> true)) {
            evaluated(gradients(norm, arguments));
            assertEquals(1, backend.count(Accelerated.LayerNormGradient.class));
            assertEquals(1, backend.count(Accelerated.LayerNormParameterGradient.class), "for weight and bias");
            assertEquals(0, backend.count(new Primitive.Unary(Primitive.UnaryOp.RSQRT)), "no graph beside them");
            backend.forget();
            evaluated(List.of(gradients(norm, arguments).get(0)));
            assertEquals(0, backend.count(Accelerated.LayerNormParameterGradient.class), "nobody asked for it");
            backend.forget();
            Nary scaled = weighted(in -> List.of(Fast.rmsNorm(in.get(0), in.get(1), 1e-5)));
            evaluated(gradients(scaled, arguments.subList(0, 2)));
            assertEquals(1, backend.count(Accelerated.RmsNormGradient.class));
            assertEquals(1, backend.count(Accelerated.RmsNormParameterGradient.class));
        }
    }

    @Test
    void theGradientsOfAttentionAreOneKernel() {
        List<Array> arguments = evaluated(List.of(
                Random.normal(Shape.of(2, 4, 3, 5), Random.key(20)),
                Random.normal(Shape.of(2, 2, 6, 5), Random.key(21)),
                Random.normal(Shape.of(2, 2, 6, 2), Random.key(22))));
        Nary attention = weighted(in ->
                List.of(Fast.scaledDotProductAttention(in.get(0), in.get(1), in.get(2), 0.5, AttentionMask.CAUSAL)));
        try (var backend = WatchedBackend.accelerating(kernel -> true)) {
            evaluated(gradients(attention, arguments));
            assertEquals(1, backend.count(Accelerated.AttentionGradient.class));
            assertEquals(0, backend.count(Primitive.MatMul.class), "no graph beside it");
        }
    }

    @Test
    void batchesOfGradientsRunTheKernel() {
        Array x = Random.normal(Shape.of(3, 2, 5), Random.key(18)).eval();
        Array weight = Random.normal(Shape.of(5), Random.key(19)).eval();
        Nary norm = in -> List.of(Fast.rmsNorm(in.get(0), in.get(1), 1e-5));
        Nary byInput = in -> List.of(gradients(weighted(norm), in).get(0));
        Nary byWeight = in -> List.of(gradients(weighted(norm), in).get(1));
        int[] axes = {0, NOT_MAPPED};
        List<Array> arguments = List.of(x, weight);
        for (Nary gradient : List.of(byInput, byWeight)) {
            List<Array> expected = evaluated(List.of(Ops.stack(
                    Stream.of(0, 1, 2)
                            .map(i -> gradient.apply(List.of(x.get(Index.at(i)), weight))
                                    .get(0))
                            .toList(),
                    0)));
            try (var backend = WatchedBackend.accelerating(kernel -> true)) {
                checkClose(
                        expected,
                        evaluated(Transforms.vmapList(gradient, axes, 0).apply(arguments)),
                        64);
                assertEquals(gradient == byInput ? 1 : 0, backend.count(Accelerated.RmsNormGradient.class));
                assertEquals(0, backend.count(Accelerated.RmsNormParameterGradient.class), "rows are not mixed");
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> compiledFunctionsRunTheKernel() {
        return each(call -> {
            List<Array> arguments = evaluated(call.arguments(6));
            List<Array> expected = evaluated(call.function().apply(arguments));
            Nary compiled = Transforms.compileList(call.function());
            // Traced on one backend and replayed on others: what a backend supports is asked when it runs.
            assertArrayEquals(
                    expected.get(0).toFloatArray(),
                    evaluated(compiled.apply(arguments)).get(0).toFloatArray());
            try (var backend = WatchedBackend.accelerating(kernel -> true)) {
                checkClose(expected, evaluated(compiled.apply(arguments)), 16);
                assertEquals(1, backend.count(call.kernel()));
            }
            assertArrayEquals(
                    expected.get(0).toFloatArray(),
                    evaluated(compiled.apply(arguments)).get(0).toFloatArray());
        });
    }

    @TestFactory
    Stream<DynamicTest> batchesOfTheFirstArgumentRunTheKernel() {
        return each(call -> {
            List<Array> arguments = new ArrayList<>(call.arguments(7));
            arguments.set(
                    0,
                    Ops.stack(
                            List.of(
                                    arguments.get(0),
                                    arguments.get(0).mul(2),
                                    arguments.get(0).neg()),
                            0));
            evaluated(arguments);
            int[] axes = new int[arguments.size()];
            for (int i = 1; i < axes.length; i++) {
                axes[i] = NOT_MAPPED;
            }
            List<Array> expected = evaluated(List.of(Ops.stack(
                    Stream.of(0, 1, 2)
                            .map(i -> {
                                List<Array> one = new ArrayList<>(arguments);
                                one.set(0, arguments.get(0).get(Index.at(i)));
                                return call.function().apply(one).get(0);
                            })
                            .toList(),
                    0)));
            Nary batched = Transforms.vmapList(call.function(), axes, 0);
            checkClose(expected, evaluated(batched.apply(arguments)), 16);
            try (var backend = WatchedBackend.accelerating(kernel -> true)) {
                checkClose(expected, evaluated(batched.apply(arguments)), 16);
                assertEquals(1, backend.count(call.kernel()));
            }
        });
    }

    @Test
    void aBatchOfWeightsGoesThroughTheGraph() {
        Array x = Random.normal(Shape.of(2, 3), Random.key(8)).eval();
        Array weights = Random.normal(Shape.of(4, 3), Random.key(9)).eval();
        Nary norm = in -> List.of(Fast.rmsNorm(in.get(0), in.get(1), 1e-5));
        int[] axes = {NOT_MAPPED, 0};
        List<Array> expected = evaluated(Transforms.vmapList(norm, axes, 0).apply(List.of(x, weights)));
        try (var backend = WatchedBackend.accelerating(kernel -> true)) {
            List<Array> actual = evaluated(Transforms.vmapList(norm, axes, 0).apply(List.of(x, weights)));
            assertEquals(0, backend.count(Accelerated.RmsNorm.class));
            assertArrayEquals(expected.get(0).toFloatArray(), actual.get(0).toFloatArray());
        }
    }

    @Test
    void twoBackendsPlanTheSameGraphForThemselves() {
        Array x = Random.normal(Shape.of(3, 5), Random.key(10)).eval();
        float[] expected = x.softmax(-1).toFloatArray();
        for (int i = 0; i < 3; i++) {
            try (var backend = WatchedBackend.accelerating(kernel -> true)) {
                x.softmax(-1).eval();
                assertEquals(1, backend.count(Accelerated.Softmax.class));
                try (var _ = Backends.use(CpuBackendProvider.plain())) {
                    assertArrayEquals(expected, x.softmax(-1).toFloatArray(), 1e-6f);
                }
                x.softmax(-1).eval();
                assertEquals(2, backend.count(Accelerated.Softmax.class));
            }
            try (var backend = WatchedBackend.accelerating(kernel -> !(kernel instanceof Accelerated.Softmax))) {
                x.softmax(-1).eval();
                assertEquals(0, backend.count(Accelerated.class));
            }
        }
    }

    @Test
    void attentionFallsBackToAGraphThatUsesTheOtherKernels() {
        Array q = Random.normal(Shape.of(1, 2, 3, 4), Random.key(11)).eval();
        try (var backend = WatchedBackend.accelerating(kernel -> kernel instanceof Accelerated.Softmax)) {
            Fast.scaledDotProductAttention(q, q, q, 0.5).eval();
            assertEquals(1, backend.count(Accelerated.Softmax.class));
            assertEquals(2, backend.count(Primitive.MatMul.class));
        }
    }

    @Test
    void equalCallsRunOnce() {
        Array x = Random.normal(Shape.of(3, 5), Random.key(12)).eval();
        try (var backend = WatchedBackend.accelerating(kernel -> true)) {
            x.softmax(-1).add(x.softmax(-1)).eval();
            assertEquals(1, backend.count(Accelerated.Softmax.class));
        }
    }

    @Test
    void otherTypesAndEmptyArraysAreLeftToTheGraph() {
        try (var backend = WatchedBackend.accelerating(kernel -> true)) {
            Array x = Ops.ones(2, 3);
            assertEquals(
                    DType.FLOAT64, x.astype(DType.FLOAT64).softmax(-1).eval().dtype());
            x.astype(DType.COMPLEX64).logsumexp(-1).eval();
            assertEquals(0, Ops.zeros(0, 3).softmax(-1).eval().size());
            Fast.rmsNorm(Ops.zeros(0, 3), null, 1e-5).eval();
            x.softmax(0, 1).eval();
            assertEquals(0, backend.count(Accelerated.class));
        }
    }

    @Test
    void theKernelAllocatesItsResultAlone() {
        try (var backend = WatchedBackend.accelerating(kernel -> true)) {
            Array x = Random.normal(Shape.of(64, 64), Random.key(13)).eval();
            backend.forget();
            Fast.layerNorm(x, null, null, 1e-5).eval();
            assertEquals(1, backend.allocations());
        }
    }

    @Test
    void aLossThatIsLookedAtFirstRunsTheKernelOnce() {
        Nary function = in -> List.of(in.get(0).softmax(-1).square().sum());
        Array x = Random.normal(Shape.of(3, 5), Random.key(14)).eval();
        List<Array> expected = evaluated(gradients(function, List.of(x)));
        double value = function.apply(List.of(x)).get(0).item();
        try (var backend = WatchedBackend.accelerating(kernel -> true)) {
            var step = Transforms.valueAndGradList(function).apply(List.of(x));
            assertEquals(value, step.value().item(), 1e-6f);
            assertEquals(1, backend.count(Accelerated.Softmax.class));
            checkClose(expected, step.grads(), 64);
            assertEquals(1, backend.count(Accelerated.Softmax.class), "its result waits for the gradient");
        }
    }

    @Test
    void wrongArgumentsAreRefusedAtTheCall() {
        Array x = Ops.ones(2, 3);
        Array q = Ops.ones(1, 2, 3, 4);
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.layerNorm(x, Ops.ones(4), null, 1e-5),
                "layerNorm: ",
                "(3)",
                "(4)");
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.rmsNorm(Ops.ones(3).astype(DType.INT32), null, 1e-5),
                "rmsNorm: ",
                "int32");
        Refused.with(
                IllegalArgumentException.class, () -> Fast.rmsNorm(Ops.array(1f), null, 1e-5), "rmsNorm: ", "scalar");
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.scaledDotProductAttention(x, x, x, 1),
                "scaledDotProductAttention: ",
                "(2,3)");
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.scaledDotProductAttention(Ops.ones(1, 3, 3, 4), q, q, 1),
                "multiple",
                "(1,3,3,4)");
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.scaledDotProductAttention(q, q, Ops.ones(1, 2, 4, 4), 1),
                "length");
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.scaledDotProductAttention(q, q, q, 1, AttentionMask.of(Ops.ones(4, 5))),
                "scaledDotProductAttention",
                "(4,5)");
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.scaledDotProductAttention(
                        q.astype(DType.FLOAT16),
                        q.astype(DType.FLOAT16),
                        q.astype(DType.FLOAT16),
                        1,
                        AttentionMask.of(Ops.ones(3, 3))),
                "float32",
                "float16");
        assertTrue(Fast.layerNorm(x, null, null, 1e-5).shape().equals(x.shape()));
    }
}
