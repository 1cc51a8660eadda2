// Where an element lies that is number n in row-major order. A layout holds the number of axes, their sizes, and then one or more sets of
// strides.

inline int layout_place(constant int* layout, int set, int number) {
    const int rank = layout[0];
    constant int* sizes = layout + 1;
    constant int* strides = sizes + rank * (1 + set);
    int place = 0;
    for (int axis = rank - 1; axis >= 0; axis--) {
        place += number % sizes[axis] * strides[axis];
        number /= sizes[axis];
    }
    return place;
}

// The number of elements.
inline int layout_size(constant int* layout) {
    int size = 1;
    for (int axis = 0; axis < layout[0]; axis++) {
        size *= layout[1 + axis];
    }
    return size;
}
