package org.lazuli.cpu;

/// Arithmetic of complex numbers in double, so that no part of a complex64 function overflows or cancels before it is
/// rounded.
///
/// The formulas are those of W. Kahan, "Branch cuts for complex elementary functions" (1987), where a plain one would
/// lose digits.
record Complex(double re, double im) {
    static final Complex ONE = new Complex(1, 0);

    Complex plus(Complex o) {
        return new Complex(re + o.re, im + o.im);
    }

    Complex minus(Complex o) {
        return new Complex(re - o.re, im - o.im);
    }

    Complex times(Complex o) {
        return new Complex(re * o.re - im * o.im, re * o.im + im * o.re);
    }

    Complex times(double factor) {
        return new Complex(re * factor, im * factor);
    }

    /// Floats have no exponents that overflow here, so the textbook formula is right.
    Complex over(Complex o) {
        double d = o.re * o.re + o.im * o.im;
        return new Complex((re * o.re + im * o.im) / d, (im * o.re - re * o.im) / d);
    }

    Complex negated() {
        return new Complex(-re, -im);
    }

    /// Times i.
    Complex turned() {
        return new Complex(-im, re);
    }

    /// Times -i.
    Complex turnedBack() {
        return new Complex(im, -re);
    }

    double abs() {
        return Math.hypot(re, im);
    }

    Complex sign() {
        double a = abs();
        return a == 0 ? new Complex(0, 0) : new Complex(re / a, im / a);
    }

    Complex sqrt() {
        if (re == 0 && im == 0) {
            return new Complex(0, im);
        }
        if (Double.isInfinite(im)) {
            return new Complex(Double.POSITIVE_INFINITY, im);
        }
        double r = Math.sqrt((Math.abs(re) + abs()) / 2);
        return re >= 0 ? new Complex(r, im / (2 * r)) : new Complex(Math.abs(im) / (2 * r), Math.copySign(r, im));
    }

    Complex exp() {
        double e = Math.exp(re);
        return im == 0 ? new Complex(e, im) : new Complex(e * Math.cos(im), e * Math.sin(im));
    }

    Complex log() {
        return new Complex(Math.log(abs()), Math.atan2(im, re));
    }

    Complex log1p() {
        // |1+z|² - 1 = 2·re + re² + im², which keeps the digits near z = 0.
        double excess = re * (2 + re) + im * im;
        double real = Math.abs(excess) < 0.5 ? 0.5 * Math.log1p(excess) : Math.log(Math.hypot(1 + re, im));
        return new Complex(real, Math.atan2(im, 1 + re));
    }

    Complex sinh() {
        return new Complex(Math.sinh(re) * Math.cos(im), Math.cosh(re) * Math.sin(im));
    }

    Complex cosh() {
        return new Complex(Math.cosh(re) * Math.cos(im), Math.sinh(re) * Math.sin(im));
    }

    Complex tanh() {
        if (Math.abs(re) > 20) {
            return new Complex(Math.copySign(1, re), Math.copySign(0, Math.sin(2 * im)));
        }
        double t = Math.tan(im);
        double s = Math.sinh(re);
        double beta = 1 + t * t;
        double rho = Math.sqrt(1 + s * s);
        if (Double.isInfinite(t)) {
            return new Complex(rho / s, 1 / t);
        }
        double d = 1 + beta * s * s;
        return new Complex(beta * rho * s / d, t / d);
    }

    Complex sin() {
        return turned().sinh().turnedBack();
    }

    Complex cos() {
        return turned().cosh();
    }

    Complex tan() {
        return turned().tanh().turnedBack();
    }

    Complex asinh() {
        return turned().asin().turnedBack();
    }

    Complex asin() {
        Complex below = ONE.minus(this).sqrt();
        Complex above = ONE.plus(this).sqrt();
        double real = Math.atan2(re, below.re * above.re - below.im * above.im);
        double imag = Functions.asinh(below.re * above.im - below.im * above.re);
        return new Complex(real, imag);
    }

    Complex acos() {
        Complex below = ONE.minus(this).sqrt();
        Complex above = ONE.plus(this).sqrt();
        double real = 2 * Math.atan2(below.re, above.re);
        double imag = Functions.asinh(above.re * below.im - above.im * below.re);
        return new Complex(real, imag);
    }

    Complex acosh() {
        Complex below = minus(ONE).sqrt();
        Complex above = plus(ONE).sqrt();
        double real = Functions.asinh(below.re * above.re + below.im * above.im);
        double imag = 2 * Math.atan2(below.im, above.re);
        return new Complex(real, imag);
    }

    Complex atanh() {
        double i2 = im * im;
        double minus = (1 - re) * (1 - re) + i2;
        double real = Math.log1p(4 * re / minus) / 4;
        double imag = Math.atan2(2 * im, (1 - re) * (1 + re) - i2) / 2;
        return new Complex(real, imag);
    }

    Complex atan() {
        return turned().atanh().turnedBack();
    }

    Complex pow(Complex o) {
        if (re == 0 && im == 0) {
            return o.re == 0 && o.im == 0 ? ONE : o.re > 0 ? new Complex(0, 0) : new Complex(Double.NaN, Double.NaN);
        }
        return log().times(o).exp();
    }

    Complex logAddExp(Complex o) {
        if (isNaN() || o.isNaN()) {
            return new Complex(Double.NaN, Double.NaN);
        }
        boolean swap = less(re, im, o.re, o.im);
        Complex high = swap ? o : this;
        Complex low = swap ? this : o;
        if (Double.isInfinite(high.re)) {
            return high;
        }
        return high.plus(low.minus(high).exp().log1p());
    }

    boolean isNaN() {
        return Double.isNaN(re) || Double.isNaN(im);
    }

    /// The order of complex numbers: by real part, then by imaginary part.
    static boolean less(double aRe, double aIm, double bRe, double bIm) {
        return aRe < bRe || (aRe == bRe && aIm < bIm);
    }
}
