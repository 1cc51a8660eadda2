package org.lazuli.conformance.oddities;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.lazuli.conformance.oddities.Differences.numbers;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Linalg;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;
import org.lazuli.Transforms;

/// What the reference lacks: derivatives, vectorised forms and reads that it refuses.
class MissingTest {
    /// A matrix whose symmetric part is positive definite, from any.
    private static Array definite(Array x) {
        return x.matmul(x.swapaxes(-1, -2)).add(Ops.eye(x.dim(-1), x.dim(-1), 0, DType.FLOAT64));
    }

    /// Far enough from singular that its inverse is of the order of 1.
    private static Array regular(Array x) {
        return x.mul(0.2).add(Ops.eye(x.dim(-1), x.dim(-1), 0, DType.FLOAT64).mul(2));
    }

    @Test
    void linearSystemsHaveDerivatives() {
        Differences.check(in -> List.of(Linalg.inv(regular(in.get(0)))), numbers(2, 3, 3));
        Differences.check(in -> List.of(Linalg.solve(regular(in.get(0)), in.get(1))), numbers(3, 3), numbers(3, 2));
        Differences.check(in -> List.of(Linalg.cholesky(definite(in.get(0)))), numbers(3, 3));
        Differences.check(
                in -> {
                    Linalg.Lu lu = Linalg.lu(regular(in.get(0)));
                    return List.of(lu.l(), lu.u());
                },
                numbers(3, 3));
        Differences.check(
                in -> {
                    // Eigenvalues well apart, and what does not depend on the vectors' signs.
                    Array spread =
                            Ops.array(new double[] {0, 3, 7}, DType.FLOAT64).diag();
                    Linalg.Eig eig = Linalg.eigh(
                            in.get(0).add(in.get(0).transpose()).mul(0.2).add(spread));
                    return List.of(eig.values(), eig.vectors().square());
                },
                numbers(3, 3));
    }

    @Test
    void segmentedProductsHaveDerivatives() {
        Array segments = Ops.array(new int[][] {{0, 2}, {2, 5}, {1, 1}});
        Differences.check(in -> List.of(Ops.segmentedMm(in.get(0), in.get(1), segments)), numbers(2, 5), numbers(5, 3));
    }

    @Test
    void convolutionsAndSelectionsHaveForwardDerivatives() {
        Differences.check(
                in -> List.of(Ops.conv1d(in.get(0), in.get(1), 2, 1, 1, 1)), numbers(2, 5, 2), numbers(3, 3, 2));
        Array positions = Ops.array(new int[] {2, 0, 2});
        Differences.check(
                in -> List.of(in.get(0).at(Index.take(positions)).add(in.get(1))), numbers(3, 2), numbers(3, 2));
        Differences.check(
                in -> List.of(in.get(0).at(Index.take(positions)).mul(in.get(1))), numbers(3, 2), numbers(3, 2));
        Array which = Ops.array(new int[] {1, 0, 1});
        Differences.check(
                in -> List.of(Ops.gatherMm(in.get(0), in.get(1), null, which)), numbers(3, 2, 3), numbers(2, 3, 2));
        Differences.check(in -> List.of(in.get(0).cumprod(0)), numbers(4, 2));
        Differences.check(in -> List.of(in.get(0).cummax(0), in.get(0).cummin(1)), numbers(4, 3));
    }

    @Test
    void productsOfChosenQuantizedMatricesHaveForwardDerivatives() {
        Quantized w = Ops.quantize(
                numbers(2, 4, 32).astype(DType.FLOAT32),
                Quantization.AFFINE.withGroupSize(32).withBits(8));
        Array x = numbers(3, 1, 32).astype(DType.FLOAT32);
        Array tangent = numbers(3, 1, 32).mul(0.5).astype(DType.FLOAT32);
        Array which = Ops.array(new int[] {1, 0, 1});
        // The product is linear in x, so its derivative along a tangent is the product with the tangent.
        Array derivative = Transforms.jvp((Array v) -> Ops.gatherQmm(v, w, null, which, true), x, tangent)
                .grad();
        assertArrayEquals(
                Ops.gatherQmm(tangent, w, null, which, true).toFloatArray(), derivative.toFloatArray(), 1e-5f);
    }

    @Test
    void decompositionsAndSmallFloatsAreVectorised() {
        Array[] matrices = {numbers(3, 4, 2)};
        Differences.checkLoop(in -> List.of(Linalg.qr(in.get(0)).q()), matrices, 0);
        Differences.checkLoop(in -> List.of(Linalg.qr(in.get(0)).r()), matrices, 0);
        Array[] square = {numbers(3, 3, 3)};
        Differences.checkLoop(in -> List.of(Linalg.lu(in.get(0)).u()), square, 0);
        Differences.checkLoop(in -> List.of(Linalg.lu(in.get(0)).p()), square, 2);
        Array[] floats = {numbers(3, 4).astype(DType.FLOAT32)};
        Differences.checkLoop(in -> List.of(Ops.toFp8(in.get(0))), floats, 0);
        Differences.checkLoop(in -> List.of(Ops.fromFp8(Ops.toFp8(in.get(0)), DType.FLOAT32)), floats, 1);
    }

    @Test
    void masksAreReadAndWrongPositionsRefused() {
        Array x = Ops.array(new float[] {1, -2, 3});
        assertArrayEquals(new float[] {1, 3}, x.get(x.gt(0)).toFloatArray());
        assertEquals(2, x.gt(0).nonzero().get(0).size());
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> x.take(Ops.array(new int[] {3})).eval());
    }
}
