package org.lazuli.train;

import static org.lazuli.Ops.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Memory;
import org.lazuli.Random;
import org.lazuli.nn.Module;
import org.lazuli.nn.Nn;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.tree.Stateful;
import org.lazuli.tree.Tree;

/// Moves a model's parameters along the gradients of a loss, batch by batch and epoch by epoch.
///
/// See the package's page for an example. Everything but model, optimizer and loss is optional and is set before [#fit].
/// A trainer belongs to one thread.
///
/// @param <B> what a batch is: a [Batch], an array, a record of arrays
public final class Trainer<B> {
    private static final String LOSS = "loss";
    private static final String VALIDATION = "validation/";

    private final Module model;
    private final Optimizer optimizer;
    private final Function<? super B, Array> loss;
    private final Map<String, Stateful> extras = new LinkedHashMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Predicate<List<Epoch>>> stops = new ArrayList<>();

    private int parts = 1;
    private UnaryOperator<Tree<Array>> gradients = UnaryOperator.identity();
    private @Nullable MixedPrecision precision;
    private LossScale scale = new LossScale(1, 0);
    private @Nullable Validation<B> validation;
    private @Nullable Path checkpoint;
    private int checkpointSteps;

    private final List<Epoch> history = new ArrayList<>();

    /// The number of batches of the epoch in progress that were learned from, and their losses.
    private int position;

    private Mean losses = new Mean();

    private record Validation<B>(Batches<B> batches, Function<? super B, Map<String, Array>> metrics) {}

    /// @param loss the mean loss of a batch's examples, a scalar, computed with the model
    public Trainer(Module model, Optimizer optimizer, Function<? super B, Array> loss) {
        this.model = model;
        this.optimizer = optimizer;
        this.loss = loss;
    }

    // What a trainer can be told

    /// Measures something on other data after each epoch, as [#evaluate] does.
    ///
    /// @return this trainer
    public Trainer<B> validate(Batches<B> batches, Function<? super B, Map<String, Array>> metrics) {
        validation = new Validation<>(batches, metrics);
        return this;
    }

    /// Computes each batch in parts, whose gradients are added up: the same step in the memory of one part.
    ///
    /// It is the same step if the loss is a mean over examples that do not see each other. Normalisation over the batch is
    /// then one over the part, and what is drawn at random, such as dropout, is drawn for each part.
    ///
    /// @param parts how many, of equal size but for the last; a batch with fewer examples has fewer parts
    /// @return this trainer
    public Trainer<B> microBatches(int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException("microBatches: a batch has at least one part, not " + parts);
        }
        this.parts = parts;
        return this;
    }

    /// Changes the gradients of each step, for example by [Optimizer#clipGradNorm].
    ///
    /// @return this trainer
    public Trainer<B> gradients(UnaryOperator<Tree<Array>> change) {
        gradients = change;
        return this;
    }

    /// Computes loss and gradients in a smaller type.
    ///
    /// @return this trainer
    public Trainer<B> precision(MixedPrecision precision) {
        this.precision = precision;
        scale = new LossScale(precision.initialScale(), precision.growthInterval());
        return this;
    }

    /// Keeps the state of the run in a file, and goes on from it if it is there when [#fit] is called.
    ///
    /// It is written after each epoch. Model and optimizer must be made as they were for the run that wrote it.
    ///
    /// @return this trainer
    public Trainer<B> checkpoint(Path file) {
        return checkpoint(file, 0);
    }

    /// [#checkpoint(Path)], written also within an epoch.
    ///
    /// @param steps after how many steps of an epoch to write it; 0 for only after the last one
    /// @return this trainer
    public Trainer<B> checkpoint(Path file, int steps) {
        if (steps < 0) {
            throw new IllegalArgumentException("checkpoint: the number of steps must not be negative: " + steps);
        }
        checkpoint = file;
        checkpointSteps = steps;
        return this;
    }

    /// Has something else in the checkpoint: a moving average of the parameters, a second optimizer.
    ///
    /// @param name without dots, and not `model`, `optimizer` or `random`
    /// @return this trainer
    public Trainer<B> keep(String name, Stateful state) {
        if (parts().containsKey(name)) {
            throw new IllegalArgumentException("keep: there is a part '" + name + "' already: choose another name");
        }
        extras.put(name, state);
        return this;
    }

    /// Ends the run when a condition holds for the epochs so far. Several may be given; one that holds is enough.
    ///
    /// @return this trainer
    public Trainer<B> stopWhen(Predicate<List<Epoch>> condition) {
        stops.add(condition);
        return this;
    }

    /// Tells a listener how the run goes on. Listeners are told in the order in which they were given.
    ///
    /// @return this trainer
    public Trainer<B> listen(Listener listener) {
        listeners.add(listener);
        return this;
    }

    /// The epochs so far.
    public List<Epoch> history() {
        return Collections.unmodifiableList(history);
    }

    // Training

    /// Trains until so many epochs have been gone through in all, those of earlier calls and of the checkpoint included.
    ///
    /// @return the epochs so far
    /// @throws IllegalArgumentException if the checkpoint is of another run: another model, other data, another order
    public List<Epoch> fit(Batches<B> batches, int epochs) {
        Path file = checkpoint;
        if (file != null && history.isEmpty() && position == 0 && Files.exists(file)) {
            load(file, batches);
        }
        while (history.size() < epochs && !stopped()) {
            Epoch epoch = epoch(batches, history.size() + 1, epochs);
            history.add(epoch);
            position = 0;
            losses = new Mean();
            listeners.forEach(listener -> listener.epochDone(epoch));
            save(batches);
        }
        listeners.forEach(listener -> listener.trainingDone(history()));
        return List.copyOf(history);
    }

    private boolean stopped() {
        return !history.isEmpty() && stops.stream().anyMatch(stop -> stop.test(history()));
    }

    private Epoch epoch(Batches<B> batches, int number, int epochs) {
        int[][] numbers = batches.numbers(number);
        Progress start = new Progress(number, epochs, position, numbers.length, Double.NaN, Double.NaN);
        listeners.forEach(listener -> listener.epochStarted(start));
        while (position < numbers.length) {
            int[] batch = numbers[position];
            double value = step(batches.data(), batch);
            losses.add(value, batch.length);
            position++;
            Progress progress = new Progress(number, epochs, position, numbers.length, value, losses.value());
            listeners.forEach(listener -> listener.stepDone(progress));
            if (checkpointSteps > 0 && position % checkpointSteps == 0 && position < numbers.length) {
                save(batches);
            }
        }
        SequencedMap<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(LOSS, losses.value());
        Validation<B> also = validation;
        if (also != null) {
            evaluate(also.batches(), also.metrics()).forEach((name, value) -> metrics.put(VALIDATION + name, value));
        }
        return new Epoch(number, metrics);
    }

    /// One step of the optimizer, unless the gradients overflowed.
    ///
    /// @return the mean loss of the examples
    private double step(Dataset<B> data, int... numbers) {
        Function<B, Nn.Step> lossAndGrad = Nn.valueAndGradTree(model, this::scaledLoss);
        int partSize = Math.ceilDiv(numbers.length, parts);
        Nn.Step sum = null;
        for (int from = 0; from < numbers.length; from += partSize) {
            int[] part = Arrays.copyOfRange(numbers, from, Math.min(from + partSize, numbers.length));
            // The loss is a mean, and so is its gradient: a part counts by its share of the examples.
            Nn.Step step = times(lossAndGrad.apply(data.take(part)), part.length / (double) numbers.length);
            sum = sum == null ? step : plus(sum, step);
            if (part.length < numbers.length) {
                eval(sum.value(), sum.grads());
            }
        }
        Nn.Step whole = times(Objects.requireNonNull(sum), 1 / scale.scale());
        boolean good = precision == null || !precision.scales() || LossScale.finite(whole.grads());
        if (good) {
            optimizer.update(model, gradients.apply(whole.grads()));
        }
        eval(model, optimizer, whole.value(), extras);
        if (precision != null && precision.scales()) {
            scale.stepWas(good);
        }
        return whole.value().item();
    }

    private Array scaledLoss(B batch) {
        MixedPrecision mixed = precision;
        if (mixed == null) {
            return loss.apply(batch);
        }
        Array value = mixed.loss(model, () -> loss.apply(mixed.lower(batch)));
        return mixed.scales() ? value.mul(scale.scale()) : value;
    }

    private static Nn.Step times(Nn.Step step, double factor) {
        return factor == 1
                ? step
                : new Nn.Step(step.value().mul(factor), step.grads().map(grad -> grad.mul(factor)));
    }

    private static Nn.Step plus(Nn.Step a, Nn.Step b) {
        return new Nn.Step(a.value().add(b.value()), Tree.map(Array::add, a.grads(), b.grads()));
    }

    // Measuring

    /// The means of some metrics over all examples, with the model in evaluation mode.
    ///
    /// ```java
    /// trainer.evaluate(test, b -> Map.of("accuracy", Metrics.accuracy(model.apply(b.inputs()), b.targets())));
    /// ```
    ///
    /// @param metrics for a batch, by name, a value of each example or their mean
    public SequencedMap<String, Double> evaluate(Batches<B> batches, Function<? super B, Map<String, Array>> metrics) {
        SequencedMap<String, Mean> means = new LinkedHashMap<>();
        Map<Module, Boolean> modes = new LinkedHashMap<>();
        model.modules().forEach(module -> modes.put(module, module.training()));
        model.eval();
        try {
            for (int[] numbers : batches.numbers(1)) {
                Map<String, Array> values = Memory.owning(() -> {
                    Map<String, Array> measured = new TreeMap<>();
                    metrics.apply(batches.data().take(numbers))
                            .forEach((name, value) -> measured.put(name, value.mean()));
                    return measured;
                });
                eval(values);
                values.forEach((name, value) ->
                        means.computeIfAbsent(name, _ -> new Mean()).add(value.item(), numbers.length));
            }
        } finally {
            // Each module before those in it, so what was set for a part of the model stays.
            modes.forEach(Module::train);
        }
        SequencedMap<String, Double> results = new LinkedHashMap<>();
        means.forEach((name, mean) -> results.put(name, mean.value()));
        return results;
    }

    // Checkpoints

    private Map<String, Stateful> parts() {
        Map<String, Stateful> all = new LinkedHashMap<>();
        all.put("model", model);
        all.put("optimizer", optimizer);
        all.put("random", Random.state());
        all.putAll(extras);
        return all;
    }

    private void save(Batches<B> batches) {
        if (checkpoint != null) {
            var place = new RunNotes(batches.description(), history, position, losses, scale);
            Checkpoint.save(checkpoint, parts(), place.write());
        }
    }

    private void load(Path file, Batches<B> batches) {
        RunNotes place = RunNotes.read(file, Checkpoint.load(file, parts()), scale.growthInterval());
        if (!place.data().equals(batches.description())) {
            throw new IllegalArgumentException("checkpoint: " + file + " is of a run with other data: "
                    + place.data() + ", but here are " + batches.description()
                    + "; use the same data, or delete the file to begin anew");
        }
        history.addAll(place.history());
        position = place.position();
        losses = place.losses();
        scale = place.scale();
    }
}
