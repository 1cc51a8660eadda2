package org.lazuli.benchmarks.peers.pytorch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.GradientCollector;
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

/// Softmax and layer norm, as in `NormalizationBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {PyTorch.THREADS, PyTorch.OFFLINE})
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class PyTorchNormalization {
    private static final Shape ROW = new Shape(1024);

    private NDManager manager;
    private NDArray x;
    private NDArray weight;
    private NDArray bias;
    private NDArray cotangent;
    private List<NDArray> differentiated;

    @Setup
    public void prepare() {
        Kernels.Rows rows = Kernels.Rows.create();
        manager = NDManager.newBaseManager();
        x = PyTorch.array(manager, rows.x());
        weight = PyTorch.array(manager, rows.weight());
        bias = PyTorch.array(manager, rows.bias());
        cotangent = PyTorch.array(manager, rows.cotangent());
        differentiated = List.of(x.duplicate(), weight.duplicate(), bias.duplicate());
        differentiated.forEach(array -> array.setRequiresGradient(true));
        rows.checkSoftmax(x.softmax(-1).toFloatArray());
        rows.checkLayerNorm(normalized(manager, x, weight, bias).toFloatArray());
        for (int i = 0; i < 2; i++) {
            // Twice: gradients of an earlier pass must not add up.
            rows.checkLayerNorm(
                    normalized(manager, x, weight, bias).toFloatArray(),
                    backward().stream().map(NDArray::toFloatArray).toList());
        }
    }

    private static NDArray normalized(NDManager in, NDArray x, NDArray weight, NDArray bias) {
        NDList all = LayerNorm.layerNorm(x, ROW, weight, bias, (float) Kernels.Rows.EPS);
        all.attach(in);
        return all.singletonOrThrow();
    }

    private List<NDArray> backward() {
        for (NDArray array : differentiated) {
            try (NDArray gradient = array.getGradient()) {
                gradient.muli(0);
            }
        }
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            step.tempAttachAll(cotangent);
            NDArray result = normalized(step, differentiated.get(0), differentiated.get(1), differentiated.get(2));
            collector.backward(result.mul(cotangent).sum());
        }
        return differentiated.stream().map(NDArray::getGradient).toList();
    }

    @Benchmark
    public long softmax() {
        try (NDArray result = x.softmax(-1)) {
            return result.size();
        }
    }

    @Benchmark
    public long layerNorm() {
        try (NDArray result = normalized(manager, x, weight, bias)) {
            return result.size();
        }
    }

    @Benchmark
    public long layerNormForwardAndBackward() {
        List<NDArray> gradients = backward();
        gradients.forEach(NDArray::close);
        return gradients.size();
    }
}
