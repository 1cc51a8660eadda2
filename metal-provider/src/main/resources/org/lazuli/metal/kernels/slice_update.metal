// Combines an update into every so-manieth element along each axis: one thread an element of the update.
//
// Defined before this text: SLICE_UPDATE (the kernel's name), and what updates.metal needs.

kernel void SLICE_UPDATE(
        device const ELEMENT* update [[buffer(0)]],
        device ELEMENT* result [[buffer(1)]],
        constant int* counts [[buffer(2)]],       // elements of the update, where the first one goes
        constant int* layout [[buffer(3)]],       // in the update, and in the result
        uint at [[thread_position_in_grid]]) {
    const int number = int(at);
    if (number >= counts[0]) {
        return;
    }
    const int to = counts[1] + layout_place(layout, 1, number);
#if UPDATE == 0
    result[to] = update[layout_place(layout, 0, number)];
#else
    result[to] = combine(result[to], update[layout_place(layout, 0, number)]);
#endif
}
