package org.lazuli.benchmarks.peers.tensorflow;

import java.io.IOException;
import org.lazuli.benchmarks.ColdProcess;
import org.tensorflow.EagerSession;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/// A program that multiplies two matrices of 256 x 256, prints the sum of the product, and ends.
public final class TensorFlowColdStart {
    private TensorFlowColdStart() {}

    public static void main(String... args) throws IOException {
        try (EagerSession session = EagerSession.create()) {
            Ops tf = Ops.create(session);
            Operand<TFloat32> x = tf.random.randomUniform(tf.constant(new int[] {256, 256}), TFloat32.class);
            Operand<TFloat32> sum = tf.sum(tf.linalg.matMul(x, x), tf.constant(new int[] {0, 1}));
            System.out.println(sum.asTensor().getFloat());
        }
        ColdProcess.printPeak();
    }
}
