package org.lazuli.examples.digits;

import static org.lazuli.nn.Activations.relu;

import org.lazuli.Array;
import org.lazuli.function.Unary;
import org.lazuli.nn.Conv2d;
import org.lazuli.nn.Dropout;
import org.lazuli.nn.LayerNorm;
import org.lazuli.nn.Linear;
import org.lazuli.nn.MaxPool2d;
import org.lazuli.nn.Module;

/// A small convolutional network: two convolutions, each pooled and normalised, and two dense layers.
///
/// Takes images of shape (count, height, width, 1) to scores of shape (count, classes).
public class ConvNet extends Module implements Unary {
    public Conv2d conv1;
    public LayerNorm norm1;
    public Conv2d conv2;
    public LayerNorm norm2;
    public MaxPool2d pool;
    public Dropout dropout;
    public Linear hidden;
    public Linear output;

    public ConvNet(int height, int width, int classes) {
        conv1 = new Conv2d(1, 16, 3, Conv2d.Options.DEFAULT.withPadding(1));
        norm1 = new LayerNorm(16);
        conv2 = new Conv2d(16, 32, 3, Conv2d.Options.DEFAULT.withPadding(1));
        norm2 = new LayerNorm(32);
        pool = new MaxPool2d(2);
        dropout = new Dropout(0.25);
        hidden = new Linear(32 * (height / 4) * (width / 4), 64);
        output = new Linear(64, classes);
    }

    @Override
    public Array apply(Array images) {
        Array x = relu(norm1.apply(pool.apply(conv1.apply(images))));
        x = relu(norm2.apply(pool.apply(conv2.apply(x))));
        x = dropout.apply(x.flatten(1, -1));
        return output.apply(relu(hidden.apply(x)));
    }
}
