// Convolution, one thread an element of the result: for few channels, many groups, and complex numbers.
//
// Defined before this text: CONVOLUTION (the kernel's name), ELEMENT; COMPLEX where it is float2.

kernel void CONVOLUTION(
        device const ELEMENT* input [[buffer(0)]],
        device const ELEMENT* weight [[buffer(1)]],
        device ELEMENT* result [[buffer(2)]],
        constant Geometry& g [[buffer(3)]],
        uint2 at [[thread_position_in_grid]]) {
    const int out = int(at.x);
    const int number = int(at.y);
    if (out >= g.outChannels || number >= g.positions) {
        return;
    }
    const Position position = position_of(g, number);
    const int channel = out / g.groupOut * g.groupIn;
    device const ELEMENT* weights = weight + out * g.weightOut;
#if COMPLEX
    // Four real sums, so that infinities meet as they do there.
    float4 sums = float4(0.0f);
#else
    float sum = 0.0f;
#endif
    for (int depth = 0; depth < g.depth; depth += g.groupIn) {
        const Place place = place_of(g, depth);
        int from = position.sample + channel * g.inputChannel;
        bool inside = true;
        for (int axis = 0; axis < SPATIAL && inside; axis++) {
            inside = meet(g.axes[axis], position.at[axis], place.at[axis], from);
        }
        const int by = weight_offset(g, place);
        for (int c = 0; c < g.groupIn; c++) {
            ELEMENT x = ELEMENT(0.0f);
            if (inside) {
                x = input[from + c * g.inputChannel];
            }
            const ELEMENT w = weights[by + c * g.weightChannel];
#if COMPLEX
            sums += float4(x.x, x.y, x.x, x.y) * float4(w.x, w.y, w.y, w.x);
#else
            sum = fma(float(x), float(w), sum);
#endif
        }
    }
#if COMPLEX
    const float2 sum = float2(sums.x - sums.y, sums.z + sums.w);
#endif
    result[number * g.outChannels + out] = ELEMENT(sum);
}
