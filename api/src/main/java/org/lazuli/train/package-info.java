/// Training: data in batches, an epoch loop with listeners, checkpoints, early stopping.
///
/// ```java
/// var data = new Batches<>(Dataset.of(images, labels), 64).shuffled(0);
/// var trainer = new Trainer<>(model, new Adam(1e-3),
///         (Batch b) -> Losses.crossEntropy(model.apply(b.inputs()), b.targets()).mean());
///
/// trainer.validate(test, b -> {
///     Array scores = model.apply(b.inputs());
///     return Map.of("loss", Losses.crossEntropy(scores, b.targets()),
///             "accuracy", Metrics.accuracy(scores, b.targets()));
/// });
/// trainer.checkpoint(Path.of("run.safetensors"));
/// trainer.stopWhen(EarlyStopping.on("validation/loss").withPatience(3));
/// List<Epoch> history = trainer.fit(data, 20);
/// ```
///
/// Nothing here is needed for training: a loop of one's own over [org.lazuli.nn.Nn#valueAndGrad] and
/// [org.lazuli.optimizers.Optimizer#update] is five lines. What this package adds is what such loops grow in time.
///
/// # Kill it, and start it again
///
/// With [org.lazuli.train.Trainer#checkpoint], a run is in one file: the model, the state of the optimizer, the random
/// state, the history and the place in the data. The file changes as a whole or not at all. A program that was killed
/// is started again by the same command and goes on from there; what it ends with has the bits of a run that was left
/// alone. The order of the data follows from the seed and the number of the epoch, so there is nothing to remember of it.
///
/// # Batches that do not fit
///
/// [org.lazuli.train.Trainer#microBatches] computes each batch in parts and adds the gradients up, in the memory of one
/// part. [org.lazuli.train.MixedPrecision] computes in 16 bits and keeps the parameters in 32.
///
/// # Looking on
///
/// A [org.lazuli.train.Listener] hears of steps and epochs: a progress bar, a log, or the event files of
/// [org.lazuli.train.tensorboard.TensorBoard].
@NullMarked
package org.lazuli.train;

import org.jspecify.annotations.NullMarked;
