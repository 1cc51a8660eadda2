// Keys: unsigned integers in the order of the elements, by which all types are sorted. Both zeros have one key, and NaN has the largest,
// whatever its bits. Complex numbers go by real part, then by imaginary part.
//
// Defined before this text: ELEMENT; KIND (0: bool, 1: integer, 2: floating point, 3: complex); SIGNED; KEY, an unsigned type of 4 bytes, or of 8
// for elements of 8. POSITIONS, whether the result is where the elements were, and not themselves.

#if POSITIONS
typedef uint Sorted;
#else
typedef ELEMENT Sorted;
#endif

#if KIND >= 2
inline uint float_key(float x) {
    if (isnan(x)) {
        return 0xFFFFFFFFu;
    }
    const uint bits = as_type<uint>(x);
    // Negative numbers have their bits in reverse order.
    if ((bits & 0x80000000u) == 0) {
        return bits | 0x80000000u;
    }
    return bits == 0x80000000u ? 0x80000000u : ~bits;
}
#endif

inline KEY key_of(ELEMENT x) {
#if KIND == 3
    if (isnan(x.x) || isnan(x.y)) {
        return 0xFFFFFFFFFFFFFFFFul;
    }
    return (ulong(float_key(x.x)) << 32) | ulong(float_key(x.y));
#elif KIND == 2
    return float_key(float(x));
#elif SIGNED
    return KEY(x) ^ (KEY(1) << (sizeof(KEY) * 8 - 1));
#else
    return KEY(x);
#endif
}

// What goes to a place of the result.
inline Sorted sorted_from(device const ELEMENT* row, int stride, uint index) {
#if POSITIONS
    return index;
#else
    return row[int(index) * stride];
#endif
}
