package org.lazuli.transforms;

import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.FourierOp;

/// The gradients of Fourier transforms: their adjoints, which are Fourier transforms again.
final class FourierGradients {
    private FourierGradients() {}

    static Array vjp(Primitive.FourierTransform transform, Array ct) {
        return switch (transform.op()) {
            case FORWARD -> with(transform, FourierOp.INVERSE, ct);
            case INVERSE -> with(transform, FourierOp.FORWARD, ct);
            // The inverse of a spectrum counts every element twice that stands for its conjugate too; here it counts
            // once, and there twice.
            case REAL -> with(transform, FourierOp.HERMITIAN, ct.mul(weights(transform, ct, 0.5)));
            case HERMITIAN -> {
                Array spectrum = with(transform, FourierOp.REAL, ct);
                yield spectrum.mul(weights(transform, spectrum, 2));
            }
        };
    }

    private static Array with(Primitive.FourierTransform transform, FourierOp op, Array ct) {
        return Graph.apply(
                new Primitive.FourierTransform(op, transform.axis(), transform.length(), transform.scale()), ct);
    }

    /// 1 for the elements of half a spectrum that are their own conjugates, the first and the one at half the length; `weight` for the others.
    private static Array weights(Primitive.FourierTransform transform, Array spectrum, double weight) {
        int[] along = Ints.fill(spectrum.ndim(), 1).toArray();
        along[transform.axis()] = -1;
        Array twice = Ops.arange(spectrum.dim(transform.axis())).reshape(along).mul(2);
        Array own = twice.eq(0).logicalOr(twice.eq(transform.length()));
        return Ops.where(own, 1.0, weight).astype(DType.FLOAT32);
    }
}
