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
/// # Several processes
///
/// A [org.lazuli.nn.Communicator] connects the processes, or threads, that train or run one model together. There are three ways to divide
/// the work:
///
/// - each has the whole model and a part of the data: [org.lazuli.nn.Nn#averageGradients(org.lazuli.tree.Tree,
///   org.lazuli.nn.Communicator)];
/// - each has a part of the data, and of every parameter, which are joined while a layer runs:
///   [org.lazuli.nn.Nn#fullyShard(org.lazuli.nn.Module, org.lazuli.nn.Communicator)];
/// - each has all the data and computes a part of every layer: [org.lazuli.nn.Nn#shardLinear(org.lazuli.nn.Linear, org.lazuli.nn.Sharding,
///   org.lazuli.nn.Communicator)].
///
/// [org.lazuli.nn.Distributed] has the exchanges that layers of one's own are made of.
///
/// See also: MLX, *Neural Networks*.
@NullMarked
package org.lazuli.nn;

import org.jspecify.annotations.NullMarked;
