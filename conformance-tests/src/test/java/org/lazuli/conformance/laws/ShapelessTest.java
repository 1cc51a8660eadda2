package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.lazuli.Transforms.compile;
import static org.lazuli.Transforms.compileList;
import static org.lazuli.Transforms.grad;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.CompileOptions;
import org.lazuli.DType;
import org.lazuli.Fast;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.function.Unary;
import org.lazuli.nn.Linear;
import org.lazuli.tree.Stateful;
import org.lazuli.tree.Tree;

/// When a function that is compiled for all sizes is traced again.
class ShapelessTest {
    private static Array matrix(int rows, int columns) {
        return Ops.arange(rows * columns).astype(DType.FLOAT32).add(1).div(8).reshape(rows, columns);
    }

    /// Checks that a function, compiled, gives what it gives, on matrices of these shapes.
    ///
    /// @return how often it was traced
    private static int traces(Unary function, int[]... shapes) {
        AtomicInteger traces = new AtomicInteger();
        Unary compiled = compile(
                x -> {
                    traces.incrementAndGet();
                    return function.apply(x);
                },
                CompileOptions.SHAPELESS);
        for (int i = 0; i < 2; i++) {
            for (int[] shape : shapes) {
                Array x = matrix(shape[0], shape[1]);
                Array expected = function.apply(x);
                Array actual = compiled.apply(x);
                assertEquals(expected.shape(), actual.shape());
                assertArrayEquals(expected.toFloatArray(), actual.toFloatArray());
            }
        }
        return traces.get();
    }

    private static final int[][] SHAPES = {{2, 3}, {5, 4}, {7, 2}, {2, 3}, {100, 30}};

    @Test
    void whatAsksNoSizeIsTracedOnce() {
        assertEquals(1, traces(x -> x.sin().mul(2).add(x), SHAPES));
        assertEquals(1, traces(x -> x.sum(0).add(x), SHAPES));
        assertEquals(1, traces(x -> x.transpose().matmul(x), SHAPES));
        assertEquals(1, traces(x -> x.max(1).expandDims(1).sub(x).flatten(), SHAPES));
        assertEquals(
                1, traces(x -> x.reshape(-1).reshape(-1, 1).mul(x.flatten()).sum(0), SHAPES));
        assertEquals(1, traces(x -> Ops.zerosLike(x).add(x.argmax(1, true)).astype(DType.FLOAT32), SHAPES));
        assertEquals(1, traces(x -> Ops.where(x.gt(1), x, 0).cumsum(0).sort(1), SHAPES));
        assertEquals(1, traces(x -> Ops.concatenate(List.of(x, x.mul(2)), 1).sum(1), SHAPES));
    }

    @Test
    void meansAndNormsCountForThemselves() {
        assertEquals(1, traces(x -> x.sub(x.mean()), SHAPES));
        assertEquals(1, traces(x -> x.var(Axes.of(0), 1), SHAPES));
        assertEquals(1, traces(x -> x.softmax(-1), SHAPES));
        assertEquals(1, traces(x -> x.logsumexp(0), SHAPES));
        assertEquals(1, traces(x -> Fast.layerNorm(x, null, null, 1e-5), SHAPES));
        assertEquals(1, traces(x -> Fast.rmsNorm(x, null, 1e-5), SHAPES));
    }

    @Test
    void aModelAndItsGradientAreTracedOnceForAllBatches() {
        Linear first = new Linear(3, 8);
        Linear second = new Linear(8, 2);
        Unary loss = x -> second.apply(Ops.maximum(first.apply(x), 0))
                .softmax(-1)
                .square()
                .mean();
        int[][] batches = {{2, 3}, {5, 3}, {64, 3}, {2, 3}};
        assertEquals(1, traces(loss, batches));
        assertEquals(1, traces(grad(loss), batches));
    }

    @Test
    void whatAsksForASizeIsTracedForEach() {
        assertEquals(4, traces(x -> x.mul(x.dim(0)), SHAPES), "2, 5, 7, 100");
        assertEquals(4, traces(x -> x.mul(x.dim(1)), SHAPES), "3, 4, 2, 30");
        assertEquals(2, traces(x -> x.dim(1) > 3 ? x.mul(2) : x, new int[][] {{2, 3}, {5, 3}, {5, 5}}));
        assertEquals(2, traces(x -> x.shape().is(0, 5) ? x.mul(2) : x, SHAPES), "5 or not");
        assertEquals(4, traces(x -> x.add(Ops.array(x.shape().toString().length())), SHAPES), "the text of a shape");
    }

    @Test
    void aSizeOfOneIsBroadcastAndNeedsATraceOfItsOwn() {
        Unary function = x -> x.add(Ops.arange(3));
        assertEquals(2, traces(function, new int[][] {{2, 3}, {5, 3}, {4, 1}, {2, 1}}));
    }

    @Test
    void whatAShapeDoesNotAllowFailsAsWithoutCompiling() {
        Array weight = matrix(3, 2);
        Unary compiled = compile((Array x) -> x.matmul(weight), CompileOptions.SHAPELESS);
        assertEquals(Shape.of(5, 2), compiled.apply(matrix(5, 3)).shape());
        String expected = assertThrows(
                        IllegalArgumentException.class, () -> matrix(5, 4).matmul(weight))
                .getMessage();
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, () -> compiled.apply(matrix(5, 4)))
                        .getMessage());
        assertEquals(Shape.of(7, 2), compiled.apply(matrix(7, 3)).shape());
    }

    @Test
    void valuesThatDependOnAShapeDecideIt() {
        // The number of elements, computed while the function is traced, becomes a constant in the graph.
        assertEquals(4, traces(x -> x.mul(Ops.onesLike(x).sum().item()), SHAPES));
    }

    @Test
    void anIndexFromTheFrontServesAllSizesThatItFits() {
        int[][] wide = {{2, 3}, {5, 3}, {9, 7}, {4, 4}};
        assertEquals(1, traces(x -> x.get(Index.all(), Index.span(0, 2)), wide));
        assertEquals(1, traces(x -> x.get(Index.at(1)), wide));
        assertEquals(1, traces(x -> x.get(Index.span(0, 2), Index.newAxis(), Index.at(2)), wide));
        assertEquals(1, traces(x -> x.get(Index.all(), Index.take(0, -1)), wide));
        assertEquals(1, traces(x -> x.take(Ops.array(new int[] {1, 0}), 0), wide));
        assertEquals(
                1,
                traces(grad(x -> x.get(Index.all(), Index.span(1, 3)).square().sum()), wide));
        // Cut off at the end, or counted from it, it depends on the size.
        assertEquals(3, traces(x -> x.get(Index.all(), Index.span(0, 5)), wide), "3, 4 and more");
        assertEquals(3, traces(x -> x.get(Index.all(), Index.from(1)), wide), "3, 7, 4");
        assertEquals(4, traces(x -> x.get(Index.at(-1)), wide), "2, 5, 9, 4");
    }

    @Test
    void anIndexIsCheckedAgainstEachSize() {
        Unary compiled = compile((Array x) -> x.get(Index.at(3)), CompileOptions.SHAPELESS);
        assertEquals(Shape.of(2), compiled.apply(matrix(4, 2)).shape());
        String expected = assertThrows(
                        IndexOutOfBoundsException.class, () -> matrix(3, 2).get(Index.at(3)))
                .getMessage();
        assertEquals(
                expected,
                assertThrows(IndexOutOfBoundsException.class, () -> compiled.apply(matrix(3, 2)))
                        .getMessage());
        assertEquals(Shape.of(2), compiled.apply(matrix(7, 2)).shape());
    }

    @Test
    void aConvolutionServesEveryBatchAndLength() {
        Array weight = matrix(3, 4).reshape(2, 3, 2);
        Unary convolution = x -> {
            Array both = Ops.stack(List.of(x, x.mul(2)), -1);
            return Ops.conv1d(Ops.conv1d(both, weight, 1, 1, 1, 1), weight, 2, 0, 1, 1);
        };
        int[][] signals = {{2, 5}, {5, 5}, {3, 9}, {1, 4}, {7, 30}};
        assertEquals(1, traces(convolution, signals));
        Unary compiled = compile(convolution, CompileOptions.SHAPELESS);
        compiled.apply(matrix(2, 5));
        String expected = assertThrows(IllegalArgumentException.class, () -> convolution.apply(matrix(2, 1)))
                .getMessage();
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, () -> compiled.apply(matrix(2, 1)))
                        .getMessage());
    }

    /// Something that changes from call to call.
    private static final class Total implements Stateful {
        Array value = Ops.array(0f);

        @Override
        public Tree<Array> state() {
            return Tree.map(Map.of("value", Tree.leaf(value)));
        }

        @Override
        public void setState(Tree<Array> state) {
            value = state.get("value").value();
        }
    }

    @Test
    void stateIsCapturedForAllSizes() {
        Total total = new Total();
        AtomicInteger traces = new AtomicInteger();
        Unary compiled = compile(
                (Array x) -> {
                    traces.incrementAndGet();
                    total.value = total.value.add(x.sum());
                    return x.add(Random.uniform(Shape.of()));
                },
                CompileOptions.SHAPELESS,
                total,
                Random.state());
        Random.seed(3);
        List<Float> expected = new ArrayList<>();
        for (int i = 1; i < 5; i++) {
            expected.add(Random.uniform(Shape.of()).toFloatArray()[0]);
        }
        Random.seed(3);
        for (int i = 1; i < 5; i++) {
            float[] result = compiled.apply(Ops.zeros(i, 2).add(1)).sub(1).toFloatArray();
            assertEquals(2 * i, result.length);
            assertEquals(expected.get(i - 1), result[0], 1e-6f);
        }
        assertEquals(2 * (1 + 2 + 3 + 4), total.value.item());
        assertEquals(1, traces.get());
    }

    @Test
    void severalArgumentsShareTheirSizes() {
        AtomicInteger traces = new AtomicInteger();
        var compiled = compileList(
                in -> {
                    traces.incrementAndGet();
                    return List.of(in.get(0).mul(in.get(1)).sum(1));
                },
                CompileOptions.SHAPELESS);
        for (int[] shape : SHAPES) {
            Array x = matrix(shape[0], shape[1]);
            assertArrayEquals(
                    x.square().sum(1).toFloatArray(),
                    compiled.apply(List.of(x, x)).get(0).toFloatArray());
        }
        assertEquals(1, traces.get());
        // Not of the same size: broadcast, which is another graph.
        Array row = matrix(1, 3);
        assertArrayEquals(
                matrix(2, 3).mul(row).sum(1).toFloatArray(),
                compiled.apply(List.of(matrix(2, 3), row)).get(0).toFloatArray());
        assertEquals(2, traces.get());
        assertThrows(IllegalArgumentException.class, () -> compiled.apply(List.of(matrix(2, 3), matrix(3, 3))));
    }
}
