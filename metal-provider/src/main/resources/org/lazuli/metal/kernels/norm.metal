// A row divided by its spread, about its mean where CENTERED; then times a weight and plus a bias. A thread holds its ITEMS
// elements in registers; rows that are too long for that are read again for each step.
//
// Defined before this text: NORM (the kernel's name); ITEMS, or 0 for any width; CENTERED, WEIGHT, BIAS; TOGETHER; ELEMENT.

inline ELEMENT scaled(
        float value,
        device const ELEMENT* weights,
        device const ELEMENT* biases,
        constant Row& r,
        int index) {
#if WEIGHT
    value *= float(weights[index * r.weight]);
#endif
#if BIAS
    value += float(biases[index * r.bias]);
#endif
    return ELEMENT(value);
}

kernel void NORM(
        device const ELEMENT* x [[buffer(0)]],
        device const ELEMENT* weights [[buffer(1)]],
        device const ELEMENT* biases [[buffer(2)]],
        device ELEMENT* results [[buffer(3)]],
        constant Row& r [[buffer(4)]],
        constant int* rows [[buffer(5)]],
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
    const float width = float(r.width);
    float mean = 0.0f;
    float squares = 0.0f;
#if ITEMS
    float values[ITEMS];
    for (int item = 0; item < ITEMS; item++) {
        const int index = first + item * step;
        values[item] = 0.0f;
        if (index < r.width) {
            values[item] = float(x[index * r.stride]);
        }
    }
#if CENTERED
    for (int item = 0; item < ITEMS; item++) {
        mean += values[item];
    }
    mean = sum_over_row(mean, shared_values, lane, simdgroup_number, simdgroups) / width;
    for (int item = 0; item < ITEMS; item++) {
        // What is behind the end stays out of the squares.
        values[item] = first + item * step < r.width ? values[item] - mean : 0.0f;
    }
#endif
    for (int item = 0; item < ITEMS; item++) {
        squares += values[item] * values[item];
    }
#else
#if CENTERED
    for (int index = first; index < r.width; index += step) {
        mean += float(x[index * r.stride]);
    }
    mean = sum_over_row(mean, shared_values, lane, simdgroup_number, simdgroups) / width;
#endif
    for (int index = first; index < r.width; index += step) {
        const float value = float(x[index * r.stride]) - mean;
        squares += value * value;
    }
#endif
    squares = sum_over_row(squares, shared_values, lane, simdgroup_number, simdgroups);
    const float scale = 1.0f / precise::sqrt(squares / width + r.eps);
#if ITEMS
    for (int item = 0; item < ITEMS; item++) {
        const int index = first + item * step;
        if (index < r.width) {
            results[index] = scaled(values[item] * scale, weights, biases, r, index);
        }
    }
#else
    for (int index = first; index < r.width; index += step) {
        results[index] = scaled((float(x[index * r.stride]) - mean) * scale, weights, biases, r, index);
    }
#endif
}
