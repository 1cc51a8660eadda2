// Convolution as a matrix product by tiles, group by group: rows are output positions, columns the channels of the
// result, and the depth counts the places of the kernel and their channels. The left matrix, what each position sees, is
// never stored: its blocks are read from the input.
//
// Defined before this text: CONVOLUTION (the kernel's name), ELEMENT, TILE.

kernel void CONVOLUTION(
        device const ELEMENT* input [[buffer(0)]],
        device const ELEMENT* weight [[buffer(1)]],
        device ELEMENT* result [[buffer(2)]],
        constant Geometry& g [[buffer(3)]],
        uint3 group [[threadgroup_position_in_grid]],
        uint thread_number [[thread_index_in_threadgroup]],
        uint simdgroup_number [[simdgroup_index_in_threadgroup]],
        uint lane [[thread_index_in_simdgroup]]) {
    threadgroup float blocks[LEFT_SIZE + RIGHT_SIZE];
    threadgroup int starts[TILE * (SPATIAL + 1)];
    threadgroup float* leftBlock = blocks;
    threadgroup float* rightBlock = blocks + LEFT_SIZE;
    const int row = int(group.y) * TILE;
    const int column = int(group.x) * TILE;
    const int part = int(group.z);

    for (int r = int(thread_number); r < TILE; r += THREADS) {
        const Position position = position_of(g, min(row + r, g.positions - 1));
        starts[r * (SPATIAL + 1)] = position.sample + part * g.groupIn * g.inputChannel;
        for (int axis = 0; axis < SPATIAL; axis++) {
            starts[r * (SPATIAL + 1) + 1 + axis] = position.at[axis];
        }
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);

    Quarter sums;
    clear(sums);
    // A thread keeps to one element of the depth in both blocks, and finds its place once.
    const int d = int(thread_number) % DEPTH;
    for (int depth = 0; depth < g.depth; depth += DEPTH) {
        const bool deep = depth + d < g.depth;
        const Place place = place_of(g, deep ? depth + d : 0);
        const int channel = place.channel * g.inputChannel;
        const int by = weight_offset(g, place);
        for (int r = int(thread_number) / DEPTH; r < TILE; r += THREADS / DEPTH) {
            threadgroup const int* start = starts + r * (SPATIAL + 1);
            int from = start[0] + channel;
            bool inside = deep && row + r < g.positions;
            for (int axis = 0; axis < SPATIAL && inside; axis++) {
                inside = meet(g.axes[axis], start[1 + axis], place.at[axis], from);
            }
            float value = 0.0f;
            if (inside) {
                value = float(input[from]);
            }
            leftBlock[r * LEFT_PITCH + d] = value;
        }
        for (int c = int(thread_number) / DEPTH; c < TILE; c += THREADS / DEPTH) {
            float value = 0.0f;
            if (deep && column + c < g.groupOut) {
                value = float(weight[(part * g.groupOut + column + c) * g.weightOut + by]);
            }
            rightBlock[d * RIGHT_PITCH + c] = value;
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
        multiply(sums, leftBlock, rightBlock, simdgroup_number);
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }

    threadgroup float* own = blocks + simdgroup_number * 64;
    const int top = row + int(simdgroup_number / 2) * (TILE / 2);
    const int start = column + int(simdgroup_number % 2) * (TILE / 2);
    for (int i = 0; i < FRAGMENTS; i++) {
        for (int j = 0; j < FRAGMENTS; j++) {
            stage(sums.at[i][j], own);
            for (int e = int(lane); e < 64; e += 32) {
                const int r = top + 8 * i + e / 8;
                const int c = start + 8 * j + e % 8;
                if (r < g.positions && c < g.groupOut) {
                    result[r * g.outChannels + part * g.groupOut + c] = ELEMENT(own[e]);
                }
            }
        }
    }
}
