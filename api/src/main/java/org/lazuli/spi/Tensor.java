package org.lazuli.spi;

import org.lazuli.DType;
import org.lazuli.Shape;

/// A strided window on a buffer: what a kernel reads and writes.
///
/// Element (i, j, …) lies at `offset + i * strides[0] + j * strides[1] + …`, counted in elements of `dtype`. Strides may be 0
/// (broadcast) or negative (reversed). Outputs are always row-major and contiguous, from offset 0 of a buffer of their own unless a kernel runs in
/// place of an input.
public record Tensor(Buffer buffer, TensorSpec spec, Ints strides, int offset) {
    /// A row-major tensor that begins at the start of the buffer.
    public static Tensor contiguous(Buffer buffer, TensorSpec spec) {
        return new Tensor(buffer, spec, rowMajor(spec.shape()), 0);
    }

    public DType dtype() {
        return spec.dtype();
    }

    public Shape shape() {
        return spec.shape();
    }

    /// True if the elements follow one another in row-major order without gaps (axes of size 1 do not matter), or there are none.
    public boolean isContiguous() {
        int expected = 1;
        for (int axis = shape().rank() - 1; axis >= 0; axis--) {
            int dim = shape().dim(axis);
            if (dim != 1) {
                if (strides.get(axis) != expected) {
                    return shape().size() == 0;
                }
                expected *= dim;
            }
        }
        return true;
    }

    /// The strides of a row-major array of this shape.
    public static Ints rowMajor(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(shape.dim(axis), 1);
        }
        return Ints.of(strides);
    }
}
