package org.lazuli.benchmarks.peers.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lazuli.benchmarks.peers.Kernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/// Softmax and layer norm, as in `NormalizationBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class TensorFlowNormalization {
    private TensorFlowGraph graph;
    private Operand<TFloat32> softmax;
    private Operand<TFloat32> layerNorm;
    private List<Operand<TFloat32>> forwardAndBackward;

    @Setup
    public void prepare() {
        Kernels.Rows rows = Kernels.Rows.create();
        graph = new TensorFlowGraph();
        Ops tf = graph.tf;
        Operand<TFloat32> x = graph.input(rows.x());
        Operand<TFloat32> weight = graph.input(rows.weight());
        Operand<TFloat32> bias = graph.input(rows.bias());
        Operand<TFloat32> cotangent = graph.input(rows.cotangent());
        softmax = tf.nn.softmax(x);
        layerNorm = LayerNorms.layerNorm(tf, x, weight, bias, Kernels.Rows.EPS);
        forwardAndBackward = new ArrayList<>(List.of(layerNorm));
        tf.gradients(
                        List.of(layerNorm),
                        List.of(x, weight, bias),
                        org.tensorflow.op.core.Gradients.dx(List.of(cotangent)))
                .dy()
                .forEach(gradient -> forwardAndBackward.add(gradient.expect(TFloat32.class)));
        rows.checkSoftmax(graph.floats(List.of(softmax)).getFirst());
        List<float[]> results = graph.floats(forwardAndBackward);
        rows.checkLayerNorm(results.get(0), results.subList(1, results.size()));
    }

    @Benchmark
    public long softmax() {
        return graph.compute(softmax);
    }

    @Benchmark
    public long layerNorm() {
        return graph.compute(layerNorm);
    }

    @Benchmark
    public long layerNormForwardAndBackward() {
        try (Result result = graph.run(forwardAndBackward, List.of())) {
            return result.size();
        }
    }
}
