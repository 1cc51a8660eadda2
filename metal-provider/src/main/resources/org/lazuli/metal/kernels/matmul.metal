// The product of two matrices by tiles, in batches. A threadgroup makes one tile: x counts tiles along a row of the
// result, y down a column, z batches times parts of the depth.
//
// Defined before this text: MATMUL (the kernel's name), OPERAND, RESULT, TILE; LEFT_BY_COLUMNS where the rows of the left
// operand lie next to each other, RIGHT_BY_COLUMNS where the depth of the right one does: which way neighbouring threads load; and ALIGNED
// where both sizes of the result are multiples of TILE and every part of the depth is one of DEPTH.

struct Product {
    int rows;
    int columns;
    int depth;
    int leftRow;     // strides
    int leftDepth;
    int rightDepth;
    int rightColumn;
    int parts;       // the depth is shared by this many threadgroups,
    int part;        // each of which sums up so many
};

kernel void MATMUL(
        device const OPERAND* left [[buffer(0)]],
        device const OPERAND* right [[buffer(1)]],
        device RESULT* result [[buffer(2)]],
        constant Product& p [[buffer(3)]],
        constant int* batches [[buffer(4)]],
        uint3 group [[threadgroup_position_in_grid]],
        uint thread_number [[thread_index_in_threadgroup]],
        uint simdgroup_number [[simdgroup_index_in_threadgroup]],
        uint lane [[thread_index_in_simdgroup]]) {
    threadgroup float blocks[LEFT_SIZE + RIGHT_SIZE];
    threadgroup float* leftBlock = blocks;
    threadgroup float* rightBlock = blocks + LEFT_SIZE;

    const int batch = int(group.z) / p.parts;
    const int part = int(group.z) % p.parts;
    const int row = int(group.y) * TILE;
    const int column = int(group.x) * TILE;
    const int end = min(p.depth, (part + 1) * p.part);
    left += layout_place(batches, 0, batch);
    right += layout_place(batches, 1, batch);

    Quarter sums;
    clear(sums);
    for (int depth = part * p.part; depth < end; depth += DEPTH) {
        for (int i = int(thread_number); i < TILE * DEPTH; i += THREADS) {
#if LEFT_BY_COLUMNS
            const int r = i % TILE;
            const int d = i / TILE;
#else
            const int r = i / DEPTH;
            const int d = i % DEPTH;
#endif
#if ALIGNED
            const float value = float(left[(row + r) * p.leftRow + (depth + d) * p.leftDepth]);
#else
            float value = 0.0f;
            if (row + r < p.rows && depth + d < end) {
                value = float(left[(row + r) * p.leftRow + (depth + d) * p.leftDepth]);
            }
#endif
            leftBlock[r * LEFT_PITCH + d] = value;
        }
        for (int i = int(thread_number); i < TILE * DEPTH; i += THREADS) {
#if RIGHT_BY_COLUMNS
            const int c = i / DEPTH;
            const int d = i % DEPTH;
#else
            const int c = i % TILE;
            const int d = i / TILE;
#endif
#if ALIGNED
            const float value = float(right[(depth + d) * p.rightDepth + (column + c) * p.rightColumn]);
#else
            float value = 0.0f;
            if (column + c < p.columns && depth + d < end) {
                value = float(right[(depth + d) * p.rightDepth + (column + c) * p.rightColumn]);
            }
#endif
            rightBlock[d * RIGHT_PITCH + c] = value;
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
        multiply(sums, leftBlock, rightBlock, simdgroup_number);
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }

    // The partial sums of a part form a result of their own.
    result += (part * layout_size(batches) + batch) * p.rows * p.columns;
    threadgroup float* own = blocks + simdgroup_number * 64;
    const int top = row + int(simdgroup_number / 2) * (TILE / 2);
    const int start = column + int(simdgroup_number % 2) * (TILE / 2);
    for (int i = 0; i < FRAGMENTS; i++) {
        for (int j = 0; j < FRAGMENTS; j++) {
            stage(sums.at[i][j], own);
            for (int e = int(lane); e < 64; e += 32) {
                const int r = top + 8 * i + e / 8;
                const int c = start + 8 * j + e % 8;
#if ALIGNED
                result[r * p.columns + c] = RESULT(own[e]);
#else
                if (r < p.rows && c < p.columns) {
                    result[r * p.columns + c] = RESULT(own[e]);
                }
#endif
            }
        }
    }
}
