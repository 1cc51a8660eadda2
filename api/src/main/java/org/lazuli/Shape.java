package org.lazuli;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The sizes of an array along its axes. A scalar has shape `()`, rank 0 and one element.
///
/// Shapes are immutable and compared by value. Axis numbers may be negative and then count from the end.
public final class Shape {
    /// The shape of a scalar.
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;

    private Shape(int[] dims) {
        this.dims = dims;
    }

    /// The shape with these sizes.
    ///
    /// @throws IllegalArgumentException if a size is negative or the number of elements exceeds 2³¹−1
    public static Shape of(int... dims) {
        if (dims.length == 0) {
            return SCALAR;
        }
        long size = 1;
        boolean empty = false;
        for (int dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException("shape " + text(dims) + ": sizes must not be negative");
            }
            empty |= dim == 0;
        }
        for (int dim : dims) {
            size = empty ? 0 : size * dim;
            if (size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("shape " + text(dims)
                        + ": an array holds at most 2147483647 elements; split the data into several arrays");
            }
        }
        return new Shape(dims.clone());
    }

    /// The number of axes.
    public int rank() {
        return dims.length;
    }

    /// The size along an axis.
    ///
    /// @throws IndexOutOfBoundsException if there is no such axis
    public int dim(int axis) {
        return dims[axis(axis, "shape")];
    }

    /// The number of elements.
    public int size() {
        int size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        return size;
    }

    /// The axis counted from the front: `axis` itself, or `axis + rank` where it is negative.
    ///
    /// @param operation what to name in the error
    /// @throws IndexOutOfBoundsException if there is no such axis
    public int axis(int axis, String operation) {
        int normal = axis < 0 ? axis + dims.length : axis;
        if (normal < 0 || normal >= dims.length) {
            throw new IndexOutOfBoundsException(operation + ": axis " + axis + " is out of bounds for shape " + this
                    + ", which has " + dims.length + (dims.length == 1 ? " axis" : " axes"));
        }
        return normal;
    }

    /// A copy of the sizes.
    public int[] toArray() {
        return dims.clone();
    }

    /// This shape with the size along one axis replaced.
    public Shape with(int axis, int dim) {
        int[] result = dims.clone();
        result[axis(axis, "shape")] = dim;
        return of(result);
    }

    /// This shape with an axis of size `dim` inserted before `axis`, which may be the rank.
    public Shape insert(int axis, int dim) {
        int[] result = new int[dims.length + 1];
        System.arraycopy(dims, 0, result, 0, axis);
        result[axis] = dim;
        System.arraycopy(dims, axis, result, axis + 1, dims.length - axis);
        return of(result);
    }

    /// This shape without one axis.
    public Shape remove(int axis) {
        int at = axis(axis, "shape");
        int[] result = new int[dims.length - 1];
        System.arraycopy(dims, 0, result, 0, at);
        System.arraycopy(dims, at + 1, result, at, dims.length - at - 1);
        return of(result);
    }

    /// The axes from `from` to before `to`.
    public Shape slice(int from, int to) {
        return of(Arrays.copyOfRange(dims, from, to));
    }

    /// The axes of this shape followed by those of another.
    public Shape concat(Shape other) {
        int[] result = Arrays.copyOf(dims, dims.length + other.dims.length);
        System.arraycopy(other.dims, 0, result, dims.length, other.dims.length);
        return of(result);
    }

    /// The shape that two shapes broadcast to, by NumPy's rules.
    ///
    /// @throws IllegalArgumentException if they do not
    public static Shape broadcast(Shape a, Shape b, String operation) {
        if (a.equals(b)) {
            return a;
        }
        int rank = Math.max(a.rank(), b.rank());
        int[] result = new int[rank];
        for (int i = 0; i < rank; i++) {
            int left = i < rank - a.rank() ? 1 : a.dims[i - rank + a.rank()];
            int right = i < rank - b.rank() ? 1 : b.dims[i - rank + b.rank()];
            if (left != right && left != 1 && right != 1) {
                throw new IllegalArgumentException(
                        operation + ": shapes " + a + " and " + b + " cannot be broadcast: " + left + " != " + right);
            }
            result[i] = left == 1 ? right : left;
        }
        return of(result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /// MLX's text: `()`, `(3)`, `(2,3)`.
    @Override
    public String toString() {
        return text(dims);
    }

    private static String text(int[] dims) {
        return Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining(",", "(", ")"));
    }
}
