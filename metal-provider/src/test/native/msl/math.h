// <metal_math>, <metal_common>, <metal_geometric> and <metal_relational> of float and half; half is computed in float and
// rounded once.
#pragma once

namespace metal {

#define __METAL_VECTORIZED_1(NAME)                                                                         \
    template <class V, class = enable_if_t<(__elements<V>::count > 1) && __is_float<V>>> inline V NAME(V x) { \
        V r;                                                                                               \
        for (int k = 0; k < __elements<V>::count; k++) r[k] = NAME(x[k]);                                  \
        return r;                                                                                          \
    }
#define __METAL_VECTORIZED_2(NAME)                                                                         \
    template <class V, class = enable_if_t<(__elements<V>::count > 1) && __is_float<V>>> inline V NAME(V x, V y) { \
        V r;                                                                                               \
        for (int k = 0; k < __elements<V>::count; k++) r[k] = NAME(x[k], y[k]);                            \
        return r;                                                                                          \
    }
// bfloat converts to float by itself, and Metal's compiler finds such a call ambiguous: a kernel must say float(x).
#define __METAL_MATH_1(NAME, EXPRESSION)                        \
    void NAME(bfloat x) = delete;                               \
    inline float NAME(float x) { return EXPRESSION; }           \
    inline half NAME(half h) { float x = h; return (half)(EXPRESSION); } \
    __METAL_VECTORIZED_1(NAME)
#define __METAL_MATH_2(NAME, EXPRESSION)                        \
    void NAME(bfloat x, bfloat y) = delete;                     \
    inline float NAME(float x, float y) { return EXPRESSION; }  \
    inline half NAME(half h, half g) { float x = h, y = g; return (half)(EXPRESSION); } \
    __METAL_VECTORIZED_2(NAME)

inline float __sinpi(float x) {  // exact where the argument is, by reducing before the multiplication
    float r = x - 2.0f * __builtin_rintf(x * 0.5f);
    return __builtin_fabsf(r) == 1.0f ? 0.0f * x : __builtin_sinf(r * M_PI_F);
}
inline float __cospi(float x) {
    float r = __builtin_fabsf(x - 2.0f * __builtin_rintf(x * 0.5f));
    return r == 0.5f ? 0.0f : __builtin_cosf(r * M_PI_F);
}
inline float __sign(float x) { return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x == 0.0f ? x : 0.0f; }
inline float __fract(float x) {
    float r = x - __builtin_floorf(x);
    return r < 1.0f ? r : 0.999999940395355224609375f;
}

// Name and definition of each function of one argument; fast:: and precise:: have them too.
#define __METAL_FUNCTIONS_1(F)                                                                              \
    F(exp, __builtin_expf(x)) F(exp2, __builtin_exp2f(x)) F(exp10, __builtin_exp10f(x))                     \
    F(log, __builtin_logf(x)) F(log2, __builtin_log2f(x)) F(log10, __builtin_log10f(x))                     \
    F(sin, __builtin_sinf(x)) F(cos, __builtin_cosf(x)) F(tan, __builtin_tanf(x))                           \
    F(sinpi, __sinpi(x)) F(cospi, __cospi(x)) F(tanpi, __sinpi(x) / __cospi(x))                             \
    F(asin, __builtin_asinf(x)) F(acos, __builtin_acosf(x)) F(atan, __builtin_atanf(x))                     \
    F(sinh, __builtin_sinhf(x)) F(cosh, __builtin_coshf(x)) F(tanh, __builtin_tanhf(x))                     \
    F(asinh, __builtin_asinhf(x)) F(acosh, __builtin_acoshf(x)) F(atanh, __builtin_atanhf(x))               \
    F(sqrt, __builtin_sqrtf(x)) F(rsqrt, 1.0f / __builtin_sqrtf(x))                                         \
    F(floor, __builtin_floorf(x)) F(ceil, __builtin_ceilf(x)) F(trunc, __builtin_truncf(x))                 \
    F(rint, __builtin_rintf(x)) F(round, __builtin_roundf(x)) F(fabs, __builtin_fabsf(x)) F(fract, __fract(x))
#define __METAL_FUNCTIONS_2(F)                                                                              \
    F(pow, __builtin_powf(x, y)) F(powr, __builtin_powf(x, y)) F(atan2, __builtin_atan2f(x, y))             \
    F(fmod, __builtin_fmodf(x, y)) F(fdim, __builtin_fdimf(x, y)) F(copysign, __builtin_copysignf(x, y))    \
    F(fmin, __builtin_fminf(x, y)) F(fmax, __builtin_fmaxf(x, y))

__METAL_FUNCTIONS_1(__METAL_MATH_1)
__METAL_FUNCTIONS_2(__METAL_MATH_2)
__METAL_MATH_1(sign, __sign(x))
__METAL_MATH_1(saturate, __builtin_fminf(__builtin_fmaxf(x, 0.0f), 1.0f))
__METAL_MATH_2(step, y < x ? 0.0f : 1.0f)

inline float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
inline half fma(half a, half b, half c) { return (half)__builtin_fmaf(a, b, c); }  // the product is exact in float
template <class V, class = enable_if_t<(__elements<V>::count > 1) && __is_float<V>>> inline V fma(V a, V b, V c) {
    V r;
    for (int k = 0; k < __elements<V>::count; k++) r[k] = fma(a[k], b[k], c[k]);
    return r;
}
inline float nextafter(float a, float b) { return __builtin_nextafterf(a, b); }
inline float ldexp(float x, int e) { return __builtin_ldexpf(x, e); }
inline half ldexp(half x, int e) { return (half)__builtin_ldexpf((float)x, e); }
inline float frexp(float x, thread int& e) { return __builtin_frexpf(x, &e); }
inline int ilogb(float x) { return __builtin_ilogbf(x); }
inline float modf(float x, thread float& whole) {
    whole = __builtin_truncf(x);
    return __builtin_isinf(x) ? __builtin_copysignf(0.0f, x) : __builtin_copysignf(x - whole, x);
}
inline float sincos(float x, thread float& cosine) {
    cosine = __builtin_cosf(x);
    return __builtin_sinf(x);
}
inline float fmax3(float a, float b, float c) { return fmax(a, fmax(b, c)); }
inline float fmin3(float a, float b, float c) { return fmin(a, fmin(b, c)); }

// min, max, clamp and abs are for integers and floats alike; in Metal min and max of floats are fmin and fmax.
template <class T> constexpr constant bool __is_number = __is_float<T> || __is_integer<T>;
template <class T, class = enable_if_t<__is_number<T>>> inline T min(T a, T b) {
    if constexpr (__is_float<T>) return fmin(a, b);
    else if constexpr (__elements<T>::count == 1) return b < a ? b : a;
    else { T r; for (int k = 0; k < __elements<T>::count; k++) r[k] = b[k] < a[k] ? b[k] : a[k]; return r; }
}
template <class T, class = enable_if_t<__is_number<T>>> inline T max(T a, T b) {
    if constexpr (__is_float<T>) return fmax(a, b);
    else if constexpr (__elements<T>::count == 1) return a < b ? b : a;
    else { T r; for (int k = 0; k < __elements<T>::count; k++) r[k] = a[k] < b[k] ? b[k] : a[k]; return r; }
}
template <class T, class = enable_if_t<__is_number<T>>> inline T clamp(T x, T low, T high) { return min(max(x, low), high); }
template <class T, class = enable_if_t<__is_number<T>>> inline T min3(T a, T b, T c) { return min(a, min(b, c)); }
template <class T, class = enable_if_t<__is_number<T>>> inline T max3(T a, T b, T c) { return max(a, max(b, c)); }
template <class T, class = enable_if_t<__is_number<T>>> inline T abs(T x) {
    if constexpr (__is_float<T>) return fabs(x);
    else if constexpr (__elements<T>::count == 1) return x < 0 ? (T)-x : x;
    else { T r; for (int k = 0; k < __elements<T>::count; k++) r[k] = x[k] < 0 ? -x[k] : x[k]; return r; }
}
template <class T, class = enable_if_t<__is_float<T>>> inline T mix(T a, T b, T t) { return a + (b - a) * t; }
template <class T, class = enable_if_t<__is_float<T>>> inline T smoothstep(T low, T high, T x) {
    T t = clamp((x - low) / (high - low), (T)0, (T)1);
    return t * t * ((T)3 - (T)2 * t);
}

// Relational functions.
#define __METAL_TEST(NAME, EXPRESSION)                                                                     \
    inline bool NAME(float x) { return EXPRESSION; }                                                       \
    inline bool NAME(half h) { float x = h; return EXPRESSION; }                                           \
    template <class V, class = enable_if_t<(__elements<V>::count > 1) && __is_float<V>>> inline vec<bool, __elements<V>::count> NAME(V x) { \
        vec<bool, __elements<V>::count> r;                                                                 \
        for (int k = 0; k < __elements<V>::count; k++) r[k] = NAME(x[k]) ? -1 : 0;                         \
        return r;                                                                                          \
    }
__METAL_TEST(isnan, __builtin_isnan(x))
__METAL_TEST(isinf, __builtin_isinf(x))
__METAL_TEST(isfinite, __builtin_isfinite(x))
__METAL_TEST(isnormal, __builtin_isnormal(x))
__METAL_TEST(signbit, __builtin_signbit(x) != 0)

inline bool any(bool b) { return b; }
inline bool all(bool b) { return b; }
template <class V, class = enable_if_t<(__elements<V>::count > 1)>> inline bool any(V v) {
    bool r = false;
    for (int k = 0; k < __elements<V>::count; k++) r |= v[k] != 0;
    return r;
}
template <class V, class = enable_if_t<(__elements<V>::count > 1)>> inline bool all(V v) {
    bool r = true;
    for (int k = 0; k < __elements<V>::count; k++) r &= v[k] != 0;
    return r;
}
template <class T> inline T select(T a, T b, bool c) { return c ? b : a; }
template <class V, class C, class = enable_if_t<(__elements<V>::count > 1) && __elements<C>::count == __elements<V>::count>> inline V select(V a, V b, C c) {
    V r;
    for (int k = 0; k < __elements<V>::count; k++) r[k] = c[k] != 0 ? b[k] : a[k];
    return r;
}

// Geometric functions.
template <class V, class = enable_if_t<(__elements<V>::count > 1) && __is_float<V>>> inline typename __elements<V>::type dot(V a, V b) {
    typename __elements<V>::type sum = 0;
    for (int k = 0; k < __elements<V>::count; k++) sum += a[k] * b[k];
    return sum;
}
template <class V, class = enable_if_t<(__elements<V>::count > 1) && __is_float<V>>> inline typename __elements<V>::type length_squared(V v) { return dot(v, v); }
template <class V, class = enable_if_t<(__elements<V>::count > 1) && __is_float<V>>> inline typename __elements<V>::type length(V v) { return sqrt(dot(v, v)); }

#define __METAL_USING(NAME, EXPRESSION) using metal::NAME;
namespace precise {
__METAL_FUNCTIONS_1(__METAL_USING)
__METAL_FUNCTIONS_2(__METAL_USING)
using metal::fma;
}  // namespace precise
namespace fast {
__METAL_FUNCTIONS_1(__METAL_USING)
__METAL_FUNCTIONS_2(__METAL_USING)
using metal::fma;
}  // namespace fast

}  // namespace metal
