package org.lazuli.graph;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// The types and shapes of what linear algebra gives.
final class MatrixShapes {
    private MatrixShapes() {}

    static List<TensorSpec> infer(Primitive.Several primitive, List<TensorSpec> in) {
        TensorSpec x = matrices(primitive, in);
        Shape batch = x.shape().slice(0, x.shape().rank() - 2);
        int m = x.shape().dim(-2);
        int n = x.shape().dim(-1);
        int k = Math.min(m, n);
        DType real = x.dtype().isComplex() ? DType.FLOAT32 : x.dtype();
        return switch (primitive) {
            case Primitive.Qr() -> List.of(matrix(x.dtype(), batch, m, k), matrix(x.dtype(), batch, k, n));
            case Primitive.Svd(var vectors) -> {
                TensorSpec values = vector(real, batch, k);
                yield switch (vectors) {
                    case NONE -> List.of(values);
                    case THIN -> List.of(matrix(x.dtype(), batch, m, k), values, matrix(x.dtype(), batch, k, n));
                    case FULL -> List.of(matrix(x.dtype(), batch, m, m), values, matrix(x.dtype(), batch, n, n));
                };
            }
            case Primitive.Eigh(boolean vectors, boolean _) -> {
                square(primitive, in);
                yield vectors ? List.of(vector(real, batch, n), x) : List.of(vector(real, batch, n));
            }
            case Primitive.Eig(boolean vectors) -> {
                square(primitive, in);
                TensorSpec values = vector(DType.COMPLEX64, batch, n);
                yield vectors ? List.of(values, matrix(DType.COMPLEX64, batch, n, n)) : List.of(values);
            }
            case Primitive.Lu() -> List.of(x, vector(DType.UINT32, batch, k), vector(DType.UINT32, batch, m));
        };
    }

    private static TensorSpec matrix(DType dtype, Shape batch, int rows, int columns) {
        return new TensorSpec(dtype, batch.concat(Shape.of(rows, columns)));
    }

    private static TensorSpec vector(DType dtype, Shape batch, int length) {
        return new TensorSpec(dtype, batch.concat(Shape.of(length)));
    }

    /// The only operand, which must hold matrices.
    private static TensorSpec matrices(Primitive primitive, List<TensorSpec> in) {
        ShapeRules.check(in.size() == 1 && isMatrices(in.get(0)), primitive, in);
        return in.get(0);
    }

    /// The only operand, which must hold square matrices.
    static TensorSpec square(Primitive primitive, List<TensorSpec> in) {
        TensorSpec x = matrices(primitive, in);
        ShapeRules.check(x.shape().dim(-1) == x.shape().dim(-2), primitive, in);
        return x;
    }

    /// The right-hand side, which must fit the square matrices before it.
    static TensorSpec solve(Primitive primitive, List<TensorSpec> in) {
        ShapeRules.check(in.size() == 2 && isMatrices(in.get(0)) && isMatrices(in.get(1)), primitive, in);
        Shape a = in.get(0).shape();
        Shape b = in.get(1).shape();
        ShapeRules.check(
                in.get(0).dtype() == in.get(1).dtype()
                        && a.dim(-1) == a.dim(-2)
                        && b.equals(a.with(-1, b.dim(-1))),
                primitive,
                in);
        return in.get(1);
    }

    private static boolean isMatrices(TensorSpec x) {
        boolean defined = x.dtype() == DType.FLOAT32 || x.dtype() == DType.FLOAT64 || x.dtype().isComplex();
        return defined && x.shape().rank() >= 2;
    }
}
