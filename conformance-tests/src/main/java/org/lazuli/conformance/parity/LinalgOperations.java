package org.lazuli.conformance.parity;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.Linalg;

/// Linear algebra.
final class LinalgOperations {

    private LinalgOperations() {}

    static void addTo(OperationTable.Builder table) {
        table.one("linalg.norm", LinalgOperations::norm)
                .one("matrix_norm", call -> Linalg.matrixNorm(call.array(0)))
                .one(
                        "linalg.cross",
                        call -> Linalg.cross(call.array(0), call.array(1), call.integer("axis", -1)))
                .many("linalg.qr", call -> {
                    Linalg.Qr qr = Linalg.qr(call.array(0));
                    return List.of(qr.q(), qr.r());
                })
                .value("linalg.svd", LinalgOperations::svd)
                .unary("linalg.inv", Linalg::inv)
                .one("linalg.tri_inv", call -> Linalg.triInv(call.array(0), call.flag("upper", false)))
                .one("linalg.cholesky", call -> Linalg.cholesky(call.array(0), call.flag("upper", false)))
                .one("linalg.cholesky_inv", call -> Linalg.choleskyInv(call.array(0), call.flag("upper", false)))
                .unary("linalg.pinv", Linalg::pinv)
                .many("linalg.eig", call -> parts(Linalg.eig(call.array(0))))
                .unary("linalg.eigvals", Linalg::eigvals)
                .many("linalg.eigh", call -> parts(Linalg.eigh(call.array(0), upper(call))))
                .one("linalg.eigvalsh", call -> Linalg.eigvalsh(call.array(0), upper(call)))
                .many("linalg.lu", call -> {
                    Linalg.Lu lu = Linalg.lu(call.array(0));
                    return List.of(lu.p(), lu.l(), lu.u());
                })
                .many("linalg.lu_factor", call -> {
                    Linalg.LuFactor factor = Linalg.luFactor(call.array(0));
                    return List.of(factor.lu(), factor.pivots());
                })
                .one("linalg.solve", call -> Linalg.solve(call.array(0), call.array(1)))
                .one(
                        "linalg.solve_triangular",
                        call -> Linalg.solveTriangular(call.array(0), call.array(1), call.flag("upper", false)))
                .unary("linalg.det", Linalg::det)
                .many("linalg.slogdet", call -> {
                    Linalg.SlogDet slogdet = Linalg.slogdet(call.array(0));
                    return List.of(slogdet.sign(), slogdet.logabsdet());
                });
    }

    private static List<Array> parts(Linalg.Eig eig) {
        return List.of(eig.values(), eig.vectors());
    }

    private static boolean upper(Call call) {
        return call.text("UPLO", "L").equals("U");
    }

    private static Value svd(Call call) {
        if (!call.flag("compute_uv", true)) {
            return new Value.One(Linalg.svdvals(call.array(0)));
        }
        Linalg.Svd svd = Linalg.svd(call.array(0));
        return OperationTable.several(List.of(svd.u(), svd.s(), svd.vt()));
    }

    private static Array norm(Call call) {
        Array x = call.array(0);
        boolean keepDims = call.flag("keepdims", false);
        if (!call.has("ord")) {
            return Linalg.norm(x, call.axes());
        }
        Axes axes = call.has("axis") ? call.axes() : Axes.all().keepDims(keepDims);
        if (call.isText("ord")) {
            return switch (call.text("ord", "")) {
                case "fro" -> Linalg.frobenius(x, axes);
                case "nuc" -> Linalg.nuclear(x, axes);
                default -> throw new IllegalArgumentException("norm: there is no norm of this name");
            };
        }
        return Linalg.norm(x, call.real("ord", 2), axes);
    }
}
