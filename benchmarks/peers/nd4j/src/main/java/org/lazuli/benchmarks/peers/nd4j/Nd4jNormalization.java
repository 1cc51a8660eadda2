package org.lazuli.benchmarks.peers.nd4j;

import java.util.concurrent.TimeUnit;
import org.lazuli.benchmarks.peers.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
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

/// Softmax and layer norm, as in `NormalizationBenchmark`. Its own operation for layer norm refuses these shapes in 1.0.0-M2.1 ("Output array did not match
/// expected shape"), so layer norm is written out.
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
        rows.checkLayerNorm(Nd4jArrays.floats(normalized()));
    }

    @Benchmark
    public long softmax() {
        return dropped(Nd4j.nn().softmax(x, -1));
    }

    @Benchmark
    public long layerNorm() {
        return dropped(normalized());
    }

    private INDArray normalized() {
        try (INDArray mean = x.mean(true, 1)) {
            INDArray result = x.sub(mean);
            try (INDArray squares = result.mul(result);
                    INDArray variance = squares.mean(true, 1);
                    INDArray deviation = Transforms.sqrt(variance.addi(Kernels.Rows.EPS), false)) {
                return result.divi(deviation).muliRowVector(weight).addiRowVector(bias);
            }
        }
    }

    private static long dropped(INDArray result) {
        long length = result.length();
        result.close();
        return length;
    }
}
