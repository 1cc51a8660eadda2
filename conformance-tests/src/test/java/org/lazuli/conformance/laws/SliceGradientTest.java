package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lazuli.Transforms.grad;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Transforms;
import org.lazuli.function.Unary;

/// The gradients of slices of one array are put together once, whatever the slices are.
class SliceGradientTest {
    private static final Array X =
            Ops.arange(24).astype(DType.FLOAT64).add(1).div(8).reshape(4, 6);

    /// The instructions of the gradient by `X` of the sum of what a function gives.
    private static Set<String> instructions(Unary function) {
        return Instructions.in(gradient(function));
    }

    private static List<Array> gradient(Unary function) {
        List<Array> x = List.of(X);
        return Transforms.vjp(in -> List.of(function.apply(in.get(0)).sum()), x, List.of(Ops.array(1.0)))
                .derivatives();
    }

    /// Each part, to another power, so that each has another gradient.
    private static Array powers(List<Array> parts) {
        Array total = Ops.array(0.0);
        for (int i = 0; i < parts.size(); i++) {
            total = total.add(parts.get(i).pow(i + 1).sum());
        }
        return total;
    }

    private static double[] expected(Unary power) {
        return power.apply(X).toDoubleArray();
    }

    @Test
    void partsOfAnArrayAreConcatenated() {
        Unary split = x -> powers(x.split(3, 1));
        Set<String> names = instructions(split);
        assertTrue(names.contains("Concatenate"), names::toString);
        assertFalse(names.contains("SliceUpdate"), names::toString);
        Array columns = Ops.arange(6).floorDivide(2).astype(DType.FLOAT64);
        assertArrayEquals(
                expected(x -> x.pow(columns).mul(columns.add(1))),
                gradient(split).get(0).toDoubleArray(),
                1e-13);
    }

    @Test
    void rowsOfALoopAreConcatenated() {
        Unary rows = x -> {
            List<Array> found = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                found.add(x.get(Index.at(i)));
            }
            Collections.swap(found, 1, 3);
            return powers(found);
        };
        Set<String> names = instructions(rows);
        assertFalse(names.contains("SliceUpdate"), names::toString);
        Array power = Ops.array(new double[] {0, 3, 2, 1}).reshape(4, 1);
        assertArrayEquals(
                expected(x -> x.pow(power).mul(power.add(1))),
                gradient(rows).get(0).toDoubleArray(),
                1e-12);
    }

    @Test
    void whatIsBetweenThePartsIsZero() {
        Unary gaps = x -> powers(List.of(x.get(Index.all(), Index.span(1, 2)), x.get(Index.all(), Index.span(4, 5))));
        Set<String> names = instructions(gaps);
        assertFalse(names.contains("SliceUpdate"), names::toString);
        Array first = Ops.array(new double[] {0, 1, 0, 0, 0, 0});
        Array second = Ops.array(new double[] {0, 0, 0, 0, 2, 0});
        assertArrayEquals(
                expected(x -> x.mul(second).add(first)), gradient(gaps).get(0).toDoubleArray());
    }

    @Test
    void partsThatOverlapOrLieOtherwiseAreAddedUp() {
        Unary overlapping = x -> x.get(Index.span(0, 3))
                .sum()
                .add(x.get(Index.span(2, 4)).mul(10).sum());
        assertArrayEquals(
                Ops.array(new double[] {1, 1, 11, 10})
                        .reshape(4, 1)
                        .add(Ops.zeros(4, 6))
                        .toDoubleArray(),
                gradient(overlapping).get(0).toDoubleArray());
        Unary crossing = x -> x.get(Index.span(0, 1))
                .sum()
                .add(x.get(Index.all(), Index.span(0, 1)).mul(10).sum());
        double[] cross = gradient(crossing).get(0).toDoubleArray();
        assertEquals(11, cross[0]);
        assertEquals(1, cross[1]);
        assertEquals(10, cross[6]);
        assertEquals(0, cross[7]);
        Unary steps = x -> x.get(Index.all().step(2))
                .sum()
                .add(x.get(Index.from(1).step(2)).mul(10).sum());
        assertArrayEquals(
                Ops.array(new double[] {1, 10, 1, 10})
                        .reshape(4, 1)
                        .add(Ops.zeros(4, 6))
                        .toDoubleArray(),
                gradient(steps).get(0).toDoubleArray());
        Unary again = x -> x.get(Index.span(0, 2))
                .sum()
                .add(x.get(Index.span(0, 2)).mul(10).sum())
                .add(x.mul(100).sum());
        assertArrayEquals(
                Ops.array(new double[] {111, 111, 100, 100})
                        .reshape(4, 1)
                        .add(Ops.zeros(4, 6))
                        .toDoubleArray(),
                gradient(again).get(0).toDoubleArray());
    }

    @Test
    void secondDerivativesGoThroughIt() {
        Unary split = x -> powers(x.split(3, 1));
        Array columns = Ops.arange(6).floorDivide(2).astype(DType.FLOAT64);
        Array second = grad(x -> grad(split).apply(x).sum()).apply(X);
        assertArrayEquals(
                expected(x -> Ops.where(
                        columns.gt(0), x.pow(columns.sub(1)).mul(columns.add(1).mul(columns)), 0)),
                second.toDoubleArray(),
                1e-12);
    }
}
