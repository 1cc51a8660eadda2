package org.lazuli.benchmarks.peers.tensorflow;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/// Layer norm of the operations that TensorFlow has: there is none of its own.
final class LayerNorms {
    private LayerNorms() {}

    static Operand<TFloat32> layerNorm(
            Ops tf, Operand<TFloat32> x, Operand<TFloat32> weight, Operand<TFloat32> bias, double eps) {
        Operand<TFloat32> mean = tf.math.mean(x, tf.constant(-1), Mean.keepDims(true));
        Operand<TFloat32> centred = tf.math.sub(x, mean);
        Operand<TFloat32> variance = tf.math.mean(tf.math.square(centred), tf.constant(-1), Mean.keepDims(true));
        Operand<TFloat32> scale = tf.math.rsqrt(tf.math.add(variance, tf.constant((float) eps)));
        return tf.math.add(tf.math.mul(tf.math.mul(centred, scale), weight), bias);
    }
}
