// Few elements to a result: one thread for each.
//
// Defined before this text: REDUCE (the kernel's name).

kernel void REDUCE(
        device const Source* x [[buffer(0)]],
        device Target* results [[buffer(1)]],
        constant Reduction& r [[buffer(2)]],
        constant int* kept [[buffer(3)]],
        constant int* along [[buffer(4)]],
        uint at [[thread_position_in_grid]]) {
    const int output = int(at);
    if (output < r.outputs) {
        give(results, r, output, 0, taken(x, r, kept, along, output, 0, 0, 1));
    }
}
