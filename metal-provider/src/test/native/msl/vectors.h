// Vector types, and what element type and length they have.
//
// A comparison of vectors gives an int vector of 0 and -1 here and a bool vector in Metal: give it to any, all or select,
// and to nothing else.
#pragma once

#define __METAL_SCALARS(F) F(char) F(uchar) F(short) F(ushort) F(int) F(uint) F(long) F(ulong) F(float) F(half) F(bfloat)

#define __METAL_VECTOR_TYPES(T)                              \
    typedef T T##2 __attribute__((ext_vector_type(2)));      \
    typedef T T##3 __attribute__((ext_vector_type(3)));      \
    typedef T T##4 __attribute__((ext_vector_type(4)));
__METAL_SCALARS(__METAL_VECTOR_TYPES)
typedef int2 bool2;
typedef int3 bool3;
typedef int4 bool4;

namespace metal {

template <class T> struct __elements { using type = T; static constexpr constant int count = 1; };
template <class T, int N> struct __vector;
template <class T> struct __vector<T, 1> { using type = T; };
template <> struct __vector<bool, 2> { using type = bool2; };
template <> struct __vector<bool, 3> { using type = bool3; };
template <> struct __vector<bool, 4> { using type = bool4; };

#define __METAL_ELEMENTS(T, N)                                                                            \
    template <> struct __elements<T##N> { using type = T; static constexpr constant int count = N; };    \
    template <> struct __vector<T, N> { using type = T##N; };
#define __METAL_ALL_ELEMENTS(T) __METAL_ELEMENTS(T, 2) __METAL_ELEMENTS(T, 3) __METAL_ELEMENTS(T, 4)
__METAL_SCALARS(__METAL_ALL_ELEMENTS)

template <class T, int N> using vec = typename __vector<T, N>::type;

// Constructors: T(scalar) fills, T(a, b, ...) takes the elements of all arguments one after another.
template <class V, class A> constexpr inline void __append(thread V& result, thread int& at, A a) {
    using E = typename __elements<V>::type;
    if constexpr (__elements<A>::count == 1) {
        result[at++] = (E)a;
    } else {
        for (int k = 0; k < __elements<A>::count; k++) result[at++] = (E)a[k];
    }
}
template <class V, class... A> constexpr inline V __construct(A... a) {
    V result = 0;
    int at = 0;
    (__append(result, at, a), ...);
    return result;
}
template <class V, class A> constexpr inline V __construct(A a) {
    using E = typename __elements<V>::type;
    V result = 0;
    for (int k = 0; k < __elements<V>::count; k++) {
        if constexpr (__elements<A>::count == 1) result[k] = (E)a; else result[k] = (E)a[k];
    }
    return result;
}
template <class V> constexpr inline V __construct() { return (V)0; }

// Packed vectors: as many bytes as their elements have, and no alignment beyond an element's.
template <class T, int N> struct __packed {
    T element[N];
    __packed() = default;
    __packed(vec<T, N> v) { for (int k = 0; k < N; k++) element[k] = v[k]; }
    operator vec<T, N>() const { vec<T, N> v; for (int k = 0; k < N; k++) v[k] = element[k]; return v; }
    operator vec<T, N>() const constant { vec<T, N> v; for (int k = 0; k < N; k++) v[k] = element[k]; return v; }
    T operator[](int k) const { return element[k]; }
    T operator[](int k) const constant { return element[k]; }
};

template <class To, class From> inline To as_type(From from) {
    static_assert(sizeof(To) == sizeof(From), "as_type: the sizes differ");
    To to;
    __builtin_memcpy(&to, &from, sizeof(To));
    return to;
}

}  // namespace metal

#define __METAL_PACKED(T)                     \
    typedef metal::__packed<T, 2> packed_##T##2; \
    typedef metal::__packed<T, 3> packed_##T##3; \
    typedef metal::__packed<T, 4> packed_##T##4;
__METAL_SCALARS(__METAL_PACKED)
using metal::as_type;
