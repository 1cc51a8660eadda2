// A row of numbers for a simdgroup, or where TOGETHER for a threadgroup, and what its threads have in common.
//
// Defined before this text: TOGETHER; ELEMENT.

struct Row {
    int rows;
    int width;
    int stride;     // of the elements of a row,
    int weight;     // of the weights,
    int bias;       // and of the biases
    float eps;
};

// The sum over the threads of a row, in each of them.
inline float sum_over_row(
        float value, threadgroup float* shared_values, uint lane, uint simdgroup_number, uint simdgroups) {
    value = simd_sum(value);
#if TOGETHER
    if (lane == 0) {
        shared_values[simdgroup_number] = value;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    float other = 0.0f;
    if (lane < simdgroups) {
        other = shared_values[lane];
    }
    value = simd_sum(other);
    threadgroup_barrier(mem_flags::mem_threadgroup);
#endif
    return value;
}

// The largest of the threads' numbers, none of which is NaN.
inline float largest_over_row(
        float value, threadgroup float* shared_values, uint lane, uint simdgroup_number, uint simdgroups) {
    value = simd_max(value);
#if TOGETHER
    if (lane == 0) {
        shared_values[simdgroup_number] = value;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    float other = -INFINITY;
    if (lane < simdgroups) {
        other = shared_values[lane];
    }
    value = simd_max(other);
    threadgroup_barrier(mem_flags::mem_threadgroup);
#endif
    return value;
}
