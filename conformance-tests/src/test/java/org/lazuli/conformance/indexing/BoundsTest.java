package org.lazuli.conformance.indexing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.lazuli.Index.all;
import static org.lazuli.Index.at;
import static org.lazuli.Index.from;
import static org.lazuli.Index.newAxis;
import static org.lazuli.Index.rest;
import static org.lazuli.Index.span;
import static org.lazuli.Index.take;
import static org.lazuli.Index.to;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
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

/// Every form of an index, out of bounds: an error, never other memory.
class BoundsTest {
    private static final int[] OUTSIDE = {3, -4, 1000, -1000, Integer.MAX_VALUE, Integer.MIN_VALUE};

    /// Each reads or writes an array of shape (3,2) at a position of its first axis.
    private static Map<String, Function<Integer, Array>> forms() {
        Array x = Ops.arange(6).reshape(3, 2);
        Map<String, Function<Integer, Array>> forms = new LinkedHashMap<>();
        forms.put("at", i -> x.get(at(i)));
        forms.put("at and a span", i -> x.get(at(i), all()));
        forms.put("a new axis and at", i -> x.get(newAxis(), at(i)));
        forms.put("at after the rest", i -> x.transpose().get(rest(), at(i)));
        forms.put("take", i -> x.get(take(0, i)));
        forms.put("take and at", i -> x.get(take(i), at(1)));
        forms.put("take and take", i -> x.get(take(i, 0), take(0, 1)));
        forms.put("take in a view", i -> x.get(all().step(-1)).get(take(i)));
        forms.put("Array.take", i -> x.take(Ops.array(new int[] {i}), 0));
        forms.put("Array.take of all", i -> x.take(Ops.array(new int[] {i > 0 ? Math.max(i, 6) : Math.min(i, -7)})));
        forms.put("takeAlongAxis", i -> x.takeAlongAxis(Ops.array(new int[][] {{0, i}}), 0));
        forms.put("putAlongAxis", i -> x.putAlongAxis(Ops.array(new int[][] {{0, i}}), Ops.array(9), 0));
        forms.put("slice", i -> Ops.slice(x, Ops.array(new int[] {i}), new int[] {0}, Shape.of(1, 2)));
        forms.put(
                "slice whose end is outside",
                i -> Ops.slice(x, Ops.array(new int[] {i > 0 ? 2 : i}), new int[] {0}, Shape.of(2, 2)));
        forms.put(
                "sliceUpdate",
                i -> Ops.sliceUpdate(
                        x, Ops.zeros(Shape.of(1, 2), DType.INT32), Ops.array(new int[] {i}), new int[] {0}));
        UpdateRows.WAYS.forEach((name, way) -> {
            forms.put(name + " at", i -> way.apply(x.at(at(i)), Ops.array(1)));
            forms.put(name + " take", i -> way.apply(x.at(take(1, i)), Ops.array(1)));
            forms.put(name + " take and a span", i -> way.apply(x.at(take(i), from(1)), Ops.array(1)));
        });
        return forms;
    }

    @TestFactory
    Stream<DynamicTest> outsideIsAnError() {
        return forms().entrySet().stream()
                .map(form -> dynamicTest(form.getKey(), () -> {
                    for (int position : OUTSIDE) {
                        IndexOutOfBoundsException thrown = assertThrows(
                                IndexOutOfBoundsException.class,
                                () -> form.getValue().apply(position).eval(),
                                () -> "position " + position);
                        assertTrue(String.valueOf(thrown.getMessage()).contains("size"), thrown::toString);
                    }
                    // The same form within bounds is none.
                    if (!form.getKey().contains("whose end") && !form.getKey().equals("Array.take of all")) {
                        form.getValue().apply(2).eval();
                        form.getValue().apply(-3).eval();
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyTypeOfIndex() {
        Array x = Ops.arange(3);
        return Stream.of(
                        DType.UINT8,
                        DType.UINT16,
                        DType.UINT32,
                        DType.UINT64,
                        DType.INT8,
                        DType.INT16,
                        DType.INT32,
                        DType.INT64)
                .map(dtype -> dynamicTest(dtype.toString(), () -> {
                    Array inside = Ops.array(new int[] {2, 0}).astype(dtype);
                    assertArrayEquals(new int[] {2, 0}, x.take(inside).toIntArray());
                    for (long outside : new long[] {3, -4, 200, Long.MIN_VALUE, Long.MAX_VALUE}) {
                        Array position = Ops.array(new long[] {outside}).astype(dtype);
                        long wrapped = position.astype(DType.INT64).toLongArray()[0];
                        if (dtype == DType.UINT64 || wrapped < -3 || wrapped >= 3) {
                            assertThrows(
                                    IndexOutOfBoundsException.class,
                                    () -> x.take(position).eval(),
                                    () -> dtype + " " + outside);
                            assertThrows(
                                    IndexOutOfBoundsException.class,
                                    () -> x.at(Index.take(position)).set(7).eval(),
                                    () -> dtype + " " + outside);
                        }
                    }
                }));
    }

    @Test
    void spansAreClipped() {
        Array x = Ops.arange(3);
        assertArrayEquals(new int[] {1, 2}, x.get(span(1, 1000)).toIntArray());
        assertArrayEquals(new int[] {0, 1, 2}, x.get(span(-1000, 1000)).toIntArray());
        assertArrayEquals(
                new int[] {2, 1, 0},
                x.get(span(Integer.MAX_VALUE, Integer.MIN_VALUE, -1)).toIntArray());
        assertArrayEquals(new int[] {}, x.get(from(3)).toIntArray());
        assertArrayEquals(new int[] {0, 1, 2}, x.get(to(Integer.MAX_VALUE)).toIntArray());
        assertArrayEquals(new int[] {0}, x.get(all().step(Integer.MAX_VALUE)).toIntArray());
        assertArrayEquals(
                new int[] {2}, x.get(all().step(Integer.MIN_VALUE + 1)).toIntArray());
        assertArrayEquals(new int[] {2}, x.get(all().step(Integer.MIN_VALUE)).toIntArray());
    }

    @Test
    void theErrorComesThroughEveryTransformation() {
        Array x = Ops.array(new float[] {1, 2, 3});
        Array bad = Ops.array(new int[] {5});
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> Transforms.grad((Array v) -> v.take(bad).sum()).apply(x).eval());
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> Transforms.compile((Array v) -> v.take(bad)).apply(x).eval());
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> Transforms.vmap((Array i) -> x.take(i))
                        .apply(Ops.array(new int[] {0, 5}))
                        .eval());
        assertArrayEquals(new float[] {1, 2, 3}, x.toFloatArray());
    }
}
