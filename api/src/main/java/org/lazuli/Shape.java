package org.lazuli;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lazuli.graph.OpenShapes;
import org.lazuli.graph.Size;
import org.lazuli.graph.SizeProducts;

/// The sizes of an array along its axes. A scalar has shape `()`, rank 0 and one element.
///
/// Shapes are immutable and compared by value. Axis numbers may be negative and then count from the end.
public final class Shape {
    private static final Size[] NONE = {};

    /// The shape of a scalar.
    public static final Shape SCALAR = new Shape(new int[0]);

    static {
        OpenShapes.set(new OpenShapes() {
            @Override
            protected Shape make(int[] dims, @Nullable Size[] open) {
                return open(dims, open);
            }

            @Override
            protected @Nullable Size[] sizes(Shape shape) {
                return shape.open;
            }

            @Override
            protected int[] example(Shape shape) {
                return shape.dims.clone();
            }
        });
    }

    private final int[] dims;

    /// Sizes that are open while a function is traced for all of them; empty for every other shape. Whoever asks for one must ask [Size].
    private final @Nullable Size[] open;

    private Shape(int[] dims) {
        this(dims, NONE);
    }

    private Shape(int[] dims, @Nullable Size[] open) {
        this.dims = dims;
        this.open = open;
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
        int at = axis(axis, "shape");
        Size size = openAt(at);
        return size == null ? dims[at] : size.read();
    }

    /// True if the size along an axis is this. In a function that is compiled for all sizes, this asks for less than [#dim].
    ///
    /// @throws IndexOutOfBoundsException if there is no such axis
    public boolean is(int axis, int size) {
        int at = axis(axis, "shape");
        Size open = openAt(at);
        return open == null ? dims[at] == size : open.is(size);
    }

    /// True if the size along an axis is that of another shape along one of its axes.
    ///
    /// @throws IndexOutOfBoundsException if there is no such axis
    public boolean isSame(int axis, Shape other, int otherAxis) {
        return isClosed(this, other)
                ? dim(axis) == other.dim(otherAxis)
                : axisShape(axis).equals(other.axisShape(otherAxis));
    }

    /// True if a shape has as many elements as another.
    public boolean isSameSize(Shape other) {
        return isClosed(this, other)
                ? elements() == other.elements()
                : join(0, dims.length).equals(other.join(0, other.dims.length));
    }

    /// True if there is no element, since some size is 0.
    public boolean isEmpty() {
        if (open.length == 0) {
            return elements() == 0;
        }
        for (int axis = 0; axis < dims.length; axis++) {
            if (is(axis, 0)) {
                return true;
            }
        }
        return false;
    }

    /// True while a function is traced for all sizes, and one of this shape's is not decided by what the function has done so far.
    public boolean isOpen() {
        return open.length > 0;
    }

    private @Nullable Size openAt(int axis) {
        return open.length == 0 ? null : open[axis];
    }

    /// Makes everyone who is told all sizes depend on them.
    private void readAll() {
        for (Size size : open) {
            if (size != null) {
                size.read();
            }
        }
    }

    /// The number of elements.
    public int size() {
        readAll();
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
        readAll();
        return dims.clone();
    }

    /// This shape with the size along one axis replaced.
    public Shape with(int axis, int dim) {
        int at = axis(axis, "shape");
        int[] result = dims.clone();
        result[at] = dim;
        @Nullable Size[] sizes = open.clone();
        if (sizes.length > 0) {
            sizes[at] = null;
        }
        return open(result, sizes);
    }

    /// This shape with the size along one axis replaced by another shape's along one of its axes.
    public Shape with(int axis, Shape other, int otherAxis) {
        int at = axis(axis, "shape");
        return slice(0, at).concat(other.axisShape(otherAxis)).concat(slice(at + 1, dims.length));
    }

    /// The shape of one axis, that of this number.
    private Shape axisShape(int axis) {
        int at = axis(axis, "shape");
        return slice(at, at + 1);
    }

    /// The shape whose axis `i` is this one's axis `axes[i]`. Axes that are not named are left out.
    public Shape permute(int... axes) {
        if (open.length == 0) {
            int[] result = new int[axes.length];
            for (int i = 0; i < result.length; i++) {
                result[i] = dim(axes[i]);
            }
            return of(result);
        }
        Shape result = SCALAR;
        for (int axis : axes) {
            result = result.concat(axisShape(axis));
        }
        return result;
    }

    /// This shape with the axes from `from` to before `to` made one, of as many elements as they have.
    public Shape join(int from, int to) {
        Shape joined = slice(from, to);
        Shape one = joined.open.length == 0
                ? of(joined.size())
                : open(new int[] {joined.elements()}, new Size[] {SizeProducts.of(joined.dims, joined.open)});
        return slice(0, from).concat(one).concat(slice(to, dims.length));
    }

    /// This shape with the size along one axis divided by a number, or null if that leaves a remainder.
    public @Nullable Shape divide(int axis, int divisor) {
        int at = axis(axis, "shape");
        Size size = openAt(at);
        Size quotient = size == null ? null : SizeProducts.divided(size, divisor);
        if (quotient != null) {
            return slice(0, at)
                    .concat(open(new int[] {quotient.value()}, new Size[] {quotient}))
                    .concat(slice(at + 1, dims.length));
        }
        return divisor == 0 || dim(at) % divisor != 0 ? null : with(at, dim(at) / divisor);
    }

    private int elements() {
        int size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        return size;
    }

    /// This shape with an axis of size `dim` inserted before `axis`, which may be the rank.
    public Shape insert(int axis, int dim) {
        int[] result = new int[dims.length + 1];
        System.arraycopy(dims, 0, result, 0, axis);
        result[axis] = dim;
        System.arraycopy(dims, axis, result, axis + 1, dims.length - axis);
        if (open.length == 0) {
            return of(result);
        }
        @Nullable Size[] sizes = new Size[result.length];
        System.arraycopy(open, 0, sizes, 0, axis);
        System.arraycopy(open, axis, sizes, axis + 1, open.length - axis);
        return open(result, sizes);
    }

    /// This shape without one axis.
    public Shape remove(int axis) {
        int at = axis(axis, "shape");
        return slice(0, at).concat(slice(at + 1, dims.length));
    }

    /// The axes from `from` to before `to`.
    public Shape slice(int from, int to) {
        int[] result = Arrays.copyOfRange(dims, from, to);
        return open.length == 0 ? of(result) : open(result, Arrays.copyOfRange(open, from, to));
    }

    /// The axes of this shape followed by those of another.
    public Shape concat(Shape other) {
        int[] result = Arrays.copyOf(dims, dims.length + other.dims.length);
        System.arraycopy(other.dims, 0, result, dims.length, other.dims.length);
        if (open.length == 0 && other.open.length == 0) {
            return of(result);
        }
        @Nullable Size[] sizes = new Size[result.length];
        System.arraycopy(open, 0, sizes, 0, open.length);
        System.arraycopy(other.open, 0, sizes, dims.length, other.open.length);
        return open(result, sizes);
    }

    /// A shape with sizes that are open.
    private static Shape open(int[] dims, @Nullable Size[] sizes) {
        Shape checked = of(dims);
        for (Size size : sizes) {
            if (size != null) {
                return new Shape(checked.dims, sizes.clone());
            }
        }
        return checked;
    }

    /// The shape that two shapes broadcast to, by NumPy's rules.
    ///
    /// @throws IllegalArgumentException if they do not
    public static Shape broadcast(Shape a, Shape b, String operation) {
        if (a.open.length > 0 || b.open.length > 0) {
            return broadcastOpen(a, b, operation);
        }
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

    /// [#broadcast] that asks for no more of the sizes than it must.
    private static Shape broadcastOpen(Shape a, Shape b, String operation) {
        int rank = Math.max(a.rank(), b.rank());
        Shape result = SCALAR;
        for (int axis = -rank; axis < 0; axis++) {
            Shape left = -axis > a.rank() ? Shape.of(1) : a.axisShape(axis);
            Shape right = -axis > b.rank() ? Shape.of(1) : b.axisShape(axis);
            Size open = left.openAt(0);
            if ((open != null && open.equals(right.openAt(0))) || (right.openAt(0) == null && right.dims[0] == 1)) {
                result = result.concat(left);
            } else if ((open == null && left.dims[0] == 1) || left.is(0, 1)) {
                result = result.concat(right);
            } else if (right.is(0, 1) || left.equals(right)) {
                // Of two that are the same, one that is not open says more.
                result = result.concat(right.openAt(0) == null && !right.is(0, 1) ? right : left);
            } else {
                throw new IllegalArgumentException(operation + ": shapes " + a + " and " + b + " cannot be broadcast: "
                        + left.dims[0] + " != " + right.dims[0]);
            }
        }
        return result;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape
                && (isClosed(this, shape)
                        ? Arrays.equals(dims, shape.dims)
                        : dims.length == shape.dims.length && equalsOpen(shape));
    }

    private static boolean isClosed(Shape a, Shape b) {
        return a.open.length == 0 && b.open.length == 0;
    }

    private boolean equalsOpen(Shape other) {
        for (int axis = 0; axis < dims.length; axis++) {
            Size left = openAt(axis);
            Size right = other.openAt(axis);
            boolean same = left == null
                    ? other.is(axis, dims[axis])
                    : right == null ? left.is(other.dims[axis]) : left.isSame(right);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /// MLX's text: `()`, `(3)`, `(2,3)`.
    @Override
    public String toString() {
        readAll();
        return text(dims);
    }

    private static String text(int[] dims) {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < dims.length; i++) {
            text.append(i == 0 ? "" : ",").append(dims[i]);
        }
        return text.append(')').toString();
    }
}
