package org.lazuli.conformance.input;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;

/// What does not fit is refused where it is called, by an error that names the operation, the shapes and what to do.
class BadInputTest {
    private static final Array X = Ops.zeros(2, 3);

    private static void argument(Executable action, String... parts) {
        Refused.with(IllegalArgumentException.class, action, parts);
    }

    private static void bounds(Executable action, String... parts) {
        Refused.with(IndexOutOfBoundsException.class, action, parts);
    }

    private static void state(Executable action, String... parts) {
        Refused.with(IllegalStateException.class, action, parts);
    }

    @Test
    void shapesThatDoNotFit() {
        argument(() -> X.add(Ops.zeros(2, 4)), "add: ", "(2,3)", "(2,4)", "3 != 4");
        argument(() -> X.matmul(X), "matmul: ", "(2,3) x (2,3)", "3 != 2");
        argument(() -> X.matmul(Ops.array(1.0)), "matmul: ", "()", "mul");
        argument(() -> X.reshape(4, 2), "reshape: ", "(2,3)", "6", "8");
        argument(() -> X.reshape(-1, -1), "reshape: ", "-1");
        argument(() -> X.broadcastTo(2, 4), "broadcastTo", "(2,3)", "(2,4)");
        argument(() -> X.squeeze(0), "squeeze: ", "(2,3)", "size 2");
        argument(() -> Ops.concatenate(List.of(X, Ops.zeros(2, 4))), "concatenate: ", "(2,3)", "(2,4)");
        argument(() -> Ops.concatenate(List.of()), "concatenate: ", "at least one");
        argument(() -> Ops.stack(List.of(X, Ops.zeros(3, 2))), "stack: ", "(2,3)", "(3,2)");
        argument(() -> X.split(2, 1), "split: ", "(2,3)", "2 equal parts");
        argument(() -> Ops.conv2d(X, X, 1, 0), "conv2d: ", "(2,3)", "spatial");
        argument(() -> Ops.conv2d(Ops.zeros(1, 4, 4, 3), Ops.zeros(2, 3, 3, 2), 1, 0), "conv2d: ", "channels");
        argument(() -> Ops.pad(X, new int[][] {{1, 1}}), "pad: ", "(2,3)");
        argument(() -> X.at(Index.at(0)).set(Ops.zeros(4)), "(4)", "(3)");
    }

    @Test
    void axesAndPositionsThatAreNotThere() {
        bounds(() -> X.sum(2), "sum: ", "axis 2", "(2,3)");
        bounds(() -> X.softmax(-3), "softmax: ", "axis -3", "(2,3)");
        argument(() -> X.sum(0, -2), "sum: ", "twice", "(2,3)");
        argument(() -> X.transpose(0, 0), "transpose: ", "twice");
        argument(() -> X.transpose(0), "transpose: ", "(2,3)");
        bounds(() -> X.get(Index.at(5)), "position 5", "(2,3)", "size 2");
        bounds(() -> X.get(Index.at(0), Index.at(0), Index.at(0)), "3 axes", "(2,3)");
        argument(() -> Index.span(0, 3, 0), "step");
        bounds(() -> X.take(Ops.array(new int[] {7}), 1).eval(), "7");
        bounds(() -> X.expandDims(5), "expandDims: ", "axis 5", "(2,3)");
    }

    @Test
    void dtypesThatDoNotFit() {
        Array ints = Ops.array(new int[] {1, 2});
        argument(() -> ints.matmul(ints), "matmul: ", "int32", "astype");
        argument(() -> X.bitwiseAnd(X), "bitwiseAnd: ", "float32", "astype");
        argument(() -> Ops.array(true).neg(), "neg: ", "logicalNot");
        argument(() -> X.take(X, 0), "take: ", "integers", "float32");
        argument(() -> ints.astype(DType.UINT8).add(300), "300", "uint8");
        argument(() -> Ops.array(new double[] {1}, DType.FLOAT64).toFloatArray(), "float64", "astype");
        argument(() -> X.item(), "item: ", "(2,3)", "toArray");
        argument(() -> X.toArray(float[].class), "(2,3)", "2");
        argument(() -> Random.uniform(Shape.of(2), ints), "key", "uint32", "int32");
    }

    @Test
    void valuesThatMakeNoArray() {
        argument(() -> Ops.array(new float[][] {{1, 2}, {3}}), "array: ragged", "2", "1");
        argument(() -> Ops.array(List.of(List.of(1), 2)), "array: ragged");
        argument(() -> Ops.array("text"), "array: ", "java.lang.String");
        argument(() -> Ops.array(MemorySegment.ofArray(new byte[3]), DType.FLOAT32, Shape.of(1)), "array: ", "4", "3");
        argument(() -> Shape.of(2, -1), "(2,-1)", "negative");
        argument(() -> Ops.arange(0, 3, 0), "arange: ", "step");
        argument(() -> X.clip(null, null), "clip: ", "bound");
        argument(() -> Ops.zeros(0).max(), "max: ", "(0)", "size 0");
        argument(() -> Ops.zeros(2, 0).argmax(1), "argmax: ", "(2,0)");
    }

    @Test
    void valuesAskedForWhileAFunctionIsTraced() {
        state(() -> Transforms.compile((Array x) -> x.add(x.sum().item())).apply(X), "compile", "where(");
        state(
                () -> Transforms.vmap((Array x) -> x.sum().item() > 0 ? x : x.neg())
                        .apply(X),
                "vmap",
                "where(");
        state(() -> Transforms.vmap((Array x) -> x.eval()).apply(X), "vmap");
    }

    @Test
    void transformationsOfWhatDoesNotFit() {
        argument(() -> Transforms.grad((Array x) -> x.mul(2)).apply(X), "grad: ", "scalar", "(2,3)", "sum()");
        argument(() -> Transforms.grad((Array x) -> x.sum(), 1).apply(X), "grad: ", "argument 1");
        argument(() -> Transforms.vjp((Array x) -> x, X, Ops.zeros(3)), "vjp: ", "(2,3)", "(3)");
        argument(() -> Transforms.jvp((Array x) -> x, X, Ops.zeros(3)), "jvp: ", "(2,3)", "(3)");
        argument(
                () -> Transforms.vmap((Array x, Array y) -> x.add(y)).apply(X, Ops.zeros(4)),
                "vmap: ",
                "(4)",
                "4 elements",
                "2");
        bounds(() -> Transforms.vmap((Array x) -> x, 3, 0).apply(X), "vmap: ", "axis 3", "(2,3)");
        argument(() -> Transforms.vmapList(in -> in, new int[] {0, 0}).apply(List.of(X)), "vmap: ", "1 arguments", "2");
        argument(
                () -> Transforms.vmapList(in -> in, new int[] {Transforms.NOT_MAPPED})
                        .apply(List.of(X)),
                "vmap: ",
                "at least one");
        argument(() -> X.sum(Axes.of(0, 0)), "sum: ", "twice");
    }
}
