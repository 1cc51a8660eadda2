package org.lazuli.examples.digits;

import static org.lazuli.nn.Activations.relu;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.function.Unary;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Module;

/// A multilayer perceptron: dense layers, each of which sees all pixels, or all outputs of the layer before it.
///
/// Takes images of shape (count, height, width, 1) to scores of shape (count, classes).
public class Mlp extends Module implements Unary {
    public List<Linear> layers;

    public Mlp(int height, int width, int classes) {
        layers = List.of(new Linear(height * width, 256), new Linear(256, 128), new Linear(128, classes));
    }

    @Override
    public Array apply(Array images) {
        Array x = images.flatten(1, -1);
        for (Linear layer : layers.subList(0, layers.size() - 1)) {
            x = relu(layer.apply(x));
        }
        return layers.getLast().apply(x);
    }
}
