package org.lazuli.conformance.indexing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.lazuli.Index.all;
import static org.lazuli.Index.at;
import static org.lazuli.Index.where;
import static org.lazuli.Transforms.compile;
import static org.lazuli.Transforms.grad;
import static org.lazuli.Transforms.vmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;
import org.lazuli.function.Unary;

/// What a mask selects: shapes that depend on values.
class MaskTest {
    @Test
    void aMaskReadsWhereItHolds() {
        Array x = Ops.array(new float[][] {{1, -2, 3}, {-4, 5, -6}});
        assertArrayEquals(new float[] {1, 3, 5}, x.get(x.gt(0)).toFloatArray());
        assertArrayEquals(
                new float[][] {{-4, 5, -6}},
                x.get(Ops.array(new boolean[] {false, true})).toArray(float[][].class));
        assertArrayEquals(
                new float[][] {{1, 3}, {-4, -6}},
                x.get(all(), where(Ops.array(new boolean[] {true, false, true})))
                        .toArray(float[][].class));
        assertArrayEquals(
                new float[] {5},
                x.get(at(1), where(Ops.array(new boolean[] {false, true, false})))
                        .toFloatArray());
    }

    @Test
    void nothingAndEverythingAreSelected() {
        Array x = Ops.arange(6).reshape(2, 3);
        assertEquals(Shape.of(0), x.get(x.lt(0)).eval().shape());
        assertEquals(Shape.of(0, 3), x.get(Ops.zeros(Shape.of(2), DType.BOOL)).eval().shape());
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, x.get(x.ge(0)).toIntArray());
        Array none = Ops.zeros(0, 3);
        assertEquals(Shape.of(0), none.get(none.gt(0)).eval().shape());
    }

    @Test
    void nonzeroIsALoopOverAllElements() {
        Random random = new Random(5);
        for (int[] dims : new int[][] {{7}, {3, 4}, {2, 3, 2}, {0}, {2, 0, 3}, {1, 1}}) {
            Shape shape = Shape.of(dims);
            float[] values = new float[shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextBoolean() ? 0 : i - 2.5f;
            }
            List<Integer> hits = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                if (values[i] != 0) {
                    hits.add(i);
                }
            }
            Array x = Ops.array(values).reshape(shape);
            List<Array> found = x.nonzero();
            assertEquals(shape.rank(), found.size());
            int stride = shape.size();
            for (int axis = 0; axis < shape.rank(); axis++) {
                stride = shape.dim(axis) == 0 ? 0 : stride / shape.dim(axis);
                int by = stride;
                int size = shape.dim(axis);
                assertArrayEquals(
                        hits.stream().mapToInt(hit -> hit / by % size).toArray(),
                        found.get(axis).toIntArray());
            }
            assertEquals(hits.size(), x.countNonzero().itemLong());
            assertEquals(found.size(), Ops.where(x).size());
        }
    }

    @Test
    void theGradientGoesWhereTheValuesCameFrom() {
        Array x = Ops.array(new float[] {-1, 2, -3, 4});
        Unary loss = v -> v.get(v.gt(0)).square().sum();
        assertArrayEquals(new float[] {0, 4, 0, 8}, grad(loss).apply(x).toFloatArray());
    }

    @Test
    void aMaskFromOutsideIsKnownInEveryTransformation() {
        Array mask = Ops.array(new boolean[] {true, false, true});
        Array x = Ops.arange(6).reshape(2, 3);
        assertArrayEquals(
                new int[][] {{0, 2}, {3, 5}}, vmap((Array row) -> row.get(mask)).apply(x).toArray(int[][].class));
        Unary compiled = compile((Array row) -> row.get(mask).add(1));
        assertArrayEquals(new int[] {1, 3}, compiled.apply(x.get(at(0))).toIntArray());
        assertArrayEquals(new int[] {4, 6}, compiled.apply(x.get(at(1))).toIntArray());
    }

    @Test
    void aMaskFromTheArgumentsHasNoPositionsWhileTheFunctionIsTraced() {
        Array x = Ops.array(new float[][] {{-1, 2}, {3, 4}});
        Unary positive = v -> v.get(v.gt(0)).sum();
        Refused.with(IllegalStateException.class, () -> vmap(positive).apply(x), "index", "vmap", "where(condition, x, y)");
        Refused.with(IllegalStateException.class, () -> compile(positive).apply(x), "index", "compile", "(2,2)");
        Unary counted = v -> v.nonzero().get(0);
        Refused.with(IllegalStateException.class, () -> compile(counted).apply(x), "nonzero", "compile");
        Unary update = v -> v.at(v.gt(0)).set(0);
        assertArrayEquals(new float[] {-1, 0, 0, 0}, compile(update).apply(x).toFloatArray());
        assertArrayEquals(new float[] {-1, 0, 0, 0}, vmap(update).apply(x).toFloatArray());
    }

    @Test
    void tooFewUpdatesAreRefused() {
        Array x = Ops.zeros(4);
        Array three = Ops.array(new boolean[] {true, true, false, true});
        assertArrayEquals(new float[] {1, 2, 0, 3}, x.at(three).set(Ops.array(new float[] {1, 2, 3})).toFloatArray());
        Array few = x.at(three).set(Ops.array(new float[] {1, 2}));
        Refused.with(IndexOutOfBoundsException.class, few::eval, "2");
        Refused.with(IllegalArgumentException.class, () -> x.at(three).set(Ops.zeros(0)), "at", "3 elements", "(4)");
    }

    @Test
    void aMaskThatDoesNotFitIsRefused() {
        Array x = Ops.zeros(2, 3);
        Array three = Ops.array(new boolean[] {true, false, true});
        Refused.with(IllegalArgumentException.class, () -> x.get(three), "index", "(3)", "(2,3)");
        Refused.with(IllegalArgumentException.class, () -> x.at(three).set(1), "at", "(3)", "(2,3)");
        Refused.with(
                IllegalArgumentException.class, () -> x.get(where(Ops.array(new int[] {1, 0}))), "bool", "int32", "take");
        Refused.with(IndexOutOfBoundsException.class, () -> x.get(at(0), where(x.gt(0))), "3 axes", "(2,3)");
        Refused.with(IllegalArgumentException.class, () -> Ops.array(true).nonzero(), "nonzero", "scalar");
    }
}
