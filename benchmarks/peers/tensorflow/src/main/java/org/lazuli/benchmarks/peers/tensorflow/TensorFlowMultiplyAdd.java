package org.lazuli.benchmarks.peers.tensorflow;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lazuli.benchmarks.peers.Kernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/// `a * b + c`, as in `MultiplyAddBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class TensorFlowMultiplyAdd {
    @Param({"1000", "10000000"})
    public int size;

    private TensorFlowGraph graph;
    private Operand<TFloat32> sum;

    @Setup
    public void prepare() {
        Kernels.MultiplyAdd values = Kernels.MultiplyAdd.of(size);
        graph = new TensorFlowGraph();
        sum = graph.tf.math.add(
                graph.tf.math.mul(graph.input(values.a()), graph.input(values.b())), graph.input(values.c()));
        values.check(graph.floats(List.of(sum)).getFirst());
    }

    @Benchmark
    public long graph() {
        return graph.compute(sum);
    }
}
