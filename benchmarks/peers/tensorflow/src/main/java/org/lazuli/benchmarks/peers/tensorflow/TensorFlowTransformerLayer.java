package org.lazuli.benchmarks.peers.tensorflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.lazuli.benchmarks.peers.EncoderLayer;
import org.lazuli.benchmarks.peers.Values;
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
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;

/// The layer of a transformer's encoder forward and backward, as in `TransformerLayerBenchmark`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public class TensorFlowTransformerLayer {
    private static final int ROWS = EncoderLayer.BATCH * EncoderLayer.LENGTH;

    private final Map<String, Variable<TFloat32>> parameters = new LinkedHashMap<>();
    private TensorFlowGraph graph;
    private Ops tf;
    private List<Operand<TFloat32>> lossAndGradients;

    @Setup
    public void prepare() {
        EncoderLayer expected = EncoderLayer.create();
        graph = new TensorFlowGraph();
        tf = graph.tf;
        Map<String, Values> initial = new LinkedHashMap<>();
        expected.initial().forEach((name, values) -> {
            Values own = values.shape().length == 2 ? values.transposed(1, 0) : values;
            initial.put(name, own);
            parameters.put(name, graph.variable(own));
        });
        Operand<TFloat32> x = flat(graph.input(expected.x()));
        Operand<TFloat32> attended = tf.math.add(x, attention(normalized(x, "ln1")));
        Operand<TFloat32> inside = tf.nn.relu(linear(normalized(attended, "ln2"), "linear1"));
        Operand<TFloat32> output = tf.math.add(attended, linear(inside, "linear2"));
        Operand<TFloat32> loss =
                tf.sum(tf.math.mul(output, flat(graph.input(expected.weights()))), tf.constant(new int[] {0, 1}));
        lossAndGradients = new ArrayList<>(List.of(loss));
        tf.gradients(loss, parameters.values())
                .dy()
                .forEach(gradient -> lossAndGradients.add(gradient.expect(TFloat32.class)));
        List<float[]> results = graph.floats(lossAndGradients);
        Map<String, float[]> gradients = new LinkedHashMap<>();
        int number = 1;
        for (Map.Entry<String, Values> entry : initial.entrySet()) {
            Values gradient = new Values(entry.getValue().shape(), results.get(number++));
            gradients.put(entry.getKey(), (gradient.shape().length == 2 ? gradient.transposed(1, 0) : gradient).data());
        }
        expected.check(results.getFirst()[0], gradients);
    }

    private Operand<TFloat32> flat(Operand<TFloat32> x) {
        return tf.reshape(x, tf.constant(new int[] {ROWS, EncoderLayer.DIMS}));
    }

    private Operand<TFloat32> attention(Operand<TFloat32> y) {
        Operand<TFloat32> queries = heads(linear(y, "attention.query_proj"));
        Operand<TFloat32> keys = heads(linear(y, "attention.key_proj"));
        Operand<TFloat32> values = heads(linear(y, "attention.value_proj"));
        float scale = (float) (1 / Math.sqrt((double) EncoderLayer.DIMS / EncoderLayer.HEADS));
        Operand<TFloat32> scores = tf.train.batchMatMul(
                tf.math.mul(queries, tf.constant(scale)), keys, TFloat32.class, BatchMatMul.adjY(true));
        Operand<TFloat32> found = tf.train.batchMatMul(tf.nn.softmax(scores), values, TFloat32.class);
        return linear(flat(tf.linalg.transpose(found, tf.constant(new int[] {0, 2, 1, 3}))), "attention.out_proj");
    }

    private Operand<TFloat32> heads(Operand<TFloat32> y) {
        int[] shape = {
            EncoderLayer.BATCH, EncoderLayer.LENGTH, EncoderLayer.HEADS, EncoderLayer.DIMS / EncoderLayer.HEADS
        };
        return tf.linalg.transpose(tf.reshape(y, tf.constant(shape)), tf.constant(new int[] {0, 2, 1, 3}));
    }

    private Operand<TFloat32> normalized(Operand<TFloat32> y, String name) {
        return LayerNorms.layerNorm(tf, y, parameter(name + ".weight"), parameter(name + ".bias"), EncoderLayer.EPS);
    }

    private Operand<TFloat32> linear(Operand<TFloat32> y, String name) {
        Operand<TFloat32> product = tf.linalg.matMul(y, parameter(name + ".weight"));
        Variable<TFloat32> bias = parameters.get(name + ".bias");
        return bias == null ? product : tf.nn.biasAdd(product, bias);
    }

    private Variable<TFloat32> parameter(String name) {
        Variable<TFloat32> parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalStateException("no parameter " + name + " among " + parameters.keySet());
        }
        return parameter;
    }

    @Benchmark
    public long forwardAndBackward() {
        try (Result result = graph.run(lossAndGradients, List.of())) {
            return result.size();
        }
    }
}
