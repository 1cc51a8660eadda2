// Where the slice begins that a place in the index arrays picks.
//
// Defined before this text: INDEX_PARAMETERS, the index arrays as further parameters of a function, each after a comma, with the kernel's
// attributes in INDEX_BINDINGS; INDEX_ARGUMENTS, their names likewise; and INDEX_SUM, the sum of `picked` over them.

// How far along its axis an index leads. A negative one counts from the end; one out of bounds, which is reported elsewhere, leads to some
// element.
template <typename Index>
inline int picked(device const Index* indices, constant int* layout, constant int* axes, int axis, int number) {
    const int size = axes[2 * axis];
    long index = long(indices[layout_place(layout, axis, number)]);
    if (index < 0) {
        index += size;
    }
    if (index < 0) {
        index = 0;
    }
    if (index >= size) {
        index = size - 1;
    }
    return int(index) * axes[2 * axis + 1];
}

// `layout` is the index arrays' own; `axes` holds the size and the stride of each indexed axis.
inline int slice_start(constant int* layout, constant int* axes, int number INDEX_PARAMETERS) {
    return INDEX_SUM;
}
