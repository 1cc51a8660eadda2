package org.lazuli.function;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.transforms.CustomRule;

/// A function that brings its own transformation rules, such as a gradient that is cheaper or more stable than the derived one.
///
/// ```java
/// var clipped = CustomFunction.of(in -> List.of(in.get(0)))
///         .withVjp((primals, cotangents, outputs) -> List.of(cotangents.get(0).clip(-1, 1)));
/// ```
///
/// A transformation that has no rule goes through the function's own graph.
///
/// See also: MLX, `custom_function`.
public final class CustomFunction implements Nary {
    /// Stands for the batch axis of an array that has none.
    public static final int NOT_MAPPED = Integer.MIN_VALUE;

    private final Nary function;
    private final CustomRule rule;

    private CustomFunction(Nary function, CustomRule rule) {
        this.function = function;
        this.rule = rule;
    }

    /// The gradient: from the arguments, the cotangents of the results, and the results, the cotangents of the arguments.
    @FunctionalInterface
    public interface Vjp {
        List<Array> apply(List<Array> primals, List<Array> cotangents, List<Array> outputs);
    }

    /// The forward derivative: from the arguments and their tangents, the tangents of the results. Linear in the tangents.
    @FunctionalInterface
    public interface Jvp {
        List<Array> apply(List<Array> primals, List<Array> tangents);
    }

    /// The batched function: from arguments with a batch along these axes, or [#NOT_MAPPED], the results and their batch axes.
    @FunctionalInterface
    public interface Vmap {
        Batched apply(List<Array> inputs, int[] axes);
    }

    /// Results of a batched function.
    ///
    /// @param axes for each value the axis of its batch, or [#NOT_MAPPED]
    public record Batched(List<Array> values, int... axes) {}

    /// A function without rules.
    public static CustomFunction of(Nary function) {
        return new CustomFunction(function, new CustomRule(null, null, null));
    }

    public CustomFunction withVjp(@Nullable Vjp vjp) {
        return new CustomFunction(function, new CustomRule(vjp, rule.jvp(), rule.vmap()));
    }

    public CustomFunction withJvp(@Nullable Jvp jvp) {
        return new CustomFunction(function, new CustomRule(rule.vjp(), jvp, rule.vmap()));
    }

    public CustomFunction withVmap(@Nullable Vmap vmap) {
        return new CustomFunction(function, new CustomRule(rule.vjp(), rule.jvp(), vmap));
    }

    @Override
    public List<Array> apply(List<Array> inputs) {
        return CustomRule.call(function, rule, inputs);
    }
}
