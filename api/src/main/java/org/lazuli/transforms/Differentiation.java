package org.lazuli.transforms;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.lazuli.Array;
import org.lazuli.CompileOptions;
import org.lazuli.CompiledFunction;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.function.Nary;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Recording;
import org.lazuli.graph.Region;
import org.lazuli.spi.Primitive;
import org.lazuli.tree.Stateful;
import org.lazuli.tree.Structure;

/// Gradients and derivatives of functions on lists of arrays; what the public overloads come down to.
public final class Differentiation {
    private Differentiation() {}

    /// What a function gave, and gradients or derivatives.
    public record Result<R>(R value, List<Array> derivatives) {}

    /// The value of `function` and the gradients of a scalar in it.
    ///
    /// @param scalar finds the scalar in what the function returns
    /// @param argnums the arguments to differentiate by
    public static <R> Result<R> valueAndGrad(
            Function<List<Array>, R> function, Function<R, Array> scalar, List<Array> inputs, int... argnums) {
        return Region.run(
                () -> {
                    List<Array> arguments = new ArrayList<>(inputs);
                    List<Array> sources = new ArrayList<>();
                    for (int argnum : argnums) {
                        if (argnum < 0 || argnum >= inputs.size()) {
                            throw new IllegalArgumentException("grad: there is no argument " + argnum
                                    + ", the function was called with " + inputs.size());
                        }
                        if (isRepeated(argnum, argnums)) {
                            throw new IllegalArgumentException(
                                    "grad: argument " + argnum + " is listed twice in " + Arrays.toString(argnums));
                        }
                        Array source = Graph.fresh(arguments.get(argnum));
                        arguments.set(argnum, source);
                        sources.add(source);
                    }
                    R value = function.apply(arguments);
                    Array output = scalar.apply(value);
                    if (output.ndim() != 0) {
                        throw new IllegalArgumentException(
                                "grad: the function must return a scalar, its result has shape " + output.shape()
                                        + "; reduce it, for example with sum() or mean(), or use vjp");
                    }
                    return new Result<>(value, Reverse.vjp(List.of(output), List.of(Ops.onesLike(output)), sources));
                },
                Differentiation::arrays);
    }

    private static boolean isRepeated(int argnum, int[] argnums) {
        int count = 0;
        for (int other : argnums) {
            count += other == argnum ? 1 : 0;
        }
        return count > 1;
    }

    /// The gradients of `function`, whose value nobody gets to see.
    ///
    /// @param argnums the arguments to differentiate by
    public static List<Array> grad(Function<List<Array>, Array> function, List<Array> inputs, int... argnums) {
        return Region.run(
                () -> valueAndGrad(function, output -> output, inputs, argnums).derivatives(), gradients -> gradients);
    }

    /// The results of `function` and the gradients of `sum(results * cotangents)`.
    public static Result<List<Array>> vjp(Nary function, List<Array> primals, List<Array> cotangents) {
        return Region.run(
                () -> {
                    List<Array> sources = primals.stream().map(Graph::fresh).toList();
                    List<Array> outputs = function.apply(sources);
                    checkPairs("vjp", "results", outputs, "cotangents", cotangents);
                    return new Result<>(outputs, Reverse.vjp(outputs, ofTypes(outputs, cotangents), sources));
                },
                Differentiation::arrays);
    }

    /// The results of `function` and its derivatives in the direction of the tangents: the gradient, which is linear in the cotangents,
    /// differentiated by them.
    public static Result<List<Array>> jvp(Nary function, List<Array> primals, List<Array> tangents) {
        checkPairs("jvp", "arguments", primals, "tangents", tangents);
        return Region.run(
                () -> {
                    List<Array> sources = primals.stream().map(Graph::fresh).toList();
                    List<Array> outputs = function.apply(sources);
                    List<Array> cotangents = outputs.stream()
                            .map(output -> Graph.fresh(Ops.zerosLike(output)))
                            .toList();
                    List<Array> gradients = CustomRule.forward(() -> Reverse.vjp(outputs, cotangents, sources));
                    return new Result<>(outputs, Reverse.vjp(gradients, ofTypes(gradients, tangents), cotangents));
                },
                Differentiation::arrays);
    }

    /// Derivatives in the types of what they are derivatives of: a number in float32 will do for a result in float64.
    private static List<Array> ofTypes(List<Array> arrays, List<Array> derivatives) {
        List<Array> cast = new ArrayList<>();
        for (int i = 0; i < derivatives.size(); i++) {
            DType dtype = arrays.get(i).dtype();
            Array derivative = derivatives.get(i);
            boolean fits = dtype.isInexact()
                    && derivative.dtype().isInexact()
                    && (dtype.isComplex() || !derivative.dtype().isComplex());
            cast.add(fits ? derivative.astype(dtype) : derivative);
        }
        return cast;
    }

    /// `function` on every example of a batch.
    public static List<Array> vmap(Nary function, List<Array> inputs, int[] inAxes, int... outAxes) {
        return Region.run(() -> Vmap.apply(function, inputs, inAxes, outAxes), results -> results);
    }

    /// `function`, whose intermediate values are computed again when its gradient needs them.
    public static List<Array> checkpoint(Nary function, List<Array> inputs) {
        return Region.run(
                () -> {
                    List<Array> sources = inputs.stream().map(Graph::fresh).toList();
                    Recording recording = Recording.of(sources, function.apply(sources));
                    // What the function took from outside becomes an argument, so that its gradient is not lost.
                    int arguments = inputs.size();
                    List<Array> all = new ArrayList<>(inputs);
                    all.addAll(recording.captured());
                    Nary again =
                            in -> recording.instantiate(in.subList(0, arguments), in.subList(arguments, in.size()));
                    CustomRule rule = new CustomRule(
                            (primals, cotangents, outputs) -> {
                                List<Array> late = primals.stream()
                                        .map(primal -> after(primal, cotangents))
                                        .toList();
                                return Reverse.vjp(again.apply(late), cotangents, late);
                            },
                            null,
                            null);
                    return CustomRule.call(again, rule, all);
                },
                results -> results);
    }

    /// `function`, traced once for each signature, or for all sizes.
    public static CompiledFunction compile(Nary function, CompileOptions options, List<Stateful> captured) {
        return new Compiled(function, options.shapeless(), captured);
    }

    /// How often compiled functions were traced.
    public static long traces() {
        return Compiled.allTraces();
    }

    /// How often compiled functions were called without being traced.
    public static long replays() {
        return Compiled.allReplays();
    }

    /// Turns compilation on or off for the whole program.
    public static void setCompile(boolean enabled) {
        Compiled.setEnabled(enabled);
    }

    /// `x`, but only once the others have been computed.
    private static Array after(Array x, List<Array> others) {
        Array[] operands = new Array[others.size() + 1];
        operands[0] = x;
        for (int i = 0; i < others.size(); i++) {
            operands[i + 1] = others.get(i);
        }
        return Graph.apply(new Primitive.Depends(), operands);
    }

    private static void checkPairs(String name, String first, List<Array> a, String second, List<Array> b) {
        if (a.size() != b.size()) {
            throw new IllegalArgumentException(
                    name + ": " + a.size() + " " + first + ", but " + b.size() + " " + second);
        }
        for (int i = 0; i < a.size(); i++) {
            if (!a.get(i).shape().equals(b.get(i).shape())) {
                throw new IllegalArgumentException(name + ": number " + i + " of the " + first + " has shape "
                        + a.get(i).shape() + ", of the " + second + " "
                        + b.get(i).shape());
            }
        }
    }

    private static <R> List<Array> arrays(Result<R> result) {
        List<Array> arrays = new ArrayList<>(Structure.flatten(result.value()));
        arrays.addAll(result.derivatives());
        return arrays;
    }
}
