package org.lazuli.benchmarks.peers.nd4j;

import java.util.concurrent.TimeUnit;
import org.lazuli.benchmarks.peers.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;
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

/// Matrix products, as in `MatmulShapesBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class Nd4jMatmulShapes {
    @Param({"64x64x64", "128x128x128", "256x10x256", "1024x1024x1024", "2048x2048x2048"})
    public String shape;

    private INDArray x;
    private INDArray y;

    @Setup
    public void prepare() {
        Kernels.Product values = Kernels.Product.of(shape);
        x = Nd4jArrays.array(values.x());
        y = Nd4jArrays.array(values.y());
        values.check(Nd4jArrays.floats(x.mmul(y)));
    }

    @Benchmark
    public long matmul() {
        INDArray product = x.mmul(y);
        long length = product.length();
        product.close();
        return length;
    }
}
