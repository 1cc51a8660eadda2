package org.lazuli.conformance;

import org.lazuli.DType;

/// How far results may be from the exact ones, as far as that is the same for many instructions.
final class Bounds {
    private Bounds() {}

    /// `ulps` units in the last place of `magnitude` in the type that is computed in, and the rounding to the result's type.
    static double ulps(DType dtype, double reference, double ulps, double magnitude) {
        if (Double.isNaN(reference) || Double.isInfinite(reference)) {
            return 0;
        }
        DType computed = dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        double error = ulps * Numbers.ulp(computed, magnitude);
        if (dtype == DType.FLOAT64) {
            // The reference is computed in float64 too, within two ulps.
            error += ulps == 0 ? 0 : 2 * Numbers.ulp(DType.FLOAT64, magnitude);
        } else if (ulps > 0) {
            error += 2 * Math.ulp(magnitude);
        }
        if (dtype == DType.FLOAT16 || dtype == DType.BFLOAT16) {
            error += ulps == 0 ? 0 : rounding(dtype, reference);
        }
        // A subnormal result may be flushed to zero.
        return Numbers.mayFlush(dtype) && Numbers.isSubnormal(dtype, reference)
                ? Math.max(error, Math.abs(reference))
                : error;
    }

    /// Half a unit in the last place of the result.
    static double rounding(DType dtype, double reference) {
        return Double.isFinite(reference) ? Numbers.ulp(dtype, reference) / 2 : 0;
    }

    /// The error of adding up `n` terms in any order: γₙ Σ|xᵢ| with γₙ = n·eps / (1 - n·eps) (N. Higham, *Accuracy and Stability of Numerical
    /// Algorithms*, 2002, section 4.2), a rounding of each term (a product) included.
    ///
    /// @param narrow whether each partial sum may be rounded to the dtype; else float16 and bfloat16 add up in float32
    static double sum(DType dtype, double n, double magnitude, boolean narrow) {
        DType computed = narrow || dtype == DType.FLOAT64 ? dtype : DType.FLOAT32;
        // float64 is compared with float64: both have this error.
        double eps = Numbers.epsilon(computed) * (dtype == DType.FLOAT64 ? 2 : 1);
        double gamma = (n + 1) * eps;
        return Double.isFinite(magnitude) ? gamma / (1 - Math.min(gamma, 0.5)) * magnitude : 0;
    }
}
