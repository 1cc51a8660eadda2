package org.lazuli.ops;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Quantization;
import org.lazuli.Quantized;
import org.lazuli.Shape;
import org.lazuli.graph.Region;
import org.lazuli.spi.Accelerated;

/// Matrix products with quantized matrices.
public final class QuantizedProducts {
    private static final String QQMM = "qqmm";

    private QuantizedProducts() {}

    public static Array matmul(Array x, Quantized w, boolean transpose) {
        String name = "quantizedMatmul";
        check(x, w, transpose, name);
        return Region.own(() -> {
            DType dtype = resultType(x, w);
            Array left = Elementwise.cast(x, dtype);
            return w.weight().ndim() == 2 ? rows(left, w, transpose) : product(left, w, transpose);
        });
    }

    /// All rows times one matrix, which a backend may have a kernel for.
    private static Array rows(Array x, Quantized w, boolean transpose) {
        Shape shape = x.shape();
        Array flat = Shapes.reshape(x, Shape.of(shape.slice(0, shape.rank() - 1).size(), shape.dim(-1)));
        List<Array> arguments = new ArrayList<>(List.of(flat, w.weight(), typed(w.scales(), x, w)));
        if (w.biases() != null) {
            arguments.add(typed(w.biases(), x, w));
        }
        Array product = Accelerations.offer(
                new Accelerated.QuantizedMatMul(w.how(), transpose),
                product(flat, w, transpose),
                arguments.toArray(new Array[0]));
        return Shapes.reshape(product, shape.with(-1, product.dim(-1)));
    }

    private static Array typed(Array x, Array like, Quantized w) {
        return w.how().hasBiases() ? Elementwise.cast(x, like.dtype()) : x;
    }

    private static Array product(Array x, Quantized w, boolean transpose) {
        Array matrix = Quantizing.values(w, x.dtype(), null);
        return Contractions.matmul(x, transpose ? Shapes.swapaxes(matrix, -1, -2) : matrix);
    }

    private static DType resultType(Array x, Quantized w) {
        return w.how().hasBiases() ? DType.promote(x.dtype(), w.scales().dtype()) : x.dtype();
    }

    private static void check(Array x, Quantized w, boolean transpose, String name) {
        Quantizing.check(w, name);
        if (!x.dtype().isFloating()) {
            throw new IllegalArgumentException(name + ": needs a floating point operand, got " + x.dtype());
        }
        Shape matrix = w.shape();
        int inner = transpose ? matrix.dim(-1) : matrix.dim(-2);
        if (x.ndim() == 0 || x.dim(-1) != inner) {
            throw new IllegalArgumentException(name + ": the last axis of shape " + x.shape() + " must have size "
                    + inner + " for a matrix of shape " + matrix + (transpose ? ", transposed" : "")
                    + ", which packed elements of shape " + w.weight().shape() + " are with "
                    + w.how().bits() + " bits in groups of " + w.how().groupSize());
        }
    }

    public static Array gather(Array x, Quantized w, @Nullable Array lhs, @Nullable Array rhs, boolean transpose) {
        String name = "gatherQmm";
        check(x, w, transpose, name);
        if (x.ndim() < 2) {
            throw new IllegalArgumentException(name + ": needs matrices on the left, got shape " + x.shape());
        }
        return Region.own(() -> {
            Array left = Elementwise.cast(x, resultType(x, w));
            Array chosen = picked(left, lhs, name);
            Quantized matrices = new Quantized(
                    picked(w.weight(), rhs, name),
                    picked(w.scales(), rhs, name),
                    w.biases() == null ? null : picked(w.biases(), rhs, name),
                    w.how());
            return product(chosen, matrices, transpose);
        });
    }

    /// The matrices with these numbers among all that the leading axes hold, counted in row-major order; all in their own shape without numbers.
    private static Array picked(Array x, @Nullable Array indices, String name) {
        if (indices == null) {
            return x;
        }
        if (!indices.dtype().isInteger()) {
            throw new IllegalArgumentException(name + ": indices are integers, got " + indices.dtype());
        }
        int batch = x.shape().slice(0, x.ndim() - 2).size();
        return Indexing.take(Shapes.reshape(x, Shape.of(batch, x.dim(-2), x.dim(-1))), indices, 0);
    }

    public static Array bothQuantized(Array x, Quantized w) {
        check(x, w, true, QQMM);
        checkFloating(w.how());
        return Region.own(() -> matmul(rounded(x, w.how()), w, true));
    }

    public static Array bothQuantized(Array x, Array w, Quantization how) {
        checkFloating(how);
        if (!x.dtype().isFloating() || !w.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    QQMM + ": needs floating point operands, got " + x.dtype() + " and " + w.dtype());
        }
        if (x.ndim() == 0 || w.ndim() < 2 || x.dim(-1) != w.dim(-1) || w.dim(-1) % how.groupSize() != 0) {
            throw new IllegalArgumentException(QQMM + ": the last axes of shapes " + x.shape() + " and " + w.shape()
                    + " must be equal, and a multiple of the group size " + how.groupSize());
        }
        return Region.own(() -> {
            DType dtype = DType.promote(x.dtype(), w.dtype());
            Array left = rounded(Elementwise.cast(x, dtype), how);
            Array right = rounded(Elementwise.cast(w, dtype), how);
            return Contractions.matmul(left, Shapes.swapaxes(right, -1, -2));
        });
    }

    private static void checkFloating(Quantization how) {
        if (how.hasBiases()) {
            throw new IllegalArgumentException(QQMM + ": rounds both operands to floating point: mode " + how.mode()
                    + " is not for it; use quantizedMatmul, or mode nvfp4, mxfp4 or mxfp8");
        }
    }

    /// What is left of the elements after quantization. Gradients pass as if nothing had been rounded.
    private static Array rounded(Array x, Quantization how) {
        Array matrix = x.ndim() == 1 ? Shapes.expandDims(x, 0) : x;
        Quantized quantized = Quantizing.quantize(matrix.stopGradient(), how, null);
        Array values = Quantizing.values(quantized, x.dtype(), null);
        return Shapes.reshape(values, x.shape()).add(x.sub(x.stopGradient()));
    }
}
