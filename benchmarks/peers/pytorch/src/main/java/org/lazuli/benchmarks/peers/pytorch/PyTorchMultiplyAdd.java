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

/// `a * b + c`, as in `MultiplyAddBenchmark`: as written, and with the sum in place of the product.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {PyTorch.THREADS, PyTorch.OFFLINE})
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class PyTorchMultiplyAdd {
    @Param({"1000", "10000000"})
    public int size;

    private NDArray a;
    private NDArray b;
    private NDArray c;

    @Setup
    public void prepare() {
        Kernels.MultiplyAdd values = Kernels.MultiplyAdd.of(size);
        NDManager manager = NDManager.newBaseManager();
        a = PyTorch.array(manager, values.a());
        b = PyTorch.array(manager, values.b());
        c = PyTorch.array(manager, values.c());
        values.check(a.mul(b).add(c).toFloatArray());
        values.check(a.mul(b).addi(c).toFloatArray());
    }

    @Benchmark
    public long eager() {
        try (NDArray product = a.mul(b);
                NDArray sum = product.add(c)) {
            return sum.size();
        }
    }

    @Benchmark
    public long inPlace() {
        try (NDArray product = a.mul(b)) {
            return product.addi(c).size();
        }
    }
}
