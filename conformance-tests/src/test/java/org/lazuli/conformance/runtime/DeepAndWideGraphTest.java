package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Unary;

/// Graphs of a size that would overflow the stack, or take for ever, if anything were recursive or quadratic.
class DeepAndWideGraphTest {
    private static final int DEEP = 100_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Array repeat(Array x, int times, Unary step) {
        Array result = x;
        for (int i = 0; i < times; i++) {
            result = step.apply(result);
        }
        return result;
    }

    private static Array start() {
        return Ops.array(new double[] {1, 2}, DType.FLOAT64);
    }

    private static void check(double[] expected, Array array) {
        Assertions.assertTimeout(LIMIT, () -> assertArrayEquals(expected, array.toDoubleArray(), 1e-6));
    }

    @Test
    void aHundredThousandAdditions() {
        check(new double[] {100_001, 100_002}, repeat(start(), DEEP, x -> x.add(1)));
    }

    @Test
    void aHundredThousandAdditionsOfArrays() {
        Array one = Ops.array(new double[] {1, 1}, DType.FLOAT64);
        check(new double[] {100_001, 100_002}, repeat(start(), DEEP, x -> x.add(one)));
    }

    @Test
    void aHundredThousandAdditionsInARegion() {
        check(new double[] {100_001, 100_002}, Memory.owning(() -> repeat(start(), DEEP, x -> x.add(1))));
    }

    @Test
    void aHundredThousandLooksAtTheSameElements() {
        // A step after them meets the whole chain of layouts at once.
        Array turned = repeat(start(), DEEP / 2, x -> x.expandDims(0).squeeze(0));
        check(new double[] {2, 3}, turned.add(1));
        check(new double[] {2, 1}, repeat(start(), DEEP + 1, x -> x.flip(0)));
    }

    @Test
    void aHundredThousandLooksAtAConstant() {
        Array constant = repeat(
                Ops.ones(Shape.of(2), DType.FLOAT64),
                DEEP / 2,
                x -> x.expandDims(0).squeeze(0));
        check(new double[] {2, 3}, constant.add(start()));
    }

    @Test
    void sumsAndLayoutsInTurn() {
        check(
                new double[] {1.5, 1.5},
                repeat(start(), DEEP / 4, x -> x.sum().mul(0.5).broadcastTo(2)));
    }

    @Test
    void theGradientOfTenThousandSteps() {
        Unary function = x -> repeat(x, 10_000, y -> y.mul(0.9999).add(0.001)).sum();
        double slope = Math.pow(0.9999, 10_000);
        check(new double[] {slope, slope}, Transforms.grad(function).apply(start()));
        check(
                new double[] {slope, slope},
                Transforms.compile(Transforms.grad(function)).apply(start()));
        check(
                new double[] {slope, slope},
                Transforms.vmap(Transforms.grad(function))
                        .apply(start().expandDims(1))
                        .reshape(2));
    }

    @Test
    void twentyThousandArraysIntoOne() {
        List<Array> arrays = new ArrayList<>();
        IntStream.range(0, 20_000).forEach(i -> arrays.add(Ops.array(new int[] {i})));
        Array joined = Ops.concatenate(arrays);
        Assertions.assertTimeout(
                LIMIT,
                () -> assertEquals(
                        199_990_000L, joined.astype(DType.INT64).sum().itemLong()));
    }

    @Test
    void twentyThousandUsesOfOneArray() {
        Array shared = start().sin();
        Array total = shared;
        for (int i = 0; i < 20_000; i++) {
            total = total.add(shared.mul(i % 3 - 1));
        }
        // 1 - 1 + 0 + 1 - 1 + 0 + 1 … - 1 + 0
        check(new double[] {0, 0}, total);
    }

    @Test
    void twentyThousandArraysAddedInPairs() {
        List<Array> level = new ArrayList<>();
        IntStream.range(0, 1 << 14)
                .forEach(i -> level.add(Ops.array((double) i, DType.FLOAT64).add(1)));
        while (level.size() > 1) {
            List<Array> next = new ArrayList<>();
            for (int i = 0; i < level.size(); i += 2) {
                next.add(level.get(i).add(level.get(i + 1)));
            }
            level.clear();
            level.addAll(next);
        }
        double n = 1 << 14;
        check(new double[] {n * (n + 1) / 2}, level.getFirst().reshape(1));
    }

    @Test
    void tenThousandResultsEvaluatedTogether() {
        Array x = Ops.arange(10_000);
        List<Array> parts = IntStream.range(0, 10_000)
                .mapToObj(i -> x.get(Index.at(i)).mul(2))
                .toList();
        Assertions.assertTimeout(LIMIT, () -> Ops.eval(parts));
        assertEquals(2 * 9_999, parts.getLast().itemLong());
    }
}
