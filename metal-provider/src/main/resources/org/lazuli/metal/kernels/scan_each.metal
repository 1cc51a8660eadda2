// Running combination along a short axis: one thread a row.
//
// Defined before this text: State and its functions; SCAN (the kernel's name); ELEMENT; REVERSE, INCLUSIVE.

struct Scan {
    int rows;
    int length;
    int from;      // strides along the axis: of the operand, of the result
    int to;
};

kernel void SCAN(
        device const ELEMENT* x [[buffer(0)]],
        device ELEMENT* results [[buffer(1)]],
        constant Scan& s [[buffer(2)]],
        constant int* rows [[buffer(3)]],
        uint at [[thread_position_in_grid]]) {
    const int row = int(at);
    if (row >= s.rows) {
        return;
    }
    x += layout_place(rows, 0, row);
    results += layout_place(rows, 1, row);
    State state = neutral();
    for (int step = 0; step < s.length; step++) {
#if REVERSE
        const int index = s.length - 1 - step;
#else
        const int index = step;
#endif
        const State next = merged(state, state_of(x[index * s.from], index));
#if INCLUSIVE
        results[index * s.to] = result_of(next);
#else
        results[index * s.to] = result_of(state);
#endif
        state = next;
    }
}
