// Sorts in threadgroup memory, by a bitonic network over pairs of a key and a position: positions differ, so the order is
// stable. A threadgroup takes some short rows whole, or where RUNS a block of one long row, and leaves it for merging.
//
// Defined before this text: SORT (the kernel's name), RUNS; SIZE, the most elements of a threadgroup; and what sorting.metal needs.

struct Block {
    int rows;
    int length;    // of a row
    int from;      // strides along the axis: of the operand, of the result
    int to;
    int span;      // elements sorted together, a power of two
    int count;     // such spans in a threadgroup
};

kernel void SORT(
        device const ELEMENT* x [[buffer(0)]],
#if RUNS
        device KEY* run_keys [[buffer(1)]],
        device uint* run_indices [[buffer(2)]],
#else
        device Sorted* results [[buffer(1)]],
#endif
        constant Block& b [[buffer(3)]],
        constant int* rows [[buffer(4)]],
        uint2 group [[threadgroup_position_in_grid]],
        uint thread_number [[thread_index_in_threadgroup]],
        uint simdgroups [[simdgroups_per_threadgroup]]) {
    threadgroup KEY keys[SIZE];
    threadgroup uint indices[SIZE];
    const int threads = int(simdgroups) * 32;
    const int size = b.span * b.count;
    const int begin = int(group.y) * b.span;   // in the row
    for (int i = int(thread_number); i < size; i += threads) {
        const int row = int(group.x) * b.count + i / b.span;
        const int index = begin + i % b.span;
        // What is behind the end stays there: it has the largest key and a larger position than any element.
        KEY key = ~KEY(0);
        if (row < b.rows && index < b.length) {
            key = key_of(x[layout_place(rows, 0, row) + index * b.from]);
        }
        keys[i] = key;
        indices[i] = uint(index);
    }
    for (int merge = 2; merge <= b.span; merge *= 2) {
        for (int distance = merge / 2; distance > 0; distance /= 2) {
            threadgroup_barrier(mem_flags::mem_threadgroup);
            for (int pair = int(thread_number); pair < size / 2; pair += threads) {
                const int low = 2 * pair - (pair & (distance - 1));
                const int high = low + distance;
                // Every other sequence descends, but the last one of a span.
                const bool descending = (low & (b.span - 1) & merge) != 0;
                const KEY lowKey = keys[low];
                const KEY highKey = keys[high];
                const uint lowIndex = indices[low];
                const uint highIndex = indices[high];
                const bool after = lowKey > highKey || (lowKey == highKey && lowIndex > highIndex);
                if (after != descending) {
                    keys[low] = highKey;
                    keys[high] = lowKey;
                    indices[low] = highIndex;
                    indices[high] = lowIndex;
                }
            }
        }
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (int i = int(thread_number); i < size; i += threads) {
        const int row = int(group.x) * b.count + i / b.span;
        const int place = begin + i % b.span;
        if (row < b.rows && place < b.length) {
#if RUNS
            run_keys[row * b.length + place] = keys[i];
            run_indices[row * b.length + place] = indices[i];
#else
            results[layout_place(rows, 1, row) + place * b.to] =
                    sorted_from(x + layout_place(rows, 0, row), b.from, indices[i]);
#endif
        }
    }
}
