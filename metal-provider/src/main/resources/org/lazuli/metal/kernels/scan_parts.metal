// What the parts of a row come to, up to each: one thread a row.
//
// Defined before this text: State and its functions; SCAN (the kernel's name).

kernel void SCAN(
        device State* parts [[buffer(0)]],
        constant int* sizes [[buffer(1)]],   // rows, parts of each
        uint at [[thread_position_in_grid]]) {
    const int row = int(at);
    if (row >= sizes[0]) {
        return;
    }
    device State* own = parts + row * sizes[1];
    State state = own[0];
    for (int part = 1; part < sizes[1]; part++) {
        state = merged(state, own[part]);
        own[part] = state;
    }
}
