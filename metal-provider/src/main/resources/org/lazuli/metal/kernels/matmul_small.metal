// The product of two small matrices, in batches: one thread an element of the result.
//
// Defined before this text: MATMUL_SMALL (the kernel's name), OPERAND; COMPLEX where it is float2.

struct Product {
    int rows;
    int columns;
    int depth;
    int leftRow;     // strides
    int leftDepth;
    int rightDepth;
    int rightColumn;
};

kernel void MATMUL_SMALL(
        device const OPERAND* left [[buffer(0)]],
        device const OPERAND* right [[buffer(1)]],
        device OPERAND* result [[buffer(2)]],
        constant Product& p [[buffer(3)]],
        constant int* batches [[buffer(4)]],
        uint3 at [[thread_position_in_grid]]) {
    const int column = int(at.x);
    const int row = int(at.y);
    const int batch = int(at.z);
    if (column >= p.columns || row >= p.rows) {
        return;
    }
    left += layout_place(batches, 0, batch) + row * p.leftRow;
    right += layout_place(batches, 1, batch) + column * p.rightColumn;
#if COMPLEX
    // Four real products, so that infinities meet as they do there.
    float4 sums = float4(0.0f);
    for (int depth = 0; depth < p.depth; depth++) {
        const float2 a = left[depth * p.leftDepth];
        const float2 b = right[depth * p.rightDepth];
        sums += float4(a.x, a.y, a.x, a.y) * float4(b.x, b.y, b.y, b.x);
    }
    const float2 sum = float2(sums.x - sums.y, sums.z + sums.w);
#else
    float sum = 0.0f;
    for (int depth = 0; depth < p.depth; depth++) {
        sum = fma(float(left[depth * p.leftDepth]), float(right[depth * p.rightDepth]), sum);
    }
#endif
    result[(batch * p.rows + row) * p.columns + column] = OPERAND(sum);
}
