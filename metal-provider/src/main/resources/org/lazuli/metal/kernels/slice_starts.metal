// Where the slice begins that each place in the index arrays picks.
//
// Defined before this text: SLICE_STARTS (the kernel's name), and what slice_start needs.

kernel void SLICE_STARTS(
        device int* starts [[buffer(0)]],
        constant int& count [[buffer(1)]],
        constant int* index_layout [[buffer(2)]],
        constant int* axes [[buffer(3)]],
        uint at [[thread_position_in_grid]]
        INDEX_BINDINGS) {
    if (int(at) < count) {
        starts[at] = slice_start(index_layout, axes, int(at) INDEX_ARGUMENTS);
    }
}
