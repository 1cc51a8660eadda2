// Many elements to a result, which lie apart, while those of neighbouring results lie side by side. The lanes of a
// simdgroup take 32 results, and the simdgroups of a threadgroup share the elements. The grid's second axis is that of the parts.
//
// Defined before this text: REDUCE (the kernel's name); SIMDGROUPS, the most there are.

kernel void REDUCE(
        device const Source* x [[buffer(0)]],
        device Target* results [[buffer(1)]],
        constant Reduction& r [[buffer(2)]],
        constant int* kept [[buffer(3)]],
        constant int* along [[buffer(4)]],
        uint2 group [[threadgroup_position_in_grid]],
        uint lane [[thread_index_in_simdgroup]],
        uint simdgroup_number [[simdgroup_index_in_threadgroup]],
        uint simdgroups [[simdgroups_per_threadgroup]]) {
    threadgroup State states[SIMDGROUPS * 32];
    const int part = int(group.y);
    const int output = int(group.x * 32 + lane);
    State state = neutral();
    if (output < r.outputs) {
        state = taken(x, r, kept, along, output, part, int(simdgroup_number), int(simdgroups));
        states[simdgroup_number * 32 + lane] = state;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (simdgroup_number == 0 && output < r.outputs) {
        for (uint other = 1; other < simdgroups; other++) {
            state = merged(state, states[other * 32 + lane]);
        }
        give(results, r, output, part, state);
    }
}
