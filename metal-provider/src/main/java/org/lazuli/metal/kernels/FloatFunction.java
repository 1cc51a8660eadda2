package org.lazuli.metal.kernels;

import java.util.List;
import java.util.Locale;

/// Functions of floats that MSL does not have, or has with other results at the edges: those that the reference backend gives, to a few units in the
/// last place.
enum FloatFunction {
    SIGN("""
            static inline float sign_float(float x) {
                return (x > 0.0f ? 1.0f : 0.0f) - (x < 0.0f ? 1.0f : 0.0f);
            }
            """),
    SIGMOID("""
            static inline float sigmoid_float(float x) {
                float e = exp(-fabs(x));
                float s = 1.0f / (1.0f + e);
                return x < 0.0f ? e * s : s;
            }
            """),
    /// With x = n log 2 + r: 2ⁿ (exp(r) - 1) + (2ⁿ - 1), and the Taylor series of exp(r) - 1, whose remainder is below 10⁻⁹.
    EXPM1("""
            static inline float expm1_float(float x) {
                if (x == 0.0f) {
                    return x;
                }
                if (x > 80.0f) {
                    return exp(x);
                }
                if (x < -20.0f) {
                    return -1.0f;
                }
                float n = rint(x * 1.44269504f);
                float r = fma(n, -0.693145752f, x);
                r = fma(n, -1.42860677e-06f, r);
                float p = 2.48015873e-05f;
                p = fma(p, r, 0.000198412698f);
                p = fma(p, r, 0.00138888889f);
                p = fma(p, r, 0.00833333333f);
                p = fma(p, r, 0.0416666667f);
                p = fma(p, r, 0.166666667f);
                p = fma(p, r, 0.5f);
                p = fma(p * r, r, r);
                float scale = ldexp(1.0f, int(n));
                return fma(p, scale, scale - 1.0f);
            }
            """),
    /// The rounding of 1 + x is undone by the quotient: W. Kahan, in the HP-15C's *Advanced Functions Handbook* (1982).
    LOG1P("""
            static inline float log1p_float(float x) {
                float u = 1.0f + x;
                if (u == 1.0f || (isinf(x) && x > 0.0f)) {
                    return x;
                }
                return log(u) * (x / (u - 1.0f));
            }
            """),
    /// Polynomials fitted for this purpose: erf(x) / x near 0, and -log(erfc(x)) above.
    ERF("""
            static inline float erf_float(float x) {
                float a = fabs(x);
                if (a < 0.92f) {
                    float z = x * x;
                    float p = 8.38241467e-05f;
                    p = fma(p, z, -0.000814560452f);
                    p = fma(p, z, 0.00520128664f);
                    p = fma(p, z, -0.0268595014f);
                    p = fma(p, z, 0.112836972f);
                    p = fma(p, z, -0.376126349f);
                    p = fma(p, z, 0.128379166f);
                    return fma(p, x, x);
                }
                if (isnan(x)) {
                    return x;
                }
                float g = 5.22378002e-07f;
                g = fma(g, a, 1.43047955e-05f);
                g = fma(g, a, -0.000396670017f);
                g = fma(g, a, 0.0040533822f);
                g = fma(g, a, -0.0248950813f);
                g = fma(g, a, 0.108011797f);
                g = fma(g, a, 0.633543611f);
                g = fma(g, a, 1.12943411f);
                g = fma(g, a, -0.000160396143f);
                float r = a > 3.92f ? 1.0f : 1.0f - exp(-g);
                return copysign(r, x);
            }
            """),
    /// In -log(1 - x²), as M. Giles has it, "Approximating the erfinv function", GPU Computing Gems 2 (2012); the polynomials were fitted again, with
    /// one of their own near 0.
    ERFINV("""
            static inline float erfinv_float(float x) {
                float a = fabs(x);
                float p = 0.169594228f;
                if (a <= 0.6f) {
                    float z = x * x;
                    p = fma(p, z, -0.0866370425f);
                    p = fma(p, z, 0.0944644287f);
                    p = fma(p, z, 0.0397606827f);
                    p = fma(p, z, 0.0665476844f);
                    p = fma(p, z, 0.0864355415f);
                    p = fma(p, z, 0.127560422f);
                    p = fma(p, z, 0.232013613f);
                    p = fma(p, z, -0.113773078f);
                    // p is negative: of -0 the sum would be +0.
                    return copysign(fma(p, x, x), x);
                }
                if (!(a < 1.0f)) {
                    return a == 1.0f ? copysign(INFINITY, x) : NAN;
                }
                float w = -log((1.0f - a) * (1.0f + a));
                if (w < 5.0f) {
                    float t = w - 2.5f;
                    p = -8.03272204e-09f;
                    p = fma(p, t, 2.15581988e-08f);
                    p = fma(p, t, 4.58894647e-07f);
                    p = fma(p, t, -3.44790146e-06f);
                    p = fma(p, t, -4.94017286e-06f);
                    p = fma(p, t, 0.000218304063f);
                    p = fma(p, t, -0.00125276914f);
                    p = fma(p, t, -0.00417735241f);
                    p = fma(p, t, 0.246640295f);
                    p = fma(p, t, 1.50140941f);
                } else {
                    float t = sqrt(w) - 3.0f;
                    p = 0.000122313912f;
                    p = fma(p, t, -0.000315661338f);
                    p = fma(p, t, -6.5578628e-05f);
                    p = fma(p, t, 0.00149214419f);
                    p = fma(p, t, -0.00359318685f);
                    p = fma(p, t, 0.00568448054f);
                    p = fma(p, t, -0.00763811078f);
                    p = fma(p, t, 0.00944555458f);
                    p = fma(p, t, 1.00167501f);
                    p = fma(p, t, 2.83297682f);
                }
                return p * x;
            }
            """),
    FLOOR_DIVIDE("""
            static inline float floor_divide_float(float a, float b) {
                return floor(a / b);
            }
            """),
    REMAINDER("""
            static inline float remainder_float(float a, float b) {
                float r = isinf(b) && !isinf(a) ? a : fmod(a, b);
                return r != 0.0f && (r < 0.0f) != (b < 0.0f) ? r + b : r;
            }
            """),
    /// By the rules of C.
    POWER("""
            static inline float power_float(float a, float b) {
                if (a == 1.0f || b == 0.0f || (a == -1.0f && isinf(b))) {
                    return 1.0f;
                }
                return pow(a, b);
            }
            """),
    /// NaN if one is; 0 is above -0.
    MAXIMUM("""
            static inline float maximum_float(float a, float b) {
                if (isnan(a)) {
                    return a;
                }
                if (isnan(b)) {
                    return b;
                }
                if (a == b) {
                    return as_type<float>(as_type<uint>(a) & as_type<uint>(b));
                }
                return a > b ? a : b;
            }
            """),
    MINIMUM("""
            static inline float minimum_float(float a, float b) {
                if (isnan(a)) {
                    return a;
                }
                if (isnan(b)) {
                    return b;
                }
                if (a == b) {
                    return as_type<float>(as_type<uint>(a) | as_type<uint>(b));
                }
                return a < b ? a : b;
            }
            """),
    /// Two floats whose sum is that of the operands, exactly. (D. Knuth, *The Art of Computer Programming* 2, 4.2.2.)
    TWO_SUM("""
            static inline float2 two_sum_float(float a, float b) {
                float s = a + b;
                float t = s - a;
                return float2(s, (a - (s - t)) + (b - t));
            }
            """),
    /// Numbers of 48 bits, as the sum of two floats.
    PAIR_ADD("""
            static inline float2 pair_add_float(float2 a, float2 b) {
                float2 s = two_sum_float(a.x, b.x);
                return two_sum_float(s.x, s.y + (a.y + b.y));
            }
            """, TWO_SUM),
    PAIR_MULTIPLY("""
            static inline float2 pair_multiply_float(float2 a, float2 b) {
                float p = a.x * b.x;
                float cross = a.x * b.y + a.y * b.x;
                return two_sum_float(p, fma(a.x, b.x, -p) + cross);
            }
            """, TWO_SUM),
    /// exp(x), or exp(x) - 1, to 45 bits, by the Taylor series after taking out powers of two.
    PAIR_EXP("""
            static inline float2 pair_exp_float(float2 x, bool minus_one) {
                float n = rint(x.x * 1.44269504f);
                float2 r = two_sum_float(fma(n, -0.693115234f, x.x), x.y);
                r = pair_add_float(r, pair_multiply_float(float2(-n, 0.0f), float2(3.19461833e-05f, 1.64659497e-12f)));
                float t = 2.08767570e-09f;
                t = fma(t, r.x, 2.50521084e-08f);
                t = fma(t, r.x, 2.75573192e-07f);
                t = fma(t, r.x, 2.75573192e-06f);
                t = fma(t, r.x, 2.48015873e-05f);
                t = fma(t, r.x, 0.000198412698f);
                float2 p = pair_add_float(float2(0.00138888892f, -3.36310944e-11f), two_sum_float(t * r.x, 0.0f));
                p = pair_add_float(float2(0.00833333377f, -4.34617203e-10f), pair_multiply_float(p, r));
                p = pair_add_float(float2(0.0416666679f, -1.24176347e-09f), pair_multiply_float(p, r));
                p = pair_add_float(float2(0.166666672f, -4.96705388e-09f), pair_multiply_float(p, r));
                p = pair_add_float(float2(0.5f, 0.0f), pair_multiply_float(p, r));
                p = pair_add_float(float2(1.0f, 0.0f), pair_multiply_float(p, r));
                p = pair_multiply_float(p, r);
                float scale = ldexp(1.0f, int(n));
                if (!minus_one) {
                    p = pair_add_float(p, float2(1.0f, 0.0f));
                    return float2(p.x * scale, p.y * scale);
                }
                if (n == 0.0f) {
                    return p;
                }
                return pair_add_float(float2(p.x * scale, p.y * scale), two_sum_float(scale, -1.0f));
            }
            """, PAIR_ADD, PAIR_MULTIPLY),
    /// With l near log(1 + exp(low - high)), which may cancel against `high`: then l is corrected by log((1 + exp(low - high)) exp(-l)), which is so
    /// small that it is its argument less 1.
    LOGADDEXP("""
            static inline float logaddexp_float(float a, float b) {
                float high = maximum_float(a, b);
                float low = minimum_float(a, b);
                if (isinf(high) || isnan(high)) {
                    return high;
                }
                float2 difference = two_sum_float(low, -high);
                float l = exp(difference.x);
                l = log1p_float(isinf(low) ? l : fma(l, difference.y, l));
                float sum = high + l;
                if (fabs(sum) >= l) {
                    return sum;
                }
                float2 e = pair_exp_float(difference, false);
                float2 g = pair_exp_float(float2(-l, 0.0f), true);
                float2 product = pair_multiply_float(e, pair_add_float(g, float2(1.0f, 0.0f)));
                float2 correction = pair_add_float(product, g);
                float2 exact = two_sum_float(high, l);
                return exact.x + (exact.y + correction.x);
            }
            """, MAXIMUM, MINIMUM, LOG1P, PAIR_EXP),
    /// The integer part modulo 2⁶⁴, and 0 where there is none.
    TO_INTEGER("""
            static inline ulong to_integer_float(float x) {
                uint bits = as_type<uint>(x);
                int exponent = int((bits >> 23) & 0xFFu) - 127;
                if (exponent < 0 || exponent > 86) {
                    return 0;
                }
                ulong mantissa = ulong((bits & 0x7FFFFFu) | 0x800000u);
                ulong value = exponent <= 23 ? mantissa >> (23 - exponent) : mantissa << (exponent - 23);
                return (bits >> 31) != 0 ? 0 - value : value;
            }
            """),
    /// To the nearest number that bfloat16 holds, ties to even; a NaN stays one.
    ROUND_TO_BFLOAT("""
            static inline float round_to_bfloat_float(float x) {
                uint bits = as_type<uint>(x);
                uint rounded = isnan(x) ? bits | 0x400000u : bits + 0x7FFFu + ((bits >> 16) & 1u);
                return as_type<float>(rounded & 0xFFFF0000u);
            }
            """),
    COMPLEX_ABS("""
            static inline float complex_abs_float(float2 z) {
                float a = fabs(z.x);
                float b = fabs(z.y);
                if (isinf(a) || isinf(b)) {
                    return INFINITY;
                }
                float high = a < b ? b : a;
                float low = a < b ? a : b;
                if (high == 0.0f) {
                    return a + b;
                }
                float ratio = low / high;
                return high * sqrt(1.0f + ratio * ratio);
            }
            """),
    COMPLEX_MULTIPLY("""
            static inline float2 complex_multiply_float(float2 a, float2 b) {
                float ac = a.x * b.x;
                float bd = a.y * b.y;
                float ad = a.x * b.y;
                float bc = a.y * b.x;
                return float2(ac - bd, ad + bc);
            }
            """),
    /// By real part, then by imaginary part.
    COMPLEX_LESS("""
            static inline bool complex_less_float(float2 a, float2 b) {
                return a.x < b.x || (a.x == b.x && a.y < b.y);
            }
            """),
    COMPLEX_MAXIMUM("""
            static inline float2 complex_maximum_float(float2 a, float2 b) {
                if (isnan(a.x) || isnan(a.y)) {
                    return a;
                }
                if (isnan(b.x) || isnan(b.y) || complex_less_float(a, b)) {
                    return b;
                }
                return a;
            }
            """, COMPLEX_LESS),
    COMPLEX_MINIMUM("""
            static inline float2 complex_minimum_float(float2 a, float2 b) {
                if (isnan(a.x) || isnan(a.y)) {
                    return a;
                }
                if (isnan(b.x) || isnan(b.y) || !complex_less_float(a, b)) {
                    return b;
                }
                return a;
            }
            """, COMPLEX_LESS),
    COMPLEX_SELECT("""
            static inline float2 complex_select_float(bool condition, float2 a, float2 b) {
                if (condition) {
                    return a;
                }
                return b;
            }
            """);

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // what List.of gives is
    private final List<FloatFunction> uses;

    FloatFunction(String text, FloatFunction... uses) {
        this.text = text;
        this.uses = List.of(uses);
    }

    /// What it is called in the text.
    String functionName() {
        return name().toLowerCase(Locale.ROOT) + "_float";
    }

    String text() {
        return text;
    }

    /// The functions that it calls.
    List<FloatFunction> uses() {
        return uses;
    }
}
