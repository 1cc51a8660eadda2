package org.lazuli.benchmarks.peers.nd4j;

import java.util.concurrent.TimeUnit;
import org.lazuli.benchmarks.peers.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
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

/// Softmax and layer norm, as in `NormalizationBenchmark`. ND4J's layer norm takes no epsilon, which makes no difference here that the comparison sees.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class Nd4jNormalization {
    private INDArray x;
    private INDArray weight;
    private INDArray bias;

    @Setup
    public void prepare() {
        Kernels.Rows rows = Kernels.Rows.create();
        x = Nd4jArrays.array(rows.x());
        weight = Nd4jArrays.array(rows.weight());
        bias = Nd4jArrays.array(rows.bias());
        rows.checkSoftmax(Nd4jArrays.floats(Nd4j.nn().softmax(x, -1)));
        rows.checkLayerNorm(Nd4jArrays.floats(Nd4j.nn().layerNorm(x, weight, bias, false, 1)));
    }

    @Benchmark
    public long softmax() {
        return dropped(Nd4j.nn().softmax(x, -1));
    }

    @Benchmark
    public long layerNorm() {
        return dropped(Nd4j.nn().layerNorm(x, weight, bias, false, 1));
    }

    private static long dropped(INDArray result) {
        long length = result.length();
        result.close();
        return length;
    }
}
