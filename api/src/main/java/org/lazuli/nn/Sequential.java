package org.lazuli.nn;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.function.Unary;

/// Layers one after another: each gets what the one before it gives.
///
/// Layers are modules or any other functions of one array:
///
/// ```java
/// var model = new Sequential(new Linear(64, 32), new ReLU(), new Linear(32, 10), x -> x.mul(0.5));
/// ```
///
/// See also: MLX, *Sequential*.
public class Sequential extends Module implements Unary {
    /// The layers; the modules among them are the parts of this module, with paths such as `layers.0`.
    public List<Unary> layers;

    public Sequential(Unary... layers) {
        this(List.of(layers));
    }

    public Sequential(List<? extends Unary> layers) {
        this.layers = List.copyOf(layers);
    }

    @Override
    public Array apply(Array x) {
        Array result = x;
        for (Unary layer : layers) {
            result = layer.apply(result);
        }
        return result;
    }
}
