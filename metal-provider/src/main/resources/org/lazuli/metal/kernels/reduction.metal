// What the kernels of reductions share: the elements that one result is made of.
//
// Defined before this text: State and its functions; ELEMENT, RESULT. In a second pass FROM_STATES: the states that a first pass, TO_STATES, left of
// parts of the elements. EVEN where the elements lie at even distances.

struct Reduction {
    int outputs;
    int reduced;   // elements to each of them
    int part;      // at most so many of which are taken together
    int parts;
    int stride;    // of the elements, if they are even
};

#if FROM_STATES
typedef State Source;
#else
typedef ELEMENT Source;
#endif

#if TO_STATES
typedef State Target;
#else
typedef RESULT Target;
#endif

inline State source_at(
        device const Source* x, constant Reduction& r, constant int* along, int start, int index) {
#if FROM_STATES
    return x[start + index];
#elif EVEN
    return state_of(x[start + index * r.stride], index);
#else
    return state_of(x[start + layout_place(along, 0, index)], index);
#endif
}

// Every so-manieth element of a part, in four chains that do not wait for one another.
inline State taken(
        device const Source* x,
        constant Reduction& r,
        constant int* kept,
        constant int* along,
        int output,
        int part,
        int first,
        int step) {
#if FROM_STATES
    const int start = output * r.reduced;
#else
    const int start = layout_place(kept, 0, output);
#endif
    const int begin = part * r.part;
    const int end = begin + min(r.part, r.reduced - begin);
    State chains[4];
    for (int chain = 0; chain < 4; chain++) {
        chains[chain] = neutral();
    }
    int index = begin + first;
    while (end - index > 3 * step) {
        for (int chain = 0; chain < 4; chain++) {
            chains[chain] = merged(chains[chain], source_at(x, r, along, start, index));
            index += step;
        }
    }
    for (; index < end; index += step) {
        chains[0] = merged(chains[0], source_at(x, r, along, start, index));
    }
    return merged(merged(chains[0], chains[1]), merged(chains[2], chains[3]));
}

inline void give(device Target* results, constant Reduction& r, int output, int part, State state) {
#if TO_STATES
    results[output * r.parts + part] = state;
#else
    results[output] = reduced_to(state);
#endif
}
