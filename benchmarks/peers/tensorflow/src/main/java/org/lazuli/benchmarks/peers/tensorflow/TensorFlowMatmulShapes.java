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

/// Matrix products, as in `MatmulShapesBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class TensorFlowMatmulShapes {
    @Param({"64x64x64", "128x128x128", "256x10x256", "1024x1024x1024", "2048x2048x2048"})
    public String shape;

    private TensorFlowGraph graph;
    private Operand<TFloat32> product;

    @Setup
    public void prepare() {
        Kernels.Product values = Kernels.Product.of(shape);
        graph = new TensorFlowGraph();
        product = graph.tf.linalg.matMul(graph.input(values.x()), graph.input(values.y()));
        values.check(graph.floats(List.of(product)).getFirst());
    }

    @Benchmark
    public long matmul() {
        return graph.compute(product);
    }
}
