// <metal_simdgroup_matrix>: 8x8 matrices spread over the 32 lanes of a simdgroup, two neighbours of a row in each.
#pragma once

namespace metal {

// The place of a lane's first element, as Apple's GPUs have it; kernels that use thread_elements rely on it.
METAL_FUNC ushort __matrix_row(uint lane) { return ((lane / 4) & 4) + (lane / 2) % 4; }
METAL_FUNC ushort __matrix_column(uint lane) { return ((lane / 4) & 2) * 2 + (lane % 2) * 2; }

template <class T, int Columns, int Rows> struct simdgroup_matrix {
    static_assert(Columns == 8 && Rows == 8, "a simdgroup_matrix is 8x8");
    static_assert(is_floating_point_v<T>, "a simdgroup_matrix has elements float, half or bfloat");
    vec<T, 2> __value;

    simdgroup_matrix() = default;
    explicit simdgroup_matrix(T diagonal) {
        uint lane = metalsim_lane()->lane;
        uint row = __matrix_row(lane), column = __matrix_column(lane);
        __value[0] = row == column ? diagonal : (T)0;
        __value[1] = row == column + 1 ? diagonal : (T)0;
    }
    thread vec<T, 2>& thread_elements() thread { return __value; }
    thread const vec<T, 2>& thread_elements() const thread { return __value; }
};
typedef simdgroup_matrix<float, 8, 8> simdgroup_float8x8;
typedef simdgroup_matrix<half, 8, 8> simdgroup_half8x8;
typedef simdgroup_matrix<bfloat, 8, 8> simdgroup_bfloat8x8;

template <class T, int Columns, int Rows> METAL_FUNC simdgroup_matrix<T, Columns, Rows> make_filled_simdgroup_matrix(T value) {
    simdgroup_matrix<T, Columns, Rows> m;
    m.__value[0] = value;
    m.__value[1] = value;
    return m;
}

// All 32 lanes must take part; check mode makes sure by an exchange that nothing else needs.
METAL_FUNC void __check_all_lanes() {
#ifdef __METALSIM_CHECK__
    uchar nothing = 0;
    if (metalsim_exchange(&nothing, 1)->active != 0xffffffffu) metalsim_fail("a simdgroup_matrix function is not reached by all 32 lanes");
#endif
}

METAL_FUNC ulong __matrix_offset(uint element, ulong stride, ulong2 origin, bool transposed) {
    uint lane = metalsim_lane()->lane;
    ulong row = __matrix_row(lane) , column = __matrix_column(lane) + element;
    return transposed ? (column + origin.y) * stride + row + origin.x : (row + origin.y) * stride + column + origin.x;
}

#define __METAL_MATRIX_MEMORY(SPACE)                                                                                                     \
    template <class T> METAL_FUNC void simdgroup_load(thread simdgroup_matrix<T, 8, 8>& m, const SPACE T* p, ulong stride = 8,           \
                                                      ulong2 origin = (ulong2)(0), bool transposed = false) {                            \
        __check_all_lanes();                                                                                                             \
        m.__value[0] = p[__matrix_offset(0, stride, origin, transposed)];                                                                \
        m.__value[1] = p[__matrix_offset(1, stride, origin, transposed)];                                                                \
    }                                                                                                                                    \
    template <class T> METAL_FUNC void simdgroup_store(simdgroup_matrix<T, 8, 8> m, SPACE T* p, ulong stride = 8, ulong2 origin = (ulong2)(0), \
                                                       bool transposed = false) {                                                        \
        __check_all_lanes();                                                                                                             \
        p[__matrix_offset(0, stride, origin, transposed)] = m.__value[0];                                                                \
        p[__matrix_offset(1, stride, origin, transposed)] = m.__value[1];                                                                \
    }
__METAL_MATRIX_MEMORY(device)
__METAL_MATRIX_MEMORY(threadgroup)

// Products are summed in float and rounded once to the result's type.
template <class D, class A, class B, class C>
METAL_FUNC void simdgroup_multiply_accumulate(thread simdgroup_matrix<D, 8, 8>& d, simdgroup_matrix<A, 8, 8> a, simdgroup_matrix<B, 8, 8> b, simdgroup_matrix<C, 8, 8> c) {
    float left[2] = {(float)a.__value[0], (float)a.__value[1]}, right[2] = {(float)b.__value[0], (float)b.__value[1]};
    float sum[2] = {(float)c.__value[0], (float)c.__value[1]}, result[2];
    metalsim_multiply(left, right, sum, result);
    d.__value[0] = (D)result[0];
    d.__value[1] = (D)result[1];
}
template <class D, class A, class B> METAL_FUNC void simdgroup_multiply(thread simdgroup_matrix<D, 8, 8>& d, simdgroup_matrix<A, 8, 8> a, simdgroup_matrix<B, 8, 8> b) {
    simdgroup_multiply_accumulate(d, a, b, make_filled_simdgroup_matrix<D, 8, 8>((D)0));
}

}  // namespace metal

using metal::simdgroup_float8x8;
using metal::simdgroup_half8x8;
using metal::simdgroup_bfloat8x8;
