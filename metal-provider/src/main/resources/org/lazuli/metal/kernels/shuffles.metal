// Values of other lanes. Metal's shuffles take at most 32 bits at a time; a longer value goes as its two halves.

inline float from_xor(float value, ushort mask) {
    return simd_shuffle_xor(value, mask);
}

inline float2 from_xor(float2 value, ushort mask) {
    return simd_shuffle_xor(value, mask);
}

inline int from_xor(int value, ushort mask) {
    return simd_shuffle_xor(value, mask);
}

inline uint from_xor(uint value, ushort mask) {
    return simd_shuffle_xor(value, mask);
}

inline long from_xor(long value, ushort mask) {
    return as_type<long>(simd_shuffle_xor(as_type<uint2>(value), mask));
}

inline ulong from_xor(ulong value, ushort mask) {
    return as_type<ulong>(simd_shuffle_xor(as_type<uint2>(value), mask));
}

// The value of the lane `delta` before this one; the first lanes get some other.

inline float from_before(float value, ushort delta) {
    return simd_shuffle_up(value, delta);
}

inline float2 from_before(float2 value, ushort delta) {
    return simd_shuffle_up(value, delta);
}

inline int from_before(int value, ushort delta) {
    return simd_shuffle_up(value, delta);
}

inline uint from_before(uint value, ushort delta) {
    return simd_shuffle_up(value, delta);
}

inline long from_before(long value, ushort delta) {
    return as_type<long>(simd_shuffle_up(as_type<uint2>(value), delta));
}

inline ulong from_before(ulong value, ushort delta) {
    return as_type<ulong>(simd_shuffle_up(as_type<uint2>(value), delta));
}
