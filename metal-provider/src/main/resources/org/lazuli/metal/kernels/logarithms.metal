// Logarithms of sums of exponentials. Carried along are the largest element, and the sum of the exponentials of the elements'
// distances from it.
//
// Defined before this text: ELEMENT, a floating point type.

typedef float2 State;

inline State neutral() {
    return float2(-INFINITY, 0.0f);
}

inline State state_of(ELEMENT element, int index) {
    return float2(float(element), 1.0f);
}

inline State merged(State a, State b) {
    if (isnan(a.x) || isnan(b.x)) {
        return float2(NAN, 1.0f);
    }
    const float highest = a.x > b.x ? a.x : b.x;
    if (isinf(highest)) {
        // Equal infinities have no distance.
        return float2(highest, 1.0f);
    }
    return float2(highest, a.y * precise::exp(a.x - highest) + b.y * precise::exp(b.x - highest));
}

// What the lanes of a simdgroup have, as one, in each of them.
inline State over_lanes(State state) {
    for (ushort mask = 16; mask > 0; mask >>= 1) {
        state = merged(state, from_xor(state, mask));
    }
    return state;
}

inline ELEMENT result_of(State state) {
    return ELEMENT(state.x + precise::log(state.y));
}

inline ELEMENT reduced_to(State state) {
    return result_of(state);
}
