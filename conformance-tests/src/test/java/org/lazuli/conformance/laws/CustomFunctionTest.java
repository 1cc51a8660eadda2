package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.lazuli.Transforms.checkpoint;
import static org.lazuli.Transforms.compile;
import static org.lazuli.Transforms.customFunction;
import static org.lazuli.Transforms.grad;
import static org.lazuli.Transforms.jvp;
import static org.lazuli.Transforms.vmap;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.function.CustomFunction;
import org.lazuli.function.Unary;

/// Functions with rules of their own inside functions with rules of their own. The rules here are no derivatives, so that the results show which was used:
/// that of the outermost function that has one.
class CustomFunctionTest {
    private static final Array X = Ops.array(new double[] {1, 2, 3}, DType.FLOAT64);
    private static final Array BATCH =
            Ops.array(new double[] {1, 2, 3, 4, 5, 6}, DType.FLOAT64).reshape(2, 3);

    /// The square, whose gradient is said to be 10 times the argument.
    private static final CustomFunction INNER = customFunction(
                    in -> List.of(in.get(0).square()))
            .withVjp((primals, cotangents, outputs) ->
                    List.of(cotangents.get(0).mul(primals.get(0)).mul(10)))
            .withJvp((primals, tangents) ->
                    List.of(tangents.get(0).mul(primals.get(0)).mul(20)));

    /// Three times the inner one.
    private static final CustomFunction PLAIN =
            customFunction(in -> List.of(INNER.apply(in).get(0).mul(3)));

    /// The same with a gradient that is said to be 100.
    private static final CustomFunction OUTER = PLAIN.withVjp(
                    (primals, cotangents, outputs) -> List.of(cotangents.get(0).mul(100)))
            .withJvp((primals, tangents) -> List.of(tangents.get(0).mul(200)));

    private static Unary one(CustomFunction function) {
        return x -> function.apply(List.of(x)).get(0);
    }

    private static Unary total(CustomFunction function) {
        return x -> one(function).apply(x).sum();
    }

    private static double[] tangent(CustomFunction function, Array x) {
        return jvp(one(function), x, Ops.onesLike(x)).grad().toDoubleArray();
    }

    // ------------------------------------------------------------------------------------------- one transform

    @Test
    void theOutermostRuleCounts() {
        assertArrayEquals(new double[] {3, 12, 27}, one(OUTER).apply(X).toDoubleArray());
        assertArrayEquals(
                new double[] {100, 100, 100}, grad(total(OUTER)).apply(X).toDoubleArray());
        assertArrayEquals(new double[] {200, 200, 200}, tangent(OUTER, X));
    }

    @Test
    void theInnerRuleCountsWhereTheOuterFunctionHasNone() {
        assertArrayEquals(new double[] {30, 60, 90}, grad(total(PLAIN)).apply(X).toDoubleArray());
        assertArrayEquals(new double[] {60, 120, 180}, tangent(PLAIN, X));
    }

    @Test
    void aRuleForOneModeLeavesTheOtherToTheFunctionInside() {
        CustomFunction reverse = PLAIN.withVjp(
                (primals, cotangents, outputs) -> List.of(cotangents.get(0).mul(100)));
        assertArrayEquals(
                new double[] {100, 100, 100}, grad(total(reverse)).apply(X).toDoubleArray());
        assertArrayEquals(new double[] {60, 120, 180}, tangent(reverse, X));
        CustomFunction batched =
                PLAIN.withVmap((inputs, axes) -> new CustomFunction.Batched(List.of(inputs.get(0)), axes[0]));
        assertArrayEquals(
                new double[] {30, 60, 90}, grad(total(batched)).apply(X).toDoubleArray());
    }

    @Test
    void aRuleMayCallAFunctionWithARule() {
        CustomFunction function = customFunction(in -> List.of(in.get(0).sin()))
                .withVjp((primals, cotangents, outputs) ->
                        List.of(cotangents.get(0).mul(INNER.apply(primals).get(0))));
        Unary gradient = grad(total(function));
        assertArrayEquals(new double[] {1, 4, 9}, gradient.apply(X).toDoubleArray());
        // The gradient of the gradient is the inner function's.
        Unary second = grad((Array x) -> gradient.apply(x).sum());
        assertArrayEquals(new double[] {10, 20, 30}, second.apply(X).toDoubleArray());
        assertArrayEquals(
                new double[] {20, 40, 60},
                jvp(gradient, X, Ops.onesLike(X)).grad().toDoubleArray());
    }

    @Test
    void whatIsTakenFromOutsideTheInnerFunctionHasItsGradient() {
        Unary function = x -> {
            Array outside = x.mul(2);
            CustomFunction outer = customFunction(in -> {
                CustomFunction inner =
                        customFunction(deep -> List.of(deep.get(0).mul(outside)));
                return List.of(inner.apply(in).get(0).add(outside));
            });
            return outer.apply(List.of(x)).get(0).sum();
        };
        // x * 2x + 2x
        assertArrayEquals(new double[] {6, 10, 14}, grad(function).apply(X).toDoubleArray());
    }

    // ---------------------------------------------------------------------------------------------- in batches

    @Test
    void theOutermostBatchingCounts() {
        AtomicInteger inner = new AtomicInteger();
        AtomicInteger outer = new AtomicInteger();
        CustomFunction inside = INNER.withVmap((inputs, axes) -> {
            inner.incrementAndGet();
            return new CustomFunction.Batched(List.of(inputs.get(0).square()), axes[0]);
        });
        CustomFunction around =
                customFunction(in -> List.of(inside.apply(in).get(0).mul(3)));
        double[] expected = BATCH.square().mul(3).toDoubleArray();
        assertArrayEquals(expected, vmap(one(around)).apply(BATCH).toDoubleArray());
        assertEquals(1, inner.get());
        CustomFunction both = around.withVmap((inputs, axes) -> {
            outer.incrementAndGet();
            return new CustomFunction.Batched(List.of(inputs.get(0).square().mul(3)), axes[0]);
        });
        assertArrayEquals(expected, vmap(one(both)).apply(BATCH).toDoubleArray());
        assertEquals(1, outer.get());
    }

    @Test
    void aBatchHasTheRulesOfItsExamples() {
        double[] inner = BATCH.mul(30).toDoubleArray();
        double[] outer = {100, 100, 100, 100, 100, 100};
        assertArrayEquals(inner, vmap(grad(total(PLAIN))).apply(BATCH).toDoubleArray());
        assertArrayEquals(outer, vmap(grad(total(OUTER))).apply(BATCH).toDoubleArray());
        assertArrayEquals(
                inner,
                grad((Array x) -> vmap(one(PLAIN)).apply(x).sum()).apply(BATCH).toDoubleArray());
        assertArrayEquals(
                outer,
                grad((Array x) -> vmap(one(OUTER)).apply(x).sum()).apply(BATCH).toDoubleArray());
        assertArrayEquals(
                outer,
                grad((Array x) -> vmap(vmap(one(OUTER))).apply(x).sum())
                        .apply(BATCH)
                        .toDoubleArray(),
                "vmap of vmap");
        assertArrayEquals(
                BATCH.mul(60).toDoubleArray(),
                jvp(vmap(one(PLAIN)), BATCH, Ops.onesLike(BATCH)).grad().toDoubleArray());
        assertArrayEquals(
                new double[] {200, 200, 200, 200, 200, 200},
                jvp(vmap(one(OUTER)), BATCH, Ops.onesLike(BATCH)).grad().toDoubleArray());
    }

    // ----------------------------------------------------------------------------- compiled and checkpointed

    @Test
    void rulesHoldInsideAndOutsideOfCompiledFunctions() {
        for (CustomFunction function : List.of(PLAIN, OUTER)) {
            double[] expected = grad(total(function)).apply(X).toDoubleArray();
            Unary compiled = compile(grad(total(function)));
            for (int call = 0; call < 2; call++) {
                assertArrayEquals(expected, compiled.apply(X).toDoubleArray());
                assertArrayEquals(
                        new double[] {3, 12, 27},
                        compile(one(function)).apply(X).toDoubleArray());
            }
            assertArrayEquals(expected, grad(compile(total(function))).apply(X).toDoubleArray());
            double[] mapped = vmap(grad(total(function))).apply(BATCH).toDoubleArray();
            assertArrayEquals(
                    mapped, compile(vmap(grad(total(function)))).apply(BATCH).toDoubleArray());
            assertArrayEquals(
                    mapped, vmap(grad(compile(total(function)))).apply(BATCH).toDoubleArray());
        }
    }

    @Test
    void rulesHoldInsideOfCheckpoints() {
        for (CustomFunction function : List.of(PLAIN, OUTER)) {
            double[] expected = grad(total(function)).apply(X).toDoubleArray();
            Unary again = checkpoint(total(function));
            assertArrayEquals(expected, grad(again).apply(X).toDoubleArray());
            assertArrayEquals(expected, compile(grad(again)).apply(X).toDoubleArray());
            assertArrayEquals(
                    expected, grad(checkpoint(again)).apply(X).toDoubleArray(), "a checkpoint of a checkpoint");
            assertArrayEquals(
                    tangent(function, X),
                    jvp(checkpoint(one(function)), X, Ops.onesLike(X)).grad().toDoubleArray());
            assertArrayEquals(
                    vmap(grad(total(function))).apply(BATCH).toDoubleArray(),
                    vmap(grad(again)).apply(BATCH).toDoubleArray());
        }
    }

    @Test
    void aCheckpointMayBeInsideAFunctionWithARule() {
        Unary again = checkpoint((Array x) -> x.sin().mul(x));
        CustomFunction through = customFunction(in -> List.of(again.apply(in.get(0))));
        Unary plain = x -> x.sin().mul(x).sum();
        assertArrayEquals(
                grad(plain).apply(X).toDoubleArray(),
                grad(total(through)).apply(X).toDoubleArray(),
                1e-15);
        CustomFunction doubled = through.withVjp((primals, cotangents, outputs) ->
                List.of(grad(plain).apply(primals.get(0)).mul(2)));
        assertArrayEquals(
                grad(plain).apply(X).mul(2).toDoubleArray(),
                grad(total(doubled)).apply(X).toDoubleArray(),
                1e-15);
    }

    // -------------------------------------------------------------------------------------------------- errors

    @Test
    void anInnerRuleThatReturnsTheWrongShapesIsToldOf() {
        CustomFunction wrong = customFunction(in -> List.of(in.get(0).square()))
                .withVjp((primals, cotangents, outputs) -> List.of(Ops.zeros(7)));
        CustomFunction around = customFunction(wrong);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> grad(total(around)).apply(X))
                .getMessage();
        assertEquals(
                "customFunction: result 0 of the vjp rule must have shape " + X.shape() + ", has "
                        + Ops.zeros(7).shape(),
                message);
    }
}
