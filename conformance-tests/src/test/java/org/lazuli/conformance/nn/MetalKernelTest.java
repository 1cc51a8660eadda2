package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.lazuli.Transforms.compile;
import static org.lazuli.Transforms.grad;
import static org.lazuli.Transforms.vmap;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Fast;
import org.lazuli.MetalKernel;
import org.lazuli.MetalKernel.Call;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;
import org.lazuli.function.Unary;

/// Kernels that a user has written for Metal, on a backend that is not Metal: what Java computes, and what is refused.
class MetalKernelTest {
    private static final MetalKernel EXP = Fast.metalKernel(
            "myexp",
            List.of("x"),
            List.of("y", "count"),
            "uint i = thread_position_in_grid.x; y[i] = metal::exp(x[i]); count[i] = 1;",
            (in, call) -> List.of(
                    in.get(0).exp(),
                    Ops.full(call.outputShapes().get(1), 1, call.outputDtypes().get(1))));

    private static Call callOf(Array x) {
        return Call.grid(Math.max(1, x.size()), 1, 1)
                .output(x.shape(), x.dtype())
                .output(x.shape(), DType.INT32);
    }

    private static final Unary FUNCTION = x -> EXP.apply(List.of(x), callOf(x)).get(0);

    private static Array range(int... shape) {
        return Ops.arange(Shape.of(shape).size()).astype(DType.FLOAT32).reshape(shape);
    }

    @Test
    void theFallbackComputes() {
        Array x = range(2, 3);
        List<Array> results = EXP.apply(List.of(x), callOf(x));
        assertArrayEquals(x.exp().toFloatArray(), results.get(0).toFloatArray());
        assertEquals(6, results.get(1).sum().itemLong());
    }

    @Test
    void theFallbackIsTransformed() {
        Array x = range(3);
        assertArrayEquals(
                x.exp().toFloatArray(),
                grad(in -> FUNCTION.apply(in).sum()).apply(x).toFloatArray());
        assertArrayEquals(
                range(2, 3).exp().toFloatArray(),
                vmap(FUNCTION).apply(range(2, 3)).toFloatArray());
        Unary compiled = compile(grad(in -> FUNCTION.apply(in).square().sum()));
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(
                    x.exp().square().mul(2).toFloatArray(), compiled.apply(x).toFloatArray(), 1e-4f);
        }
    }

    @Test
    void wrongNamesAreRefused() {
        MetalKernel.Fallback none = (in, call) -> in;
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.metalKernel("my exp", List.of("x"), List.of("y"), "", none),
                "'my exp' is no identifier");
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.metalKernel("f", List.of("x"), List.of("x"), "", none),
                "two arguments that are called 'x'");
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.metalKernel("f", List.of("x"), List.of(), "", none),
                "f has no output");
    }

    @Test
    void wrongCallsAreRefused() {
        Array x = range(3);
        Refused.with(
                IllegalArgumentException.class,
                () -> EXP.apply(List.of(x, x), callOf(x)),
                "has the inputs [x], called with 2");
        Refused.with(
                IllegalArgumentException.class,
                () -> EXP.apply(List.of(x), Call.grid(3, 1, 1).output(x.shape(), x.dtype())),
                "has the outputs [y, count], the call says shapes for 1");
        Refused.with(
                IllegalArgumentException.class,
                () -> EXP.apply(List.of(x), callOf(x).threadgroup(0, 1, 1)),
                "needs at least one thread");
        Refused.with(
                IllegalArgumentException.class,
                () -> EXP.apply(List.of(x), callOf(x).threadgroup(1024, 2, 1)),
                "2048 threads, more than 1024");
        Refused.with(
                IllegalArgumentException.class,
                () -> EXP.apply(List.of(x), callOf(x).template("a b", 1)),
                "'a b' is no identifier");
        Refused.with(
                IllegalArgumentException.class,
                () -> EXP.apply(
                        List.of(x),
                        Call.grid(3, 1, 1).output(Shape.of(4), x.dtype()).output(x.shape(), DType.INT32)),
                "the fallback of myexp gives [float32(3), int32(3)], the call says [float32(4), int32(3)]");
    }
}
