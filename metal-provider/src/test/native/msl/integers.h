// <metal_integer>.
#pragma once

namespace metal {

template <class T> constexpr constant bool __is_scalar_integer = __is_integer<T> && __elements<T>::count == 1;

template <class T, class = enable_if_t<__is_scalar_integer<T>>> inline T popcount(T x) {
    return (T)__builtin_popcountl((ulong)x & (~0ul >> (64 - 8 * sizeof(T))));
}
template <class T, class = enable_if_t<__is_scalar_integer<T>>> inline T clz(T x) {
    ulong bits = (ulong)x << (64 - 8 * sizeof(T));
    return (T)(bits == 0 ? 8 * sizeof(T) : (ulong)__builtin_clzl(bits));
}
template <class T, class = enable_if_t<__is_scalar_integer<T>>> inline T ctz(T x) {
    ulong bits = (ulong)x & (~0ul >> (64 - 8 * sizeof(T)));
    return (T)(bits == 0 ? 8 * sizeof(T) : (ulong)__builtin_ctzl(bits));
}
template <class T, class = enable_if_t<__is_scalar_integer<T>>> inline T reverse_bits(T x) {
    T r = 0;
    for (uint k = 0; k < 8 * sizeof(T); k++) r |= (T)(((x >> k) & 1) << (8 * sizeof(T) - 1 - k));
    return r;
}
template <class T, class = enable_if_t<__is_scalar_integer<T>>> inline T rotate(T x, T by) {
    constexpr uint bits = 8 * sizeof(T);
    ulong v = (ulong)x & (~0ul >> (64 - bits));
    uint n = (uint)by & (bits - 1);
    return (T)(n == 0 ? v : (v << n) | (v >> (bits - n)));
}
inline int mulhi(int a, int b) { return (int)(((long)a * b) >> 32); }
inline uint mulhi(uint a, uint b) { return (uint)(((ulong)a * b) >> 32); }
inline short mulhi(short a, short b) { return (short)(((int)a * b) >> 16); }
inline ushort mulhi(ushort a, ushort b) { return (ushort)(((uint)a * b) >> 16); }
inline ulong mulhi(ulong a, ulong b) {
    ulong low = (a & 0xffffffff) * (b & 0xffffffff);
    ulong middle = (a >> 32) * (b & 0xffffffff) + (low >> 32);
    ulong other = (a & 0xffffffff) * (b >> 32) + (middle & 0xffffffff);
    return (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
}
inline long mulhi(long a, long b) { return (long)(mulhi((ulong)a, (ulong)b) - (a < 0 ? (ulong)b : 0) - (b < 0 ? (ulong)a : 0)); }
inline uint absdiff(int a, int b) { return a < b ? (uint)b - (uint)a : (uint)a - (uint)b; }
inline uint absdiff(uint a, uint b) { return a < b ? b - a : a - b; }
inline int mad24(int a, int b, int c) { return a * b + c; }
inline uint mad24(uint a, uint b, uint c) { return a * b + c; }
inline int mul24(int a, int b) { return a * b; }
inline uint mul24(uint a, uint b) { return a * b; }
inline int addsat(int a, int b) { int r; return __builtin_sadd_overflow(a, b, &r) ? (a < 0 ? -0x7fffffff - 1 : 0x7fffffff) : r; }
inline uint addsat(uint a, uint b) { return a + b < a ? 0xffffffffu : a + b; }
inline uint subsat(uint a, uint b) { return a < b ? 0u : a - b; }
template <class T, class = enable_if_t<__is_scalar_integer<T>>> inline T extract_bits(T x, uint offset, uint bits) {
    constexpr uint width = 8 * sizeof(T);
    return bits == 0 ? (T)0 : (T)((T)(x << (width - bits - offset)) >> (width - bits));
}
template <class T, class = enable_if_t<__is_scalar_integer<T>>> inline T insert_bits(T base, T insert, uint offset, uint bits) {
    T mask = (T)((bits >= 8 * sizeof(T) ? ~0ul : (1ul << bits) - 1) << offset);
    return (T)((base & ~mask) | ((T)(insert << offset) & mask));
}

}  // namespace metal
