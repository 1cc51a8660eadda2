package org.lazuli.benchmarks;

import org.lazuli.function.Unary;
import org.lazuli.nn.Conv2d;
import org.lazuli.nn.Linear;
import org.lazuli.nn.MaxPool2d;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.Sequential;
import org.lazuli.nn.TransformerEncoderLayer;
import org.lazuli.nn.TransformerOptions;

/// The models that are measured, with random weights.
public final class Models {
    private Models() {}

    /// A perceptron with layers of 784, 256, 256 and 10 values.
    public static Sequential perceptron() {
        return new Sequential(new Linear(784, 256), new ReLU(), new Linear(256, 256), new ReLU(), new Linear(256, 10));
    }

    /// Two convolutions by 3 x 3, of 32 and 64 channels, each followed by pooling, and a linear layer, for images of 28 x 28.
    public static Sequential convNet() {
        return new Sequential(
                new Conv2d(1, 32, 3),
                new ReLU(),
                new MaxPool2d(2),
                new Conv2d(32, 64, 3),
                new ReLU(),
                new MaxPool2d(2),
                (Unary) x -> x.flatten(1, -1),
                new Linear(5 * 5 * 64, 10));
    }

    /// A layer of a transformer's encoder with 256 features, 4 heads, and 1024 features inside.
    public static TransformerEncoderLayer encoderLayer() {
        return new TransformerEncoderLayer(
                256, 4, TransformerOptions.DEFAULT.withMlpDims(1024).withDropout(0));
    }
}
