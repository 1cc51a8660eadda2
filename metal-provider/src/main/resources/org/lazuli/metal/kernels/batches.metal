// Where the matrices of a batch begin. Buffer `batches` holds the number of axes,
// the sizes of the axes, and for each operand its strides along them.

inline int batch_count(constant int* batches) {
    int count = 1;
    for (int axis = 0; axis < batches[0]; axis++) {
        count *= batches[1 + axis];
    }
    return count;
}

inline int batch_offset(constant int* batches, int operand, int batch) {
    const int rank = batches[0];
    constant int* sizes = batches + 1;
    constant int* strides = sizes + rank + operand * rank;
    int offset = 0;
    for (int axis = rank - 1; axis >= 0; axis--) {
        offset += batch % sizes[axis] * strides[axis];
        batch /= sizes[axis];
    }
    return offset;
}
