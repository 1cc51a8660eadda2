package org.lazuli.cpu;

/// Mathematical functions of doubles and longs that `java.lang.Math` does not have, accurate to a few units in the last
/// place.
final class Functions {
    private static final double LN2 = 0.6931471805599453;
    private static final double SQRT_PI = 1.772453850905516;

    private Functions() {}

    /// Exact for powers of two.
    static double log2(double x) {
        if (!(x > 0) || x == Double.POSITIVE_INFINITY) {
            return Math.log(x);
        }
        int shift = 0;
        if (x < Double.MIN_NORMAL) {
            x *= 0x1p54;
            shift = 54;
        }
        int exponent = Math.getExponent(x);
        double mantissa = Math.scalb(x, -exponent);
        if (mantissa > 1.4142135623730951) {
            mantissa /= 2;
            exponent++;
        }
        return exponent - shift + Math.log(mantissa) / LN2;
    }

    static double trunc(double x) {
        return x < 0 ? Math.ceil(x) : Math.floor(x);
    }

    static double asinh(double x) {
        double a = Math.abs(x);
        double r = a > 0x1p28 ? Math.log(a) + LN2 : Math.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
        return Math.copySign(r, x);
    }

    static double acosh(double x) {
        double t = x - 1;
        return x > 0x1p28 ? Math.log(x) + LN2 : x < 1 ? Double.NaN : Math.log1p(t + Math.sqrt(2 * t + t * t));
    }

    static double atanh(double x) {
        double a = Math.abs(x);
        return Math.copySign(0.5 * Math.log1p(2 * a / (1 - a)), x);
    }

    static double sigmoid(double x) {
        if (x < 0) {
            double e = Math.exp(x);
            return e / (1 + e);
        }
        return 1 / (1 + Math.exp(-x));
    }

    static double logAddExp(double a, double b) {
        double high = Math.max(a, b);
        // Equal infinities have no difference.
        return Double.isInfinite(high) ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
    }

    /// `a` to the power of `b` by the rules of C, which differ from `Math.pow` in the powers of 1 and -1.
    static double power(double a, double b) {
        return a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b);
    }

    /// Wraps around; a negative exponent gives the reciprocal truncated towards zero, and 0 for the reciprocal of 0.
    static long power(long base, long exponent) {
        if (exponent < 0) {
            return base == 1 ? 1 : base == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
        }
        return powerUnsigned(base, exponent);
    }

    static long powerUnsigned(long base, long exponent) {
        long result = 1;
        for (long e = exponent; e != 0; e >>>= 1) {
            if ((e & 1) != 0) {
                result *= base;
            }
            base *= base;
        }
        return result;
    }

    /// The integer part of `x` modulo 2⁶⁴, and 0 where there is none.
    static long toLong(double x) {
        if (Math.abs(x) < 0x1p63) {
            return (long) x;
        }
        int exponent = Math.getExponent(x);
        if (exponent > Double.MAX_EXPONENT || exponent - 52 >= Long.SIZE) {
            return 0;
        }
        long mantissa = (Double.doubleToRawLongBits(x) & 0xFFFFFFFFFFFFFL) | 0x10000000000000L;
        long value = mantissa << (exponent - 52);
        return x < 0 ? -value : value;
    }

    static double unsignedToDouble(long bits) {
        // Halved with the lost bit kept, so that it is rounded once.
        return bits >= 0 ? (double) bits : 2 * (double) (bits >>> 1 | (bits & 1));
    }

    static float unsignedToFloat(long bits) {
        return bits >= 0 ? (float) bits : 2 * (float) (bits >>> 1 | (bits & 1));
    }

    // Rational approximations from W. J. Cody, "Rational Chebyshev approximations for the error function",
    // Mathematics of Computation 23 (1969), 631-637.
    private static final double[] ERF_P = {
        3209.3775891384694, 377.485237685302, 113.86415415105016, 3.1611237438705655, 0.18577770618460315
    };
    private static final double[] ERF_Q = {
        2844.236833439171, 1282.6165260773723, 244.02463793444417, 23.601290952344122, 1
    };
    private static final double[] MIDDLE_P = {
        1230.3393547979972,
        2051.0783778260716,
        1712.0476126340707,
        881.952221241769,
        298.6351381974001,
        66.11919063714163,
        8.883149794388377,
        0.5641884969886701,
        2.1531153547440383e-8
    };
    private static final double[] MIDDLE_Q = {
        1230.3393548037495,
        3439.3676741437216,
        4362.619090143247,
        3290.7992357334597,
        1621.3895745666903,
        537.1811018620099,
        117.6939508913125,
        15.744926110709835,
        1
    };
    private static final double[] TAIL_P = {
        -0.0006587491615298378,
        -0.016083785148742275,
        -0.12578172611122926,
        -0.36034489994980445,
        -0.30532663496123236,
        -0.016315387137302097
    };
    private static final double[] TAIL_Q = {
        0.0023352049762686918, 0.06051834131244132, 0.5279051029514285, 1.8729528499234673, 2.568520192289822, 1
    };

    static double erf(double x) {
        double a = Math.abs(x);
        if (a <= 0.46875) {
            return x * polynomial(ERF_P, x * x) / polynomial(ERF_Q, x * x);
        }
        return Double.isNaN(x) ? x : Math.copySign(1 - erfcAbove(a), x);
    }

    /// 1 - erf(x) without cancellation.
    static double erfc(double x) {
        double a = Math.abs(x);
        if (a <= 0.46875 || Double.isNaN(x)) {
            return 1 - erf(x);
        }
        double tail = erfcAbove(a);
        return x < 0 ? 2 - tail : tail;
    }

    /// erfc for arguments above 0.46875.
    private static double erfcAbove(double a) {
        if (a > 27) {
            return 0;
        }
        double r;
        if (a <= 4) {
            r = polynomial(MIDDLE_P, a) / polynomial(MIDDLE_Q, a);
        } else {
            double z = 1 / (a * a);
            r = (1 / SQRT_PI + z * polynomial(TAIL_P, z) / polynomial(TAIL_Q, z)) / a;
        }
        // exp(-a²) with a² split, since the rounding of a² would be magnified.
        double high = Math.floor(a * 16) / 16;
        return Math.exp(-high * high) * Math.exp((high - a) * (high + a)) * r;
    }

    private static double polynomial(double[] coefficients, double x) {
        double sum = coefficients[coefficients.length - 1];
        for (int i = coefficients.length - 2; i >= 0; i--) {
            sum = sum * x + coefficients[i];
        }
        return sum;
    }

    // erfinv(y) / y as a function of w = -log(1 - y²), as M. Giles, "Approximating the erfinv function", GPU Computing
    // Gems 2 (2012), takes it; polynomials fitted at Chebyshev's points, in w - 2.5 up to w = 5 and in sqrt(w) - 3 up
    // to
    // 16.8, which no float is beyond, within 2e-11 relative.
    private static final double[] ERFINV_CENTRE = {
        1.5014093511299225,
        0.2466402766861857,
        -0.00417731802933028,
        -0.001252707627854891,
        0.00021825105696904668,
        -4.996475952740404e-06,
        -3.417392650552175e-06,
        4.789756113017487e-07,
        1.3776902801278157e-08,
        -1.0943587201677434e-08,
        8.205757287615697e-10,
        1.3454677674182234e-10,
        -2.055791113385822e-11,
        -5.71164646410848e-13
    };
    private static final double[] ERFINV_TAIL = {
        2.8329767987201717,
        1.001675276429686,
        0.009445523176374029,
        -0.007643794617035245,
        0.005685152543667117,
        -0.0035589198049471053,
        0.0014840395596117948,
        -0.00014832231928894307,
        -0.00028460870530709636,
        0.00020450014070867156,
        -4.2734925927964274e-05,
        -2.2991928144024592e-05,
        1.7478149458847866e-05,
        -3.5990114039379096e-06
    };

    static double erfinv(double y) {
        double a = Math.abs(y);
        if (!(a < 1) || a < 1e-8) {
            return erfinvSingle(y);
        }
        double w = a < 0.5 ? -Math.log1p(-a * a) : -Math.log((1 - a) * (1 + a));
        double x;
        if (w < 16) {
            x = erfinvRatio(w) * a;
        } else {
            // S. Winitzki's approximation (2008), which is coarser.
            double h = 2 / (Math.PI * 0.147) - w / 2;
            x = refined(a, Math.sqrt(w / 0.147 / (Math.sqrt(h * h + w / 0.147) + h)));
        }
        return Math.copySign(refined(a, x), y);
    }

    private static double erfinvRatio(double w) {
        return w < 5 ? polynomial(ERFINV_CENTRE, w - 2.5) : polynomial(ERFINV_TAIL, Math.sqrt(w) - 3);
    }

    /// The inverse error function to the accuracy of a float, for a float.
    static double erfinvSingle(double y) {
        double a = Math.abs(y);
        if (!(a < 1)) {
            return a == 1 ? Math.copySign(Double.POSITIVE_INFINITY, y) : Double.NaN;
        }
        if (a < 1e-8) {
            return y * (SQRT_PI / 2);
        }
        // The error of the logarithm near 1 is one beside the 1 that the ratio is about.
        return erfinvRatio(-Math.log((1 - a) * (1 + a))) * y;
    }

    /// A step of Halley's method, which triples the digits.
    private static double refined(double y, double x) {
        // Near 1 the difference is taken of the complements, which are exact.
        double error = y < 0.5 ? erf(x) - y : 1 - y - erfc(x);
        double newton = error * (SQRT_PI / 2) * Math.exp(x * x);
        return x - newton / (1 + x * newton);
    }
}
