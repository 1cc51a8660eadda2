package org.lazuli.optimizers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.Unary;
import org.lazuli.nn.Communicator;
import org.lazuli.nn.Distributed;
import org.lazuli.nn.Module;
import org.lazuli.tree.Stateful;
import org.lazuli.tree.Tree;

/// Moves parameters along their gradients.
///
/// The state is a tree: the number of steps taken (`step`, uint64), the learning rate (`learning_rate`), and for each
/// parameter, at its path, what the optimizer keeps for it. Everything is lazy: evaluate parameters and state, for
/// example by `Ops.eval(model, optimizer)`, once per step.
///
/// See also: MLX, *Optimizers*.
public abstract class Optimizer implements Stateful {
    private static final String STEP = "step";
    private static final String LEARNING_RATE = "learning_rate";

    /// The step and the values of schedules, by name.
    private final SequencedMap<String, Array> scalars = new LinkedHashMap<>();

    private final Map<String, Unary> schedules = new LinkedHashMap<>();

    /// What is kept for each parameter, by its path and then by name.
    private final SequencedMap<String, SequencedMap<String, Array>> kept = new LinkedHashMap<>();

    /// An optimizer without a learning rate.
    protected Optimizer() {
        scalars.put(STEP, Ops.full(Shape.SCALAR, 0, DType.UINT64));
    }

    protected Optimizer(double learningRate) {
        this();
        setLearningRate(learningRate);
    }

    /// @param learningRate gives the learning rate for a number of steps taken
    protected Optimizer(Unary learningRate) {
        this();
        schedules.put(LEARNING_RATE, learningRate);
        scalars.put(LEARNING_RATE, learningRate.apply(step()));
    }

    /// Adds to `state`, which is empty at first, what to keep for a parameter.
    protected abstract void initSingle(Array parameter, Map<String, Array> state);

    /// The new value of a parameter.
    ///
    /// @param gradient of the parameter's shape
    /// @param state what is kept for the parameter; put new arrays in it. They are the optimizer's alone: when others take their place, their
    ///     memory is used again, unless [#state] gave them out
    protected abstract Array applySingle(Array gradient, Array parameter, Map<String, Array> state);

    /// Makes the state for parameters. Done for each parameter at its first step otherwise.
    public void init(Tree<Array> parameters) {
        parameters.forEach((path, parameter) -> keptFor(path, parameter));
    }

    private SequencedMap<String, Array> keptFor(String path, Array parameter) {
        if (scalars.containsKey(path)) {
            throw new IllegalArgumentException("optimizer: a parameter at the root is called '" + path
                    + "', as a part of the state is: rename it");
        }
        return kept.computeIfAbsent(path, _ -> {
            SequencedMap<String, Array> state = new LinkedHashMap<>();
            initSingle(parameter, state);
            return state;
        });
    }

    /// Moves the parameters of a model.
    ///
    /// @param gradients a tree like that of the model's parameters, or a part of it
    /// @throws IllegalArgumentException if a gradient has no parameter, or one of another shape
    public void update(Module model, Tree<Array> gradients) {
        model.update(applyGradients(gradients, model.parameters()));
    }

    /// The parameters after one step, in a tree like that of the gradients.
    ///
    /// @param parameters a tree that has at least the leaves of `gradients`
    /// @throws IllegalArgumentException if a gradient has no parameter, or one of another shape
    public Tree<Array> applyGradients(Tree<Array> gradients, Tree<Array> parameters) {
        gradients.forEach((path, gradient) -> check(path, gradient, parameters));
        return Memory.replacing(lend().leaves(), () -> List.of(advance(gradients, parameters), lend()))
                .getFirst();
    }

    private Tree<Array> advance(Tree<Array> gradients, Tree<Array> parameters) {
        schedules.forEach((name, schedule) -> scalars.put(name, schedule.apply(step())));
        scalars.put(STEP, step().add(1));
        return gradients.mapWithPath((path, gradient) -> {
            Array parameter = parameters.get(path).value();
            Map<String, Array> state = keptFor(path, parameter);
            List<Array> known = new ArrayList<>(state.values());
            Array moved = applySingle(gradient, parameter, state);
            Collections.addAll(known, gradient, parameter, moved);
            markExclusive(state, known);
            return moved.dtype() == parameter.dtype() ? moved : moved.astype(parameter.dtype());
        });
    }

    /// Marks what is kept for a parameter as nobody else's, but for what was there before or others hold.
    private static void markExclusive(Map<String, Array> state, List<Array> known) {
        for (Array array : state.values()) {
            if (!known.contains(array)) {
                Memory.setExclusive(array, true);
            }
        }
    }

    private static void check(String path, Array gradient, Tree<Array> parameters) {
        Tree<Array> found = parameters
                .find(path)
                .orElseThrow(() -> new IllegalArgumentException("applyGradients: there is a gradient for '" + path
                        + "', but no such parameter: pass gradients of this model"));
        if (!found.value().shape().equals(gradient.shape())) {
            throw new IllegalArgumentException(
                    "applyGradients: '" + path + "' has shape " + found.value().shape() + ", but its gradient has "
                            + gradient.shape() + ": pass gradients of this model");
        }
    }

    /// The number of steps taken: a scalar of type uint64.
    public Array step() {
        return scalar(STEP);
    }

    /// The learning rate of the last step, or of the first if none was taken.
    ///
    /// @throws IllegalStateException if this optimizer has none
    public Array learningRate() {
        return scalar(LEARNING_RATE);
    }

    /// Sets the learning rate. If it follows a schedule, that sets it again at the next step.
    public void setLearningRate(double learningRate) {
        scalars.put(LEARNING_RATE, Ops.full(Shape.SCALAR, learningRate, DType.FLOAT32));
    }

    private Array scalar(String name) {
        Array value = scalars.get(name);
        if (value == null) {
            throw new IllegalStateException(
                    "optimizer: " + getClass().getSimpleName() + " has no " + name + " here: it was made without one");
        }
        return value;
    }

    /// What is kept for a parameter under a name.
    ///
    /// @throws IllegalStateException if nothing is, because a state was set that lacks it
    protected static Array get(Map<String, Array> state, String name) {
        Array value = state.get(name);
        if (value == null) {
            throw new IllegalStateException("optimizer: the state has no '" + name + "' for a parameter, only "
                    + state.keySet() + ": it was set from an optimizer of another kind");
        }
        return value;
    }

    /// The learning rate, of a gradient's type.
    protected final Array learningRateFor(Array gradient) {
        return learningRate().astype(gradient.dtype());
    }

    @Override
    public final Tree<Array> state() {
        Tree<Array> state = lend();
        state.forEach((_, array) -> Memory.setExclusive(array, false));
        return state;
    }

    @Override
    public Tree<Array> lend() {
        Map<String, Array> leaves = new LinkedHashMap<>(scalars);
        kept.forEach((path, state) ->
                state.forEach((name, value) -> leaves.put(path.isEmpty() ? name : path + "." + name, value)));
        return Tree.unflatten(leaves);
    }

    /// Replaces the state, for example by one that another optimizer of this kind had. What is kept for parameters that it
    /// does not have is forgotten.
    @Override
    public void setState(Tree<Array> state) {
        kept.clear();
        state.forEach((path, value) -> {
            int dot = path.lastIndexOf('.');
            if (path.equals(STEP) || path.equals(LEARNING_RATE)) {
                scalars.put(path, value);
            } else {
                kept.computeIfAbsent(dot < 0 ? "" : path.substring(0, dot), _ -> new LinkedHashMap<>())
                        .put(path.substring(dot + 1), value);
            }
        });
    }

    /// Gradients scaled down together, if need be, so that their norm is at most `maxNorm`.
    ///
    /// See also: MLX, *clip_grad_norm*.
    public static Clipped clipGradNorm(Tree<Array> gradients, double maxNorm) {
        return Memory.owning(() -> {
            Array norm = gradients
                    .map(gradient -> gradient.square().sum())
                    .reduce(Array::add)
                    .orElseGet(() -> Ops.full(Shape.SCALAR, 0.0, DType.FLOAT32))
                    .sqrt();
            Array factor = Ops.minimum(Ops.div(maxNorm, norm.add(1e-6)), 1.0);
            return new Clipped(gradients.map(gradient -> gradient.mul(factor)), norm);
        });
    }

    /// Like [#clipGradNorm], for gradients of which every rank has a part: those of fully sharded modules. The norm is that of all parts.
    ///
    /// See also: MLX, *clip_grad_norm_sharded*.
    public static Clipped clipGradNormSharded(Tree<Array> gradients, double maxNorm, Communicator group) {
        return Memory.owning(() -> {
            Array part = gradients
                    .map(gradient -> gradient.square().sum())
                    .reduce(Array::add)
                    .orElseGet(() -> Ops.full(Shape.SCALAR, 0.0, DType.FLOAT32));
            Array norm = Distributed.allSum(part, group).sqrt();
            Array factor = Ops.minimum(Ops.div(maxNorm, norm.add(1e-6)), 1.0);
            return new Clipped(gradients.map(gradient -> gradient.mul(factor)), norm);
        });
    }

    /// Clipped gradients.
    ///
    /// @param grads the gradients after clipping
    /// @param norm the norm of all gradients together before it, a scalar
    public record Clipped(Tree<Array> grads, Array norm) {}
}
