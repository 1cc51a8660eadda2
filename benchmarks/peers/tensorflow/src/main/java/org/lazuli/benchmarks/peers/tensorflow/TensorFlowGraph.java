package org.lazuli.benchmarks.peers.tensorflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lazuli.benchmarks.peers.Values;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/// A graph with its inputs, which are copied in once, and a session of two threads. Inputs are placeholders, so that nothing is computed when the graph
/// is optimized.
final class TensorFlowGraph {
    private final Graph graph = new Graph();
    final Ops tf = Ops.create(graph);
    private final Map<Placeholder<TFloat32>, Tensor> inputs = new LinkedHashMap<>();
    private @Nullable Session session;

    Operand<TFloat32> input(Values values) {
        Placeholder<TFloat32> placeholder = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(values.shape())));
        inputs.put(placeholder, tensor(values));
        return placeholder;
    }

    Variable<TFloat32> variable(Values values) {
        return tf.variable(tf.constant(Shape.of(values.shape()), DataBuffers.of(values.data())));
    }

    private static TFloat32 tensor(Values values) {
        return TFloat32.tensorOf(Shape.of(values.shape()), DataBuffers.of(values.data()));
    }

    /// Runs what computes these values and what these operations do. The values stay where TensorFlow computed them; close them.
    Result run(List<? extends Operand<TFloat32>> fetched, List<? extends Op> targets) {
        if (session == null) {
            session = new Session(
                    graph,
                    ConfigProto.newBuilder()
                            .setIntraOpParallelismThreads(2)
                            .setInterOpParallelismThreads(1)
                            .build());
            session.initialize();
        }
        Session.Runner runner = session.runner();
        inputs.forEach(runner::feed);
        fetched.forEach(runner::fetch);
        targets.forEach(runner::addTarget);
        return runner.run();
    }

    /// Computes a value and drops it.
    long compute(Operand<TFloat32> value) {
        try (Result result = run(List.of(value), List.of())) {
            return result.get(0).size();
        }
    }

    /// Computes values and copies them out.
    List<float[]> floats(List<? extends Operand<TFloat32>> values) {
        try (Result result = run(values, List.of())) {
            return java.util.stream.IntStream.range(0, values.size())
                    .mapToObj(i -> floats(result.get(i)))
                    .toList();
        }
    }

    static float[] floats(Tensor tensor) {
        float[] data = new float[Math.toIntExact(tensor.size())];
        ((TFloat32) tensor).copyTo(DataBuffers.of(data, false, false));
        return data;
    }
}
