// The position of the first largest or smallest element. NaN is passed over; where there is nothing else the answer is 0.
//
// Defined before this text: ELEMENT; VALUE, what elements are compared in; KIND (0: bool, 1: integer, 2: floating point, 3: complex); LARGEST,
// whether the largest one is looked for.

struct State {
    VALUE value;
    uint at;     // NOWHERE if there is none yet
};

constant constexpr uint NOWHERE = 0xFFFFFFFFu;

inline State neutral() {
    State state;
    state.value = VALUE(0);
    state.at = NOWHERE;
    return state;
}

inline State state_of(ELEMENT element, int index) {
    State state;
    state.value = VALUE(element);
#if KIND == 2
    state.at = isnan(state.value) ? NOWHERE : uint(index);
#elif KIND == 3
    state.at = isnan(state.value.x) || isnan(state.value.y) ? NOWHERE : uint(index);
#else
    state.at = uint(index);
#endif
    return state;
}

// Complex numbers are ordered by real part, then by imaginary part.
inline bool beats(VALUE a, VALUE b) {
#if KIND == 3
#if LARGEST
    return a.x > b.x || (a.x == b.x && a.y > b.y);
#else
    return a.x < b.x || (a.x == b.x && a.y < b.y);
#endif
#elif LARGEST
    return a > b;
#else
    return a < b;
#endif
}

inline State merged(State a, State b) {
    if (a.at == NOWHERE) {
        return b;
    }
    if (b.at == NOWHERE || beats(a.value, b.value)) {
        return a;
    }
    if (beats(b.value, a.value)) {
        return b;
    }
    return a.at < b.at ? a : b;
}

// What the lanes of a simdgroup have, as one, in each of them.
inline State over_lanes(State state) {
    for (ushort mask = 16; mask > 0; mask >>= 1) {
        State other;
        other.value = from_xor(state.value, mask);
        other.at = from_xor(state.at, mask);
        state = merged(state, other);
    }
    return state;
}

inline uint reduced_to(State state) {
    return state.at == NOWHERE ? 0u : state.at;
}
