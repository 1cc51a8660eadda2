// A matrix product by tiles: what its kernels share.
//
// A threadgroup of four simdgroups makes a square tile of the result, TILE on a side, each simdgroup a quarter of it
// in 8x8 fragments. It walks along the depth DEPTH elements at a time: all threads load a block of each operand into
// threadgroup memory, as float whatever the operands are, and the simdgroups multiply the blocks.

constant constexpr int DEPTH = 16;
constant constexpr int THREADS = 128;
constant constexpr int FRAGMENTS = TILE / 16;

// Four more floats a row, so that the rows of a fragment begin in different banks.
constant constexpr int LEFT_PITCH = DEPTH + 4;
constant constexpr int RIGHT_PITCH = TILE + 4;

constant constexpr int LEFT_SIZE = TILE * LEFT_PITCH;
constant constexpr int RIGHT_SIZE = DEPTH * RIGHT_PITCH;

// The quarter of a tile that a simdgroup sums up.
struct Quarter {
    simdgroup_float8x8 at[FRAGMENTS][FRAGMENTS];
};

inline void clear(thread Quarter& sums) {
    for (int i = 0; i < FRAGMENTS; i++) {
        for (int j = 0; j < FRAGMENTS; j++) {
            sums.at[i][j] = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);
        }
    }
}

// Adds the product of the two blocks: left (TILE, DEPTH), right (DEPTH, TILE).
inline void multiply(thread Quarter& sums, threadgroup const float* left, threadgroup const float* right, uint simdgroup_number) {
    const int row = int(simdgroup_number / 2) * (TILE / 2);
    const int column = int(simdgroup_number % 2) * (TILE / 2);
    for (int depth = 0; depth < DEPTH; depth += 8) {
        simdgroup_float8x8 a[FRAGMENTS];
        simdgroup_float8x8 b[FRAGMENTS];
        for (int i = 0; i < FRAGMENTS; i++) {
            simdgroup_load(a[i], left + (row + 8 * i) * LEFT_PITCH + depth, LEFT_PITCH);
        }
        for (int j = 0; j < FRAGMENTS; j++) {
            simdgroup_load(b[j], right + depth * RIGHT_PITCH + column + 8 * j, RIGHT_PITCH);
        }
        for (int i = 0; i < FRAGMENTS; i++) {
            for (int j = 0; j < FRAGMENTS; j++) {
                simdgroup_multiply_accumulate(sums.at[i][j], a[i], b[j], sums.at[i][j]);
            }
        }
    }
}

// Stores one fragment into the simdgroup's own 64 floats, row by row.
inline void stage(thread simdgroup_float8x8& part, threadgroup float* own) {
    simdgroup_barrier(mem_flags::mem_threadgroup);
    simdgroup_store(part, own, 8);
    simdgroup_barrier(mem_flags::mem_threadgroup);
}
