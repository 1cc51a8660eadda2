// Adds up what the parts of the depth gave, in their order. One thread an element.
//
// Defined before this text: MATMUL_PARTS (the kernel's name), RESULT.

struct Parts {
    int size;
    int parts;
};

kernel void MATMUL_PARTS(
        device const float* partial [[buffer(0)]],
        device RESULT* result [[buffer(1)]],
        constant Parts& p [[buffer(2)]],
        uint element [[thread_position_in_grid]]) {
    if (int(element) >= p.size) {
        return;
    }
    float sum = 0.0f;
    for (int part = 0; part < p.parts; part++) {
        sum += partial[part * p.size + int(element)];
    }
    result[element] = RESULT(sum);
}
