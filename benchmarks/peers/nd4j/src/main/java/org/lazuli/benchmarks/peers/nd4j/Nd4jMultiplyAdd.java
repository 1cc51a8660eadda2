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

/// `a * b + c`, as in `MultiplyAddBenchmark`: as written, and with the sum in place of the product.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class Nd4jMultiplyAdd {
    @Param({"1000", "10000000"})
    public int size;

    private INDArray a;
    private INDArray b;
    private INDArray c;

    @Setup
    public void prepare() {
        Kernels.MultiplyAdd values = Kernels.MultiplyAdd.of(size);
        a = Nd4jArrays.array(values.a());
        b = Nd4jArrays.array(values.b());
        c = Nd4jArrays.array(values.c());
        values.check(Nd4jArrays.floats(a.mul(b).add(c)));
        values.check(Nd4jArrays.floats(a.mul(b).addi(c)));
    }

    @Benchmark
    public long eager() {
        INDArray product = a.mul(b);
        INDArray sum = product.add(c);
        long length = sum.length();
        product.close();
        sum.close();
        return length;
    }

    @Benchmark
    public long inPlace() {
        INDArray sum = a.mul(b).addi(c);
        long length = sum.length();
        sum.close();
        return length;
    }
}
