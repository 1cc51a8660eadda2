// Merges neighbouring sorted runs: one thread an element, which looks for its place in the other run by halving. The left
// run's elements come before equal ones of the right run, so the order stays stable.
//
// Defined before this text: SORT (the kernel's name); LAST, whether the rows are sorted afterwards and go to the result; and what
// sorting.metal needs.

struct Merge {
    int rows;
    int length;    // of a row
    int from;      // strides along the axis: of the operand, of the result
    int to;
    int run;       // elements of a sorted run
};

kernel void SORT(
        device const KEY* keys [[buffer(0)]],
        device const uint* indices [[buffer(1)]],
#if LAST
        device const ELEMENT* x [[buffer(2)]],
        device Sorted* results [[buffer(3)]],
#else
        device KEY* merged_keys [[buffer(2)]],
        device uint* merged_indices [[buffer(3)]],
#endif
        constant Merge& m [[buffer(4)]],
        constant int* rows [[buffer(5)]],
        uint2 at [[thread_position_in_grid]]) {
    const int position = int(at.x);
    const int row = int(at.y);
    if (position >= m.length || row >= m.rows) {
        return;
    }
    keys += row * m.length;
    indices += row * m.length;
    const int run = position / m.run;
    const bool left = run % 2 == 0;
    const int own = run * m.run;
    const int other = left ? own + min(m.run, m.length - own) : own - m.run;
    const int end = left ? other + min(m.run, m.length - other) : own;
    const KEY key = keys[position];
    // How many of the other run come before.
    int low = other;
    int high = end;
    while (low < high) {
        const int middle = low + (high - low) / 2;
        const KEY candidate = keys[middle];
        if (left ? candidate < key : candidate <= key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const int place = min(own, other) + (position - own) + (low - other);
#if LAST
    results[layout_place(rows, 1, row) + place * m.to] =
            sorted_from(x + layout_place(rows, 0, row), m.from, indices[position]);
#else
    merged_keys[row * m.length + place] = key;
    merged_indices[row * m.length + place] = indices[position];
#endif
}
