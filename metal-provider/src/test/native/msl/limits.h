// <metal_limits>.
#pragma once

namespace metal {

template <class T> struct numeric_limits;

#define __METAL_INTEGER_LIMITS(T, LOWEST, GREATEST, BITS, SIGNED)                                             \
    template <> struct numeric_limits<T> {                                                                    \
        static constexpr constant bool is_specialized = true, is_signed = SIGNED, is_integer = true;          \
        static constexpr constant bool has_infinity = false, has_quiet_NaN = false;                           \
        static constexpr constant int digits = BITS;                                                          \
        static constexpr T min() { return LOWEST; }                                                           \
        static constexpr T lowest() { return LOWEST; }                                                        \
        static constexpr T max() { return GREATEST; }                                                         \
        static constexpr T infinity() { return 0; }                                                           \
        static constexpr T quiet_NaN() { return 0; }                                                          \
    };
__METAL_INTEGER_LIMITS(bool, false, true, 1, false)
__METAL_INTEGER_LIMITS(char, -128, 127, 7, true)
__METAL_INTEGER_LIMITS(uchar, 0, 255, 8, false)
__METAL_INTEGER_LIMITS(short, -32768, 32767, 15, true)
__METAL_INTEGER_LIMITS(ushort, 0, 65535, 16, false)
__METAL_INTEGER_LIMITS(int, -0x7fffffff - 1, 0x7fffffff, 31, true)
__METAL_INTEGER_LIMITS(uint, 0, 0xffffffffu, 32, false)
__METAL_INTEGER_LIMITS(long, -0x7fffffffffffffffl - 1, 0x7fffffffffffffffl, 63, true)
__METAL_INTEGER_LIMITS(ulong, 0, 0xfffffffffffffffful, 64, false)

#define __METAL_FLOAT_LIMITS(T, SMALLEST, GREATEST, EPSILON, DENORM, BITS)                                    \
    template <> struct numeric_limits<T> {                                                                    \
        static constexpr constant bool is_specialized = true, is_signed = true, is_integer = false;           \
        static constexpr constant bool has_infinity = true, has_quiet_NaN = true;                             \
        static constexpr constant int digits = BITS;                                                          \
        static constexpr T min() { return (T)SMALLEST; }                                                      \
        static constexpr T lowest() { return (T)-GREATEST; }                                                  \
        static constexpr T max() { return (T)GREATEST; }                                                      \
        static constexpr T epsilon() { return (T)EPSILON; }                                                   \
        static constexpr T denorm_min() { return (T)DENORM; }                                                 \
        static constexpr T infinity() { return (T)__builtin_inff(); }                                         \
        static constexpr T quiet_NaN() { return (T)__builtin_nanf(""); }                                      \
    };
__METAL_FLOAT_LIMITS(float, 1.175494351e-38f, 3.402823466e+38f, 1.192092896e-07f, 1.401298464e-45f, 24)
__METAL_FLOAT_LIMITS(half, 6.103515625e-05f, 65504.0f, 9.765625e-04f, 5.960464478e-08f, 11)
__METAL_FLOAT_LIMITS(bfloat, 1.175494351e-38f, 3.38953139e+38f, 7.8125e-03f, 9.183549616e-41f, 8)

}  // namespace metal
