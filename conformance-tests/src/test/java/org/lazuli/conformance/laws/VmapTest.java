package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.lazuli.Transforms.NOT_MAPPED;
import static org.lazuli.Transforms.checkpoint;
import static org.lazuli.Transforms.checkpointList;
import static org.lazuli.Transforms.customFunction;
import static org.lazuli.Transforms.grad;
import static org.lazuli.Transforms.jvp;
import static org.lazuli.Transforms.vmap;
import static org.lazuli.Transforms.vmapList;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;
import org.lazuli.function.Binary;
import org.lazuli.function.CustomFunction;
import org.lazuli.function.Nary;
import org.lazuli.function.Unary;

/// What `vmap` does beyond looping: results that do not depend on the batch, empty batches, functions with rules of their own, checkpoints, random numbers.
class VmapTest {
    private static final Array BATCH = Ops.array(new double[][] {{1, 2, 3}, {4, 5, 6}}, DType.FLOAT64);

    @Test
    void aResultThatDoesNotDependOnTheBatchIsRepeatedOrLeftAlone() {
        Nary function = in -> List.of(in.get(0).sum(), in.get(1).mul(2));
        Array shared = Ops.array(new double[] {7, 8}, DType.FLOAT64);
        List<Array> repeated =
                vmapList(function, new int[] {0, NOT_MAPPED}, 0, 1).apply(List.of(BATCH, shared));
        assertArrayEquals(new double[] {6, 15}, repeated.get(0).toDoubleArray());
        assertEquals(Shape.of(2, 2), repeated.get(1).shape());
        assertArrayEquals(new double[] {14, 14, 16, 16}, repeated.get(1).toDoubleArray());
        List<Array> alone =
                vmapList(function, new int[] {0, NOT_MAPPED}, 0, NOT_MAPPED).apply(List.of(BATCH, shared));
        assertArrayEquals(new double[] {14, 16}, alone.get(1).toDoubleArray());
    }

    @Test
    void aResultThatDependsOnTheBatchNeedsAnAxis() {
        Nary mapped = vmapList(in -> List.of(in.get(0).sum()), new int[] {0}, NOT_MAPPED);
        Refused.with(IllegalArgumentException.class, () -> mapped.apply(List.of(BATCH)), "vmap: ", "out axis", "()");
    }

    @Test
    void anEmptyBatchGivesEmptyResults() {
        Array none = Ops.zeros(Shape.of(0, 3), DType.FLOAT64);
        assertEquals(Shape.of(0), vmap((Array x) -> x.sum()).apply(none).shape());
        assertEquals(
                Shape.of(3, 0), vmap((Array x) -> x.sin(), 0, 1).apply(none).shape());
        assertEquals(
                Shape.of(0, 3),
                vmap(grad((Array x) -> x.square().sum())).apply(none).shape());
        assertEquals(0, vmap((Array x) -> x.sum()).apply(none).toDoubleArray().length);
    }

    @Test
    void perSampleGradientsOfALossOfModelAndData() {
        Binary loss = (w, x) -> x.matmul(w).square().sum();
        Array w = Ops.array(new double[] {0.5, -1, 2}, DType.FLOAT64);
        Array each = vmap(grad(loss), NOT_MAPPED, 0, 0).apply(w, BATCH);
        for (int i = 0; i < 2; i++) {
            Array one = grad(loss).apply(w, BATCH.get(Index.at(i)));
            assertArrayEquals(one.toDoubleArray(), each.get(Index.at(i)).toDoubleArray(), 1e-13);
        }
    }

    @Test
    void jvpThroughVmapIsVmapOfJvp() {
        Unary function = x -> x.sin().mul(x.sum());
        Array direction = BATCH.cos();
        Array through = jvp(vmap(function), BATCH, direction).grad();
        Array of = vmap((Array x, Array t) -> jvp(function, x, t).grad()).apply(BATCH, direction);
        assertArrayEquals(of.toDoubleArray(), through.toDoubleArray(), 1e-13);
    }

    // ------------------------------------------------------------------------------------- rules of their own

    @Test
    void aFunctionsGradientIsMappedWithIt() {
        // A gradient that is not the derivative shows whether it is the one that is used.
        CustomFunction function = customFunction(in -> List.of(in.get(0).mul(in.get(1))))
                .withVjp((primals, cotangents, outputs) -> List.of(
                        cotangents.get(0).mul(10),
                        cotangents.get(0).mul(primals.get(0)).mul(100)));
        Array shared = Ops.array(new double[] {2, 3, 4}, DType.FLOAT64);
        Binary loss = (x, y) -> function.apply(List.of(x, y)).get(0).sum();
        assertArrayEquals(
                new double[] {10, 10, 10, 10, 10, 10},
                vmap(grad(loss, 0), 0, NOT_MAPPED, 0).apply(BATCH, shared).toDoubleArray());
        Array mapped = grad((Array y) ->
                        vmap(loss, 0, NOT_MAPPED, 0).apply(BATCH, y).sum())
                .apply(shared);
        assertArrayEquals(new double[] {500, 700, 900}, mapped.toDoubleArray());
    }

    @Test
    void aFunctionsForwardDerivativeIsMappedWithIt() {
        CustomFunction function = customFunction(in -> List.of(in.get(0).square()))
                .withJvp((primals, tangents) ->
                        List.of(tangents.get(0).mul(primals.get(0)).mul(7)));
        Unary one = x -> function.apply(List.of(x)).get(0);
        Array through = jvp(vmap(one), BATCH, Ops.onesLike(BATCH)).grad();
        assertArrayEquals(new double[] {7, 14, 21, 28, 35, 42}, through.toDoubleArray());
    }

    @Test
    void aFunctionsOwnBatchingIsUsed() {
        List<int[]> seen = new ArrayList<>();
        CustomFunction function = customFunction(in -> List.of(in.get(0).add(in.get(1)), in.get(1)))
                .withVmap((inputs, axes) -> {
                    seen.add(axes.clone());
                    // The batch is put last, which the caller must not notice.
                    Array sum = inputs.get(0).add(inputs.get(1)).transpose(1, 0);
                    return new CustomFunction.Batched(List.of(sum, inputs.get(1)), 1, NOT_MAPPED);
                });
        Array shared = Ops.array(new double[] {10, 20, 30}, DType.FLOAT64);
        List<Array> results = vmapList(function, new int[] {0, NOT_MAPPED}).apply(List.of(BATCH, shared));
        assertArrayEquals(new int[] {0, NOT_MAPPED}, seen.get(0));
        assertArrayEquals(BATCH.add(shared).toDoubleArray(), results.get(0).toDoubleArray());
        assertEquals(BATCH.shape(), results.get(1).shape());
    }

    @Test
    void aCheckpointIsMappedAndDifferentiatedInEitherOrder() {
        Unary function = x -> x.sin().exp().mul(x).sum();
        Unary again = checkpoint(function);
        double[] expected = vmap(grad(function)).apply(BATCH).toDoubleArray();
        assertArrayEquals(expected, vmap(grad(again)).apply(BATCH).toDoubleArray(), 1e-13);
        Unary total = batch -> vmap(again).apply(batch).sum();
        assertArrayEquals(expected, grad(total).apply(BATCH).toDoubleArray(), 1e-13);
        Unary outside = checkpoint((Array batch) -> vmap(function).apply(batch).sum());
        assertArrayEquals(expected, grad(outside).apply(BATCH).toDoubleArray(), 1e-13);
    }

    @Test
    void whatACheckpointTakesFromOutsideIsMappedToo() {
        Unary function = x -> {
            Array outside = x.square();
            return checkpointList(in -> List.of(in.get(0).mul(outside).sum()))
                    .apply(List.of(x))
                    .get(0);
        };
        Array gradient = vmap(grad(function)).apply(BATCH);
        assertArrayEquals(BATCH.square().mul(3).toDoubleArray(), gradient.toDoubleArray(), 1e-12);
    }

    // ------------------------------------------------------------------------------------------ random numbers

    @Test
    void keysGiveTheirNumbersInABatchToo() {
        Array keys = Random.split(Random.key(3), 4);
        Unary draw = key -> Random.normal(Shape.of(5), key);
        Array mapped = vmap(draw).apply(keys);
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(
                    draw.apply(keys.get(Index.at(i))).toFloatArray(),
                    mapped.get(Index.at(i)).toFloatArray());
        }
    }
}
