package org.lazuli.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Memory;
import org.lazuli.Quantization;
import org.lazuli.Transforms;
import org.lazuli.Transforms.ValueAndGradAux;
import org.lazuli.Transforms.WithAux;
import org.lazuli.function.Binary;
import org.lazuli.function.Nary;
import org.lazuli.function.Ternary;
import org.lazuli.function.Unary;
import org.lazuli.tree.Tree;

/// Gradients with respect to the parameters of a model, and what goes with them: quantized forms, checkpoints, averages.
///
/// ```java
/// var lossAndGrad = Nn.valueAndGrad(model, (x, y) -> Losses.mseLoss(model.apply(x), y));
/// var step = lossAndGrad.apply(x, y);
/// optimizer.update(model, step.grads());
/// ```
///
/// The function may use the model in any way. While it runs, the model's trainable parameters are those that gradients
/// flow to; afterwards it has its own again. What the function itself replaced in the model, such as running
/// statistics, stays. If it throws, the model is as it was.
///
/// See also: MLX, *value_and_grad* and *quantize* of *Neural Networks*.
public final class Nn {
    private Nn() {}

    /// The value of a function and its gradient.
    ///
    /// @param value the loss, a scalar
    /// @param grads a tree like that of the model's trainable parameters
    public record Step(Array value, Tree<Array> grads) {}

    /// The value of a function, its gradient and what else it computed.
    ///
    /// @param value the loss, a scalar
    /// @param grads a tree like that of the model's trainable parameters
    /// @param aux the rest of what the function returned
    public record StepAux<A>(Array value, Tree<Array> grads, A aux) {}

    /// A function that computes the value of `fn`, a scalar, and its gradient with respect to the trainable parameters of
    /// `model`.
    ///
    /// It throws [IllegalArgumentException] if the value is not a scalar.
    public static Supplier<Step> valueAndGrad(Module model, Supplier<Array> fn) {
        return () -> plain(model, fn);
    }

    /// Like [#valueAndGrad(Module, Supplier)], for a function of one array.
    public static Function<Array, Step> valueAndGrad(Module model, Unary fn) {
        return x -> plain(model, () -> fn.apply(x));
    }

    /// Like [#valueAndGrad(Module, Supplier)], for a function of two arrays.
    public static BiFunction<Array, Array, Step> valueAndGrad(Module model, Binary fn) {
        return (x, y) -> plain(model, () -> fn.apply(x, y));
    }

    /// Like [#valueAndGrad(Module, Supplier)], for a function of three arrays.
    public static Tree.Function3<Array, Array, Array, Step> valueAndGrad(Module model, Ternary fn) {
        return (x, y, z) -> plain(model, () -> fn.apply(x, y, z));
    }

    /// Like [#valueAndGrad(Module, Supplier)], for a function of a list of arrays. Its first result is differentiated,
    /// the others are passed on.
    public static Function<List<Array>, StepAux<List<Array>>> valueAndGradList(Module model, Nary fn) {
        return arrays -> compute(model, () -> {
            List<Array> results = fn.apply(arrays);
            if (results.isEmpty()) {
                throw new IllegalArgumentException("valueAndGrad: the function returned nothing to differentiate");
            }
            return new WithAux<>(results.getFirst(), List.copyOf(results.subList(1, results.size())));
        });
    }

    /// Like [#valueAndGrad(Module, Supplier)], for a function of anything else: a record with a batch, for example.
    public static <B> Function<B, Step> valueAndGradTree(Module model, Function<? super B, Array> fn) {
        return batch -> plain(model, () -> fn.apply(batch));
    }

    /// Like [#valueAndGrad(Module, Unary)], for a function that returns something else besides.
    public static <A> Function<Array, StepAux<A>> valueAndGradAux(Module model, Function<Array, WithAux<A>> fn) {
        return x -> compute(model, () -> fn.apply(x));
    }

    /// Like [#valueAndGrad(Module, Binary)], for a function that returns something else besides.
    public static <A> BiFunction<Array, Array, StepAux<A>> valueAndGradAux(
            Module model, BiFunction<Array, Array, WithAux<A>> fn) {
        return (x, y) -> compute(model, () -> fn.apply(x, y));
    }

    /// Replaces all layers of a model that have a quantized form by it, in 4 bits: [Quantization#AFFINE].
    public static void quantize(Module model) {
        quantize(model, Quantization.AFFINE);
    }

    /// Replaces all layers of a model that have a quantized form ([Quantizable]) by it.
    ///
    /// ```java
    /// Nn.quantize(model, Quantization.AFFINE.withBits(8));
    /// ```
    ///
    /// @throws IllegalArgumentException if a layer's sizes do not fit the format; the model is then unchanged
    public static void quantize(Module model, Quantization how) {
        quantize(model, how, (path, layer) -> true, false);
    }

    /// Replaces those layers that a predicate accepts, by their path and themselves.
    public static void quantize(Module model, Quantization how, BiPredicate<String, Module> predicate) {
        quantize(model, how, predicate, false);
    }

    /// Replaces those layers that a predicate accepts by ones that, if `inputs`, round what comes in to the format too.
    public static void quantize(Module model, Quantization how, BiPredicate<String, Module> predicate, boolean inputs) {
        quantize(model, (path, layer) -> predicate.test(path, layer) ? how : null, inputs);
    }

    /// Replaces layers by their quantized forms, each in a format of its own.
    ///
    /// @param choose the format for the layer at a path, or null to leave it; only asked of layers that have a quantized form
    /// @param inputs whether what comes into a layer is to be rounded to its format too
    public static void quantize(
            Module model, BiFunction<String, Module, @Nullable Quantization> choose, boolean inputs) {
        Map<String, Module> replacements = new LinkedHashMap<>();
        model.leafModules().forEach((path, layer) -> {
            boolean isQuantized = layer instanceof QuantizedLinear
                    || layer instanceof QuantizedEmbedding
                    || layer instanceof QQLinear;
            if (layer instanceof Quantizable quantizable && !isQuantized) {
                Quantization how = choose.apply(path, layer);
                if (how != null) {
                    replacements.put(path, quantizable.toQuantized(how, inputs));
                }
            }
        });
        if (!replacements.isEmpty()) {
            model.updateModules(Tree.unflatten(replacements));
        }
    }

    private static Step plain(Module model, Supplier<Array> fn) {
        StepAux<List<Array>> step = compute(model, () -> new WithAux<>(fn.get(), List.of()));
        return new Step(step.value(), step.grads());
    }

    /// What is kept of a trace: the results, and the arrays that the function put into the model.
    private record Traced<A>(StepAux<A> step, List<Array> replaced) {}

    private static <A> StepAux<A> compute(Module model, Supplier<WithAux<A>> fn) {
        Tree<Array> before = model.state();
        Tree<Array> parameters = model.trainableParameters();
        Supplier<Traced<A>> trace = () -> {
            Function<Tree<Array>, ValueAndGradAux<Tree<Array>, A>> differentiated =
                    Transforms.valueAndGradAux(traced -> {
                        model.update(traced);
                        WithAux<A> result = fn.get();
                        restore(model, parameters, traced);
                        return result;
                    });
            ValueAndGradAux<Tree<Array>, A> result = differentiated.apply(parameters);
            return new Traced<>(
                    new StepAux<>(result.value(), result.grads(), result.aux()), replaced(before, model.state()));
        };
        try {
            return Memory.owning(trace).step();
        } catch (RuntimeException | Error e) {
            ModuleUpdates.arrays(model, before, false, "valueAndGrad");
            throw e;
        }
    }

    /// Gives the model its own parameters again, where the function left those it was traced with.
    private static void restore(Module model, Tree<Array> parameters, Tree<Array> traced) {
        Map<String, Array> current = model.parameters().flatten();
        Map<String, Array> tracers = traced.flatten();
        model.update(
                parameters.mapWithPath((path, parameter) -> {
                    Array now = current.get(path);
                    return now == null || now == tracers.get(path) ? parameter : now;
                }),
                false);
    }

    private static List<Array> replaced(Tree<Array> before, Tree<Array> after) {
        Map<String, Array> old = before.flatten();
        List<Array> replaced = new ArrayList<>();
        after.forEach((path, array) -> {
            if (old.get(path) != array) {
                replaced.add(array);
            }
        });
        return replaced;
    }

    // Processes and memory

    /// The mean of the gradients of all processes, in messages of 32 MiB and a little more.
    ///
    /// @see #averageGradients(Tree, Communicator, long)
    public static Tree<Array> averageGradients(Tree<Array> gradients, Communicator communicator) {
        return averageGradients(gradients, communicator, 32L << 20);
    }

    /// The mean of the gradients of all processes; the gradients themselves where there is one process.
    ///
    /// ```java
    /// var step = lossAndGrad.apply(x, y);                     // of this process's part of the batch
    /// optimizer.update(model, Nn.averageGradients(step.grads(), communicator));
    /// ```
    ///
    /// Gradients of one type are joined until they have the size of a message.
    ///
    /// See also: MLX, *average_gradients*.
    ///
    /// @param bytes the least size of a message but for the last; 0 for one for each gradient
    public static Tree<Array> averageGradients(Tree<Array> gradients, Communicator communicator, long bytes) {
        return GradientAveraging.average(gradients, communicator, bytes);
    }

    /// This rank's part of a linear layer or a quantized one, with the exchanges that make all parts together compute the same.
    ///
    /// ```java
    /// model.up = Nn.shardLinear(model.up, Sharding.ALL_TO_SHARDED, group);
    /// model.down = Nn.shardLinear(model.down, Sharding.SHARDED_TO_ALL, group);
    /// ```
    ///
    /// See also: MLX, *shard_linear*.
    ///
    /// @throws IllegalArgumentException if the layer cannot be divided by the number of ranks, or is divided already
    public static Linear shardLinear(Linear layer, Sharding sharding, Communicator group) {
        return shardLinear(layer, sharding, 1, group);
    }

    /// Like [#shardLinear(Linear, Sharding, Communicator)], for a layer of several segments, each of which is divided: 3 for one that computes
    /// queries, keys and values.
    public static Linear shardLinear(Linear layer, Sharding sharding, int segments, Communicator group) {
        QuantizedLinear quantized = layer instanceof QuantizedLinear one ? one : null;
        return switch (sharding) {
            case ALL_TO_SHARDED -> {
                Shard shard = Shard.along(0).withSegments(segments);
                yield quantized == null
                        ? AllToShardedLinear.fromLinear(layer, shard, group)
                        : QuantizedAllToShardedLinear.fromQuantizedLinear(quantized, shard, group);
            }
            case SHARDED_TO_ALL -> {
                Shard shard = Shard.along(-1).withSegments(segments);
                yield quantized == null
                        ? ShardedToAllLinear.fromLinear(layer, shard, group)
                        : QuantizedShardedToAllLinear.fromQuantizedLinear(quantized, shard, group);
            }
        };
    }

    /// Leaves of all parameters of a module this rank's part, as if it were a linear layer or consisted of some. The module does not change
    /// otherwise: it must exchange what it has to by itself.
    ///
    /// See also: MLX, *shard_inplace*.
    public static void shardInplace(Module module, Sharding sharding, Communicator group) {
        Shard segments = Shard.along(0);
        shardInplace(module, (path, parameter) -> Shards.choice(sharding, path, parameter, segments), group);
    }

    /// Leaves of each parameter this rank's part.
    ///
    /// @param choose which part of the parameter at a path, or null to leave it whole
    /// @throws IllegalArgumentException if a parameter cannot be divided so; the module is then unchanged
    public static void shardInplace(
            Module module, BiFunction<String, Array, @Nullable Shard> choose, Communicator group) {
        Shards.inPlace(module, choose, group);
    }

    /// The module with its parameters divided among ranks, to be joined whenever it runs: a [FullyShardedModule]. In a group of one, or if it
    /// has no parameters that are not divided yet, the module itself.
    ///
    /// See also: MLX, *fully_shard*.
    public static Module fullyShard(Module module, Communicator group) {
        return fullyShard(module, group, null);
    }

    /// Like [#fullyShard(Module, Communicator)], with whole parameters of another type than the parts, such as bfloat16.
    ///
    /// @param computeDtype the type of the whole parameters, or null for that of the parts
    public static Module fullyShard(Module module, Communicator group, @Nullable DType computeDtype) {
        if (group.size() == 1 || module instanceof FullyShardedModule) {
            return module;
        }
        FullyShardedModule sharded = new FullyShardedModule(module, group, computeDtype);
        return sharded.isEmpty() ? module : sharded;
    }

    /// A layer whose intermediate values are not kept for the gradient but computed again: less memory for more time.
    ///
    /// ```java
    /// Unary block = Nn.checkpoint(layer);
    /// Array y = block.apply(x);        // gradients flow to x and to the layer's parameters
    /// ```
    ///
    /// The layer runs once in each call: random numbers are drawn, and running statistics moved, as without this. For layers that take more
    /// than one array there is [Transforms#checkpointList], which finds what parameters a function uses as well.
    ///
    /// See also: MLX, *checkpoint* of *nn.utils*.
    public static <M extends Module & Unary> Unary checkpoint(M layer) {
        return Transforms.checkpoint((Array x) -> layer.apply(x));
    }
}
