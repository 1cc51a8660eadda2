// Exponentials of a row, divided by their sum. A thread holds its ITEMS elements in registers; rows that are too long for that are
// read twice, after one pass that keeps the largest element so far and the sum of exponentials at once.
//
// Defined before this text: SOFTMAX (the kernel's name); ITEMS, or 0 for any width; TOGETHER; ELEMENT.

kernel void SOFTMAX(
        device const ELEMENT* x [[buffer(0)]],
        device ELEMENT* results [[buffer(1)]],
        constant Row& r [[buffer(2)]],
        constant int* rows [[buffer(3)]],
        uint group [[threadgroup_position_in_grid]],
        uint lane [[thread_index_in_simdgroup]],
        uint simdgroup_number [[simdgroup_index_in_threadgroup]],
        uint simdgroups [[simdgroups_per_threadgroup]]) {
    threadgroup float shared_values[32];
#if TOGETHER
    const int row = int(group);
    const int first = int(simdgroup_number * 32 + lane);
    const int step = int(simdgroups) * 32;
#else
    const int row = int(group * simdgroups + simdgroup_number);
    const int first = int(lane);
    const int step = 32;
    if (row >= r.rows) {
        return;
    }
#endif
    x += layout_place(rows, 0, row);
    results += row * r.width;
#if ITEMS
    float values[ITEMS];
    float highest = -INFINITY;
    for (int item = 0; item < ITEMS; item++) {
        const int index = first + item * step;
        values[item] = -INFINITY;
        if (index < r.width) {
            values[item] = float(x[index * r.stride]);
        }
        // This passes over NaN, which reaches the sum all the same.
        highest = values[item] > highest ? values[item] : highest;
    }
    highest = largest_over_row(highest, shared_values, lane, simdgroup_number, simdgroups);
    float total = 0.0f;
    for (int item = 0; item < ITEMS; item++) {
        values[item] = precise::exp(values[item] - highest);
        total += values[item];
    }
    total = sum_over_row(total, shared_values, lane, simdgroup_number, simdgroups);
    for (int item = 0; item < ITEMS; item++) {
        const int index = first + item * step;
        if (index < r.width) {
            results[index] = ELEMENT(values[item] / total);
        }
    }
#else
    State state = neutral();
    for (int index = first; index < r.width; index += step) {
        state = merged(state, state_of(x[index * r.stride], index));
    }
    float highest = -INFINITY;
    const bool lost = isnan(state.x);
    if (!lost) {
        highest = state.x;
    }
    highest = largest_over_row(highest, shared_values, lane, simdgroup_number, simdgroups);
    // An infinity has no distance from itself: where it is the largest, and where there is a NaN, nothing is a number.
    float total = NAN;
    if (!lost && !isinf(highest)) {
        total = state.y * precise::exp(state.x - highest);
    }
    total = sum_over_row(total, shared_values, lane, simdgroup_number, simdgroups);
    for (int index = first; index < r.width; index += step) {
        results[index] = ELEMENT(precise::exp(float(x[index * r.stride]) - highest) / total);
    }
#endif
}
