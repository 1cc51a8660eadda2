package org.lazuli.cpu;

import java.util.function.DoubleUnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Functions of a vector of floats, accurate to less than two units in the last place.
///
/// They are made of arithmetic that has the same result however it is executed: sums, products, fused multiply-adds, quotients, square
/// roots, comparisons and bits. The JDK has operators for most of these functions, but computes them by one library in compiled code and by
/// another in interpreted code, and their last bits differ.
///
/// Polynomials are minimax approximations of their own, fitted by weighted least squares at Chebyshev points and rounded to float from the
/// lowest coefficient on, each compensated by the rest. Arguments are reduced as in W. J. Cody and W. Waite, *Software manual for the
/// elementary functions*, 1980; fused multiply-adds make the steps exact.
final class VectorFunctions {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /// For each lane the one so many lanes further on.
    private static final VectorShuffle<Float> BY_EIGHT = VectorShuffle.iota(SPECIES, 8, 1, true);

    private static final VectorShuffle<Float> BY_FOUR = VectorShuffle.iota(SPECIES, 4, 1, true);
    private static final VectorShuffle<Float> BY_TWO = VectorShuffle.iota(SPECIES, 2, 1, true);

    /// Adding this to a number below 2²² in magnitude rounds it to an integer, which then is in the low bits.
    private static final float ROUNDER = 0x1.8p23f;

    private static final int ROUNDER_BITS = 0x4B400000;

    private static final int BIAS = 127;
    private static final int MANTISSA = 23;

    private static final float INFINITY = Float.POSITIVE_INFINITY;

    // Constants in parts, each the nearest float to what the parts before it leave.
    private static final float LOG2_E = 1.442695f;
    private static final float LN2 = 0.6931472f;
    private static final float LN2_LOW = -1.9046542e-9f;
    private static final float HALF_PI = 1.5707964f;
    private static final float HALF_PI_LOW = -4.371139e-8f;
    private static final float HALF_PI_LOWEST = -1.7151245e-15f;
    private static final float PI_LOW = 2 * HALF_PI_LOW;
    private static final float LOG10_E = 0.4342945f;
    private static final float LOG10_E_LOW = -1.010305e-8f;
    private static final float LOG10_2 = 0.30103f;
    private static final float LOG10_2_LOW = -1.4320989e-8f;

    /// The square root of a half, as bits: mantissas are taken from here to twice this.
    private static final int SQRT_HALF_BITS = 0x3F3504F3;

    /// Larger angles are left to scalar code, which can subtract as many digits of pi as it takes.
    private static final float LARGEST_ANGLE = 1e5f;

    private VectorFunctions() {}

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    private static FloatVector withBits(IntVector bits) {
        return bits.reinterpretAsFloats();
    }

    /// The results `y` with the signs of `x`.
    private static FloatVector withSign(FloatVector y, FloatVector x) {
        return withBits(y.reinterpretAsInts().or(x.reinterpretAsInts().and(Integer.MIN_VALUE)));
    }

    /// A power of two, of an exponent that a normal number has.
    private static FloatVector power(IntVector exponent) {
        return withBits(exponent.add(BIAS).lanewise(VectorOperators.LSHL, MANTISSA));
    }

    private static VectorMask<Float> isNaN(FloatVector x) {
        return x.compare(VectorOperators.NE, x);
    }

    /// The sum of the lanes, by halves: always in the same order, as it would not be if it were left to an operator.
    static float total(FloatVector x) {
        float[] lanes = x.toArray();
        for (int half = lanes.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        return lanes[0];
    }

    /// [#total], without memory: for short rows. The compiler gives up on methods that inline several of these.
    static float quickTotal(FloatVector x) {
        if (SPECIES.length() > 16) {
            return total(x);
        }
        FloatVector sum = x;
        sum = SPECIES.length() > 8 ? sum.add(sum.rearrange(BY_EIGHT)) : sum;
        sum = SPECIES.length() > 4 ? sum.add(sum.rearrange(BY_FOUR)) : sum;
        sum = SPECIES.length() > 2 ? sum.add(sum.rearrange(BY_TWO)) : sum;
        return SPECIES.length() > 1 ? sum.lane(0) + sum.lane(1) : sum.lane(0);
    }

    // ----------------------------------------------------------------------------------------- exponentials

    static FloatVector exp(FloatVector x) {
        FloatVector rounded = rounded(x);
        IntVector exponent = rounded.reinterpretAsInts().sub(ROUNDER_BITS);
        // In two steps, so that the powers are normal numbers and a subnormal result is rounded once.
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        FloatVector y = expOfRest(x, rounded).mul(power(half)).mul(power(exponent.sub(half)));
        return y.blend(INFINITY, x.compare(VectorOperators.GT, 90)).blend(0, x.compare(VectorOperators.LT, -105));
    }

    /// `exp(x) / 2^less` where that is a normal number or infinite.
    private static FloatVector normalExp(FloatVector x, int less) {
        FloatVector rounded = rounded(x);
        IntVector exponent = rounded.reinterpretAsInts().sub(ROUNDER_BITS + less);
        return expOfRest(x, rounded).mul(power(exponent));
    }

    /// `exp(x)` for what is not positive, where many are summed: off by one ulp at most, and 0 where that is not a normal number.
    static FloatVector expOfNegative(FloatVector x) {
        FloatVector rounded = rounded(x);
        FloatVector power = withBits(exponent(rounded).add(BIAS << MANTISSA));
        return quickRest(x, rounded).mul(power).blend(0, x.compare(VectorOperators.LT, Extent.LEAST_NORMAL));
    }

    /// [#expOfNegative] where the result is known to be a normal number: the same bits, in fewer operations.
    static FloatVector expOfNear(FloatVector x) {
        FloatVector rounded = rounded(x);
        return withBits(quickRest(x, rounded).reinterpretAsInts().add(exponent(rounded)));
    }

    /// `x / log 2` as an integer, in the last bits.
    private static FloatVector rounded(FloatVector x) {
        return x.fma(all(LOG2_E), all(ROUNDER));
    }

    /// The integer of [#rounded] where a number has its exponent: what is before it is shifted out.
    private static IntVector exponent(FloatVector rounded) {
        return rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA);
    }

    /// `exp(x) / 2ⁿ` with the integer n of [#rounded], within an ulp.
    private static FloatVector quickRest(FloatVector x, FloatVector rounded) {
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = n.fma(all(-LN2_LOW), n.fma(all(-LN2), x));
        return restOfExp(r).fma(r, all(1)).fma(r, all(1));
    }

    /// `(exp(r) - 1 - r) / r²` for what is left after subtracting whole multiples of `log 2`.
    private static FloatVector restOfExp(FloatVector r) {
        return all(1.3820137e-3f)
                .fma(r, all(8.368686e-3f))
                .fma(r, all(4.1668274e-2f))
                .fma(r, all(0.16666521f))
                .fma(r, all(0.49999994f));
    }

    /// `exp(x) / 2ⁿ` with the integer n that `rounded` holds.
    private static FloatVector expOfRest(FloatVector x, FloatVector rounded) {
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector first = n.fma(all(-LN2), x);
        FloatVector r = n.fma(all(-LN2_LOW), first);
        FloatVector low = n.fma(all(-LN2_LOW), first.sub(r));
        FloatVector near = r.add(1);
        return near.add(restOfExp(r).mul(r).fma(r, low).add(r.sub(near.sub(1))));
    }

    static FloatVector expm1(FloatVector x) {
        FloatVector shifted = rounded(x);
        IntVector exponent = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(all(-LN2_LOW), n.fma(all(-LN2), x));
        FloatVector q = all(1.9763388e-4f)
                .fma(r, all(1.3932342e-3f))
                .fma(r, all(8.333544e-3f))
                .fma(r, all(4.1666493e-2f))
                .fma(r, all(0.16666666f))
                .fma(r, all(0.5f));
        FloatVector p = q.mul(r).fma(r, r);
        // exp(x) - 1 = 2ⁿ p + (2ⁿ - 1), at half its size so that 2ⁿ does not overflow first.
        FloatVector scale = power(exponent.sub(1));
        FloatVector y = p.fma(scale, scale.sub(0.5f));
        return y.add(y)
                .blend(x, x.abs().compare(VectorOperators.LT, 0x1p-25f))
                .blend(INFINITY, x.compare(VectorOperators.GT, 89))
                .blend(-1, x.compare(VectorOperators.LT, -18));
    }

    // The compiler gives up on too long a function, so these take an exponential that was stored before.

    /// @param e `exp(-|x|)`: with the exponential that is at most 1, small results do not underflow
    static FloatVector sigmoid(FloatVector x, FloatVector e) {
        VectorMask<Float> negative = x.compare(VectorOperators.LT, 0);
        FloatVector sum = e.add(1);
        FloatVector y = all(1).blend(e, negative).div(sum);
        // The sum was rounded; what it lost, times the derivative of the quotient by it, is subtracted.
        FloatVector inverse = y.blend(all(1).sub(y), negative);
        FloatVector lost = e.sub(sum.sub(1));
        return y.mul(lost).neg().fma(inverse, y);
    }

    static FloatVector sigmoidExp(FloatVector x) {
        return exp(x.abs().neg());
    }

    /// @param half `exp(|x|) / 2`
    static FloatVector sinh(FloatVector x, FloatVector half) {
        FloatVector a = x.abs();
        FloatVector large = half.sub(all(0.25f).div(half));
        FloatVector z = a.mul(a);
        FloatVector p = all(2.7842852e-6f)
                .fma(z, all(1.9842607e-4f))
                .fma(z, all(8.333311e-3f))
                .fma(z, all(0.16666667f));
        FloatVector small = p.mul(z).fma(a, a);
        return withSign(large.blend(small, a.compare(VectorOperators.LT, 1)), x);
    }

    /// @param half `exp(|x|) / 2`
    static FloatVector cosh(FloatVector half) {
        return half.add(all(0.25f).div(half));
    }

    /// `exp(|x|) / 2`
    static FloatVector halfExp(FloatVector x) {
        FloatVector quarter = normalExp(x.abs().min(90), 2);
        return quarter.add(quarter);
    }

    /// @param e `exp(2 |x|)`
    static FloatVector tanh(FloatVector x, FloatVector e) {
        FloatVector a = x.abs();
        FloatVector large = all(1).sub(all(2).div(e.add(1)));
        FloatVector z = a.mul(a);
        FloatVector p = all(-5.692296e-3f)
                .fma(z, all(2.0628167e-2f))
                .fma(z, all(-5.3736515e-2f))
                .fma(z, all(0.13331406f))
                .fma(z, all(-0.3333328f));
        FloatVector small = p.mul(z).fma(a, a);
        return withSign(large.blend(small, a.compare(VectorOperators.LT, 0.625f)), x);
    }

    static FloatVector tanhExp(FloatVector x) {
        FloatVector a = x.abs();
        return normalExp(a.add(a).min(40), 0);
    }

    /// @param e `exp(-g(|x|))` with the g that makes 1 less this erf(|x|)
    static FloatVector erf(FloatVector x, FloatVector e) {
        FloatVector a = x.abs();
        FloatVector z = a.mul(a);
        FloatVector p = all(8.893431e-5f)
                .fma(z, all(-8.255935e-4f))
                .fma(z, all(5.210186e-3f))
                .fma(z, all(-2.6862793e-2f))
                .fma(z, all(0.11283752f))
                .fma(z, all(-0.37612638f))
                .fma(z, all(0.12837917f));
        FloatVector small = p.fma(a, a);
        return withSign(all(1).sub(e).blend(small, a.compare(VectorOperators.LT, 0.84375f)), x);
    }

    static FloatVector erfExp(FloatVector x) {
        // From 4 on erf is 1; a NaN stays one.
        FloatVector a = x.abs().min(4);
        FloatVector g = all(4.16509e-7f)
                .fma(a, all(-8.596829e-6f))
                .fma(a, all(7.712487e-5f))
                .fma(a, all(-3.7555065e-4f))
                .fma(a, all(8.625085e-4f))
                .fma(a, all(1.349538e-3f))
                .fma(a, all(-2.097781e-2f))
                .fma(a, all(0.10422418f))
                .fma(a, all(0.6358864f))
                .fma(a, all(1.1285958f))
                .fma(a, all(-2.8454622e-5f));
        return normalExp(g.neg(), 0);
    }

    // ------------------------------------------------------------------------------------------- logarithms

    static FloatVector log(FloatVector x) {
        IntVector bits = x.reinterpretAsInts().sub(SQRT_HALF_BITS);
        FloatVector n = exponent(bits);
        FloatVector f = mantissa(bits).sub(1);
        FloatVector y = n.fma(all(LN2), n.fma(all(LN2_LOW), logTail(f)).add(f));
        return normalOr(Math::log, x, y);
    }

    /// -log(1 - x²), from which the inverse error function begins.
    static FloatVector erfinvLog(FloatVector x) {
        return log(x.neg().fma(x, all(1))).neg();
    }

    /// The polynomials are those of [Functions#erfinv], but of a float's accuracy.
    ///
    /// @param w `-log(1 - x²)`
    static FloatVector erfinv(FloatVector x, FloatVector w) {
        FloatVector t = w.sub(2.5f);
        FloatVector centre = all(3.657044e-10f)
                .fma(t, all(-8.748171e-9f))
                .fma(t, all(1.7572964e-8f))
                .fma(t, all(4.6554607e-7f))
                .fma(t, all(-3.4321226e-6f))
                .fma(t, all(-4.9602936e-6f))
                .fma(t, all(2.1827722e-4f))
                .fma(t, all(-1.2527475e-3f))
                .fma(t, all(-4.177335e-3f))
                .fma(t, all(0.2466403f))
                .fma(t, all(0.50140935f));
        VectorMask<Float> far = w.compare(VectorOperators.GE, 5);
        // The quotient less 1, so that it is rounded less coarsely.
        FloatVector y = withSign(centre.fma(x, x), x);
        return far.anyTrue() ? y.blend(x.mul(erfinvTail(w)), far) : y;
    }

    private static FloatVector erfinvTail(FloatVector w) {
        FloatVector t = w.sqrt().sub(3);
        return all(-1.5322924e-4f)
                .fma(t, all(7.545879e-5f))
                .fma(t, all(1.2841088e-3f))
                .fma(t, all(-3.6485412e-3f))
                .fma(t, all(5.7691024e-3f))
                .fma(t, all(-7.628826e-3f))
                .fma(t, all(9.434445e-3f))
                .fma(t, all(1.0016744f))
                .fma(t, all(2.832977f))
                .blend(INFINITY, w.compare(VectorOperators.EQ, INFINITY));
    }

    static FloatVector log10(FloatVector x) {
        IntVector bits = x.reinterpretAsInts().sub(SQRT_HALF_BITS);
        FloatVector n = exponent(bits);
        FloatVector f = mantissa(bits).sub(1);
        FloatVector high = f.mul(LOG10_E);
        FloatVector low = f.fma(all(LOG10_E), high.neg()).add(f.mul(LOG10_E_LOW));
        low = logTail(f).fma(all(LOG10_E), low);
        FloatVector y = n.fma(all(LOG10_2), n.fma(all(LOG10_2_LOW), low).add(high));
        return normalOr(Math::log10, x, y);
    }

    /// The results `y`, with those of arguments that are no positive normal numbers computed by scalar code.
    private static FloatVector normalOr(DoubleUnaryOperator function, FloatVector x, FloatVector y) {
        VectorMask<Float> normal =
                x.compare(VectorOperators.GE, Float.MIN_NORMAL).and(x.compare(VectorOperators.LE, Float.MAX_VALUE));
        return normal.allTrue() ? y : oneByOne(function, x, y, normal.not());
    }

    static FloatVector log1p(FloatVector x) {
        FloatVector u = x.add(1);
        // What rounding u lost: u + lost = 1 + x.
        FloatVector part = u.sub(x);
        FloatVector lost = x.sub(u.sub(part)).add(all(1).sub(part));
        IntVector bits = u.reinterpretAsInts().sub(SQRT_HALF_BITS);
        FloatVector n = exponent(bits);
        IntVector inverse = bits.lanewise(VectorOperators.ASHR, MANTISSA).neg().max(1 - BIAS);
        FloatVector f = lost.fma(power(inverse), mantissa(bits).sub(1));
        FloatVector y = n.fma(all(LN2), n.fma(all(LN2_LOW), logTail(f)).add(f));
        y = y.blend(x, x.compare(VectorOperators.EQ, 0));
        VectorMask<Float> defined =
                x.compare(VectorOperators.GT, -1).and(x.compare(VectorOperators.LE, Float.MAX_VALUE));
        return defined.allTrue() ? y : oneByOne(Math::log1p, x, y, defined.not());
    }

    /// The exponent n of 2ⁿ m, where m is between the square root of a half and twice that.
    private static FloatVector exponent(IntVector bits) {
        return (FloatVector) bits.lanewise(VectorOperators.ASHR, MANTISSA).convert(VectorOperators.I2F, 0);
    }

    /// The factor m of [#exponent].
    private static FloatVector mantissa(IntVector bits) {
        return withBits(bits.and((1 << MANTISSA) - 1).add(SQRT_HALF_BITS));
    }

    /// `log(1 + f) - f`.
    private static FloatVector logTail(FloatVector f) {
        FloatVector p = all(-7.6247685e-2f)
                .fma(f, all(0.12914644f))
                .fma(f, all(-0.1324708f))
                .fma(f, all(0.14180596f))
                .fma(f, all(-0.16608453f))
                .fma(f, all(0.20002013f))
                .fma(f, all(-0.2500161f))
                .fma(f, all(0.33333325f))
                .fma(f, all(-0.49999988f));
        return p.mul(f).mul(f);
    }

    // ------------------------------------------------------------------------------------------------ angles

    static FloatVector sin(FloatVector x) {
        return circular(x, 0).blend(x, x.compare(VectorOperators.EQ, 0));
    }

    static FloatVector cos(FloatVector x) {
        return circular(x, 1);
    }

    /// `sin(x + ahead * pi / 2)`.
    private static FloatVector circular(FloatVector x, int ahead) {
        FloatVector shifted = x.fma(all(0.63661975f), all(ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        IntVector quadrant = shifted.reinterpretAsInts().add(ahead);
        FloatVector first = n.fma(all(-HALF_PI), x);
        FloatVector second = n.mul(HALF_PI_LOW);
        FloatVector r = first.sub(second);
        FloatVector low = angleRest(n, first, second, r);
        FloatVector z = r.mul(r);
        FloatVector y = sine(r, low, z);
        VectorMask<Float> odd = quadrant.and(1).compare(VectorOperators.NE, 0).cast(SPECIES);
        IntVector sign = quadrant.and(2).lanewise(VectorOperators.LSHL, 30);
        FloatVector result =
                withBits(y.blend(cosine(r, low, z), odd).reinterpretAsInts().lanewise(VectorOperators.XOR, sign));
        VectorMask<Float> huge = x.abs().compare(VectorOperators.GT, LARGEST_ANGLE);
        return huge.anyTrue() ? oneByOne(ahead == 0 ? Math::sin : Math::cos, x, result, huge) : result;
    }

    /// `sin(r + low)` for up to half a right angle, with `z = r * r`.
    private static FloatVector sine(FloatVector r, FloatVector low, FloatVector z) {
        FloatVector p = all(-1.9507874e-4f).fma(z, all(8.332106e-3f)).fma(z, all(-0.16666654f));
        return p.mul(z).fma(r, low).add(r);
    }

    /// `cos(r + low)` for up to half a right angle, with `z = r * r`.
    private static FloatVector cosine(FloatVector r, FloatVector low, FloatVector z) {
        FloatVector half = z.mul(0.5f);
        FloatVector near = all(1).sub(half);
        FloatVector p = all(2.4432104e-5f).fma(z, all(-1.3887308e-3f)).fma(z, all(4.1666646e-2f));
        FloatVector tail = p.mul(z).fma(z, r.mul(low).neg());
        return near.add(all(1).sub(near).sub(half).add(tail));
    }

    /// What `r = first - second` lacks of an angle less `n` right angles: what rounding lost of the difference and of the product `second`, and the
    /// last digits of pi.
    private static FloatVector angleRest(FloatVector n, FloatVector first, FloatVector second, FloatVector r) {
        FloatVector lost = n.fma(all(HALF_PI_LOW), second.neg());
        return n.fma(all(-HALF_PI_LOWEST), first.sub(r).sub(second).sub(lost));
    }

    static FloatVector tan(FloatVector x) {
        FloatVector shifted = x.fma(all(0.63661975f), all(ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector first = n.fma(all(-HALF_PI), x);
        FloatVector second = n.mul(HALF_PI_LOW);
        FloatVector r = first.sub(second);
        FloatVector low = angleRest(n, first, second, r);
        FloatVector z = r.mul(r);
        FloatVector p = all(4.387637e-3f)
                .fma(z, all(7.01195e-5f))
                .fma(z, all(1.0847593e-2f))
                .fma(z, all(2.127942e-2f))
                .fma(z, all(5.405997e-2f))
                .fma(z, all(0.1333267f))
                .fma(z, all(0.3333335f));
        FloatVector t = p.mul(z).fma(r, low.fma(z, low)).add(r);
        VectorMask<Float> odd = shifted.reinterpretAsInts()
                .and(1)
                .compare(VectorOperators.NE, 0)
                .cast(SPECIES);
        FloatVector result = t.blend(all(-1).div(t), odd).blend(x, x.compare(VectorOperators.EQ, 0));
        VectorMask<Float> huge = x.abs().compare(VectorOperators.GT, LARGEST_ANGLE);
        return huge.anyTrue() ? oneByOne(Math::tan, x, result, huge) : result;
    }

    /// The results `y`, with those under the mask computed by scalar code.
    private static FloatVector oneByOne(
            DoubleUnaryOperator function, FloatVector x, FloatVector y, VectorMask<Float> mask) {
        float[] arguments = x.toArray();
        float[] results = y.toArray();
        for (int lane = 0; lane < results.length; lane++) {
            if (mask.laneIsSet(lane)) {
                results[lane] = (float) function.applyAsDouble(arguments[lane]);
            }
        }
        return FloatVector.fromArray(SPECIES, results, 0);
    }

    static FloatVector asin(FloatVector x) {
        FloatVector a = x.abs();
        VectorMask<Float> small = a.compare(VectorOperators.LE, 0.5f);
        // For the others, asin a = pi/2 - 2 asin s with s = sqrt((1 - a) / 2).
        FloatVector z = all(1).sub(a).mul(0.5f).blend(a.mul(a), small);
        FloatVector s = z.sqrt().blend(a, small);
        FloatVector p = asinTail(z).mul(s);
        FloatVector rest = rootRest(s, z).add(p);
        FloatVector twice = s.add(s);
        FloatVector high = all(HALF_PI).sub(twice);
        FloatVector low = all(HALF_PI).sub(high).sub(twice).add(HALF_PI_LOW);
        FloatVector large = high.add(low.sub(rest.add(rest)));
        FloatVector y = withSign(large.blend(a.add(p), small), x);
        return y.blend(Float.NaN, isNaN(y));
    }

    static FloatVector acos(FloatVector x) {
        FloatVector a = x.abs();
        VectorMask<Float> small = a.compare(VectorOperators.LE, 0.5f);
        VectorMask<Float> negative = x.compare(VectorOperators.LT, 0);
        // pi/2 - asin x for small x; else 0 + 2 asin s or pi - 2 asin s.
        FloatVector z = all(1).sub(a).mul(0.5f).blend(a.mul(a), small);
        FloatVector root = z.sqrt();
        FloatVector s = root.neg().blend(root, negative).blend(x, small);
        FloatVector p = asinTail(z).mul(s);
        FloatVector rest = rootRest(s, z).add(p);
        FloatVector first = s.add(s).blend(s, small);
        FloatVector second = rest.add(rest).blend(p, small);
        FloatVector base = all(0).blend(2 * HALF_PI, negative).blend(HALF_PI, small);
        FloatVector baseLow = all(0).blend(PI_LOW, negative).blend(HALF_PI_LOW, small);
        FloatVector high = base.sub(first);
        FloatVector low = base.sub(high).sub(first).add(baseLow);
        FloatVector y = high.add(low.sub(second));
        return y.blend(Float.NaN, isNaN(y));
    }

    /// `asin(s) / s - 1` for `z = s * s` up to a quarter.
    private static FloatVector asinTail(FloatVector z) {
        FloatVector p = all(3.7696842e-2f)
                .fma(z, all(1.4314811e-2f))
                .fma(z, all(3.18391e-2f))
                .fma(z, all(4.4513375e-2f))
                .fma(z, all(7.500522e-2f))
                .fma(z, all(0.1666666f));
        return p.mul(z);
    }

    /// What `s` lacks of a square root of `z`.
    private static FloatVector rootRest(FloatVector s, FloatVector z) {
        // The least normal number keeps 0 from being divided by 0, and is lost in the sum otherwise.
        return s.neg().fma(s, z).div(s.add(s).add(Float.MIN_NORMAL));
    }

    static FloatVector atan(FloatVector x) {
        FloatVector a = x.abs();
        VectorMask<Float> middle = a.compare(VectorOperators.GT, 0.5463f);
        VectorMask<Float> large = a.compare(VectorOperators.GT, 3.4f);
        // atan a = pi/4 + atan((a - 1) / (a + 1)) = pi/2 - atan(1 / a).
        FloatVector numerator = a.blend(a.sub(1), middle).blend(-1, large);
        FloatVector denominator = all(1).blend(a.add(1), middle).blend(a, large);
        FloatVector t = numerator.div(denominator);
        FloatVector base = all(0).blend(HALF_PI / 2, middle).blend(HALF_PI, large);
        FloatVector baseLow = all(0).blend(HALF_PI_LOW / 2, middle).blend(HALF_PI_LOW, large);
        FloatVector z = t.mul(t);
        FloatVector p = all(3.414771e-2f)
                .fma(z, all(-7.644878e-2f))
                .fma(z, all(0.10847979f))
                .fma(z, all(-0.1426059f))
                .fma(z, all(0.19998877f))
                .fma(z, all(-0.33333316f));
        FloatVector y = base.add(p.mul(z).fma(t, baseLow).add(t));
        return withSign(y, x);
    }
}
