package org.lazuli.conformance.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Linalg;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Unary;
import org.lazuli.nn.init.Initializers;

/// Linear algebra at its edges: no rows, one row, batches, matrices without a result, and calls that are refused.
class LinalgTest {
    private static final Array SINGULAR = Ops.array(new float[][] {{1, 2}, {2, 4}});

    private static double largest(Array x) {
        return x.size() == 0 ? 0 : x.abs().max().item();
    }

    private static void assertNear(Array expected, Array got, double allowed) {
        assertEquals(expected.shape(), got.shape());
        assertTrue(largest(expected.sub(got)) <= allowed, () -> got + " instead of " + expected);
    }

    private static Array normal(int... dims) {
        return Random.normal(Shape.of(dims), Random.key(Arrays.hashCode(dims)));
    }

    private static Array adjoint(Array x) {
        return x.conj().swapaxes(-1, -2);
    }

    // ------------------------------------------------------------------------------------------------ sizes

    @Test
    void matricesWithoutRows() {
        Array none = Ops.zeros(0, 0);
        assertEquals(Shape.of(0, 0), Linalg.inv(none).eval().shape());
        assertEquals(Shape.of(0, 0), Linalg.cholesky(none).eval().shape());
        assertEquals(Shape.of(0), Linalg.eigvalsh(none).eval().shape());
        assertEquals(Shape.of(0), Linalg.eigvals(none).eval().shape());
        assertEquals(1, Linalg.det(none).item());
        assertEquals(0, Linalg.slogdet(none).logabsdet().item());
        assertEquals(Shape.of(0, 2), Linalg.solve(none, Ops.zeros(0, 2)).eval().shape());
        assertEquals(Shape.of(2, 0), Linalg.pinv(Ops.zeros(0, 2)).eval().shape());
    }

    @Test
    void emptyMatricesHaveFullOrthogonalFactors() {
        Linalg.Svd svd = Linalg.svd(Ops.zeros(3, 0));
        assertNear(Ops.eye(3), svd.u(), 0);
        assertEquals(Shape.of(0), svd.s().eval().shape());
        assertEquals(Shape.of(0, 0), svd.vt().eval().shape());
        Linalg.Qr qr = Linalg.qr(Ops.zeros(0, 3));
        assertEquals(Shape.of(0, 0), qr.q().eval().shape());
        assertEquals(Shape.of(0, 3), qr.r().eval().shape());
    }

    @Test
    void anEmptyBatch() {
        assertEquals(Shape.of(0, 3, 3), Linalg.inv(Ops.zeros(0, 3, 3)).eval().shape());
        assertEquals(Shape.of(0, 2), Linalg.svdvals(Ops.zeros(0, 2, 3)).eval().shape());
    }

    @Test
    void oneElement() {
        Array x = Ops.array(new float[][] {{-4}});
        assertEquals(-0.25f, Linalg.inv(x).item());
        assertEquals(4f, Linalg.svdvals(x).item());
        assertEquals(-4f, Linalg.eigvalsh(x).item());
        assertEquals(-4f, Linalg.det(x).item());
        assertEquals(-4f, Linalg.qr(x).r().item());
        assertEquals(1f, Linalg.qr(x).q().item());
        assertEquals(-1f, Linalg.slogdet(x).sign().item());
    }

    @Test
    void aBatchIsItsMatrices() {
        Array x = normal(2, 3, 4, 4);
        Array inverse = Linalg.inv(x);
        Array values = Linalg.svd(x).s();
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                Array one = x.get(Index.at(i), Index.at(j));
                assertNear(Linalg.inv(one), inverse.get(Index.at(i), Index.at(j)), 0);
                assertNear(Linalg.svd(one).s(), values.get(Index.at(i), Index.at(j)), 0);
            }
        }
    }

    @Test
    void largerMatrices() {
        Array x = normal(90, 70);
        Linalg.Svd svd = Linalg.svd(x);
        Array thin = svd.u().get(Index.rest(), Index.to(70)).mul(svd.s()).matmul(svd.vt());
        assertNear(x, thin, 1e-4);
        assertNear(Ops.eye(90), svd.u().matmul(svd.u().swapaxes(0, 1)), 1e-5);
        Array square = normal(60, 60);
        assertNear(Ops.eye(60), Linalg.inv(square).matmul(square), 1e-3);
        Array symmetric = square.add(square.swapaxes(0, 1));
        Linalg.Eig eig = Linalg.eigh(symmetric);
        assertNear(symmetric.matmul(eig.vectors()), eig.vectors().mul(eig.values()), 1e-4);
        assertNear(Linalg.eigvalsh(symmetric), Linalg.eigvals(symmetric).real().sort(), 1e-4);
    }

    @Test
    void complexMatrices() {
        Array x = normal(4, 4, 2).view(DType.COMPLEX64).squeeze(-1);
        Array inverse = Linalg.inv(x);
        assertNear(Ops.eye(4).astype(DType.COMPLEX64), x.matmul(inverse), 1e-5);
        Array hermitian = x.matmul(adjoint(x)).add(Ops.eye(4).astype(DType.COMPLEX64));
        Array factor = Linalg.cholesky(hermitian);
        assertNear(hermitian, factor.matmul(adjoint(factor)), 1e-5);
        Linalg.Eig eig = Linalg.eigh(hermitian);
        assertEquals(DType.FLOAT32, eig.values().dtype());
        assertNear(hermitian.matmul(eig.vectors()), eig.vectors().mul(eig.values()), 1e-4);
        Linalg.Svd svd = Linalg.svd(x);
        assertNear(x, svd.u().mul(svd.s()).matmul(svd.vt()), 1e-5);
    }

    // ---------------------------------------------------------------------------------------------- triangles

    @Test
    void onlyOneTriangleIsRead() {
        Array x = Ops.array(new float[][] {{4, 77}, {2, 3}});
        Array same = Ops.array(new float[][] {{4, 2}, {-55, 3}});
        assertNear(Linalg.cholesky(x), Linalg.cholesky(same, true).swapaxes(0, 1), 0);
        assertNear(Linalg.eigvalsh(x), Linalg.eigvalsh(same, true), 0);
        Array b = Ops.array(new float[] {8, 7});
        assertArrayEquals(
                new float[] {2, 1}, Linalg.solveTriangular(x, b, false).toFloatArray());
        assertNear(Linalg.triInv(x), Linalg.triInv(x.tril(0)), 0);
    }

    @Test
    void theOrderOfRowsIsOfTheProduct() {
        Array x = Ops.array(new float[][] {{0, 1}, {0.5f, 3}, {2, 0}});
        Linalg.Lu lu = Linalg.lu(x);
        assertArrayEquals(
                x.toFloatArray(), lu.l().matmul(lu.u()).take(lu.p(), 0).toFloatArray());
    }

    // ------------------------------------------------------------------------------------------- compiled

    @Test
    void factorsInACompiledFunction() {
        Function<Array, Array> product = x -> {
            Linalg.Qr qr = Linalg.qr(x);
            return qr.q().matmul(qr.r());
        };
        Unary compiled = Transforms.compile((Unary) product::apply);
        for (int i = 0; i < 3; i++) {
            Array x = normal(4, 2 + i);
            assertNear(product.apply(x), compiled.apply(x), 0);
        }
    }

    // ------------------------------------------------------------------------------------- without a result

    @Test
    void singularMatricesAreFoundWhenTheyAreEvaluated() {
        Array inverse = Linalg.inv(SINGULAR);
        var problem = assertThrows(ArithmeticException.class, inverse::eval);
        assertTrue(problem.getMessage().contains("singular"), problem.getMessage());
        assertThrows(
                ArithmeticException.class,
                () -> Linalg.solve(SINGULAR, Ops.ones(2)).eval());
        assertThrows(
                ArithmeticException.class, () -> Linalg.triInv(Ops.zeros(2, 2)).eval());
        assertEquals(0f, Linalg.det(SINGULAR).item());
        assertEquals(
                Float.NEGATIVE_INFINITY, Linalg.slogdet(SINGULAR).logabsdet().item());
        assertEquals(0, Math.abs(Linalg.slogdet(SINGULAR).sign().item()));
        // It has an inverse of another kind.
        assertNear(SINGULAR.div(25), Linalg.pinv(SINGULAR), 1e-6);
    }

    @Test
    void ofSeveralFailuresInABatchTheFirstIsNamed() {
        int first = 37;
        List<Array> matrices = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            matrices.add(i >= first && i % 3 == first % 3 ? Ops.zeros(30, 30) : Ops.eye(30));
        }
        Array batch = Ops.stack(matrices).eval();
        for (int i = 0; i < 5; i++) {
            for (Array result : List.of(
                    Linalg.cholesky(batch),
                    Linalg.inv(batch),
                    Linalg.solveTriangular(batch, Ops.ones(200, 30, 1), false))) {
                ArithmeticException problem = assertThrows(ArithmeticException.class, result::eval);
                assertTrue(problem.getMessage().contains("matrix " + first + " of the batch"), problem.getMessage());
            }
        }
    }

    @Test
    void theMatrixOfABatchIsNamed() {
        Array batch = Ops.stack(List.of(Ops.eye(2), SINGULAR));
        var problem =
                assertThrows(ArithmeticException.class, () -> Linalg.inv(batch).eval());
        assertTrue(problem.getMessage().contains("matrix 1 of the batch"), problem.getMessage());
    }

    @Test
    void matricesThatAreNotPositiveDefiniteAreFoundWhenTheyAreEvaluated() {
        Array factor = Linalg.cholesky(Ops.array(new float[][] {{1, 2}, {2, 1}}));
        var problem = assertThrows(ArithmeticException.class, factor::eval);
        assertTrue(problem.getMessage().contains("not positive definite"), problem.getMessage());
        // What is computed next is right again.
        assertNear(Ops.eye(2), Linalg.cholesky(Ops.eye(2)), 0);
    }

    @Test
    void nanGivesNan() {
        Array x = Ops.array(new float[][] {{1, Float.NaN}, {Float.NaN, 2}});
        for (Array result : List.of(
                Linalg.svdvals(x),
                Linalg.svd(x).u(),
                Linalg.eigvalsh(x),
                Linalg.eigh(x).vectors(),
                Linalg.eigvals(x).real(),
                Linalg.inv(x),
                Linalg.det(x),
                Linalg.qr(x).q())) {
            assertTrue(result.isnan().any().astype(DType.FLOAT32).item() != 0, result::toString);
        }
    }

    @Test
    void extremeMagnitudes() {
        Array large = Ops.array(new double[] {1e300, 2e300, 3e300, -1e300}, DType.FLOAT64)
                .reshape(2, 2);
        Array unit = large.div(Ops.array(new double[] {1e300}, DType.FLOAT64));
        assertNear(
                Linalg.svdvals(unit), Linalg.svdvals(large).div(Ops.array(new double[] {1e300}, DType.FLOAT64)), 1e-14);
        Array r = Linalg.qr(large).r().div(Ops.array(new double[] {1e300}, DType.FLOAT64));
        assertNear(Linalg.qr(unit).r(), r, 1e-14);
    }

    // ------------------------------------------------------------------------------------------------ refusals

    private static void refuses(String text, Runnable call) {
        var problem = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(problem.getMessage().contains(text), problem.getMessage());
    }

    @Test
    void matricesMustBeSquare() {
        Array wide = Ops.ones(2, 3);
        refuses("inv: needs square matrices, got shape (2,3)", () -> Linalg.inv(wide));
        refuses("cholesky: needs square matrices", () -> Linalg.cholesky(wide));
        refuses("eigh: needs square matrices", () -> Linalg.eigh(wide));
        refuses("eigvals: needs square matrices", () -> Linalg.eigvals(wide));
        refuses("det: needs square matrices", () -> Linalg.det(wide));
        refuses("slogdet: needs square matrices", () -> Linalg.slogdet(wide));
        refuses("solve: needs square matrices", () -> Linalg.solve(wide, Ops.ones(2)));
    }

    @Test
    void vectorsAreNoMatrices() {
        refuses("qr: needs at least 2 axes, got shape (3)", () -> Linalg.qr(Ops.ones(3)));
        refuses("svd: needs at least 2 axes", () -> Linalg.svd(Ops.ones(3)));
        refuses("lu: needs at least 2 axes", () -> Linalg.lu(Ops.ones(3)));
        refuses("pinv: needs at least 2 axes", () -> Linalg.pinv(Ops.ones(3)));
    }

    @Test
    void typesWithoutDecompositionsAreRefused() {
        for (DType dtype : List.of(DType.INT32, DType.BOOL, DType.FLOAT16, DType.BFLOAT16)) {
            Array x = Ops.eye(2).astype(dtype);
            refuses("needs float32, float64 or complex64, got " + dtype, () -> Linalg.inv(x));
            refuses("convert it with astype", () -> Linalg.qr(x));
            refuses("svd: needs float32", () -> Linalg.svd(x));
            refuses("solve: needs float32", () -> Linalg.solve(Ops.eye(2), x));
        }
    }

    @Test
    void rightHandSidesMustFit() {
        refuses("with 3 rows, got shape (2,2)", () -> Linalg.solve(Ops.eye(3), Ops.ones(2, 2)));
        refuses("with 3 rows, got shape ()", () -> Linalg.solve(Ops.eye(3), Ops.array(1f)));
        refuses("solveTriangular", () -> Linalg.solveTriangular(Ops.eye(3), Ops.ones(2), true));
    }

    @Test
    void normsThatThereAreNot() {
        Array x = Ops.ones(2, 3);
        refuses("a matrix has no norm of order 3", () -> Linalg.norm(x, 3));
        refuses("nuclear: needs the two axes", () -> Linalg.nuclear(x, Axes.of(0)));
        refuses("cross: needs 2 or 3 components", () -> Linalg.cross(Ops.ones(4), Ops.ones(4)));
    }

    @Test
    void shapesOfWhatIsMadeWithDecompositions() {
        refuses(
                "multivariateNormal: means of shape (2)",
                () -> Random.multivariateNormal(Ops.ones(2), Ops.eye(3), Shape.of(4)));
        refuses(
                "orthogonal: the shape must be a matrix's",
                () -> Initializers.orthogonal().apply(Ops.ones(2, 2, 2)));
        Array q = Initializers.orthogonal().apply(Ops.ones(5, 3));
        assertNear(Ops.eye(3), q.swapaxes(0, 1).matmul(q), 1e-6);
        assertEquals(
                Shape.of(4, 2),
                Random.multivariateNormal(Ops.ones(2), Ops.eye(2), Shape.of(4))
                        .eval()
                        .shape());
    }

    // ----------------------------------------------------------------------------------------------- gradients

    @Test
    void theGradientOfTheDeterminantAtASingularMatrix() {
        Array gradient = Transforms.grad((Unary) Linalg::det).apply(SINGULAR);
        assertArrayEquals(new float[] {4, -2, -2, 1}, gradient.toFloatArray());
    }

    @Test
    void theGradientOfEqualEigenvaluesIsFinite() {
        Unary logdet = x -> Linalg.eigvalsh(x).log().sum();
        assertNear(Ops.eye(3), Transforms.grad(logdet).apply(Ops.eye(3)), 1e-6);
        Unary nuclear = x -> Linalg.nuclear(x, Axes.of(0, 1));
        assertNear(Ops.eye(3), Transforms.grad(nuclear).apply(Ops.eye(3)), 1e-6);
    }

    @Test
    void theGradientOfASymmetricOperandIsSymmetric() {
        Array x = Ops.array(new float[][] {{4, 1}, {1, 3}});
        Array gradient = Transforms.grad((Unary) a -> Linalg.cholesky(a).sum()).apply(x);
        assertNear(gradient, gradient.swapaxes(0, 1), 1e-6);
    }
}
