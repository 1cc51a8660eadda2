package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lazuli.Transforms.checkpoint;
import static org.lazuli.Transforms.compile;
import static org.lazuli.Transforms.compileList;
import static org.lazuli.Transforms.grad;
import static org.lazuli.Transforms.vmap;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Compilation;
import org.lazuli.CompileOptions;
import org.lazuli.CompiledFunction;
import org.lazuli.DType;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Binary;
import org.lazuli.function.Nary;
import org.lazuli.function.Unary;
import org.lazuli.tree.Stateful;
import org.lazuli.tree.Tree;

/// When `compile` traces, what it captures, and what stays as it is without it.
class CompileTest {
    private static Array of(double... values) {
        return Ops.array(values, DType.FLOAT64);
    }

    // ------------------------------------------------------------------------------------------------- tracing

    @Test
    void aFunctionIsTracedOnceForEachSignature() {
        AtomicInteger traces = new AtomicInteger();
        Unary compiled = compile((Array x) -> {
            traces.incrementAndGet();
            return x.mul(2).sum();
        });
        for (int i = 0; i < 3; i++) {
            assertEquals(2.0 * (1 + 2 + i), compiled.apply(of(1, 2 + i)).item());
        }
        assertEquals(1, traces.get(), "same shape and type");
        assertEquals(12, compiled.apply(of(1, 2, 3)).item());
        assertEquals(2, traces.get(), "another shape");
        assertEquals(6, compiled.apply(Ops.array(new int[] {1, 2})).itemLong());
        assertEquals(3, traces.get(), "another type");
        assertEquals(12, compiled.apply(of(3, 2, 1)).item());
        assertEquals(3, traces.get(), "a shape of before");
    }

    @Test
    void aCompiledFunctionCountsItsTraces() {
        CompiledFunction compiled = compileList(in -> List.of(in.get(0).mul(2)));
        assertEquals(0, compiled.traces());
        long traces = Compilation.traces();
        long replays = Compilation.replays();
        compiled.apply(List.of(of(1, 2)));
        assertEquals(traces + 1, Compilation.traces());
        assertEquals(replays, Compilation.replays());
        for (int i = 0; i < 5; i++) {
            compiled.apply(List.of(of(i, 2)));
        }
        assertEquals(1, compiled.traces(), "the second call and those after it");
        assertEquals(traces + 1, Compilation.traces());
        assertEquals(replays + 5, Compilation.replays());
        compiled.apply(List.of(of(1, 2, 3)));
        assertEquals(2, compiled.traces(), "another shape");
        assertEquals(2, compiled.signatures());
        assertEquals(List.of(), compiled.decisions());

        CompiledFunction shapeless =
                compileList(in -> List.of(in.get(0).mul(in.get(1).dim(0))), CompileOptions.SHAPELESS);
        shapeless.apply(List.of(of(1, 2), of(1, 2, 3)));
        shapeless.apply(List.of(of(1, 2, 3, 4), of(1, 2, 3)));
        assertEquals(1, shapeless.traces());
        assertEquals(2, shapeless.signatures());
        assertEquals(List.of(List.of("axis 0 of argument 1 is 3")), shapeless.decisions());
    }

    @Test
    void argumentsThatAreNotEvaluatedAreNoOtherSignature() {
        AtomicInteger traces = new AtomicInteger();
        Unary compiled = compile((Array x) -> {
            traces.incrementAndGet();
            return x.exp();
        });
        Array lazy = of(0, 1).add(1);
        assertArrayEquals(
                new double[] {Math.E, Math.exp(2)}, compiled.apply(lazy).toDoubleArray(), 1e-15);
        assertArrayEquals(new double[] {1, Math.E}, compiled.apply(of(0, 1)).toDoubleArray(), 1e-15);
        assertEquals(1, traces.get());
    }

    @Test
    void otherArraysAreConstants() {
        Array[] outside = {of(1, 2)};
        Unary compiled = compile((Array x) -> x.add(outside[0]));
        assertArrayEquals(new double[] {11, 12}, compiled.apply(of(10, 10)).toDoubleArray());
        outside[0] = of(5, 5);
        assertArrayEquals(new double[] {11, 12}, compiled.apply(of(10, 10)).toDoubleArray());
    }

    @Test
    void aLazyArrayFromOutsideIsAConstantToo() {
        Array outside = of(1, 2).mul(3);
        Unary compiled = compile((Array x) -> x.add(outside).add(outside));
        assertArrayEquals(new double[] {6, 12}, compiled.apply(of(0, 0)).toDoubleArray());
        assertArrayEquals(new double[] {3, 6}, outside.toDoubleArray());
        assertArrayEquals(new double[] {7, 13}, compiled.apply(of(1, 1)).toDoubleArray());
    }

    @Test
    void anArgumentMayBeAResultAndAResultMayComeTwice() {
        Nary compiled = compileList(in -> {
            Array sum = in.get(0).add(in.get(1));
            return List.of(in.get(1), sum, sum, in.get(0));
        });
        for (int i = 0; i < 2; i++) {
            List<Array> results = compiled.apply(List.of(of(1 + i), of(2)));
            assertArrayEquals(new double[] {2, 3 + i, 3 + i, 1 + i}, Jacobian.flat(results));
        }
    }

    @Test
    void aFunctionThatFailsWhileTracedLeavesNothingBehind() {
        boolean[] fail = {true};
        Counter counter = new Counter();
        Unary compiled = compile(
                (Array x) -> {
                    counter.value = counter.value.add(1);
                    if (fail[0]) {
                        throw new IllegalStateException("on purpose");
                    }
                    return x.add(counter.value);
                },
                counter);
        assertThrows(IllegalStateException.class, () -> compiled.apply(of(1)));
        assertEquals(0, counter.value.item());
        fail[0] = false;
        assertEquals(2, compiled.apply(of(1)).item());
        assertEquals(1, counter.value.item());
    }

    @Test
    void aScopeTracesOnceAndLetsGoOfWhatACallReturns() {
        CompiledFunction compiled = compileList(in -> {
            Array squares = in.get(0).square();
            return List.of(squares.add(Ops.full(Shape.of(2), 10, DType.FLOAT64)), squares.sum());
        });
        for (int i = 0; i < 3; i++) {
            List<Array> results;
            try (var scope = Memory.scope()) {
                results = compiled.apply(List.of(of(i, 2)));
                assertArrayEquals(new double[] {i * i + 10, 14}, results.get(0).toDoubleArray());
                scope.keep(results.get(1));
            }
            assertThrows(IllegalStateException.class, results.get(0)::toDoubleArray);
            assertEquals(i * i + 4.0, results.get(1).item());
        }
        assertArrayEquals(
                new double[] {11, 14, 5}, Jacobian.flat(compiled.apply(List.of(of(1, 2)))), "after the scopes too");
        assertEquals(1, compiled.traces());
    }

    // -------------------------------------------------------------------------------------------------- state

    /// Something that changes from call to call.
    private static final class Counter implements Stateful {
        Array value = of(0);

        @Override
        public Tree<Array> state() {
            return Tree.map(java.util.Map.of("value", Tree.leaf(value)));
        }

        @Override
        public void setState(Tree<Array> state) {
            value = state.get("value").value();
        }
    }

    private static Unary tenTimesTheSum(Counter counter, AtomicInteger traces) {
        return compile(
                (Array x) -> {
                    traces.incrementAndGet();
                    counter.value = counter.value.add(x);
                    return counter.value.mul(10);
                },
                counter);
    }

    @Test
    void capturedStateGoesOnFromCallToCall() {
        Counter counter = new Counter();
        AtomicInteger traces = new AtomicInteger();
        Unary compiled = tenTimesTheSum(counter, traces);
        for (int i = 1; i <= 5; i++) {
            assertEquals(10.0 * i, compiled.apply(of(1)).item());
        }
        assertEquals(5, counter.value.item());
        counter.value = of(100);
        assertEquals(1010, compiled.apply(of(1)).item());
        assertEquals(1, traces.get());
    }

    @Test
    void stateThatAScopeKeepsGoesOnFromScopeToScope() {
        Counter counter = new Counter();
        AtomicInteger traces = new AtomicInteger();
        Unary compiled = tenTimesTheSum(counter, traces);
        for (int i = 1; i <= 5; i++) {
            try (var scope = Memory.scope()) {
                assertEquals(10.0 * i, compiled.apply(of(1)).item());
                scope.keep(counter.value);
            }
        }
        assertEquals(5, counter.value.item());
        assertEquals(1, traces.get());
    }

    @Test
    void stateOfAnotherShapeIsTracedAgain() {
        Counter counter = new Counter();
        AtomicInteger traces = new AtomicInteger();
        Unary compiled = compile(
                (Array x) -> {
                    traces.incrementAndGet();
                    counter.value = Ops.concatenate(List.of(counter.value, x));
                    return counter.value.sum();
                },
                counter);
        for (int i = 1; i <= 4; i++) {
            assertEquals(i, compiled.apply(of(1)).item());
            assertEquals(Shape.of(i + 1), counter.value.shape());
        }
        assertEquals(4, traces.get());
    }

    @Test
    void theRandomStateGivesNewNumbersAtEachCallAndThoseOfTheFunction() {
        Unary draw =
                x -> Random.uniform(Shape.of(4)).add(Random.normal(Shape.of(4)).mul(x));
        Random.seed(7);
        float[][] expected = new float[6][];
        for (int i = 0; i < 6; i++) {
            expected[i] = draw.apply(Ops.array(2.0f)).toFloatArray();
        }
        Random.seed(7);
        Unary compiled = compile(draw, Random.state());
        for (int i = 0; i < 6; i++) {
            // Some calls without compiling in between go on from the same state.
            Unary call = i % 3 == 2 ? draw : compiled;
            assertArrayEquals(expected[i], call.apply(Ops.array(2.0f)).toFloatArray(), "call " + i);
        }
    }

    @Test
    void withoutTheRandomStateTheNumbersAreConstants() {
        Unary compiled = compile((Array x) -> Random.uniform(Shape.of(3)).add(x));
        float[] first = compiled.apply(Ops.array(0.0f)).toFloatArray();
        assertArrayEquals(first, compiled.apply(Ops.array(0.0f)).toFloatArray());
        assertNotEquals(first[0], Random.uniform(Shape.of(3)).toFloatArray()[0]);
    }

    // ---------------------------------------------------------------------------------------- other transforms

    @Test
    void transformationsNestInAnyOrder() {
        Unary function = x -> x.tanh().mul(x).sum();
        Array x = of(0.3, -2);
        double[] expected = grad(function).apply(x).toDoubleArray();
        assertArrayEquals(expected, compile(grad(function)).apply(x).toDoubleArray());
        assertArrayEquals(expected, grad(compile(function)).apply(x).toDoubleArray());
        assertArrayEquals(expected, compile(grad(compile(function))).apply(x).toDoubleArray());
        assertArrayEquals(expected, compile(grad(checkpoint(function))).apply(x).toDoubleArray(), 1e-15);
        Array batch = Ops.stack(List.of(x, x.mul(2)));
        double[] mapped = vmap(grad(function)).apply(batch).toDoubleArray();
        assertArrayEquals(
                mapped, compile(vmap(grad(compile(function)))).apply(batch).toDoubleArray());
        assertArrayEquals(mapped, vmap(compile(grad(function))).apply(batch).toDoubleArray());
    }

    @Test
    void theGradientOfAFunctionWithStateUsesTheStateOfTheCall() {
        Counter counter = new Counter();
        Binary step = (w, x) -> {
            counter.value = counter.value.add(1);
            return w.mul(x).mul(counter.value).sum();
        };
        Binary compiled = compile(grad(step), counter);
        assertArrayEquals(
                new double[] {3, 4}, compiled.apply(of(1, 1), of(3, 4)).toDoubleArray());
        assertArrayEquals(
                new double[] {6, 8}, compiled.apply(of(1, 1), of(3, 4)).toDoubleArray());
    }

    @Test
    void switchedOffFunctionsJustRun() {
        AtomicInteger runs = new AtomicInteger();
        Unary compiled = compile((Array x) -> {
            runs.incrementAndGet();
            return x.add(1);
        });
        compiled.apply(of(1));
        Transforms.disableCompile();
        try {
            assertEquals(3, compiled.apply(of(2)).item());
            assertEquals(4, compiled.apply(of(3)).item());
            assertEquals(3, runs.get());
        } finally {
            Transforms.enableCompile();
        }
        assertEquals(5, compiled.apply(of(4)).item());
        assertEquals(3, runs.get());
    }

    // ------------------------------------------------------------------------------------------------- threads

    @Test
    void threadsMayShareACompiledFunction() {
        AtomicInteger traces = new AtomicInteger();
        Unary compiled = compile((Array x) -> {
            traces.incrementAndGet();
            return x.square().sum();
        });
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<CompletableFuture<Boolean>> checks = IntStream.range(0, 200)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> compiled.apply(of(i, 1)).item() == (double) i * i + 1, threads))
                    .toList();
            assertTrue(checks.stream().allMatch(CompletableFuture::join));
        }
        assertEquals(1, traces.get());
        assertFalse(compiled.apply(of(1)).toString().isEmpty());
    }
}
