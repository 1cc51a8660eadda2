package org.lazuli.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;
import org.lazuli.Shape;
import org.lazuli.tree.Tree;

/// What the sharded layers share.
final class Shards {
    private Shards() {}

    static void checkWhole(Linear layer, String operation) {
        Class<?> type = layer.getClass();
        boolean isSharded = layer instanceof AllToShardedLinear
                || layer instanceof ShardedToAllLinear
                || layer instanceof QuantizedAllToShardedLinear
                || layer instanceof QuantizedShardedToAllLinear;
        boolean quantized = layer instanceof QuantizedLinear;
        if (isSharded || layer instanceof QQLinear || quantized != operation.startsWith("Quantized")) {
            throw new IllegalArgumentException(operation + ": cannot be made from a " + type.getSimpleName()
                    + ": pass a whole " + (operation.startsWith("Quantized") ? "QuantizedLinear" : "Linear"));
        }
    }

    static void checkInputs(String layer, boolean inputs) {
        if (inputs) {
            throw new IllegalArgumentException(
                    layer + ": has no form that rounds its inputs; quantize its weight alone");
        }
    }

    static Quantized drawn(Shape shape, int inputs, Quantization how) {
        return Ops.quantize(Weights.uniform(shape, inputs), how);
    }

    static Array zeros(int size) {
        return Ops.zeros(Shape.of(size), DType.FLOAT32);
    }

    static @Nullable Array of(@Nullable Array whole, Shard shard, String what, Communicator group) {
        return whole == null ? null : shard.of(whole, what, group);
    }

    /// Words, scales and biases are divided at the same elements: whole groups of them.
    static Quantized of(Quantized whole, Shard shard, String what, Communicator group) {
        Array biases = whole.biases();
        return new Quantized(
                shard.of(whole.weight(), what, group),
                shard.of(whole.scales(), what, group),
                biases == null ? null : shard.of(biases, what, group),
                whole.how());
    }

    static void inPlace(Module module, BiFunction<String, Array, @Nullable Shard> choose, Communicator group) {
        Tree<Array> parts = Memory.owning(() -> {
            Map<String, Array> leaves = new LinkedHashMap<>();
            module.parameters().forEach((path, parameter) -> {
                Shard shard = choose.apply(path, parameter);
                if (shard != null) {
                    leaves.put(path, shard.of(parameter, path, group));
                }
            });
            return Tree.unflatten(leaves);
        });
        module.update(parts);
    }

    /// Weights by their outputs or inputs; a bias with the outputs.
    static @Nullable Shard choice(Sharding sharding, String path, Array parameter, Shard segments) {
        boolean isBias = path.endsWith("bias");
        return switch (sharding) {
            case ALL_TO_SHARDED -> new Shard(isBias ? -1 : Math.max(parameter.ndim() - 2, 0), segments.ends());
            case SHARDED_TO_ALL -> isBias ? null : new Shard(-1, segments.ends());
        };
    }
}
