package org.lazuli.benchmarks.peers.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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

/// Matrix products, as in `MatmulShapesBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {PyTorch.THREADS, PyTorch.OFFLINE})
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class PyTorchMatmulShapes {
    @Param({"64x64x64", "128x128x128", "256x10x256", "1024x1024x1024", "2048x2048x2048"})
    public String shape;

    private NDArray x;
    private NDArray y;

    @Setup
    public void prepare() {
        Kernels.Product product = Kernels.Product.of(shape);
        NDManager manager = NDManager.newBaseManager();
        x = PyTorch.array(manager, product.x());
        y = PyTorch.array(manager, product.y());
        product.check(x.matMul(y).toFloatArray());
    }

    @Benchmark
    public long matmul() {
        try (NDArray result = x.matMul(y)) {
            return result.size();
        }
    }
}
