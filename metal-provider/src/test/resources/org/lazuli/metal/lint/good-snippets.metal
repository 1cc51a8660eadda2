// Texts that are in the subset: the lint has nothing to say about them.

//// elementwise
kernel void k(device const float* a [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]],
              uint i [[thread_position_in_grid]]) {
    if (i < n) {
        out[i] = precise::exp(a[i]) + metal::precise::sqrt(fabs(a[i]));
    }
}

//// strides by a loop
inline ulong offset(uint index, constant const int* shape, constant const long* strides, int rank) {
    ulong at = 0;
    for (int axis = rank - 1; axis >= 0; axis--) {
        at += ulong(index % uint(shape[axis])) * ulong(strides[axis]);
        index /= uint(shape[axis]);
    }
    return at;
}
kernel void k(device const half* a [[buffer(0)]], device half* out [[buffer(1)]], constant int* shape [[buffer(2)]],
              constant long* strides [[buffer(3)]], constant int& rank [[buffer(4)]], uint i [[thread_position_in_grid]]) {
    out[i] = half(float(a[offset(i, shape, strides, rank)]) * 2.0f);
}

//// row sums by SIMD-group
constant constexpr uint SIMDS = 32;
kernel void k(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]],
              uint row [[threadgroup_position_in_grid]], uint t [[thread_index_in_threadgroup]],
              uint size [[threads_per_threadgroup]], uint lane [[thread_index_in_simdgroup]],
              uint simd [[simdgroup_index_in_threadgroup]]) {
    threadgroup float part[SIMDS];
    float sum = 0.0f;
    for (uint j = t; j < n; j += size) sum += in[row * n + j];
    sum = simd_sum(sum);
    if (lane == 0) part[simd] = sum;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (simd == 0) {
        sum = simd_sum(lane < (size + 31) / 32 ? part[lane] : 0.0f);
        if (lane == 0) out[row] = sum;
    }
}

//// vectors
kernel void k(device const float4* a [[buffer(0)]], device float4* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
    float4 x = a[i];
    float4 y = select(x, -x, x < 0.0f);
    y.xy = float2(y.x, 1.0f);
    out[i] = any(isnan(x)) ? float4(0.0f) : y * 2.0f;
}

//// SIMD-group matrices
#include <metal_simdgroup_matrix>
kernel void k(device const half* a [[buffer(0)]], device const half* b [[buffer(1)]], device float* c [[buffer(2)]]) {
    simdgroup_half8x8 left, right;
    simdgroup_float8x8 sum = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);
    simdgroup_load(left, a, 8);
    simdgroup_load(right, b, 8);
    simdgroup_multiply_accumulate(sum, left, right, sum);
    simdgroup_store(sum, c, 8);
}

//// structures with functions
struct Maximum {
    float best;
    uint at;
    void take(float value, uint index) thread {
        if (value > best) {
            best = value;
            at = index;
        }
    }
};
kernel void k(device const float* a [[buffer(0)]], device uint* out [[buffer(1)]], constant uint& n [[buffer(2)]]) {
    Maximum m = {-INFINITY, 0};
    for (uint i = 0; i < n; ++i) m.take(a[i], i);
    out[0] = m.at;
}

//// templates
template <typename T, int N>
inline T total(thread const T* values) {
    T sum = T(0);
    for (int i = 0; i < N; i++) sum += values[i];
    return sum;
}
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    float values[4] = {1.0f, 2.0f, 3.0f, 4.0f};
    out[i] = total<float, 4>(values);
}

//// atomics
kernel void k(device const float* a [[buffer(0)]], device atomic_uint* count [[buffer(1)]], device atomic_float* sum [[buffer(2)]],
              uint i [[thread_position_in_grid]]) {
    threadgroup atomic_int positive;
    atomic_store_explicit(&positive, 0, memory_order_relaxed);
    if (a[i] > 0.0f) atomic_fetch_add_explicit(count, 1u, memory_order_relaxed);
    atomic_fetch_add_explicit(sum, a[i], memory_order_relaxed);
}

//// bits, bfloat and macros
#define ROUNDS 4
#define ROTATE(x, n) rotate(x, uint(n))
kernel void k(device uint* out [[buffer(0)]], device bfloat* low [[buffer(1)]], uint i [[thread_position_in_grid]]) {
    uint x = out[i] ^ 0x9E3779B9u;
    for (uint r = 0; r < ROUNDS; r++) {
        x = ROTATE(x, 13) + (x >> 5);
    }
    out[i] = x;
    low[i] = bfloat(float(low[i]) + as_type<float>((x >> 9) | 0x3f800000u));
}

//// threadgroup memory from the host
kernel void k(device float* out [[buffer(0)]], threadgroup float* scratch [[threadgroup(0)]],
              ushort t [[thread_index_in_threadgroup]], uint3 group [[threadgroup_position_in_grid]]) {
    scratch[t] = float(group.x);
    threadgroup_barrier(mem_flags::mem_threadgroup | mem_flags::mem_device);
    out[t] = scratch[t ^ 1];
}

//// conditions of the preprocessor
#define ALIGNED 1
#define WIDTH 4
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
#if ALIGNED && WIDTH > 2
#ifdef MISSING
    out[i] = 1.5;
#else
    out[i] = 1.0f;
#endif
#elif WIDTH == 4
    goto nowhere;
#else
    throw 1;
#endif
}
