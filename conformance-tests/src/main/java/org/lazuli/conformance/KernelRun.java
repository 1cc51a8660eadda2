package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.Quantization;
import org.lazuli.Shape;
import org.lazuli.graph.ShapeRules;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Backend;
import org.lazuli.spi.BackendProvider;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedReduction;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Runs one kernel on a backend, without a graph and without the runtime: what the Java in a failure calls.
///
/// {@snippet :
/// var x = HostTensor.of(DType.FLOAT32, Shape.of(1), Ints.of(1), 0, "0000803f");
/// System.out.println(KernelRun.on(new MyProvider(), new Primitive.Unary(Primitive.UnaryOp.EXP), List.of(x)));
/// }
public final class KernelRun {
    /// What outputs hold before a kernel runs: no kernel may leave any of it.
    private static final long POISON = 0xA5A5A5A5A5A5A5A5L;

    private KernelRun() {}

    /// The outputs of a kernel on a backend that is opened for it.
    public static List<HostTensor> on(BackendProvider provider, Kernel kernel, List<HostTensor> operands) {
        try (Backend backend = provider.open()) {
            return on(backend, kernel, operands);
        }
    }

    /// The outputs of a kernel. Everything that was allocated for it is released again, also where it fails.
    public static List<HostTensor> on(Backend backend, Kernel kernel, List<HostTensor> operands) {
        List<Buffer> buffers = new ArrayList<>();
        try {
            List<Tensor> inputs = new ArrayList<>();
            for (HostTensor operand : operands) {
                Tensor tensor = operand.upload(backend);
                buffers.add(tensor.buffer());
                inputs.add(tensor);
            }
            List<Tensor> outputs = new ArrayList<>();
            for (TensorSpec spec : outputs(kernel, HostTensor.specs(operands))) {
                Tensor tensor = poison(spec).upload(backend);
                buffers.add(tensor.buffer());
                outputs.add(tensor);
            }
            backend.run(kernel, inputs, outputs, Stream.DEFAULT);
            backend.synchronize();
            return outputs.stream()
                    .map(output -> HostTensor.download(backend, output))
                    .toList();
        } finally {
            buffers.forEach(backend::release);
        }
    }

    static HostTensor poison(TensorSpec spec) {
        long[] bits = new long[spec.shape().size()];
        // A bool is 0 or 1 and nothing else.
        java.util.Arrays.fill(bits, spec.dtype() == DType.BOOL ? 1 : POISON);
        return HostTensor.ofBits(spec, bits);
    }

    /// The types and shapes of a kernel's outputs.
    static List<TensorSpec> outputs(Kernel kernel, List<TensorSpec> in) {
        return switch (kernel) {
            case Primitive.Compute primitive -> ShapeRules.infer(primitive, in);
            case FusedElementwise fused -> {
                List<DType> types =
                        new ArrayList<>(in.stream().map(TensorSpec::dtype).toList());
                fused.instructions().forEach(instruction -> types.add(instruction.dtype()));
                List<TensorSpec> result = new ArrayList<>();
                for (int i = 0; i < fused.outputs().size(); i++) {
                    result.add(in.getFirst().withDType(types.get(fused.outputs().get(i))));
                }
                yield result;
            }
            case FusedReduction fused -> ShapeRules.infer(fused.reduce(), outputs(fused.chain(), in));
            case Accelerated.LogSumExp() ->
                List.of(in.getFirst().withShape(in.getFirst().shape().with(-1, 1)));
            case Accelerated.Attention _ ->
                List.of(in.getFirst()
                        .withShape(
                                in.getFirst().shape().with(3, in.get(2).shape().dim(3))));
            case Accelerated.AttentionGradient _ ->
                List.of(in.getFirst()
                        .withShape(Shape.of(in.subList(0, 3).stream()
                                .mapToInt(spec -> spec.shape().size())
                                .sum())));
            case Accelerated.Softmax(),
                    Accelerated.LayerNorm _,
                    Accelerated.RmsNorm _,
                    Accelerated.SoftmaxGradient(),
                    Accelerated.LayerNormGradient _,
                    Accelerated.RmsNormGradient _,
                    Accelerated.ExtremeGradient _ -> List.of(in.getFirst());
            case Accelerated.LayerNormParameterGradient _ ->
                List.of(in.getFirst()
                        .withShape(Shape.of(2, in.getFirst().shape().dim(-1))));
            case Accelerated.RmsNormParameterGradient _ ->
                List.of(in.getFirst().withShape(Shape.of(in.getFirst().shape().dim(-1))));
            case Accelerated.QuantizedMatMul(Quantization how, boolean transpose) -> {
                Shape packed = in.get(1).shape();
                int columns = transpose ? packed.dim(0) : how.elements(packed.dim(1));
                yield List.of(in.getFirst().withShape(in.getFirst().shape().with(1, columns)));
            }
            case Accelerated.CustomKernel custom -> custom.results();
        };
    }
}
