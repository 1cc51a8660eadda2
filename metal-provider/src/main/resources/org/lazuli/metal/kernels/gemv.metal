// A matrix times a vector, in batches. Three ways to share the work, by how the matrix lies and how deep it is.
//
// Defined before this text: the kernel's name as GEMV_ROWS, GEMV_DEEP or GEMV_COLUMNS, and ELEMENT.

struct Vectors {
    int rows;
    int depth;
    int matrixRow;   // strides
    int matrixDepth;
    int vectorDepth;
};

#ifdef GEMV_ROWS
// Each row lies together: a simdgroup takes four rows at a time, its lanes side by side along the depth, so that an
// element of the vector is read once for the four.
kernel void GEMV_ROWS(
        device const ELEMENT* matrix [[buffer(0)]],
        device const ELEMENT* vector [[buffer(1)]],
        device ELEMENT* result [[buffer(2)]],
        constant Vectors& p [[buffer(3)]],
        constant int* batches [[buffer(4)]],
        uint3 group [[threadgroup_position_in_grid]],
        uint lane [[thread_index_in_simdgroup]],
        uint simdgroup_number [[simdgroup_index_in_threadgroup]],
        uint simdgroups [[simdgroups_per_threadgroup]]) {
    const int batch = int(group.z);
    const int first = (int(group.x) * int(simdgroups) + int(simdgroup_number)) * 4;
    matrix += layout_place(batches, 0, batch);
    vector += layout_place(batches, 1, batch);
    float sums[4];
    int starts[4];
    for (int i = 0; i < 4; i++) {
        sums[i] = 0.0f;
        // Behind the last row it is read again, and not stored.
        starts[i] = min(first + i, p.rows - 1) * p.matrixRow;
    }
    for (int depth = int(lane); depth < p.depth; depth += 32) {
        const float x = float(vector[depth * p.vectorDepth]);
        for (int i = 0; i < 4; i++) {
            sums[i] = fma(float(matrix[starts[i] + depth * p.matrixDepth]), x, sums[i]);
        }
    }
    for (int i = 0; i < 4; i++) {
        const float sum = simd_sum(sums[i]);
        if (lane == 0 && first + i < p.rows) {
            result[batch * p.rows + first + i] = ELEMENT(sum);
        }
    }
}
#endif

#ifdef GEMV_DEEP
// Few and long rows: a threadgroup takes one row.
kernel void GEMV_DEEP(
        device const ELEMENT* matrix [[buffer(0)]],
        device const ELEMENT* vector [[buffer(1)]],
        device ELEMENT* result [[buffer(2)]],
        constant Vectors& p [[buffer(3)]],
        constant int* batches [[buffer(4)]],
        uint3 group [[threadgroup_position_in_grid]],
        uint thread_number [[thread_index_in_threadgroup]],
        uint lane [[thread_index_in_simdgroup]],
        uint simdgroup_number [[simdgroup_index_in_threadgroup]],
        uint simdgroups [[simdgroups_per_threadgroup]]) {
    threadgroup float sums[32];
    const int batch = int(group.z);
    const int row = int(group.x);
    matrix += layout_place(batches, 0, batch) + row * p.matrixRow;
    vector += layout_place(batches, 1, batch);
    float sum = 0.0f;
    for (int depth = int(thread_number); depth < p.depth; depth += int(simdgroups) * 32) {
        sum = fma(float(matrix[depth * p.matrixDepth]), float(vector[depth * p.vectorDepth]), sum);
    }
    sum = simd_sum(sum);
    if (lane == 0) {
        sums[simdgroup_number] = sum;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (simdgroup_number == 0) {
        sum = simd_sum(lane < simdgroups ? sums[lane] : 0.0f);
        if (lane == 0) {
            result[batch * p.rows + row] = ELEMENT(sum);
        }
    }
}
#endif

#ifdef GEMV_COLUMNS
// Each column lies together: the lanes stand side by side along the rows, and the simdgroups share the depth.
kernel void GEMV_COLUMNS(
        device const ELEMENT* matrix [[buffer(0)]],
        device const ELEMENT* vector [[buffer(1)]],
        device ELEMENT* result [[buffer(2)]],
        constant Vectors& p [[buffer(3)]],
        constant int* batches [[buffer(4)]],
        uint3 group [[threadgroup_position_in_grid]],
        uint lane [[thread_index_in_simdgroup]],
        uint simdgroup_number [[simdgroup_index_in_threadgroup]],
        uint simdgroups [[simdgroups_per_threadgroup]]) {
    threadgroup float sums[32 * 32];
    const int batch = int(group.z);
    const int row = int(group.x) * 32 + int(lane);
    matrix += layout_place(batches, 0, batch) + min(row, p.rows - 1) * p.matrixRow;
    vector += layout_place(batches, 1, batch);
    float sum = 0.0f;
    for (int depth = int(simdgroup_number); depth < p.depth; depth += int(simdgroups)) {
        sum = fma(float(matrix[depth * p.matrixDepth]), float(vector[depth * p.vectorDepth]), sum);
    }
    sums[simdgroup_number * 32 + lane] = sum;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (simdgroup_number == 0 && row < p.rows) {
        for (uint s = 1; s < simdgroups; s++) {
            sum += sums[s * 32 + lane];
        }
        result[batch * p.rows + row] = ELEMENT(sum);
    }
}
#endif
