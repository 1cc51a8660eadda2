package org.lazuli.conformance.indexing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.conformance.laws.UpdateRows;

/// Every way to combine over every form of an index, against a loop over the positions that the form reads.
class UpdateTest {
    private static final Map<String, DoubleBinaryOperator> BY_HAND = Map.of(
            "set", (x, y) -> y,
            "add", Double::sum,
            "sub", (x, y) -> x - y,
            "mul", (x, y) -> x * y,
            "div", (x, y) -> x / y,
            "max", Math::max,
            "min", Math::min);

    @TestFactory
    Stream<DynamicTest> everyWayOverEveryForm() {
        return UpdateRows.FORMS.entrySet().stream().flatMap(form -> UpdateRows.WAYS.keySet().stream()
                .map(way -> dynamicTest(way + " " + form.getKey(), () -> {
                    Index[] parts = form.getValue().toArray(Index[]::new);
                    check(parts, way, DType.FLOAT64);
                    check(parts, way, DType.INT32);
                    check(parts, way, DType.BFLOAT16);
                })));
    }

    private static void check(Index[] parts, String way, DType dtype) {
        Shape shape = UpdateRows.SHAPE;
        // Powers of two, so that no type rounds and a quotient by a product is the quotient of quotients.
        double[] start = {16, 64, 32, 128, 16, 64};
        Array x = Ops.array(start).astype(dtype).reshape(shape);
        Array positions = Ops.arange(shape.size()).reshape(shape).get(parts);
        int[] order = positions.toIntArray();
        double[] values = new double[order.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 << (1 + i % 3);
        }
        Array update = Ops.array(values).astype(dtype).reshape(positions.shape());
        double[] expected = start.clone();
        for (int i = 0; i < order.length; i++) {
            expected[order[i]] = BY_HAND.get(way).applyAsDouble(expected[order[i]], values[i]);
        }
        Array result = UpdateRows.WAYS.get(way).apply(x.at(parts), update);
        assertArrayEquals(expected, result.astype(DType.FLOAT64).toDoubleArray(), dtype.toString());
        assertArrayEquals(start, x.astype(DType.FLOAT64).toDoubleArray(), "the array itself stays as it is");

        double[] withNumber = start.clone();
        for (int position : order) {
            withNumber[position] = BY_HAND.get(way).applyAsDouble(withNumber[position], 4);
        }
        Array four = Ops.full(Shape.SCALAR, 4, dtype);
        assertArrayEquals(
                withNumber,
                UpdateRows.WAYS
                        .get(way)
                        .apply(x.at(parts), four)
                        .astype(DType.FLOAT64)
                        .toDoubleArray(),
                dtype.toString());
    }

    @Test
    void aMaskThatDependsOnTheArrayNeedsNoPositions() {
        Array x = Ops.array(new float[] {-1, 2, -3});
        assertArrayEquals(new float[] {0, 2, 0}, x.at(x.lt(0)).set(0).toFloatArray());
        assertArrayEquals(new float[] {9, 2, 7}, x.at(x.lt(0)).add(10).toFloatArray());
        assertArrayEquals(new float[] {-2, 2, -6}, x.at(x.lt(0)).mul(2).toFloatArray());
        assertArrayEquals(new float[] {-2, 2, -2}, x.at(x.lt(0)).set(-2).toFloatArray());
    }

    @Test
    void equalUpdatesShareTheGradient() {
        Array x = Ops.array(new float[] {3, 0, 5});
        // max(3, y, y, y) at y = 3: the four that are equal share; the shares add up to the derivative along y and x together.
        Array y = Ops.array(3f);
        Array shared = Transforms.grad((Array v) -> x.at(Index.take(0, 0, 0)).max(v).sum()).apply(y);
        assertEquals(0.75, shared.item());
        Array span = Transforms.grad((Array v) -> x.at(Index.to(2)).max(v).sum()).apply(y);
        assertEquals(0.5 + 1, span.item());
        Array once = Transforms.grad((Array v) -> x.at(Index.take(1, 1)).max(v).sum()).apply(y);
        assertEquals(1, once.item());
    }
}
