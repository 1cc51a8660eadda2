/// Initializers: functions that give an array of the shape of another, with values to start from.
///
/// ```java
/// Initializer init = Initializers.heNormal();
/// layer.weight = init.apply(layer.weight);
/// model.apply(Initializers.uniform(-0.1, 0.1)::apply);     // all parameters of a model
/// ```
///
/// Those that are random draw from the global state, as [org.lazuli.Random] does: [org.lazuli.Random#seed] makes them
/// repeatable, with the numbers of MLX.
///
/// See also: MLX, *Initializers*.
@NullMarked
package org.lazuli.nn.init;

import org.jspecify.annotations.NullMarked;
