// Attention for many queries: a threadgroup of four simdgroups takes 32 queries of one head, 8 a simdgroup, and walks along
// the keys, 32 at a time. Keys and values pass through threadgroup memory in blocks of 32 by 32; the queries and the sums of
// values stay in registers, as 8x8 fragments. The softmax is online: each row keeps its running maximum and sum.
//
// Defined before this text: ATTENTION (the kernel's name); SIZE_STEPS and VALUE_STEPS, a key's and a value's size in steps of 32.

constant constexpr int SIDE = 32;
constant constexpr int PITCH = SIDE + 4;

// Loads 32 rows from `first` on, the elements from `start` on of each; zero outside. As float, row by row.
inline void load_block(
        threadgroup float* block,
        device const ELEMENT* from,
        int first,
        int rows,
        int rowStride,
        int start,
        int size,
        int stride,
        uint thread_number) {
    for (int i = int(thread_number); i < SIDE * SIDE; i += 128) {
        const int r = i / SIDE;
        const int e = i % SIDE;
        float value = 0.0f;
        if (first + r < rows && start + e < size) {
            value = float(from[(first + r) * rowStride + (start + e) * stride]);
        }
        block[r * PITCH + e] = value;
    }
}

kernel void ATTENTION(
        device const ELEMENT* q [[buffer(0)]],
        device const ELEMENT* k [[buffer(1)]],
        device const ELEMENT* v [[buffer(2)]],
        device const MaskElement* mask [[buffer(3)]],
        device ELEMENT* result [[buffer(4)]],
        constant Attention& a [[buffer(5)]],
        uint3 at [[threadgroup_position_in_grid]],
        uint thread_number [[thread_index_in_threadgroup]],
        uint lane [[thread_index_in_simdgroup]],
        uint simdgroup_number [[simdgroup_index_in_threadgroup]]) {
    threadgroup float block[SIDE * PITCH];
    threadgroup float strips[4 * 8 * PITCH];
    threadgroup int undecided[4];
    const int first = int(at.x) * SIDE;
    const int head = int(at.y);
    const int batch = int(at.z);
    q += batch * a.q[0] + head * a.q[1];
    k += batch * a.k[0] + head / a.group * a.k[1];
    v += batch * a.v[0] + head / a.group * a.v[1];
    mask += batch * a.mask[0] + head * a.mask[1];
    result += (batch * a.heads + head) * a.queries * a.valueSize;

    // The 8 rows of this simdgroup by the 32 keys: scores, then weights. Four lanes share a row, 8 keys each.
    threadgroup float* strip = strips + int(simdgroup_number) * 8 * PITCH;
    const int row = int(lane) / 4;
    const int part = int(lane) % 4 * 8;
    const int query = first + int(simdgroup_number) * 8 + row;

    simdgroup_float8x8 own[SIZE_STEPS * 4];
    for (int step = 0; step < SIZE_STEPS; step++) {
        load_block(block, q, first, a.queries, a.q[2], step * SIDE, a.size, a.q[3], thread_number);
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (int i = 0; i < 4; i++) {
            simdgroup_load(own[step * 4 + i], block + int(simdgroup_number) * 8 * PITCH + 8 * i, PITCH);
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    simdgroup_float8x8 sums[VALUE_STEPS * 4];
    for (int i = 0; i < VALUE_STEPS * 4; i++) {
        sums[i] = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);
    }
    float highest = LOWEST_FLOAT;
    float total = 0.0f;

#if CAUSAL
    // The first block of keys that no query of the tile sees.
    const int hidden = max((min(first + SIDE, a.queries) + a.keys - a.queries + SIDE - 1) / SIDE * SIDE, 0);
#endif
    for (int start = 0; start < a.keys; start += SIDE) {
#if CAUSAL
        if (start == hidden) {
            // The hidden keys count only where nothing that is seen outweighs them.
            const bool open = query < a.queries && highest <= LOWEST + NEGLIGIBLE;
            const bool any_open = simd_any(open);
            if (lane == 0) {
                undecided[simdgroup_number] = any_open ? 1 : 0;
            }
            threadgroup_barrier(mem_flags::mem_threadgroup);
            if (undecided[0] + undecided[1] + undecided[2] + undecided[3] == 0) {
                break;
            }
        }
#endif
        simdgroup_float8x8 scores[4];
        for (int i = 0; i < 4; i++) {
            scores[i] = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);
        }
        for (int step = 0; step < SIZE_STEPS; step++) {
            load_block(block, k, start, a.keys, a.k[2], step * SIDE, a.size, a.k[3], thread_number);
            threadgroup_barrier(mem_flags::mem_threadgroup);
            for (int d = 0; d < 4; d++) {
                for (int i = 0; i < 4; i++) {
                    simdgroup_float8x8 keys;
                    simdgroup_load(keys, block + 8 * i * PITCH + 8 * d, PITCH, ulong2(0, 0), true);
                    simdgroup_multiply_accumulate(scores[i], own[step * 4 + d], keys, scores[i]);
                }
            }
            threadgroup_barrier(mem_flags::mem_threadgroup);
        }
        for (int i = 0; i < 4; i++) {
            simdgroup_store(scores[i], strip + 8 * i, PITCH);
        }
        simdgroup_barrier(mem_flags::mem_threadgroup);

        const float before = highest;
        float score[8];
        for (int i = 0; i < 8; i++) {
            const int key = start + part + i;
            score[i] = -INFINITY;
            if (query < a.queries && key < a.keys) {
                score[i] = seen(a, mask, query, key, strip[row * PITCH + part + i] * a.scale);
            }
            highest = score[i] > highest ? score[i] : highest;
        }
        for (ushort other = 1; other < 4; other *= 2) {
            const float their = simd_shuffle_xor(highest, other);
            highest = their > highest ? their : highest;
        }
        float weights = 0.0f;
        for (int i = 0; i < 8; i++) {
            const float weight = precise::exp(score[i] - highest);
            weights += weight;
            strip[row * PITCH + part + i] = weight;
        }
        weights += simd_shuffle_xor(weights, 1);
        weights += simd_shuffle_xor(weights, 2);
        const float keep = precise::exp(before - highest);
        total = total * keep + weights;
        simdgroup_barrier(mem_flags::mem_threadgroup);

        simdgroup_float8x8 shares[4];
        for (int i = 0; i < 4; i++) {
            simdgroup_load(shares[i], strip + 8 * i, PITCH);
        }
        simdgroup_barrier(mem_flags::mem_threadgroup);
        if (simd_any(keep != 1.0f)) {
            // A row's new maximum shrinks its sums. They pass through the strip, where a lane can reach its row: four fragments at a time.
            for (int step = 0; step < VALUE_STEPS; step++) {
                for (int i = 0; i < 4; i++) {
                    simdgroup_store(sums[step * 4 + i], strip + 8 * i, PITCH);
                }
                simdgroup_barrier(mem_flags::mem_threadgroup);
                for (int i = 0; i < 8; i++) {
                    strip[row * PITCH + part + i] *= keep;
                }
                simdgroup_barrier(mem_flags::mem_threadgroup);
                for (int i = 0; i < 4; i++) {
                    simdgroup_load(sums[step * 4 + i], strip + 8 * i, PITCH);
                }
                simdgroup_barrier(mem_flags::mem_threadgroup);
            }
        }
        for (int step = 0; step < VALUE_STEPS; step++) {
            load_block(block, v, start, a.keys, a.v[2], step * SIDE, a.valueSize, a.v[3], thread_number);
            threadgroup_barrier(mem_flags::mem_threadgroup);
            for (int e = 0; e < 4; e++) {
                for (int i = 0; i < 4; i++) {
                    simdgroup_float8x8 values;
                    simdgroup_load(values, block + 8 * i * PITCH + 8 * e, PITCH);
                    simdgroup_multiply_accumulate(sums[step * 4 + e], shares[i], values, sums[step * 4 + e]);
                }
            }
            threadgroup_barrier(mem_flags::mem_threadgroup);
        }
    }

    for (int step = 0; step < VALUE_STEPS; step++) {
        for (int i = 0; i < 4; i++) {
            simdgroup_store(sums[step * 4 + i], strip + 8 * i, PITCH);
        }
        simdgroup_barrier(mem_flags::mem_threadgroup);
        for (int i = 0; i < 8; i++) {
            const int e = step * SIDE + part + i;
            if (query < a.queries && e < a.valueSize) {
                result[query * a.valueSize + e] = ELEMENT(strip[row * PITCH + part + i] / total);
            }
        }
        simdgroup_barrier(mem_flags::mem_threadgroup);
    }
}
