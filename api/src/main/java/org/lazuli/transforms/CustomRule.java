package org.lazuli.transforms;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.CustomFunction;
import org.lazuli.function.Nary;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Node;
import org.lazuli.spi.Primitive;

/// The transformation rules that a function brings along. What it has no rule for goes through its own graph.
///
/// @param vjp its gradient, or null
/// @param jvp its forward derivative, or null
/// @param vmap its batched form, or null
public record CustomRule(
        CustomFunction.@Nullable Vjp vjp, CustomFunction.@Nullable Jvp jvp, CustomFunction.@Nullable Vmap vmap)
        implements Primitive.Custom.Rule {

    /// While set, gradients are taken in order to be transposed into a forward derivative: only a forward rule counts then.
    private static final ThreadLocal<Boolean> FORWARD = ThreadLocal.withInitial(() -> false);

    /// Runs a gradient whose transposition is to be a forward derivative.
    static <T> T forward(Supplier<T> body) {
        boolean before = FORWARD.get();
        FORWARD.set(true);
        try {
            return body.get();
        } finally {
            FORWARD.set(before);
        }
    }

    /// Calls `function` so that transformations find this rule.
    public static List<Array> call(Nary function, CustomRule rule, List<Array> inputs) {
        List<Array> outputs = function.apply(inputs);
        Array[] operands = new Array[inputs.size() + outputs.size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = i < inputs.size() ? inputs.get(i) : outputs.get(i - inputs.size());
        }
        Node tuple = Graph.applyTuple(new Primitive.Custom(rule, inputs.size()), operands);
        List<Array> results = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            results.add(Graph.element(tuple, i));
        }
        return results;
    }

    /// The cotangents of a call's operands: arguments, then outputs.
    ///
    /// @param arrived the cotangents of its results; null for zero
    @Nullable
    Array[] vjp(Primitive.Custom call, Node node, @Nullable Array[] arrived) {
        Node[] operands = node.inputs();
        int arguments = call.arguments();
        @Nullable Array[] result = new Array[operands.length];
        CustomFunction.Vjp forward = jvp == null ? null : this::transposedJvp;
        CustomFunction.Vjp rule = FORWARD.get() || vjp == null ? forward : vjp;
        if (rule == null) {
            System.arraycopy(arrived, 0, result, arguments, arrived.length);
            return result;
        }
        List<Array> primals = arrays(operands, 0, arguments);
        List<Array> outputs = arrays(operands, arguments, operands.length);
        List<Array> cotangents = new ArrayList<>();
        for (int i = 0; i < arrived.length; i++) {
            Array cotangent = arrived[i];
            cotangents.add(cotangent == null ? Ops.zerosLike(outputs.get(i)) : cotangent);
        }
        List<Array> gradients = rule.apply(primals, cotangents, outputs);
        check("vjp", primals, gradients);
        for (int i = 0; i < arguments; i++) {
            result[i] = gradients.get(i);
        }
        return result;
    }

    /// The transposition of the forward rule, which is linear in the tangents.
    private List<Array> transposedJvp(List<Array> primals, List<Array> cotangents, List<Array> outputs) {
        CustomFunction.Jvp rule = jvp;
        if (rule == null) {
            throw new AssertionError();
        }
        List<Array> tangents =
                primals.stream().map(Ops::zerosLike).map(Graph::fresh).toList();
        List<Array> derivatives = rule.apply(primals, tangents);
        check("jvp", outputs, derivatives);
        return Reverse.vjp(derivatives, cotangents, tangents);
    }

    /// The results of a call whose operands carry a batch along axis 0, with the batch along axis 0 of every result.
    List<Array> batch(Primitive.Custom call, Array[] operands, boolean[] batched, int size) {
        int arguments = call.arguments();
        List<Array> results = new ArrayList<>();
        int[] axes = new int[arguments];
        for (int i = 0; i < arguments; i++) {
            axes[i] = batched[i] ? 0 : CustomFunction.NOT_MAPPED;
        }
        CustomFunction.Vmap rule = vmap;
        if (rule == null) {
            Array[] wide = operands.clone();
            for (int i = arguments; i < operands.length; i++) {
                wide[i] = batched[i] ? operands[i] : BatchingRules.widen(operands[i], size);
            }
            Node tuple = Graph.applyTuple(new Primitive.Custom(batchedRule(axes), arguments), wide);
            for (int i = 0; i < operands.length - arguments; i++) {
                results.add(Graph.element(tuple, i));
            }
            return results;
        }
        CustomFunction.Batched outputs = rule.apply(List.of(operands).subList(0, arguments), axes);
        for (int i = 0; i < outputs.values().size(); i++) {
            int axis = outputs.axes()[i];
            Array value = outputs.values().get(i);
            results.add(axis == CustomFunction.NOT_MAPPED ? BatchingRules.widen(value, size) : value.moveaxis(axis, 0));
        }
        return results;
    }

    /// These rules for a batch: each applied to every example.
    private CustomRule batchedRule(int... axes) {
        CustomFunction.Vjp oneVjp = vjp;
        CustomFunction.Jvp oneJvp = jvp;
        CustomFunction.Vjp vjps = oneVjp == null
                ? null
                : (primals, cotangents, outputs) -> {
                    int n = primals.size();
                    int m = n + cotangents.size();
                    List<Array> all = join(join(primals, cotangents), outputs);
                    List<Array> gradients = Vmap.apply(
                            in -> oneVjp.apply(in.subList(0, n), in.subList(n, m), in.subList(m, in.size())),
                            all,
                            Arrays.copyOf(axes, all.size()));
                    List<Array> summed = new ArrayList<>(gradients);
                    for (int i = 0; i < n; i++) {
                        // An argument that every example shares collects the cotangents of all.
                        if (axes[i] == CustomFunction.NOT_MAPPED) {
                            summed.set(
                                    i,
                                    GradientRules.sumTo(
                                            gradients.get(i), primals.get(i).shape()));
                        }
                    }
                    return summed;
                };
        CustomFunction.Jvp jvps = oneJvp == null
                ? null
                : (primals, tangents) -> {
                    int n = primals.size();
                    List<Array> all = join(primals, tangents);
                    int[] both = Arrays.copyOf(axes, 2 * n);
                    System.arraycopy(axes, 0, both, n, n);
                    return Vmap.apply(in -> oneJvp.apply(in.subList(0, n), in.subList(n, 2 * n)), all, both);
                };
        return new CustomRule(vjps, jvps, null);
    }

    private static List<Array> join(List<Array> a, List<Array> b) {
        List<Array> joined = new ArrayList<>(a);
        joined.addAll(b);
        return joined;
    }

    private static List<Array> arrays(Node[] nodes, int from, int to) {
        List<Array> result = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            result.add(nodes[i].array());
        }
        return result;
    }

    private static void check(String rule, List<Array> like, List<Array> given) {
        if (like.size() != given.size()) {
            throw new IllegalArgumentException("customFunction: the " + rule + " rule must return " + like.size()
                    + " arrays, returned " + given.size());
        }
        for (int i = 0; i < given.size(); i++) {
            if (!given.get(i).shape().equals(like.get(i).shape())) {
                throw new IllegalArgumentException(
                        "customFunction: result " + i + " of the " + rule + " rule must have shape "
                                + like.get(i).shape() + ", has " + given.get(i).shape());
            }
        }
    }
}
