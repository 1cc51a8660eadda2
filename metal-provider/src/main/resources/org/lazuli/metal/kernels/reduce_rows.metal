// Many elements to a result, which lie side by side: so do the lanes that read them. A simdgroup makes one result, or
// where TOGETHER a threadgroup does, whose simdgroups pass what they have through threadgroup memory. The grid's second axis is that of the
// parts.
//
// Defined before this text: REDUCE (the kernel's name), TOGETHER.

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
    const int part = int(group.y);
#if TOGETHER
    threadgroup State states[32];
    const int output = int(group.x);
    const int first = int(simdgroup_number * 32 + lane);
    State state = over_lanes(taken(x, r, kept, along, output, part, first, int(simdgroups * 32)));
    if (lane == 0) {
        states[simdgroup_number] = state;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (simdgroup_number == 0) {
        state = neutral();
        if (lane < simdgroups) {
            state = states[lane];
        }
        state = over_lanes(state);
        if (lane == 0) {
            give(results, r, output, part, state);
        }
    }
#else
    const int output = int(group.x * simdgroups + simdgroup_number);
    if (output >= r.outputs) {
        return;
    }
    const State state = over_lanes(taken(x, r, kept, along, output, part, int(lane), 32));
    if (lane == 0) {
        give(results, r, output, part, state);
    }
#endif
}
