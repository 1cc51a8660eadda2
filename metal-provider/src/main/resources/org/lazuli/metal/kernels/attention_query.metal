// Attention for few queries: a threadgroup takes one query of one head. Its simdgroups share the keys; the lanes stand
// side by side along a key and a value. Each simdgroup keeps the running maximum and sum of its keys' weights (online
// softmax), and the sums are brought to a common maximum at the end.
//
// Defined before this text: ATTENTION (the kernel's name); SIZE_STEPS and VALUE_STEPS, a key's and a value's size in steps of 32.

struct Running {
    float highest;
    float total;
    float sums[VALUE_STEPS];
};

// Takes up one key and its value. All lanes of the simdgroup hold the same score.
inline void take(constant Attention& a, thread Running& r, float score, device const ELEMENT* value, uint lane) {
    const float highest = score > r.highest ? score : r.highest;
    const float keep = precise::exp(r.highest - highest);
    const float weight = precise::exp(score - highest);
    r.highest = highest;
    r.total = r.total * keep + weight;
    for (int i = 0; i < VALUE_STEPS; i++) {
        const int e = i * 32 + int(lane);
        if (e < a.valueSize) {
            r.sums[i] = fma(weight, float(value[e * a.v[3]]), r.sums[i] * keep);
        }
    }
}

kernel void ATTENTION(
        device const ELEMENT* q [[buffer(0)]],
        device const ELEMENT* k [[buffer(1)]],
        device const ELEMENT* v [[buffer(2)]],
        device const MaskElement* mask [[buffer(3)]],
        device ELEMENT* result [[buffer(4)]],
        constant Attention& a [[buffer(5)]],
        uint3 at [[threadgroup_position_in_grid]],
        uint lane [[thread_index_in_simdgroup]],
        uint simdgroup_number [[simdgroup_index_in_threadgroup]],
        uint simdgroups [[simdgroups_per_threadgroup]]) {
    threadgroup float highests[32];
    threadgroup float totals[32];
    threadgroup float parts[32 * 32];
    const int query = int(at.x);
    const int head = int(at.y);
    const int batch = int(at.z);
    q += batch * a.q[0] + head * a.q[1] + query * a.q[2];
    k += batch * a.k[0] + head / a.group * a.k[1];
    v += batch * a.v[0] + head / a.group * a.v[1];
    mask += batch * a.mask[0] + head * a.mask[1];
    result += ((batch * a.heads + head) * a.queries + query) * a.valueSize;

    float own[SIZE_STEPS];
    for (int i = 0; i < SIZE_STEPS; i++) {
        const int e = i * 32 + int(lane);
        own[i] = 0.0f;
        if (e < a.size) {
            own[i] = float(q[e * a.q[3]]) * a.scale;
        }
    }
    Running r;
    r.highest = LOWEST_FLOAT;
    r.total = 0.0f;
    for (int i = 0; i < VALUE_STEPS; i++) {
        r.sums[i] = 0.0f;
    }
#if CAUSAL
    const int visible = clamp(query + a.keys - a.queries + 1, 0, a.keys);
#else
    const int visible = a.keys;
#endif
    for (int key = int(simdgroup_number); key < visible; key += int(simdgroups)) {
        float product = 0.0f;
        for (int i = 0; i < SIZE_STEPS; i++) {
            const int e = i * 32 + int(lane);
            if (e < a.size) {
                product = fma(own[i], float(k[key * a.k[2] + e * a.k[3]]), product);
            }
        }
        take(a, r, seen(a, mask, query, key, simd_sum(product)), v + key * a.v[2], lane);
    }

#if CAUSAL
    // The hidden keys count only where nothing that is seen outweighs them.
    if (lane == 0) {
        highests[simdgroup_number] = r.highest;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    float peak = highests[0];
    for (uint s = 1; s < simdgroups; s++) {
        peak = highests[s] > peak ? highests[s] : peak;
    }
    if (peak <= LOWEST + NEGLIGIBLE) {
        for (int key = visible + int(simdgroup_number); key < a.keys; key += int(simdgroups)) {
            take(a, r, LOWEST, v + key * a.v[2], lane);
        }
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
#endif

    if (lane == 0) {
        highests[simdgroup_number] = r.highest;
        totals[simdgroup_number] = r.total;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    float highest = highests[0];
    for (uint s = 1; s < simdgroups; s++) {
        highest = highests[s] > highest ? highests[s] : highest;
    }
    float total = 0.0f;
    for (uint s = 0; s < simdgroups; s++) {
        total += totals[s] * precise::exp(highests[s] - highest);
    }
    const float keep = precise::exp(r.highest - highest);
    for (int i = 0; i < VALUE_STEPS; i++) {
        parts[simdgroup_number * 32 + lane] = r.sums[i] * keep;
        threadgroup_barrier(mem_flags::mem_threadgroup);
        const int e = i * 32 + int(lane);
        if (simdgroup_number == 0 && e < a.valueSize) {
            float sum = 0.0f;
            for (uint s = 0; s < simdgroups; s++) {
                sum += parts[s * 32 + lane];
            }
            // No keys at all give zero, as an empty sum does.
            result[e] = ELEMENT(a.keys == 0 ? 0.0f : sum / total);
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
}
