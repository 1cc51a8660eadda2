package org.lazuli.benchmarks.peers.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lazuli.benchmarks.peers.Values;

/// A model in a session of two threads, with its inputs outside the heap already.
final class OnnxRunner {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();

    OnnxRunner(OnnxModel model) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(2);
        options.setInterOpNumThreads(1);
        session = environment.createSession(model.toBytes(), options);
    }

    OnnxRunner with(String name, Values values) throws OrtException {
        FloatBuffer buffer = ByteBuffer.allocateDirect(values.data().length * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        buffer.put(values.data()).flip();
        inputs.put(name, OnnxTensor.createTensor(environment, buffer, values.shape()));
        return this;
    }

    /// Computes the output, which stays outside the heap, and drops it.
    int compute() throws OrtException {
        try (OrtSession.Result result = session.run(inputs)) {
            return result.size();
        }
    }

    float[] floats() throws OrtException {
        try (OrtSession.Result result = session.run(inputs)) {
            FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] data = new float[buffer.remaining()];
            buffer.get(data);
            return data;
        }
    }
}
