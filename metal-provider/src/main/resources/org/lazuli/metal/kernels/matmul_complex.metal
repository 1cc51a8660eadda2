// The product of complex matrices by tiles of 16x16, in batches: one thread an element of the result.
//
// Defined before this text: MATMUL_COMPLEX (the kernel's name).

struct Product {
    int rows;
    int columns;
    int depth;
    int leftRow;     // strides
    int leftDepth;
    int rightDepth;
    int rightColumn;
};

constant constexpr int SIDE = 16;

kernel void MATMUL_COMPLEX(
        device const float2* left [[buffer(0)]],
        device const float2* right [[buffer(1)]],
        device float2* result [[buffer(2)]],
        constant Product& p [[buffer(3)]],
        constant int* batches [[buffer(4)]],
        uint3 group [[threadgroup_position_in_grid]],
        uint3 at [[thread_position_in_threadgroup]]) {
    threadgroup float2 leftBlock[SIDE * SIDE];
    threadgroup float2 rightBlock[SIDE * SIDE];
    const int batch = int(group.z);
    const int x = int(at.x);
    const int y = int(at.y);
    const int row = int(group.y) * SIDE + y;
    const int column = int(group.x) * SIDE + x;
    left += layout_place(batches, 0, batch);
    right += layout_place(batches, 1, batch);

    // Four real products, so that infinities meet as they do there.
    float4 sums = float4(0.0f);
    for (int start = 0; start < p.depth; start += SIDE) {
        float2 a = float2(0.0f);
        float2 b = float2(0.0f);
        if (row < p.rows && start + x < p.depth) {
            a = left[row * p.leftRow + (start + x) * p.leftDepth];
        }
        if (column < p.columns && start + y < p.depth) {
            b = right[(start + y) * p.rightDepth + column * p.rightColumn];
        }
        leftBlock[y * SIDE + x] = a;
        rightBlock[y * SIDE + x] = b;
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (int d = 0; d < SIDE; d++) {
            const float2 l = leftBlock[y * SIDE + d];
            const float2 r = rightBlock[d * SIDE + x];
            sums += float4(l.x, l.y, l.x, l.y) * float4(r.x, r.y, r.y, r.x);
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    if (row < p.rows && column < p.columns) {
        result[(batch * p.rows + row) * p.columns + column] = float2(sums.x - sums.y, sums.z + sums.w);
    }
}
