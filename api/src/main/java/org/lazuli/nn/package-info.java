/// Neural networks: modules that hold parameters, layers, activations, losses and initializers.
///
/// A model is a class with public fields. Arrays in them are parameters; modules, and lists and maps of modules, are its
/// parts:
///
/// ```java
/// import org.lazuli.nn.Module;    // by name: java.lang has a class Module too
///
/// public class Mlp extends Module implements Unary {
///     public List<Linear> layers;
///
///     public Mlp(int inDims, int outDims) {
///         layers = List.of(new Linear(inDims, 128), new Linear(128, 128), new Linear(128, outDims));
///     }
///
///     @Override
///     public Array apply(Array x) {
///         for (int i = 0; i < layers.size(); i++) {
///             x = layers.get(i).apply(i > 0 ? Ops.maximum(x, 0) : x);
///         }
///         return x;
///     }
/// }
///
/// var mlp = new Mlp(2, 10);
/// var lossAndGrad = Nn.valueAndGrad(mlp, (x, y) -> mlp.apply(x).sub(y).square().mean());
/// var step = lossAndGrad.apply(x, y);      // step.value(), and step.grads() for mlp.trainableParameters()
/// ```
///
/// # Names
///
/// A parameter has a path, such as `layers.0.weight`: the names of the fields that lead to it, positions in lists and
/// keys of maps, joined by dots. A field's name is written with underscores, so that `runningMean` has the path
/// `running_mean`: names are those of MLX, and weights saved by one can be loaded by the other.
///
/// See also: MLX, *Neural Networks*.
@NullMarked
package org.lazuli.nn;

import org.jspecify.annotations.NullMarked;
