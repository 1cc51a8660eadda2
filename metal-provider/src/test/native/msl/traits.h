// <metal_type_traits>.
#pragma once

namespace metal {

template <class T, T V> struct integral_constant {
    static constexpr constant T value = V;
    using value_type = T;
    using type = integral_constant;
    constexpr operator T() const { return V; }
};
using true_type = integral_constant<bool, true>;
using false_type = integral_constant<bool, false>;
template <bool B> using bool_constant = integral_constant<bool, B>;

template <bool B, class T = void> struct enable_if {};
template <class T> struct enable_if<true, T> { using type = T; };
template <bool B, class T = void> using enable_if_t = typename enable_if<B, T>::type;

template <bool B, class T, class F> struct conditional { using type = T; };
template <class T, class F> struct conditional<false, T, F> { using type = F; };
template <bool B, class T, class F> using conditional_t = typename conditional<B, T, F>::type;

template <class A, class B> struct is_same : false_type {};
template <class A> struct is_same<A, A> : true_type {};
template <class A, class B> constexpr constant bool is_same_v = is_same<A, B>::value;

template <class T> struct remove_cv { using type = T; };
template <class T> struct remove_cv<const T> { using type = T; };
template <class T> struct remove_cv<volatile T> { using type = T; };
template <class T> struct remove_cv<const volatile T> { using type = T; };
template <class T> using remove_cv_t = typename remove_cv<T>::type;

template <class T> struct remove_addrspace { using type = T; };
template <class T> struct remove_addrspace<device T> { using type = T; };
template <class T> struct remove_addrspace<constant T> { using type = T; };
template <class T> struct remove_addrspace<threadgroup T> { using type = T; };
template <class T> using remove_addrspace_t = typename remove_addrspace<T>::type;

template <class T> struct is_floating_point : bool_constant<is_same_v<T, float> || is_same_v<T, half> || is_same_v<T, bfloat>> {};
template <class T> struct is_unsigned
    : bool_constant<is_same_v<T, bool> || is_same_v<T, uchar> || is_same_v<T, ushort> || is_same_v<T, uint> || is_same_v<T, ulong>> {};
template <class T> struct __is_signed_integer : bool_constant<is_same_v<T, char> || is_same_v<T, short> || is_same_v<T, int> || is_same_v<T, long>> {};
template <class T> struct is_integral : bool_constant<is_unsigned<T>::value || __is_signed_integer<T>::value> {};
template <class T> struct is_signed : bool_constant<is_floating_point<T>::value || __is_signed_integer<T>::value> {};
template <class T> struct is_arithmetic : bool_constant<is_floating_point<T>::value || is_integral<T>::value> {};
template <class A, class B> struct is_convertible : bool_constant<__is_convertible_to(A, B)> {};
template <class T> constexpr constant bool is_floating_point_v = is_floating_point<T>::value;
template <class T> constexpr constant bool is_unsigned_v = is_unsigned<T>::value;
template <class T> constexpr constant bool is_integral_v = is_integral<T>::value;
template <class T> constexpr constant bool is_signed_v = is_signed<T>::value;
template <class T> constexpr constant bool is_arithmetic_v = is_arithmetic<T>::value;
template <class A, class B> constexpr constant bool is_convertible_v = is_convertible<A, B>::value;

template <class T> using uniform = T;
template <class T> inline T make_uniform(T value) { return value; }

// For declarations that hold for scalars and vectors of these elements.
template <class T> constexpr constant bool __is_float = is_same_v<typename __elements<T>::type, float> || is_same_v<typename __elements<T>::type, half>;
template <class T> constexpr constant bool __is_integer = is_integral_v<typename __elements<T>::type> && !is_same_v<T, bool>;

}  // namespace metal
