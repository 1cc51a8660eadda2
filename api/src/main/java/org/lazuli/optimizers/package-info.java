/// Optimizers, learning rate schedules and gradient clipping.
///
/// ```java
/// var optimizer = new AdamW(Schedules.cosineDecay(1e-3, 10_000), AdamW.Options.DEFAULT.withWeightDecay(0.1));
/// var lossAndGrad = Nn.valueAndGrad(model, (x, y) -> Losses.crossEntropy(model.apply(x), y, Reduction.MEAN));
///
/// for (Batch batch : batches) {
///     var step = lossAndGrad.apply(batch.x(), batch.y());
///     optimizer.update(model, step.grads());
///     Ops.eval(model, optimizer);
/// }
/// ```
///
/// An optimizer of one's own extends [Optimizer] and says what to keep for a parameter, and how to move one. What it keeps is let go when the next
/// value is computed, unless [Optimizer#state] gave it out.
///
/// See also: MLX, *Optimizers*.
@NullMarked
package org.lazuli.optimizers;

import org.jspecify.annotations.NullMarked;
