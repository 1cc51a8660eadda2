// Reads with index arrays: one thread an element of the result.
//
// Defined before this text: GATHER (the kernel's name), ELEMENT (any type of the size), and what slice_start needs; SINGLE where a slice is one element.

kernel void GATHER(
        device const ELEMENT* x [[buffer(0)]],
        device ELEMENT* result [[buffer(1)]],
        constant int* counts [[buffer(2)]],       // places in the index arrays, elements of a slice
        constant int* index_layout [[buffer(3)]],
        constant int* axes [[buffer(4)]],
        constant int* slice [[buffer(5)]],        // the layout of the axes that are not indexed
        uint2 at [[thread_position_in_grid]]
        INDEX_BINDINGS) {
#if SINGLE
    // A slice is one element: the places lie along the grid's first axis.
    const int number = int(at.x);
    const int element = 0;
#else
    const int number = int(at.y);
    const int element = int(at.x);
#endif
    if (number >= counts[0] || element >= counts[1]) {
        return;
    }
    const int from = slice_start(index_layout, axes, number INDEX_ARGUMENTS);
    result[number * counts[1] + element] = x[from + layout_place(slice, 0, element)];
}
