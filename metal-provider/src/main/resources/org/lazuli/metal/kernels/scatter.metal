// Combines updates into elements, those of one slice one after another in the order of their numbers. Of the updates to a slice one
// thread for each element takes care: of the first, which combines all in turn; or where updates are set, of the last alone, which
// stays. Nothing depends on the order in which threads run.
//
// Defined before this text: SCATTER (the kernel's name), what updates.metal needs, and SORTED. Where it is 1, `order` holds the numbers of
// the updates sorted by slice, stably, so that those of a slice lie together; else each thread looks through all updates. SINGLE where a slice is one
// element.

kernel void SCATTER(
        device const ELEMENT* updates [[buffer(0)]],
        device const int* starts [[buffer(1)]],   // where the slice of each update begins in the result
        device const uint* order [[buffer(2)]],
        device ELEMENT* result [[buffer(3)]],
        constant int* counts [[buffer(4)]],       // updates, elements of a slice
        constant int* outer [[buffer(5)]],        // the layout of the updates' slices,
        constant int* slice [[buffer(6)]],        // and within a slice: in the updates, and in the result
        uint2 at [[thread_position_in_grid]]) {
#if SINGLE
    // A slice is one element: the updates lie along the grid's first axis.
    const int position = int(at.x);
    const int element = 0;
#else
    const int position = int(at.y);
    const int element = int(at.x);
#endif
    const int count = counts[0];
    if (position >= count || element >= counts[1]) {
        return;
    }
    const int within = layout_place(slice, 0, element);
#if SORTED
    const int number = int(order[position]);
    const int start = starts[number];
    const int to = start + layout_place(slice, 1, element);
#if UPDATE == 0
    if (position + 1 == count || starts[order[position + 1]] != start) {
        result[to] = updates[layout_place(outer, 0, number) + within];
    }
#else
    if (position > 0 && starts[order[position - 1]] == start) {
        return;
    }
    ELEMENT value = result[to];
    for (int next = position; next < count && starts[order[next]] == start; next++) {
        value = combine(value, updates[layout_place(outer, 0, int(order[next])) + within]);
    }
    result[to] = value;
#endif
#else
    const int start = starts[position];
    const int to = start + layout_place(slice, 1, element);
#if UPDATE == 0
    for (int next = position + 1; next < count; next++) {
        if (starts[next] == start) {
            return;
        }
    }
    result[to] = updates[layout_place(outer, 0, position) + within];
#else
    for (int before = 0; before < position; before++) {
        if (starts[before] == start) {
            return;
        }
    }
    ELEMENT value = result[to];
    for (int next = position; next < count; next++) {
        if (starts[next] == start) {
            value = combine(value, updates[layout_place(outer, 0, next) + within]);
        }
    }
    result[to] = value;
#endif
#endif
}
