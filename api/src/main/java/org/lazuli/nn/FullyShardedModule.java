package org.lazuli.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.CustomFunction;
import org.lazuli.function.Unary;
import org.lazuli.tree.Tree;

/// A module of which each rank holds and trains a part, and whose whole parameters are there only while it runs.
///
/// Every parameter is divided along its first axis. A call joins the parts of all ranks; its gradients are the mean of those of all ranks,
/// of which each gets its part. So each rank may have its own part of the data, as with [Nn#averageGradients(Tree, Communicator)], but keeps
/// a part of parameters and optimizer state alone. Clip its gradients with `Optimizer.clipGradNormSharded`.
///
/// A fully sharded module within is left as it is. What the function itself puts in place of a parameter, such as running averages, stays
/// with this rank's part of it.
///
/// See also: MLX, *fully_shard*; Rajbhandari and others, *ZeRO* (2020).
public class FullyShardedModule extends Module implements Unary {
    /// The module, with this rank's part of its parameters.
    public Module module;

    private final Communicator group;
    private final @Nullable DType computeDtype;
    private final int count;

    /// Divides the parameters of a module, which all ranks must have the same of.
    public FullyShardedModule(Module module, Communicator group) {
        this(module, group, null);
    }

    /// @param computeDtype the type of the whole parameters, or null for that of the parts
    /// @throws IllegalArgumentException if a parameter is a scalar, or its first axis cannot be divided by the number of ranks; the module
    ///     is then unchanged
    public FullyShardedModule(Module module, Communicator group, @Nullable DType computeDtype) {
        Map<String, Array> parts = new LinkedHashMap<>();
        own(module).forEach((path, parameter) -> {
            if (parameter.ndim() > 0 && parameter.dim(0) % group.size() != 0) {
                throw new IllegalArgumentException("Cannot shard parameter '" + path + "' with shape "
                        + parameter.shape() + " across " + group.size() + " devices: axis 0 must be divisible by "
                        + group.size() + ".");
            }
            parts.put(path, Shard.along(0).of(parameter, path, group));
        });
        if (!parts.isEmpty()) {
            module.update(Tree.unflatten(parts));
        }
        this.module = module;
        this.group = group;
        this.computeDtype = computeDtype;
        count = parts.size();
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// The parameters of a module but for those of fully sharded ones in it.
    private static Map<String, Array> own(Module module) {
        return module.filterAndMap(
                        (owner, name, value) ->
                                !(value instanceof FullyShardedModule) && validParameterFilter(owner, name, value),
                        array -> array)
                .flatten();
    }

    /// Calls the module, which must be a function of one array.
    @Override
    public Array apply(Array x) {
        if (!(module instanceof Unary function)) {
            throw new IllegalStateException("FullyShardedModule: "
                    + module.getClass().getSimpleName() + " is no function of one array: call it within gathered(…)");
        }
        return gathered(() -> function.apply(x));
    }

    /// Runs a function while the module has its whole parameters.
    ///
    /// ```java
    /// Array y = sharded.gathered(() -> attention.apply(queries, keys, values, mask));
    /// ```
    public <R> R gathered(Supplier<R> function) {
        Map<String, Array> parts = own(module);
        if (parts.isEmpty()) {
            return function.get();
        }
        Map<String, Array> whole = gather(parts);
        module.update(Tree.unflatten(whole));
        Map<String, Array> after = new LinkedHashMap<>(parts);
        try {
            R result = function.get();
            own(module).forEach((path, now) -> {
                if (now != whole.get(path)) {
                    after.put(path, Shard.along(0).of(now, path, group));
                }
            });
            return result;
        } finally {
            module.update(Tree.unflatten(after));
        }
    }

    /// The whole parameters, those of one type in one message.
    private Map<String, Array> gather(Map<String, Array> parts) {
        Map<DType, List<String>> byType = new LinkedHashMap<>();
        parts.forEach((path, part) ->
                byType.computeIfAbsent(part.dtype(), _ -> new ArrayList<>()).add(path));
        Map<String, Array> whole = new LinkedHashMap<>(parts);
        byType.forEach((type, paths) -> {
            List<Array> joined = gatherAll(paths.stream().map(parts::get).toList());
            for (int i = 0; i < paths.size(); i++) {
                whole.put(paths.get(i), joined.get(i));
            }
        });
        return whole;
    }

    private List<Array> gatherAll(List<Array> parts) {
        int ranks = group.size();
        int[] ends = new int[parts.size() - 1];
        for (int i = 0, end = 0; i < ends.length; i++) {
            end += parts.get(i).size();
            ends[i] = end;
        }
        return CustomFunction.of(in -> {
                    Array row = Ops.concatenate(
                            in.stream()
                                    .map(part -> computed(part).reshape(1, -1))
                                    .toList(),
                            1);
                    List<Array> columns = split(Distributed.allGather(row, group), ends);
                    List<Array> whole = new ArrayList<>();
                    for (int i = 0; i < columns.size(); i++) {
                        Shape part = in.get(i).shape();
                        whole.add(columns.get(i).reshape(part.with(0, part.dim(0) * ranks)));
                    }
                    return whole;
                })
                .withVjp((in, cotangents, outputs) -> {
                    Array rows = Ops.concatenate(
                            cotangents.stream()
                                    .map(one -> one.reshape(ranks, -1))
                                    .toList(),
                            1);
                    List<Array> columns =
                            split(Distributed.sumScatter(rows, group).div(ranks), ends);
                    List<Array> gradients = new ArrayList<>();
                    for (int i = 0; i < columns.size(); i++) {
                        Array part = in.get(i);
                        gradients.add(columns.get(i).reshape(part.shape()).astype(part.dtype()));
                    }
                    return gradients;
                })
                .apply(parts);
    }

    private Array computed(Array part) {
        DType type = computeDtype;
        return type == null || part.dtype() == type ? part : part.astype(type);
    }

    private static List<Array> split(Array rows, int... ends) {
        return ends.length == 0 ? List.of(rows) : rows.split(ends, 1);
    }

    @Override
    protected String extraRepr() {
        return "num_sharded_params=" + count;
    }
}
