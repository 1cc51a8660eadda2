// <metal_simdgroup>: every function is one exchange of values between the lanes of a simdgroup.
//
// All are always inlined, because the device tells collectives apart by the address that calls it.
#pragma once

namespace metal {

// Metal has these functions for 8, 16 and 32-bit elements, and not for bfloat and bool.
template <class T> METAL_FUNC void __check_simd_type() {
    using E = typename __elements<T>::type;
    static_assert(is_arithmetic_v<E> && sizeof(E) <= 4, "simd functions take 8, 16 and 32-bit numbers: split a 64-bit value with as_type<uint2>");
    static_assert(!is_same_v<E, bfloat>, "simd functions do not take bfloat: convert to float, or use as_type<ushort>");
}

template <class T> METAL_FUNC __exchange thread* __share(T value) {
    __check_simd_type<T>();
    return metalsim_exchange(&value, sizeof(T));
}
template <class T> METAL_FUNC T __slot(const __exchange thread* x, uint lane) { return *(const T thread*)x->slot[lane]; }
METAL_FUNC bool __active(const __exchange thread* x, uint lane) { return lane < 32 && ((x->active >> lane) & 1) != 0; }

template <class T> METAL_FUNC T simd_shuffle(T value, ushort lane) {
    __exchange thread* x = __share(value);
    if (!__active(x, lane)) metalsim_fail("simd_shuffle or simd_broadcast from an inactive lane");
    return __slot<T>(x, lane & 31);
}
template <class T> METAL_FUNC T simd_broadcast(T value, ushort lane) { return simd_shuffle(value, lane); }
template <class T> METAL_FUNC T simd_broadcast_first(T value) {
    __exchange thread* x = __share(value);
    return __slot<T>(x, __builtin_ctz(x->active));
}
template <class T> METAL_FUNC T simd_shuffle_xor(T value, ushort mask) {
    __exchange thread* x = __share(value);
    uint from = metalsim_lane()->lane ^ mask;
    if (!__active(x, from)) metalsim_fail("simd_shuffle_xor from an inactive lane");
    return __slot<T>(x, from & 31);
}
// Lanes that would read beyond the simdgroup keep their value.
template <class T> METAL_FUNC T simd_shuffle_down(T value, ushort delta) {
    __exchange thread* x = __share(value);
    uint from = metalsim_lane()->lane + delta;
    if (from < 32 && !__active(x, from)) metalsim_fail("simd_shuffle_down from an inactive lane");
    return from < 32 ? __slot<T>(x, from) : value;
}
template <class T> METAL_FUNC T simd_shuffle_up(T value, ushort delta) {
    __exchange thread* x = __share(value);
    uint lane = metalsim_lane()->lane;
    if (lane >= delta && !__active(x, lane - delta)) metalsim_fail("simd_shuffle_up from an inactive lane");
    return lane >= delta ? __slot<T>(x, lane - delta) : value;
}
template <class T> METAL_FUNC T simd_shuffle_rotate_down(T value, ushort delta) { return simd_shuffle(value, (metalsim_lane()->lane + delta) & 31); }
template <class T> METAL_FUNC T simd_shuffle_rotate_up(T value, ushort delta) { return simd_shuffle(value, (metalsim_lane()->lane - delta) & 31); }
template <class T> METAL_FUNC T simd_shuffle_and_fill_down(T value, T fill, ushort delta) {
    T shifted = simd_shuffle_down(value, delta);
    T filler = simd_shuffle(fill, (metalsim_lane()->lane + delta) & 31);
    return metalsim_lane()->lane + delta < 32 ? shifted : filler;
}
template <class T> METAL_FUNC T simd_shuffle_and_fill_up(T value, T fill, ushort delta) {
    T shifted = simd_shuffle_up(value, delta);
    T filler = simd_shuffle(fill, (metalsim_lane()->lane - delta) & 31);
    return metalsim_lane()->lane >= delta ? shifted : filler;
}

// Reductions go over the lanes as a tree of neighbours; hardware too adds in some tree, not one after another.
template <class T, class F> METAL_FUNC T __reduce(T value, F combine) {
    __exchange thread* x = __share(value);
    if (x->has_result == 0) {
        T tree[32];
        uint active = x->active;
        for (uint lane = 0; lane < 32; lane++) tree[lane] = __slot<T>(x, lane);
        for (uint distance = 1; distance < 32; distance *= 2) {
            uint next = 0;
            for (uint lane = 0; lane < 32; lane += 2 * distance) {
                bool left = ((active >> lane) & 1) != 0, right = ((active >> (lane + distance)) & 1) != 0;
                if (left && right) tree[lane] = combine(tree[lane], tree[lane + distance]);
                else if (right) tree[lane] = tree[lane + distance];
                if (left || right) next |= 1u << lane;
            }
            active = next;
        }
        *(T thread*)x->result = tree[0];
        x->has_result = 1;
    }
    return *(const T thread*)x->result;
}
template <class T> METAL_FUNC T simd_sum(T value) { return __reduce(value, [](T a, T b) { return (T)(a + b); }); }
template <class T> METAL_FUNC T simd_product(T value) { return __reduce(value, [](T a, T b) { return (T)(a * b); }); }
template <class T> METAL_FUNC T simd_min(T value) { return __reduce(value, [](T a, T b) { return min(a, b); }); }
template <class T> METAL_FUNC T simd_max(T value) { return __reduce(value, [](T a, T b) { return max(a, b); }); }
template <class T> METAL_FUNC T simd_or(T value) { return __reduce(value, [](T a, T b) { return (T)(a | b); }); }
template <class T> METAL_FUNC T simd_and(T value) { return __reduce(value, [](T a, T b) { return (T)(a & b); }); }
template <class T> METAL_FUNC T simd_xor(T value) { return __reduce(value, [](T a, T b) { return (T)(a ^ b); }); }

// Prefixes: over the active lanes before this one, and this one where inclusive.
template <class T, class F> METAL_FUNC T __prefix(T value, T start, bool inclusive, F combine) {
    __exchange thread* x = __share(value);
    uint last = metalsim_lane()->lane + (inclusive ? 1 : 0);
    T result = start;
    bool first = true;
    for (uint lane = 0; lane < last; lane++) {
        if (((x->active >> lane) & 1) != 0) {
            result = first ? __slot<T>(x, lane) : combine(result, __slot<T>(x, lane));
            first = false;
        }
    }
    return result;
}
template <class T> METAL_FUNC T simd_prefix_inclusive_sum(T value) { return __prefix(value, (T)0, true, [](T a, T b) { return (T)(a + b); }); }
template <class T> METAL_FUNC T simd_prefix_exclusive_sum(T value) { return __prefix(value, (T)0, false, [](T a, T b) { return (T)(a + b); }); }
template <class T> METAL_FUNC T simd_prefix_inclusive_product(T value) { return __prefix(value, (T)1, true, [](T a, T b) { return (T)(a * b); }); }
template <class T> METAL_FUNC T simd_prefix_exclusive_product(T value) { return __prefix(value, (T)1, false, [](T a, T b) { return (T)(a * b); }); }

struct simd_vote {
    typedef ulong vote_t;
    vote_t __bits;
    explicit operator vote_t() const { return __bits; }
    bool all() const { return (__bits & 0xffffffff) == 0xffffffff; }
    bool any() const { return __bits != 0; }
};
METAL_FUNC simd_vote simd_ballot(bool predicate) {
    __exchange thread* x = __share((uchar)predicate);
    simd_vote vote{0};
    for (uint lane = 0; lane < 32; lane++) {
        if (((x->active >> lane) & 1) != 0 && __slot<uchar>(x, lane) != 0) vote.__bits |= 1ul << lane;
    }
    return vote;
}
METAL_FUNC simd_vote simd_active_threads_mask() { return simd_ballot(true); }
METAL_FUNC bool simd_any(bool predicate) { return simd_or((uint)predicate) != 0; }
METAL_FUNC bool simd_all(bool predicate) { return simd_and((uint)predicate) != 0; }
METAL_FUNC bool simd_is_first() { return __builtin_ctz(__share((uchar)1)->active) == metalsim_lane()->lane; }

}  // namespace metal
