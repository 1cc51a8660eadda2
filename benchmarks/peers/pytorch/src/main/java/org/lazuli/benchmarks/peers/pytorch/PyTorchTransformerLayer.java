package org.lazuli.benchmarks.peers.pytorch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.GradientCollector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.lazuli.benchmarks.peers.EncoderLayer;
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

/// The layer of a transformer's encoder forward and backward, as in `TransformerLayerBenchmark`. DJL offers no call for attention as a whole.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {PyTorch.THREADS, PyTorch.OFFLINE})
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class PyTorchTransformerLayer {
    private static final Shape ROW = new Shape(EncoderLayer.DIMS);

    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private NDManager manager;
    private NDArray x;
    private NDArray weights;

    @Setup
    public void prepare() {
        EncoderLayer expected = EncoderLayer.create();
        manager = NDManager.newBaseManager();
        expected.initial().forEach((name, values) -> {
            NDArray parameter = PyTorch.array(manager, values);
            parameter.setRequiresGradient(true);
            parameters.put(name, parameter);
        });
        x = PyTorch.array(manager, expected.x());
        weights = PyTorch.array(manager, expected.weights());
        step();
        float loss = step();
        Map<String, float[]> gradients = new LinkedHashMap<>();
        parameters.forEach(
                (name, parameter) -> gradients.put(name, parameter.getGradient().toFloatArray()));
        expected.check(loss, gradients);
    }

    private float step() {
        for (NDArray parameter : parameters.values()) {
            try (NDArray gradient = parameter.getGradient()) {
                gradient.subi(gradient);
            }
        }
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            step.tempAttachAll(x, weights);
            NDArray attended = x.add(attention(normalized(x, "ln1")));
            NDArray inside = Activation.relu(linear(normalized(attended, "ln2"), "linear1"));
            NDArray loss = attended.add(linear(inside, "linear2")).mul(weights).sum();
            collector.backward(loss);
            return loss.getFloat();
        }
    }

    private NDArray attention(NDArray y) {
        NDArray queries = heads(linear(y, "attention.query_proj"));
        NDArray keys = heads(linear(y, "attention.key_proj"));
        NDArray values = heads(linear(y, "attention.value_proj"));
        double scale = 1 / Math.sqrt((double) EncoderLayer.DIMS / EncoderLayer.HEADS);
        NDArray found = queries.mul(scale)
                .matMul(keys.transpose(0, 1, 3, 2))
                .softmax(-1)
                .matMul(values);
        return linear(
                found.transpose(0, 2, 1, 3).reshape(EncoderLayer.BATCH, EncoderLayer.LENGTH, EncoderLayer.DIMS),
                "attention.out_proj");
    }

    private static NDArray heads(NDArray y) {
        return y.reshape(
                        EncoderLayer.BATCH,
                        EncoderLayer.LENGTH,
                        EncoderLayer.HEADS,
                        EncoderLayer.DIMS / EncoderLayer.HEADS)
                .transpose(0, 2, 1, 3);
    }

    private NDArray normalized(NDArray y, String name) {
        return LayerNorm.layerNorm(
                        y, ROW, parameter(name + ".weight"), parameter(name + ".bias"), (float) EncoderLayer.EPS)
                .singletonOrThrow();
    }

    private NDArray linear(NDArray y, String name) {
        NDArray bias = parameters.get(name + ".bias");
        NDArray weight = parameter(name + ".weight");
        return (bias == null ? Linear.linear(y, weight) : Linear.linear(y, weight, bias)).singletonOrThrow();
    }

    private NDArray parameter(String name) {
        NDArray parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalStateException("no parameter " + name + " among " + parameters.keySet());
        }
        return parameter;
    }

    @Benchmark
    public float forwardAndBackward() {
        return step();
    }
}
