package org.lazuli.conformance.parity;

import java.util.ArrayList;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.function.Unary;
import org.lazuli.nn.Activations;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Module;

/// A module of the corpus: linear layers with relu between them.
final class MLP extends Module implements Unary {
    public List<Linear> layers = new ArrayList<>();

    MLP(int hiddenLayers, int inputDims, int hiddenDims, int outputDims) {
        int in = inputDims;
        for (int i = 0; i < hiddenLayers; i++) {
            layers.add(new Linear(in, hiddenDims));
            in = hiddenDims;
        }
        layers.add(new Linear(in, outputDims));
    }

    @Override
    public Array apply(Array x) {
        Array result = x;
        for (int i = 0; i < layers.size(); i++) {
            result = layers.get(i).apply(i == 0 ? result : Activations.relu(result));
        }
        return result;
    }
}
