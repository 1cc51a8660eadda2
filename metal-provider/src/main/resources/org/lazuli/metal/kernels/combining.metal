// Sums, products and extremes: what a reduction or a scan carries along, and how two of them become one.
//
// Defined before this text: ELEMENT; VALUE, what elements are combined in; KIND (0: bool, 1: integer, 2: floating point, 3:
// complex); OPERATION (0: sum, 1: product, 2: maximum, 3: minimum); NEUTRAL, which changes nothing. Sums and products of integers wrap: VALUE is
// unsigned for them.

typedef VALUE State;

inline State neutral() {
    return NEUTRAL;
}

inline State state_of(ELEMENT element, int index) {
    return VALUE(element);
}

#if KIND == 3 && OPERATION == 1
inline float2 product(float2 a, float2 b) {
    return float2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}
#endif

inline State merged(State a, State b) {
#if OPERATION == 0
    return a + b;
#elif OPERATION == 1
#if KIND == 3
    // One times an infinity is no infinity by the rule for complex numbers.
    if (all(a == neutral())) {
        return b;
    }
    return all(b == neutral()) ? a : product(a, b);
#else
    return a * b;
#endif
#elif KIND == 2
    // NaN if there is one; of zeros the positive one is larger.
    if (isnan(a) || isnan(b)) {
        return isnan(a) ? a : b;
    }
    if (a == b) {
#if OPERATION == 2
        return as_type<float>(as_type<uint>(a) & as_type<uint>(b));
#else
        return as_type<float>(as_type<uint>(a) | as_type<uint>(b));
#endif
    }
#if OPERATION == 2
    return a > b ? a : b;
#else
    return a < b ? a : b;
#endif
#elif OPERATION == 2
    return a < b ? b : a;
#else
    return b < a ? b : a;
#endif
}

// What the lanes of a simdgroup have, as one, in each of them.
inline State over_lanes(State state) {
#if OPERATION == 0 && KIND == 2
    return simd_sum(state);
#else
    for (ushort mask = 16; mask > 0; mask >>= 1) {
        state = merged(state, from_xor(state, mask));
    }
    return state;
#endif
}

inline ELEMENT result_of(State state) {
#if KIND == 0
    return ELEMENT(state != 0 ? 1 : 0);
#else
    return ELEMENT(state);
#endif
}

// The result of a reduction, which begins with the neutral element.
inline ELEMENT reduced_to(State state) {
#if KIND == 3 && OPERATION == 1
    return product(neutral(), state);
#else
    return result_of(state);
#endif
}
