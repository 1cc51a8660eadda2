// <metal_atomic>: relaxed operations on int, uint and float; float only in device memory.
#pragma once

namespace metal {

enum memory_order { memory_order_relaxed = 0 };

template <class T> struct _atomic { T __value; };
template <> struct _atomic<bool> { uint __value; };
typedef _atomic<int> atomic_int;
typedef _atomic<uint> atomic_uint;
typedef _atomic<float> atomic_float;
typedef _atomic<bool> atomic_bool;
template <class T> using atomic = _atomic<T>;

// The type of an operand, kept out of template argument deduction so that a literal converts.
template <class T> struct __same { using type = T; };
template <class T> using __operand = typename __same<T>::type;

#define __METAL_ATOMICS(SPACE, FLOAT)                                                                                     \
    template <class T> inline T atomic_load_explicit(const volatile SPACE _atomic<T>* p, memory_order) {                 \
        static_assert(FLOAT || !is_same_v<T, float>, "atomic_float exists in device memory only");                       \
        uint bits = __atomic_load_n((volatile uint SPACE*)&p->__value, 0);                                               \
        if constexpr (is_same_v<T, bool>) return bits != 0; else return as_type<T>(bits);                                \
    }                                                                                                                    \
    template <class T> inline void atomic_store_explicit(volatile SPACE _atomic<T>* p, __operand<T> x, memory_order) {   \
        static_assert(FLOAT || !is_same_v<T, float>, "atomic_float exists in device memory only");                       \
        if constexpr (is_same_v<T, bool>) __atomic_store_n((volatile uint SPACE*)&p->__value, (uint)x, 0);               \
        else __atomic_store_n((volatile uint SPACE*)&p->__value, as_type<uint>((T)x), 0);                                \
    }                                                                                                                    \
    template <class T> inline bool atomic_compare_exchange_weak_explicit(volatile SPACE _atomic<T>* p, thread T* expected, \
                                                                         __operand<T> desired, memory_order, memory_order) { \
        static_assert(FLOAT || !is_same_v<T, float>, "atomic_float exists in device memory only");                       \
        uint old = as_type<uint>(*expected);                                                                             \
        uint seen = __sync_val_compare_and_swap((volatile uint SPACE*)&p->__value, old, as_type<uint>((T)desired));      \
        if (seen == old) return true;                                                                                    \
        *expected = as_type<T>(seen);                                                                                    \
        return false;                                                                                                    \
    }                                                                                                                    \
    template <class T, class F> inline T __modify(volatile SPACE _atomic<T>* p, F f) {                                   \
        T old = atomic_load_explicit(p, memory_order_relaxed);                                                           \
        while (!atomic_compare_exchange_weak_explicit(p, &old, f(old), memory_order_relaxed, memory_order_relaxed)) {    \
        }                                                                                                                \
        return old;                                                                                                      \
    }                                                                                                                    \
    template <class T> inline T atomic_exchange_explicit(volatile SPACE _atomic<T>* p, __operand<T> x, memory_order) {   \
        return __modify(p, [x](T) { return (T)x; });                                                                     \
    }                                                                                                                    \
    template <class T> inline T atomic_fetch_add_explicit(volatile SPACE _atomic<T>* p, __operand<T> x, memory_order) {  \
        return __modify(p, [x](T old) { return (T)(old + x); });                                                         \
    }                                                                                                                    \
    template <class T> inline T atomic_fetch_sub_explicit(volatile SPACE _atomic<T>* p, __operand<T> x, memory_order) {  \
        return __modify(p, [x](T old) { return (T)(old - x); });                                                         \
    }                                                                                                                    \
    template <class T> inline T atomic_fetch_max_explicit(volatile SPACE _atomic<T>* p, __operand<T> x, memory_order) {  \
        static_assert(!is_same_v<T, float>, "Metal has no atomic maximum of floats");                                    \
        return __modify(p, [x](T old) { return old < (T)x ? (T)x : old; });                                              \
    }                                                                                                                    \
    template <class T> inline T atomic_fetch_min_explicit(volatile SPACE _atomic<T>* p, __operand<T> x, memory_order) {  \
        static_assert(!is_same_v<T, float>, "Metal has no atomic minimum of floats");                                    \
        return __modify(p, [x](T old) { return (T)x < old ? (T)x : old; });                                              \
    }                                                                                                                    \
    template <class T> inline T atomic_fetch_or_explicit(volatile SPACE _atomic<T>* p, __operand<T> x, memory_order) {   \
        return __modify(p, [x](T old) { return (T)(old | x); });                                                         \
    }                                                                                                                    \
    template <class T> inline T atomic_fetch_and_explicit(volatile SPACE _atomic<T>* p, __operand<T> x, memory_order) {  \
        return __modify(p, [x](T old) { return (T)(old & x); });                                                         \
    }                                                                                                                    \
    template <class T> inline T atomic_fetch_xor_explicit(volatile SPACE _atomic<T>* p, __operand<T> x, memory_order) {  \
        return __modify(p, [x](T old) { return (T)(old ^ x); });                                                         \
    }
__METAL_ATOMICS(device, true)
__METAL_ATOMICS(threadgroup, false)

}  // namespace metal
