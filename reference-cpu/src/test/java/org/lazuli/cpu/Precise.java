package org.lazuli.cpu;

import java.math.BigDecimal;
import java.math.MathContext;

/// Functions to fifty digits, by their series.
final class Precise {
    static final MathContext DIGITS = new MathContext(60);
    private static final BigDecimal TWO = BigDecimal.TWO;
    private static final BigDecimal EPSILON = BigDecimal.ONE.movePointLeft(62);

    private Precise() {}

    static BigDecimal of(double x) {
        return new BigDecimal(x);
    }

    static BigDecimal exp(BigDecimal x) {
        // Halved until the series is short, and squared back.
        int halvings = Math.max(0, x.precision() - x.scale() + 1) * 4 + 4;
        BigDecimal small = x.divide(TWO.pow(halvings), DIGITS);
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal term = BigDecimal.ONE;
        for (int n = 1; term.abs().compareTo(EPSILON.movePointLeft(10)) > 0; n++) {
            term = term.multiply(small, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        for (int i = 0; i < halvings; i++) {
            sum = sum.multiply(sum, DIGITS);
        }
        return sum;
    }

    static BigDecimal log(BigDecimal x) {
        // Newton's method on exp, which doubles the digits at each step.
        BigDecimal y = of(x.doubleValue() > 0 ? Math.log(x.doubleValue()) : -700);
        for (int i = 0; i < 4; i++) {
            BigDecimal e = exp(y);
            y = y.add(TWO.multiply(x.subtract(e), DIGITS).divide(x.add(e), DIGITS), DIGITS);
        }
        return y;
    }

    static BigDecimal log2(double x) {
        return log(of(x)).divide(log(TWO), DIGITS);
    }

    static BigDecimal asinh(double x) {
        BigDecimal v = of(Math.abs(x));
        BigDecimal r = log(v.add(v.multiply(v).add(BigDecimal.ONE).sqrt(DIGITS)));
        return x < 0 ? r.negate() : r;
    }

    static BigDecimal acosh(double x) {
        BigDecimal v = of(x);
        return log(v.add(v.multiply(v).subtract(BigDecimal.ONE).sqrt(DIGITS)));
    }

    static BigDecimal atanh(double x) {
        BigDecimal v = of(x);
        return log(BigDecimal.ONE.add(v).divide(BigDecimal.ONE.subtract(v), DIGITS))
                .divide(TWO, DIGITS);
    }

    static BigDecimal sigmoid(double x) {
        return BigDecimal.ONE.divide(BigDecimal.ONE.add(exp(of(-x))), DIGITS);
    }

    static BigDecimal logAddExp(double a, double b) {
        return log(exp(of(a)).add(exp(of(b))));
    }

    /// 2/√π · Σ (-1)ⁿ x²ⁿ⁺¹ / (n! (2n+1)), with digits enough for the cancellation.
    static BigDecimal erf(double x) {
        MathContext digits = new MathContext(60 + (int) (x * x));
        BigDecimal v = of(x);
        BigDecimal square = v.multiply(v).negate();
        BigDecimal power = v;
        BigDecimal sum = v;
        for (int n = 1; n < 40 || power.abs().compareTo(EPSILON) > 0; n++) {
            power = power.multiply(square, digits).divide(BigDecimal.valueOf(n), digits);
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), digits), digits);
        }
        return TWO.multiply(sum).divide(pi().sqrt(digits), digits);
    }

    /// Machin's formula.
    static BigDecimal pi() {
        return atanInverse(5)
                .multiply(BigDecimal.valueOf(16))
                .subtract(atanInverse(239).multiply(BigDecimal.valueOf(4)));
    }

    private static BigDecimal atanInverse(int n) {
        MathContext digits = new MathContext(120);
        BigDecimal square = BigDecimal.valueOf((long) n * n);
        BigDecimal power = BigDecimal.ONE.divide(BigDecimal.valueOf(n), digits);
        BigDecimal sum = power;
        for (int k = 1; power.precision() - power.scale() > -120; k++) {
            power = power.divide(square, digits).negate();
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * k + 1), digits), digits);
        }
        return sum;
    }

    /// How many units in the last place `actual` is away from the exact value.
    static double ulps(double actual, BigDecimal exact) {
        return of(actual).subtract(exact).abs().doubleValue() / Math.ulp(exact.doubleValue());
    }
}
