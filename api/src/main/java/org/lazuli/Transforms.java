package org.lazuli;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.lazuli.function.Binary;
import org.lazuli.function.CustomFunction;
import org.lazuli.function.Nary;
import org.lazuli.function.Ternary;
import org.lazuli.function.Unary;
import org.lazuli.spi.Ints;
import org.lazuli.transforms.Differentiation;
import org.lazuli.transforms.Differentiation.Result;
import org.lazuli.tree.Stateful;
import org.lazuli.tree.Structure;

/// Transformations of functions: from a function on arrays, another function.
///
/// ```java
/// import static org.lazuli.Transforms.*;
///
/// Unary f = x -> x.sin().sum();
/// Unary gradient = grad(f);                          // x -> cos(x)
/// Unary perSample = vmap(grad(f));                   // for each row of a batch
/// Binary loss = (w, x) -> x.matmul(w).square().mean();
/// var step = compile(vmap(grad(loss), 1, 0));
/// ```
///
/// They all nest. A function is traced by calling it: it must compute its results with array operations from its arguments. What it makes on
/// the way is owned by the transformation and let go as soon as it has been used.
///
/// Functions of one to three arrays have overloads. Functions from a list of arrays to a list of arrays ([Nary]) serve for more arguments and for
/// several results, in the entry points that end in `List`; functions of other structures (nested lists, maps, records, trees of arrays) in
/// those that end in `Tree`.
///
/// See also: MLX, *Function Transforms*.
public final class Transforms {
    /// Stands, in `vmap`, for the axis of an argument that is the same for all examples, or of a result that does not depend on the example.
    public static final int NOT_MAPPED = CustomFunction.NOT_MAPPED;

    private Transforms() {}

    /// The value of a function and its gradient by one argument.
    public record ValueAndGrad(Array value, Array grad) {}

    /// The values of a function, the first of which was differentiated, and its gradients by several arguments.
    ///
    /// @param aux the function's results after the first
    public record ValueAndGrads(Array value, List<Array> grads, List<Array> aux) {}

    /// The value of a function of a structure and its gradient, which is the same structure.
    public record ValueAndGradTree<P>(Array value, P grads) {}

    /// A scalar to be differentiated and something else that the function computed on the way.
    public record WithAux<A>(Array value, A aux) {}

    /// [ValueAndGradTree] with what the function computed on the way.
    public record ValueAndGradAux<P, A>(Array value, P grads, A aux) {}

    /// Results and the cotangents of the arguments, or the tangents of the results.
    public record Derivatives(List<Array> outputs, List<Array> derivatives) {}

    // ----------------------------------------------------------------------------------------------- gradients

    /// The gradient of a scalar function by its argument.
    public static Unary grad(Unary function) {
        return grad(function, 0);
    }

    /// The gradient of a scalar function by the argument of this number.
    ///
    /// The returned function throws [IllegalArgumentException] if the result is not a scalar.
    public static Unary grad(Unary function, int argnum) {
        return x -> Differentiation.grad(in -> function.apply(in.get(0)), List.of(x), argnum)
                .get(0);
    }

    /// The gradient of a scalar function by its first argument.
    public static Binary grad(Binary function) {
        return grad(function, 0);
    }

    /// The gradient of a scalar function by the argument of this number.
    ///
    /// The returned function throws [IllegalArgumentException] if the result is not a scalar.
    public static Binary grad(Binary function, int argnum) {
        return (x, y) -> Differentiation.grad(in -> function.apply(in.get(0), in.get(1)), List.of(x, y), argnum)
                .get(0);
    }

    /// The gradient of a scalar function by its first argument.
    public static Ternary grad(Ternary function) {
        return grad(function, 0);
    }

    /// The gradient of a scalar function by the argument of this number.
    ///
    /// The returned function throws [IllegalArgumentException] if the result is not a scalar.
    public static Ternary grad(Ternary function, int argnum) {
        return (x, y, z) -> Differentiation.grad(
                        in -> function.apply(in.get(0), in.get(1), in.get(2)), List.of(x, y, z), argnum)
                .get(0);
    }

    /// The gradients of a function's first result, a scalar, by the arguments of these numbers; by the first if none is given.
    public static Nary gradList(Nary function, int... argnums) {
        int[] numbers = argnumsOrFirst(argnums);
        return inputs -> Differentiation.grad(in -> function.apply(in).get(0), inputs, numbers);
    }

    /// The value of a scalar function and its gradient by its argument.
    public static Function<Array, ValueAndGrad> valueAndGrad(Unary function) {
        return x -> {
            Result<Array> result = gradient(in -> function.apply(in.get(0)), List.of(x));
            return new ValueAndGrad(result.value(), result.derivatives().get(0));
        };
    }

    /// The value of a scalar function and its gradient by its first argument.
    public static BiFunction<Array, Array, ValueAndGrad> valueAndGrad(Binary function) {
        return (x, y) -> {
            Result<Array> result = gradient(in -> function.apply(in.get(0), in.get(1)), List.of(x, y));
            return new ValueAndGrad(result.value(), result.derivatives().get(0));
        };
    }

    /// The results of a function, the first of them a scalar, and its gradients by the arguments of these numbers; by the first if none is
    /// given.
    public static Function<List<Array>, ValueAndGrads> valueAndGradList(Nary function, int... argnums) {
        int[] numbers = argnumsOrFirst(argnums);
        return inputs -> {
            Result<List<Array>> result =
                    Differentiation.valueAndGrad(function::apply, outputs -> outputs.get(0), inputs, numbers);
            List<Array> outputs = result.value();
            return new ValueAndGrads(outputs.get(0), result.derivatives(), outputs.subList(1, outputs.size()));
        };
    }

    private static int[] argnumsOrFirst(int... argnums) {
        return argnums.length == 0 ? new int[1] : argnums.clone();
    }

    private static Result<Array> gradient(Function<List<Array>, Array> function, List<Array> inputs) {
        return Differentiation.valueAndGrad(function, output -> output, inputs, 0);
    }

    /// The gradient of a scalar function of a structure, by every array in it: nested lists, maps, records, trees.
    public static <P> Function<P, P> gradTree(Function<P, Array> function) {
        return tree -> {
            List<Array> leaves = Structure.flatten(tree);
            return Structure.rebuild(
                    tree,
                    Differentiation.grad(in -> function.apply(Structure.rebuild(tree, in)), leaves, numbersOf(leaves)));
        };
    }

    /// The value and the gradient of a scalar function of a structure, by every array in it.
    public static <P> Function<P, ValueAndGradTree<P>> valueAndGradTree(Function<P, Array> function) {
        return tree -> {
            Result<Array> result = treeGradient(function, output -> output, tree);
            return new ValueAndGradTree<>(result.value(), Structure.rebuild(tree, result.derivatives()));
        };
    }

    /// [#valueAndGradTree] of a function that also returns something else, such as the model's output.
    public static <P, A> Function<P, ValueAndGradAux<P, A>> valueAndGradAux(Function<P, WithAux<A>> function) {
        return tree -> {
            Result<WithAux<A>> result = treeGradient(function, WithAux::value, tree);
            return new ValueAndGradAux<>(
                    result.value().value(),
                    Structure.rebuild(tree, result.derivatives()),
                    result.value().aux());
        };
    }

    private static <P, R> Result<R> treeGradient(Function<P, R> function, Function<R, Array> scalar, P tree) {
        List<Array> leaves = Structure.flatten(tree);
        return Differentiation.valueAndGrad(
                in -> function.apply(Structure.rebuild(tree, in)), scalar, leaves, numbersOf(leaves));
    }

    private static int[] numbersOf(List<Array> arrays) {
        return Ints.range(0, arrays.size()).toArray();
    }

    /// The results of a function and the gradients of `sum(results * cotangents)` by its arguments.
    public static Derivatives vjp(Nary function, List<Array> primals, List<Array> cotangents) {
        Result<List<Array>> result = Differentiation.vjp(function, primals, cotangents);
        return new Derivatives(result.value(), result.derivatives());
    }

    /// The result of a function and the gradient of `sum(result * cotangent)`.
    public static ValueAndGrad vjp(Unary function, Array primal, Array cotangent) {
        Derivatives result = vjp(nary(function), List.of(primal), List.of(cotangent));
        return new ValueAndGrad(result.outputs().get(0), result.derivatives().get(0));
    }

    /// The results of a function and its derivatives in the direction of the tangents.
    public static Derivatives jvp(Nary function, List<Array> primals, List<Array> tangents) {
        Result<List<Array>> result = Differentiation.jvp(function, primals, tangents);
        return new Derivatives(result.value(), result.derivatives());
    }

    /// The result of a function and its derivative in the direction of the tangent.
    public static ValueAndGrad jvp(Unary function, Array primal, Array tangent) {
        Derivatives result = jvp(nary(function), List.of(primal), List.of(tangent));
        return new ValueAndGrad(result.outputs().get(0), result.derivatives().get(0));
    }

    // ------------------------------------------------------------------------------------------------ batching

    /// The function on every example of a batch, which lies along axis 0 of the argument and of the result.
    public static Unary vmap(Unary function) {
        return vmap(function, 0, 0);
    }

    /// The function on every example of a batch, which lies along these axes; [#NOT_MAPPED] for an argument that all examples share.
    public static Unary vmap(Unary function, int in, int out) {
        Nary mapped = vmapList(nary(function), new int[] {in}, out);
        return x -> mapped.apply(List.of(x)).get(0);
    }

    /// The function on every example of a batch, which lies along axis 0 of all arguments and of the result.
    public static Binary vmap(Binary function) {
        return vmap(function, 0, 0, 0);
    }

    /// The function on every example of a batch, which lies along these axes; [#NOT_MAPPED] for an argument that all examples share.
    public static Binary vmap(Binary function, int in1, int in2, int out) {
        Nary mapped = vmapList(nary(function), new int[] {in1, in2}, out);
        return (x, y) -> mapped.apply(List.of(x, y)).get(0);
    }

    /// The function on every example of a batch, which lies along axis 0 of all arguments and of the result.
    public static Ternary vmap(Ternary function) {
        return vmap(function, 0, 0, 0, 0);
    }

    /// The function on every example of a batch, which lies along these axes; [#NOT_MAPPED] for an argument that all examples share.
    public static Ternary vmap(Ternary function, int in1, int in2, int in3, int out) {
        Nary mapped = vmapList(nary(function), new int[] {in1, in2, in3}, out);
        return (x, y, z) -> mapped.apply(List.of(x, y, z)).get(0);
    }

    /// The function on every example of a batch.
    ///
    /// @param inAxes for each argument the axis of the batch, or [#NOT_MAPPED] for one that all examples share
    /// @param outAxes for each result the axis of the batch; 0 for all if none is given
    public static Nary vmapList(Nary function, int[] inAxes, int... outAxes) {
        int[] in = inAxes.clone();
        int[] out = outAxes.clone();
        return inputs -> Differentiation.vmap(function, inputs, in, out);
    }

    // --------------------------------------------------------------------------------------------- compilation

    /// [#compileList] for a function of one array.
    public static Unary compile(Unary function, Stateful... captured) {
        return compile(function, CompileOptions.DEFAULT, captured);
    }

    /// [#compileList(Nary, CompileOptions, Stateful...)] for a function of one array.
    public static Unary compile(Unary function, CompileOptions options, Stateful... captured) {
        Nary compiled = compileList(nary(function), options, captured);
        return x -> compiled.apply(List.of(x)).get(0);
    }

    /// [#compileList] for a function of two arrays.
    public static Binary compile(Binary function, Stateful... captured) {
        return compile(function, CompileOptions.DEFAULT, captured);
    }

    /// [#compileList(Nary, CompileOptions, Stateful...)] for a function of two arrays.
    public static Binary compile(Binary function, CompileOptions options, Stateful... captured) {
        Nary compiled = compileList(nary(function), options, captured);
        return (x, y) -> compiled.apply(List.of(x, y)).get(0);
    }

    /// [#compileList] for a function of three arrays.
    public static Ternary compile(Ternary function, Stateful... captured) {
        return compile(function, CompileOptions.DEFAULT, captured);
    }

    /// [#compileList(Nary, CompileOptions, Stateful...)] for a function of three arrays.
    public static Ternary compile(Ternary function, CompileOptions options, Stateful... captured) {
        Nary compiled = compileList(nary(function), options, captured);
        return (x, y, z) -> compiled.apply(List.of(x, y, z)).get(0);
    }

    /// The function, traced once for each combination of the arguments' shapes and types and replayed afterwards, with chains of elementwise operations
    /// fused.
    ///
    /// The Java code runs only while tracing: what it prints or counts happens once, and other arrays that it uses are constants. State
    /// that changes from call to call must be captured: a module, an optimizer, [Random#state]. Its arrays are read before each call and replaced
    /// after it.
    ///
    /// Inside another transformation the function just runs. `-Dlazuli.compile=off` and [#disableCompile] turn compilation off. How often it
    /// was traced the result tells, and [Compilation] for all.
    public static CompiledFunction compileList(Nary function, Stateful... captured) {
        return compileList(function, CompileOptions.DEFAULT, captured);
    }

    /// [#compileList(Nary, Stateful...)], where one trace may serve for many shapes.
    ///
    /// With [CompileOptions#SHAPELESS] the function is traced with sizes that are left open, and the trace serves all shapes of the same rank for
    /// which the function does the same. What it asks of a size, with [Array#dim], `shape().is(axis, 1)` or an operation that has to know it, is
    /// decided for that trace: arguments for which the answer is another are traced again. So a result is never that of another shape.
    /// Elementwise operations, broadcasting, reductions, means, matrix products, transpositions, `reshape` with -1, `softmax` and norms, and the
    /// gradients of these, ask for nothing but whether a size is 1 or 0; indices from the front, [Array#take] and convolutions only whether they fit.
    /// [CompiledFunction#decisions] says what a function asked for.
    public static CompiledFunction compileList(Nary function, CompileOptions options, Stateful... captured) {
        return Differentiation.compile(function, options, List.of(captured));
    }

    /// From now on compiled functions just run, for debugging.
    public static void disableCompile() {
        Differentiation.setCompile(false);
    }

    /// Takes [#disableCompile] back.
    public static void enableCompile() {
        Differentiation.setCompile(true);
    }

    // --------------------------------------------------------------------------------------------- checkpoints

    /// [#checkpointList] for a function of one array.
    public static Unary checkpoint(Unary function) {
        Nary checkpointed = checkpointList(nary(function));
        return x -> checkpointed.apply(List.of(x)).get(0);
    }

    /// [#checkpointList] for a function of two arrays.
    public static Binary checkpoint(Binary function) {
        Nary checkpointed = checkpointList(nary(function));
        return (x, y) -> checkpointed.apply(List.of(x, y)).get(0);
    }

    /// [#checkpointList] for a function of three arrays.
    public static Ternary checkpoint(Ternary function) {
        Nary checkpointed = checkpointList(nary(function));
        return (x, y, z) -> checkpointed.apply(List.of(x, y, z)).get(0);
    }

    /// The function, whose intermediate values are not kept for its gradient but computed again: less memory for more time.
    public static Nary checkpointList(Nary function) {
        return inputs -> Differentiation.checkpoint(function, inputs);
    }

    /// A function to which transformation rules of its own can be given.
    public static CustomFunction customFunction(Nary function) {
        return CustomFunction.of(function);
    }

    /// The array's values, through which no gradient flows.
    public static Array stopGradient(Array x) {
        return x.stopGradient();
    }

    private static Nary nary(Unary function) {
        return in -> List.of(function.apply(in.get(0)));
    }

    private static Nary nary(Binary function) {
        return in -> List.of(function.apply(in.get(0), in.get(1)));
    }

    private static Nary nary(Ternary function) {
        return in -> List.of(function.apply(in.get(0), in.get(1), in.get(2)));
    }
}
