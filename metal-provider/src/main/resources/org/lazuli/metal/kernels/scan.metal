// Running combination along an axis: a threadgroup takes a row, or a part of one, and walks along it a stretch at a time. Each
// thread combines ITEMS neighbours, the lanes what their threads have, the simdgroups what their lanes have.
//
// Defined before this text: State and its functions; SCAN (the kernel's name); ELEMENT; REVERSE, INCLUSIVE; and STATES: 0 where a
// threadgroup has a whole row, 1 where it only leaves what its part comes to, 2 where it begins with what the parts before came to.

constant constexpr int ITEMS = 4;

struct Scan {
    int length;
    int from;      // strides along the axis: of the operand, of the result
    int to;
    int part;      // elements that a threadgroup takes
    int parts;
};

#if STATES == 1
typedef State Target;
#else
typedef ELEMENT Target;
#endif

// What the lanes up to this one have.
inline State up_to_lane(State state, uint lane) {
    for (ushort delta = 1; delta < 32; delta <<= 1) {
        const State before = from_before(state, delta);
        if (lane >= delta) {
            state = merged(before, state);
        }
    }
    return state;
}

inline int place_along(constant Scan& s, int index) {
#if REVERSE
    return s.length - 1 - index;
#else
    return index;
#endif
}

kernel void SCAN(
        device const ELEMENT* x [[buffer(0)]],
        device Target* results [[buffer(1)]],
        constant Scan& s [[buffer(2)]],
        constant int* rows [[buffer(3)]],
#if STATES == 2
        device const State* parts [[buffer(4)]],
#endif
        uint2 group [[threadgroup_position_in_grid]],
        uint lane [[thread_index_in_simdgroup]],
        uint simdgroup_number [[simdgroup_index_in_threadgroup]],
        uint simdgroups [[simdgroups_per_threadgroup]]) {
    threadgroup State totals[32];
    const int row = int(group.x);
    const int part = int(group.y);
    const int width = int(simdgroups) * 32 * ITEMS;
    const int first = int(simdgroup_number * 32 + lane) * ITEMS;
    x += layout_place(rows, 0, row);
#if STATES != 1
    results += layout_place(rows, 1, row);
#endif
    State carry = neutral();
#if STATES == 2
    if (part > 0) {
        carry = parts[row * s.parts + part - 1];
    }
#endif
    int begin = part * s.part;
    const int end = begin + min(s.part, s.length - begin);
    for (; begin < end; begin += width) {
        State own[ITEMS];
        State upto = neutral();
        for (int item = 0; item < ITEMS; item++) {
            const int index = begin + first + item;
            if (index < end) {
                const State state = state_of(x[place_along(s, index) * s.from], index);
                if (item == 0) {
                    upto = state;
                } else {
                    upto = merged(upto, state);
                }
            }
            own[item] = upto;
        }
        upto = up_to_lane(upto, lane);
        if (lane == 31) {
            totals[simdgroup_number] = upto;
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
        if (simdgroup_number == 0) {
            State total = neutral();
            if (lane < simdgroups) {
                total = totals[lane];
            }
            total = up_to_lane(total, lane);
            totals[lane] = total;
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
#if STATES != 1
        State before = carry;
        if (simdgroup_number > 0) {
            before = merged(before, totals[simdgroup_number - 1]);
        }
        const State lanes = from_before(upto, 1);
        if (lane > 0) {
            before = merged(before, lanes);
        }
        for (int item = 0; item < ITEMS; item++) {
            const int index = begin + first + item;
            if (index < end) {
#if INCLUSIVE
                const State state = merged(before, own[item]);
#else
                State state = before;
                if (item > 0) {
                    state = merged(before, own[item - 1]);
                }
#endif
                results[place_along(s, index) * s.to] = result_of(state);
            }
        }
#endif
        carry = merged(carry, totals[simdgroups - 1]);
        // The totals are written again.
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
#if STATES == 1
    if (simdgroup_number == 0 && lane == 0) {
        results[row * s.parts + part] = carry;
    }
#endif
}
