package org.lazuli;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.graph.Evaluator;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Handles;
import org.lazuli.graph.Node;
import org.lazuli.ops.ArrayFormat;
import org.lazuli.ops.Closeness;
import org.lazuli.ops.Contractions;
import org.lazuli.ops.Diagonals;
import org.lazuli.ops.Elementwise;
import org.lazuli.ops.HostData;
import org.lazuli.ops.Indexing;
import org.lazuli.ops.Nonzero;
import org.lazuli.ops.Reductions;
import org.lazuli.ops.Scalars;
import org.lazuli.ops.Shapes;
import org.lazuli.ops.Sorting;
import org.lazuli.ops.Statistics;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.ArgReduceOp;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.ScanOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// A lazy, immutable array of numbers: its type and shape are known, its values are computed when someone looks.
///
/// ```java
/// var x = array(new float[][] {{1, 2}, {3, 4}});
/// var y = x.matmul(x).add(1).sum(0);     // nothing is computed yet
/// System.out.println(y);                 // array([24, 34], dtype=float32)
/// ```
///
/// Looking is: [#eval], [#item], the `to…Array` methods, [#toString]. Functions that have no natural receiver, and creation, are
/// in [Ops].
///
/// Operands broadcast by NumPy's rules and are promoted by [DType#promote]. A Java number is *weak*: it takes the type of the array it
/// meets, except that a fraction turns integers into float32. Axis numbers may be negative and then count from the end. What does not fit is
/// an unchecked exception where the operation is called: [IllegalArgumentException] for shapes, dtypes and values,
/// [IndexOutOfBoundsException] for axes and positions.
///
/// Arrays may be shared between threads.
///
/// See also: MLX, *Array* and *Operations*.
public final class Array {
    static {
        Handles.set(new Handles() {
            @Override
            protected Array make(Node node) {
                return new Array(node);
            }

            @Override
            protected Node node(Array array) {
                return array.node;
            }
        });
    }

    private final Node node;

    private Array(Node node) {
        this.node = node;
    }

    // ---------------------------------------------------------------------------------------------- properties

    /// The type of the elements.
    public DType dtype() {
        return node.spec().dtype();
    }

    /// The sizes along the axes.
    public Shape shape() {
        return node.spec().shape();
    }

    /// The number of axes.
    public int ndim() {
        return shape().rank();
    }

    /// The number of elements.
    public int size() {
        return shape().size();
    }

    /// The size along one axis.
    public int dim(int axis) {
        return shape().dim(axis);
    }

    /// The size of one element in bytes.
    public int itemsize() {
        return dtype().bytes();
    }

    /// The size of all elements in bytes.
    public long nbytes() {
        return (long) size() * itemsize();
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// Computes the values now.
    ///
    /// @return this array
    /// @throws IllegalStateException inside a function that `vmap` or `compile` traces, where there is no value yet
    public Array eval() {
        Evaluator.evaluate(List.of(this));
        return this;
    }

    /// The only element, as a double.
    ///
    /// @throws IllegalArgumentException if there is not exactly one, or it is complex
    public double item() {
        checkSingle();
        return HostData.doubleAt(Evaluator.read(this), dtype(), 0);
    }

    /// The only element of an integer or boolean array; of uint64 its bits.
    public long itemLong() {
        checkSingle();
        return ((long[]) HostData.toFlat(this, long.class))[0];
    }

    /// The only element of an array of any type, as a truth value.
    public boolean itemBoolean() {
        checkSingle();
        return ((boolean[]) HostData.toFlat(astype(DType.BOOL), boolean.class))[0];
    }

    /// The only element, as a complex number.
    public Complex itemComplex() {
        checkSingle();
        return ((Complex[]) HostData.toFlat(astype(DType.COMPLEX64), Complex.class))[0];
    }

    private void checkSingle() {
        if (size() != 1) {
            throw new IllegalArgumentException("item: an array of shape " + shape() + " has " + size()
                    + " elements, only one can be read as a scalar; use a toArray method");
        }
    }

    /// The elements in row-major order. Types that float holds exactly: floats of up to 32 bits, integers of up to 16.
    public float[] toFloatArray() {
        return (float[]) HostData.toFlat(this, float.class);
    }

    /// The elements in row-major order. All real floats, integers of up to 32 bits.
    public double[] toDoubleArray() {
        return (double[]) HostData.toFlat(this, double.class);
    }

    /// The elements in row-major order; uint32 as its bits.
    public int[] toIntArray() {
        return (int[]) HostData.toFlat(this, int.class);
    }

    /// The elements in row-major order; uint64 as its bits.
    public long[] toLongArray() {
        return (long[]) HostData.toFlat(this, long.class);
    }

    /// The elements in row-major order; uint16 as its bits.
    public short[] toShortArray() {
        return (short[]) HostData.toFlat(this, short.class);
    }

    /// The elements in row-major order; uint8 as its bits.
    public byte[] toByteArray() {
        return (byte[]) HostData.toFlat(this, byte.class);
    }

    /// The elements of a boolean array in row-major order.
    public boolean[] toBooleanArray() {
        return (boolean[]) HostData.toFlat(this, boolean.class);
    }

    /// The elements of a complex array in row-major order.
    public Complex[] toComplexArray() {
        return (Complex[]) HostData.toFlat(this, Complex.class);
    }

    /// The elements as nested Java arrays, for example `x.toArray(float[][].class)`; complex64 as [Complex].
    ///
    /// @throws IllegalArgumentException if the number of axes differs or the type cannot hold the values exactly
    public <T> T toArray(Class<T> type) {
        return HostData.toNested(this, type);
    }

    /// Copies the elements in row-major order and native byte order; bool as bytes, complex64 as pairs of floats.
    ///
    /// @throws IllegalArgumentException if the segment is smaller than [#nbytes]
    public void copyTo(MemorySegment target) {
        if (target.byteSize() < nbytes()) {
            throw new IllegalArgumentException("copyTo: an array of shape " + shape() + " and dtype " + dtype()
                    + " has " + nbytes() + " bytes, the segment only " + target.byteSize());
        }
        Evaluator.read(this, target);
    }

    // -------------------------------------------------------------------------------------------- conversion

    /// The same values in row-major order in memory of their own. Layout shows nowhere but in speed: views such as a transposed
    /// array are read where they lie.
    public Array contiguous() {
        return Graph.apply(new Primitive.Copy(), this);
    }

    /// The values converted to another type. A number that an integer type cannot hold wraps.
    public Array astype(DType dtype) {
        return Elementwise.cast(this, dtype);
    }

    /// The bits read as another type; the last axis shrinks or grows with the element size.
    public Array view(DType dtype) {
        return Shapes.view(this, dtype);
    }

    // -------------------------------------------------------------------------------- elementwise, one operand

    /// The absolute value; of complex64 the magnitude, as float32.
    public Array abs() {
        return Elementwise.unary(UnaryOp.ABS, this);
    }

    /// -1, 0 or 1; of complex64 the number divided by its magnitude.
    public Array sign() {
        return Elementwise.unary(UnaryOp.SIGN, this);
    }

    /// The square root.
    public Array sqrt() {
        return Elementwise.inexact(UnaryOp.SQRT, this);
    }

    /// One over the square root.
    public Array rsqrt() {
        return Elementwise.inexact(UnaryOp.RSQRT, this);
    }

    /// e to the power of each element.
    public Array exp() {
        return Elementwise.inexact(UnaryOp.EXP, this);
    }

    /// `exp(x) - 1`, accurate near 0. Real numbers only.
    public Array expm1() {
        return Elementwise.real(UnaryOp.EXPM1, this, "expm1");
    }

    /// The natural logarithm.
    public Array log() {
        return Elementwise.inexact(UnaryOp.LOG, this);
    }

    /// The logarithm to base 2.
    public Array log2() {
        return Elementwise.inexact(UnaryOp.LOG2, this);
    }

    /// The logarithm to base 10.
    public Array log10() {
        return Elementwise.inexact(UnaryOp.LOG10, this);
    }

    /// `log(1 + x)`, accurate near 0.
    public Array log1p() {
        return Elementwise.inexact(UnaryOp.LOG1P, this);
    }

    /// The sine of an angle in radians.
    public Array sin() {
        return Elementwise.inexact(UnaryOp.SIN, this);
    }

    /// The cosine of an angle in radians.
    public Array cos() {
        return Elementwise.inexact(UnaryOp.COS, this);
    }

    /// The tangent of an angle in radians.
    public Array tan() {
        return Elementwise.inexact(UnaryOp.TAN, this);
    }

    /// The inverse sine, in radians.
    public Array arcsin() {
        return Elementwise.inexact(UnaryOp.ARCSIN, this);
    }

    /// The inverse cosine, in radians.
    public Array arccos() {
        return Elementwise.inexact(UnaryOp.ARCCOS, this);
    }

    /// The inverse tangent, in radians.
    public Array arctan() {
        return Elementwise.inexact(UnaryOp.ARCTAN, this);
    }

    /// The hyperbolic sine.
    public Array sinh() {
        return Elementwise.inexact(UnaryOp.SINH, this);
    }

    /// The hyperbolic cosine.
    public Array cosh() {
        return Elementwise.inexact(UnaryOp.COSH, this);
    }

    /// The hyperbolic tangent.
    public Array tanh() {
        return Elementwise.inexact(UnaryOp.TANH, this);
    }

    /// The inverse hyperbolic sine.
    public Array arcsinh() {
        return Elementwise.inexact(UnaryOp.ARCSINH, this);
    }

    /// The inverse hyperbolic cosine.
    public Array arccosh() {
        return Elementwise.inexact(UnaryOp.ARCCOSH, this);
    }

    /// The inverse hyperbolic tangent.
    public Array arctanh() {
        return Elementwise.inexact(UnaryOp.ARCTANH, this);
    }

    /// The error function.
    public Array erf() {
        return Elementwise.real(UnaryOp.ERF, this, "erf");
    }

    /// The inverse of the error function.
    public Array erfinv() {
        return Elementwise.real(UnaryOp.ERFINV, this, "erfinv");
    }

    /// `1 / (1 + exp(-x))`. Real numbers only.
    public Array sigmoid() {
        return Elementwise.real(UnaryOp.SIGMOID, this, "sigmoid");
    }

    /// The largest integer not above each element. Integers stay as they are.
    public Array floor() {
        return Elementwise.rounding(UnaryOp.FLOOR, this, "floor");
    }

    /// The smallest integer not below each element. Integers stay as they are.
    public Array ceil() {
        return Elementwise.rounding(UnaryOp.CEIL, this, "ceil");
    }

    /// The integer part. Integers stay as they are.
    public Array trunc() {
        return Elementwise.rounding(UnaryOp.TRUNC, this, "trunc");
    }

    /// The negated elements.
    public Array neg() {
        if (dtype() == DType.BOOL) {
            throw new IllegalArgumentException("neg: bool has no negative; use logicalNot");
        }
        return Elementwise.unary(UnaryOp.NEGATIVE, this);
    }

    /// Each element times itself.
    public Array square() {
        return mul(this);
    }

    /// One over each element.
    public Array reciprocal() {
        return Ops.div(1, this);
    }

    /// The nearest integer, the even one where two are equally near. Integers stay as they are.
    public Array round() {
        if (dtype().isComplex()) {
            return Elementwise.unary(UnaryOp.ROUND, this);
        }
        return Elementwise.rounding(UnaryOp.ROUND, this, "round");
    }

    /// Rounded to this many decimals; a negative number rounds to tens, hundreds, ….
    public Array round(int decimals) {
        return Elementwise.round(this, decimals);
    }

    /// Whether each element is false (0), as `bool`.
    public Array logicalNot() {
        return Elementwise.unary(UnaryOp.LOGICAL_NOT, astype(DType.BOOL));
    }

    /// Every bit flipped; integers and bool only.
    public Array bitwiseInvert() {
        if (dtype().isInexact()) {
            throw new IllegalArgumentException("bitwiseInvert: needs integers or bool, got " + dtype());
        }
        return Elementwise.unary(dtype() == DType.BOOL ? UnaryOp.LOGICAL_NOT : UnaryOp.BITWISE_INVERT, this);
    }

    /// The complex conjugate; real numbers stay as they are.
    public Array conj() {
        return dtype().isComplex() ? Elementwise.unary(UnaryOp.CONJUGATE, this) : this;
    }

    /// The real part, as float32; real numbers stay as they are.
    public Array real() {
        return dtype().isComplex() ? Elementwise.unary(UnaryOp.REAL, this) : this;
    }

    /// The imaginary part, as float32; 0 for real numbers.
    public Array imag() {
        return dtype().isComplex() ? Elementwise.unary(UnaryOp.IMAG, this) : Ops.zerosLike(this);
    }

    /// Angles in degrees from radians.
    public Array degrees() {
        return Elementwise.cast(this, Elementwise.inexact(dtype())).mul(180 / Math.PI);
    }

    /// Angles in radians from degrees.
    public Array radians() {
        return Elementwise.cast(this, Elementwise.inexact(dtype())).mul(Math.PI / 180);
    }

    /// Whether each element is NaN (in either part, if complex).
    public Array isnan() {
        return dtype().isInexact() ? ne(this) : Ops.full(shape(), false);
    }

    /// Whether each element is infinite (in either part, if complex).
    public Array isinf() {
        if (dtype().isComplex()) {
            return real().isinf().logicalOr(imag().isinf());
        }
        return dtype().isFloating() ? abs().eq(Double.POSITIVE_INFINITY) : Ops.full(shape(), false);
    }

    /// Whether each element is neither infinite nor NaN.
    public Array isfinite() {
        return isinf().logicalOr(isnan()).logicalNot();
    }

    /// Whether each element is positive infinity.
    public Array isposinf() {
        return dtype().isFloating() ? eq(Double.POSITIVE_INFINITY) : Ops.full(shape(), false);
    }

    /// Whether each element is negative infinity.
    public Array isneginf() {
        return dtype().isFloating() ? eq(Double.NEGATIVE_INFINITY) : Ops.full(shape(), false);
    }

    /// Each element, but at least `min` and at most `max`; null stands for no bound on that side.
    ///
    /// @throws IllegalArgumentException if there is no bound at all
    public Array clip(@Nullable Number min, @Nullable Number max) {
        if (min == null && max == null) {
            throw new IllegalArgumentException("clip: there is neither a lower nor an upper bound; give one of them");
        }
        Array raised = min == null ? this : Ops.maximum(this, min);
        return max == null ? raised : Ops.minimum(raised, max);
    }

    /// NaN replaced by 0, infinities by the largest and the smallest number of the dtype.
    public Array nanToNum() {
        double largest = dtype().isInexact() ? FloatInfo.of(dtype()).max() : 0;
        return nanToNum(0, largest, -largest);
    }

    /// NaN and the infinities replaced by these numbers.
    public Array nanToNum(double nan, double posinf, double neginf) {
        return Closeness.nanToNum(this, nan, posinf, neginf);
    }

    /// These values, through which no gradient flows.
    public Array stopGradient() {
        return Graph.apply(new Primitive.StopGradient(), this);
    }

    // ------------------------------------------------------------------------------- elementwise, two operands

    /// Adds. The shapes broadcast, the dtypes are promoted.
    public Array add(Array other) {
        return Elementwise.binary(BinaryOp.ADD, this, other, "add");
    }

    /// [#add(Array)] with a weak scalar.
    public Array add(Number other) {
        return add(Scalars.like(other, this));
    }

    /// Subtracts. The shapes broadcast, the dtypes are promoted.
    public Array sub(Array other) {
        return Elementwise.binary(BinaryOp.SUBTRACT, this, other, "sub");
    }

    /// [#sub(Array)] with a weak scalar.
    public Array sub(Number other) {
        return sub(Scalars.like(other, this));
    }

    /// Multiplies. The shapes broadcast, the dtypes are promoted.
    public Array mul(Array other) {
        return Elementwise.binary(BinaryOp.MULTIPLY, this, other, "mul");
    }

    /// [#mul(Array)] with a weak scalar.
    public Array mul(Number other) {
        return mul(Scalars.like(other, this));
    }

    /// Divides; integers give float32. The shapes broadcast, the dtypes are promoted.
    public Array div(Array other) {
        return Elementwise.inexactBinary(BinaryOp.DIVIDE, this, other, "div");
    }

    /// [#div(Array)] with a weak scalar.
    public Array div(Number other) {
        return div(Scalars.like(other, this));
    }

    /// Divides and rounds down; integers are truncated, and divided by zero give 0. The shapes broadcast, the dtypes are promoted.
    public Array floorDivide(Array other) {
        return Elementwise.binary(BinaryOp.FLOOR_DIVIDE, this, other, "floorDivide");
    }

    /// [#floorDivide(Array)] with a weak scalar.
    public Array floorDivide(Number other) {
        return floorDivide(Scalars.like(other, this));
    }

    /// The remainder, with the sign of the divisor; of an integer by zero it is 0. The shapes broadcast, the dtypes are promoted.
    public Array remainder(Array other) {
        return Elementwise.binary(BinaryOp.REMAINDER, this, other, "remainder");
    }

    /// [#remainder(Array)] with a weak scalar.
    public Array remainder(Number other) {
        return remainder(Scalars.like(other, this));
    }

    /// Raises to a power. The shapes broadcast, the dtypes are promoted.
    public Array pow(Array other) {
        return Elementwise.binary(BinaryOp.POWER, this, other, "pow");
    }

    /// [#pow(Array)] with a weak scalar.
    public Array pow(Number other) {
        return pow(Scalars.like(other, this));
    }

    /// Whether elements are equal, as `bool`. The shapes broadcast, the dtypes are promoted.
    public Array eq(Array other) {
        return Elementwise.binary(BinaryOp.EQUAL, this, other, "eq");
    }

    /// [#eq(Array)] with a weak scalar.
    public Array eq(Number other) {
        return eq(Scalars.like(other, this));
    }

    /// Whether elements differ, as `bool`. The shapes broadcast, the dtypes are promoted.
    public Array ne(Array other) {
        return Elementwise.binary(BinaryOp.NOT_EQUAL, this, other, "ne");
    }

    /// [#ne(Array)] with a weak scalar.
    public Array ne(Number other) {
        return ne(Scalars.like(other, this));
    }

    /// Whether elements are less than the other's, as `bool`. The shapes broadcast, the dtypes are promoted.
    public Array lt(Array other) {
        return Elementwise.binary(BinaryOp.LESS, this, other, "lt");
    }

    /// [#lt(Array)] with a weak scalar.
    public Array lt(Number other) {
        return lt(Scalars.like(other, this));
    }

    /// Whether elements are at most the other's, as `bool`. The shapes broadcast, the dtypes are promoted.
    public Array le(Array other) {
        return Elementwise.binary(BinaryOp.LESS_EQUAL, this, other, "le");
    }

    /// [#le(Array)] with a weak scalar.
    public Array le(Number other) {
        return le(Scalars.like(other, this));
    }

    /// The bits set in both; integers and bool only. The shapes broadcast, the dtypes are promoted.
    public Array bitwiseAnd(Array other) {
        return Elementwise.bitwise(BinaryOp.BITWISE_AND, this, other, "bitwiseAnd");
    }

    /// [#bitwiseAnd(Array)] with a weak scalar.
    public Array bitwiseAnd(Number other) {
        return bitwiseAnd(Scalars.like(other, this));
    }

    /// The bits set in either; integers and bool only. The shapes broadcast, the dtypes are promoted.
    public Array bitwiseOr(Array other) {
        return Elementwise.bitwise(BinaryOp.BITWISE_OR, this, other, "bitwiseOr");
    }

    /// [#bitwiseOr(Array)] with a weak scalar.
    public Array bitwiseOr(Number other) {
        return bitwiseOr(Scalars.like(other, this));
    }

    /// The bits set in one of the two; integers and bool only. The shapes broadcast, the dtypes are promoted.
    public Array bitwiseXor(Array other) {
        return Elementwise.bitwise(BinaryOp.BITWISE_XOR, this, other, "bitwiseXor");
    }

    /// [#bitwiseXor(Array)] with a weak scalar.
    public Array bitwiseXor(Number other) {
        return bitwiseXor(Scalars.like(other, this));
    }

    /// Shifts the bits up; integers only. The shapes broadcast, the dtypes are promoted.
    public Array leftShift(Array other) {
        return Elementwise.shift(BinaryOp.LEFT_SHIFT, this, other, "leftShift");
    }

    /// [#leftShift(Array)] with a weak scalar.
    public Array leftShift(Number other) {
        return leftShift(Scalars.like(other, this));
    }

    /// Shifts the bits down; integers only. The shapes broadcast, the dtypes are promoted.
    public Array rightShift(Array other) {
        return Elementwise.shift(BinaryOp.RIGHT_SHIFT, this, other, "rightShift");
    }

    /// [#rightShift(Array)] with a weak scalar.
    public Array rightShift(Number other) {
        return rightShift(Scalars.like(other, this));
    }

    /// Whether both are true (not 0), as `bool`. The shapes broadcast, the dtypes are promoted.
    public Array logicalAnd(Array other) {
        return Elementwise.logical(BinaryOp.BITWISE_AND, this, other, "logicalAnd");
    }

    /// Whether one is true (not 0), as `bool`. The shapes broadcast, the dtypes are promoted.
    public Array logicalOr(Array other) {
        return Elementwise.logical(BinaryOp.BITWISE_OR, this, other, "logicalOr");
    }

    /// Whether exactly one is true (not 0), as `bool`. The shapes broadcast, the dtypes are promoted.
    public Array logicalXor(Array other) {
        return Elementwise.logical(BinaryOp.BITWISE_XOR, this, other, "logicalXor");
    }

    /// Whether elements are close: `|this - other| <= 1e-8 + 1e-5 * |other|`.
    public Array isclose(Array other) {
        return isclose(other, 1e-5, 1e-8, false);
    }

    /// Whether elements are close: `|this - other| <= atol + rtol * |other|`. Infinities are close to themselves, NaN if `equalNan`.
    public Array isclose(Array other, double rtol, double atol, boolean equalNan) {
        return Closeness.isclose(this, other, rtol, atol, equalNan);
    }

    /// Whether all elements are close; see [#isclose(Array)].
    public Array allclose(Array other) {
        return isclose(other).all();
    }

    /// Whether all elements are close; see [#isclose(Array, double, double, boolean)].
    public Array allclose(Array other, double rtol, double atol, boolean equalNan) {
        return isclose(other, rtol, atol, equalNan).all();
    }

    /// Whether the shapes and all elements are equal, as one `bool`.
    public Array arrayEqual(Array other) {
        return arrayEqual(other, false);
    }

    /// Whether the shapes and all elements are equal, as one `bool`; NaN equals itself if `equalNan`.
    public Array arrayEqual(Array other, boolean equalNan) {
        return Closeness.arrayEqual(this, other, equalNan);
    }

    /// Whether elements are greater than the other's, as `bool`. The shapes broadcast, the dtypes are promoted.
    public Array gt(Array other) {
        return other.lt(this);
    }

    /// [#gt(Array)] with a weak scalar.
    public Array gt(Number other) {
        return gt(Scalars.like(other, this));
    }

    /// Whether elements are at least the other's, as `bool`. The shapes broadcast, the dtypes are promoted.
    public Array ge(Array other) {
        return other.le(this);
    }

    /// [#ge(Array)] with a weak scalar.
    public Array ge(Number other) {
        return ge(Scalars.like(other, this));
    }

    // ----------------------------------------------------------------------------------- reductions and scans

    /// The sum. Small integers are summed in 32 bits. Over all axes.
    public Array sum() {
        return sum(Axes.all());
    }

    /// The sum. Small integers are summed in 32 bits. Over these axes, which go.
    public Array sum(int axis, int... more) {
        return sum(axes(axis, more));
    }

    /// The sum. Small integers are summed in 32 bits. Over these axes.
    public Array sum(Axes axes) {
        return Reductions.sum(this, axes);
    }

    /// The product. Small integers are multiplied in 32 bits. Over all axes.
    public Array prod() {
        return prod(Axes.all());
    }

    /// The product. Small integers are multiplied in 32 bits. Over these axes, which go.
    public Array prod(int axis, int... more) {
        return prod(axes(axis, more));
    }

    /// The product. Small integers are multiplied in 32 bits. Over these axes.
    public Array prod(Axes axes) {
        return Reductions.prod(this, axes);
    }

    /// The smallest element; NaN if there is one. Over all axes.
    public Array min() {
        return min(Axes.all());
    }

    /// The smallest element; NaN if there is one. Over these axes, which go.
    public Array min(int axis, int... more) {
        return min(axes(axis, more));
    }

    /// The smallest element; NaN if there is one. Over these axes.
    public Array min(Axes axes) {
        return Reductions.min(this, axes);
    }

    /// The largest element; NaN if there is one. Over all axes.
    public Array max() {
        return max(Axes.all());
    }

    /// The largest element; NaN if there is one. Over these axes, which go.
    public Array max(int axis, int... more) {
        return max(axes(axis, more));
    }

    /// The largest element; NaN if there is one. Over these axes.
    public Array max(Axes axes) {
        return Reductions.max(this, axes);
    }

    /// The mean; of integers as float32. Over all axes.
    public Array mean() {
        return mean(Axes.all());
    }

    /// The mean; of integers as float32. Over these axes, which go.
    public Array mean(int axis, int... more) {
        return mean(axes(axis, more));
    }

    /// The mean; of integers as float32. Over these axes.
    public Array mean(Axes axes) {
        return Reductions.mean(this, axes);
    }

    /// Whether every element is true (not 0). Over all axes.
    public Array all() {
        return all(Axes.all());
    }

    /// Whether every element is true (not 0). Over these axes, which go.
    public Array all(int axis, int... more) {
        return all(axes(axis, more));
    }

    /// Whether every element is true (not 0). Over these axes.
    public Array all(Axes axes) {
        return Reductions.all(this, axes);
    }

    /// Whether some element is true (not 0). Over all axes.
    public Array any() {
        return any(Axes.all());
    }

    /// Whether some element is true (not 0). Over these axes, which go.
    public Array any(int axis, int... more) {
        return any(axes(axis, more));
    }

    /// Whether some element is true (not 0). Over these axes.
    public Array any(Axes axes) {
        return Reductions.any(this, axes);
    }

    /// `log(sum(exp(x)))`, without overflow. Over all axes.
    public Array logsumexp() {
        return logsumexp(Axes.all());
    }

    /// `log(sum(exp(x)))`, without overflow. Over these axes, which go.
    public Array logsumexp(int axis, int... more) {
        return logsumexp(axes(axis, more));
    }

    /// `log(sum(exp(x)))`, without overflow. Over these axes.
    public Array logsumexp(Axes axes) {
        return Reductions.logsumexp(this, axes);
    }

    /// The variance: the mean squared deviation from the mean. Over all axes.
    public Array var() {
        return var(Axes.all(), 0);
    }

    /// The variance: the mean squared deviation from the mean. Over these axes, which go.
    public Array var(int axis, int... more) {
        return var(axes(axis, more), 0);
    }

    /// The variance: the mean squared deviation from the mean. Over these axes, divided by the number of elements less `ddof`.
    public Array var(Axes axes, int ddof) {
        return Reductions.var(this, axes, ddof);
    }

    /// The standard deviation: the square root of the variance. Over all axes.
    public Array std() {
        return std(Axes.all(), 0);
    }

    /// The standard deviation: the square root of the variance. Over these axes, which go.
    public Array std(int axis, int... more) {
        return std(axes(axis, more), 0);
    }

    /// The standard deviation: the square root of the variance. Over these axes, divided by the number of elements less `ddof`.
    public Array std(Axes axes, int ddof) {
        return var(axes, ddof).sqrt();
    }

    /// The position of the largest element in the flattened array, as `uint32`; of the first one if there are several.
    public Array argmax() {
        return Reductions.argReduce(ArgReduceOp.ARGMAX, this, "argmax");
    }

    /// The position of the largest element along an axis, as `uint32`; of the first one if there are several.
    public Array argmax(int axis) {
        return argmax(axis, false);
    }

    /// [#argmax(int)], where the axis stays with size 1 if `keepDims` holds.
    public Array argmax(int axis, boolean keepDims) {
        return Reductions.argReduce(ArgReduceOp.ARGMAX, this, axis, keepDims, "argmax");
    }

    /// The position of the smallest element in the flattened array, as `uint32`; of the first one if there are several.
    public Array argmin() {
        return Reductions.argReduce(ArgReduceOp.ARGMIN, this, "argmin");
    }

    /// The position of the smallest element along an axis, as `uint32`; of the first one if there are several.
    public Array argmin(int axis) {
        return argmin(axis, false);
    }

    /// [#argmin(int)], where the axis stays with size 1 if `keepDims` holds.
    public Array argmin(int axis, boolean keepDims) {
        return Reductions.argReduce(ArgReduceOp.ARGMIN, this, axis, keepDims, "argmin");
    }

    /// Running sums along an axis.
    public Array cumsum(int axis) {
        return cumsum(axis, false, true);
    }

    /// Running sums along an axis, from its end if `reverse`, without the element itself unless `inclusive`.
    public Array cumsum(int axis, boolean reverse, boolean inclusive) {
        return Reductions.scan(ScanOp.SUM, this, axis, reverse, inclusive, "cumsum");
    }

    /// Running products along an axis.
    public Array cumprod(int axis) {
        return cumprod(axis, false, true);
    }

    /// Running products along an axis, from its end if `reverse`, without the element itself unless `inclusive`.
    public Array cumprod(int axis, boolean reverse, boolean inclusive) {
        return Reductions.scan(ScanOp.PROD, this, axis, reverse, inclusive, "cumprod");
    }

    /// Running maxima along an axis.
    public Array cummax(int axis) {
        return cummax(axis, false, true);
    }

    /// Running maxima along an axis, from its end if `reverse`, without the element itself unless `inclusive`.
    public Array cummax(int axis, boolean reverse, boolean inclusive) {
        return Reductions.scan(ScanOp.MAX, this, axis, reverse, inclusive, "cummax");
    }

    /// Running minima along an axis.
    public Array cummin(int axis) {
        return cummin(axis, false, true);
    }

    /// Running minima along an axis, from its end if `reverse`, without the element itself unless `inclusive`.
    public Array cummin(int axis, boolean reverse, boolean inclusive) {
        return Reductions.scan(ScanOp.MIN, this, axis, reverse, inclusive, "cummin");
    }

    /// Running [#logsumexp] along an axis.
    public Array logcumsumexp(int axis) {
        return logcumsumexp(axis, false, true);
    }

    /// Running [#logsumexp] along an axis, from its end if `reverse`, without the element itself unless `inclusive`.
    public Array logcumsumexp(int axis, boolean reverse, boolean inclusive) {
        return Reductions.scan(ScanOp.LOGADDEXP, this, axis, reverse, inclusive, "logcumsumexp");
    }

    /// `exp(x) / sum(exp(x))` along these axes, or all of them if none is given, without overflow.
    public Array softmax(int... axes) {
        return Reductions.softmax(this, axes.length == 0 ? Axes.all() : Axes.of(axes));
    }

    private static Axes axes(int axis, int... more) {
        int[] axes = new int[more.length + 1];
        axes[0] = axis;
        System.arraycopy(more, 0, axes, 1, more.length);
        return Axes.of(axes);
    }

    /// The median of all elements.
    public Array median() {
        return median(Axes.all());
    }

    /// The median along these axes.
    public Array median(int axis, int... more) {
        return median(axes(axis, more));
    }

    /// The middle of the sorted elements, or the mean of the two in the middle.
    public Array median(Axes axes) {
        return Statistics.median(this, axes);
    }

    /// How many elements are not 0, as `int32`.
    public Array countNonzero() {
        return countNonzero(Axes.all());
    }

    /// How many elements are not 0 along these axes, as `int32`.
    public Array countNonzero(Axes axes) {
        return Statistics.countNonzero(this, axes);
    }

    /// The `n`-th differences of neighbours along an axis; of booleans, whether neighbours differ.
    public Array diff(int n, int axis) {
        return Statistics.diff(this, n, axis);
    }

    /// The sum of the main diagonal of the first two axes.
    public Array trace() {
        return trace(0, 0, 1);
    }

    /// The sum of a [#diagonal(int, int, int)].
    public Array trace(int offset, int axis1, int axis2) {
        return diagonal(offset, axis1, axis2).sum(-1);
    }

    // ------------------------------------------------------------------------------------------------- sorting

    /// Sorted along the last axis; see [#sort(int)].
    public Array sort() {
        return sort(-1);
    }

    /// Sorted along an axis, ascending, NaN last.
    public Array sort(int axis) {
        return Sorting.sort(this, axis);
    }

    /// The positions that sort the last axis; see [#argsort(int)].
    public Array argsort() {
        return argsort(-1);
    }

    /// The positions, as `uint32`, that sort along an axis; equal elements keep their order.
    public Array argsort(int axis) {
        return Sorting.argsort(this, axis);
    }

    /// A reordering along an axis: the element that belongs at `kth` when sorted is there, smaller ones before it, larger ones after it.
    public Array partition(int kth, int axis) {
        return Sorting.partition(this, kth, axis);
    }

    /// The positions, as `uint32`, that [#partition(int, int)] an axis.
    public Array argpartition(int kth, int axis) {
        return Sorting.argpartition(this, kth, axis);
    }

    /// The `k` largest elements along an axis.
    public Array topk(int k, int axis) {
        return Sorting.topk(this, k, axis);
    }

    /// Where values would have to be inserted, as `uint32`, for this sorted vector to stay sorted.
    public Array searchsorted(Array values, Side side) {
        return Sorting.searchsorted(this, values, side);
    }

    // --------------------------------------------------------------------------------------------------- shape

    /// The same elements under another shape; one size may be -1 and is then inferred.
    public Array reshape(int... dims) {
        return Shapes.reshape(this, dims);
    }

    /// The same elements under another shape of equal size.
    public Array reshape(Shape shape) {
        return Shapes.reshape(this, shape);
    }

    /// The elements along one axis.
    public Array flatten() {
        return flatten(0, -1);
    }

    /// The axes from `start` to `end`, which is included, joined to one.
    public Array flatten(int start, int end) {
        return Shapes.flatten(this, start, end);
    }

    /// One axis cut into several; one size may be -1 and is then inferred.
    public Array unflatten(int axis, int... dims) {
        return Shapes.unflatten(this, axis, dims);
    }

    /// Without these axes, which must have size 1; without any axis of size 1 if none is given.
    public Array squeeze(int... axes) {
        return axes.length == 0 ? Shapes.squeeze(this) : Shapes.squeeze(this, axes);
    }

    /// With new axes of size 1 at these positions of the result.
    public Array expandDims(int... axes) {
        return Shapes.expandDims(this, axes);
    }

    /// With the axes in this order, or reversed if none is given.
    public Array transpose(int... axes) {
        return axes.length == 0 ? Shapes.transpose(this) : Shapes.transpose(this, axes);
    }

    /// With two axes exchanged.
    public Array swapaxes(int a, int b) {
        return Shapes.swapaxes(this, a, b);
    }

    /// With one axis moved to another position.
    public Array moveaxis(int from, int to) {
        return Shapes.moveaxis(this, from, to);
    }

    /// Repeated along axes of size 1 and new leading axes.
    public Array broadcastTo(int... dims) {
        return broadcastTo(Shape.of(dims));
    }

    /// Repeated along axes of size 1 and new leading axes.
    public Array broadcastTo(Shape shape) {
        return Shapes.broadcastTo(this, shape);
    }

    /// Cut into equal parts along an axis.
    public List<Array> split(int parts, int axis) {
        return Shapes.split(this, parts, axis);
    }

    /// Cut before these positions of an axis.
    public List<Array> split(int[] positions, int axis) {
        return Shapes.split(this, positions, axis);
    }

    /// Each element of an axis this many times in a row.
    public Array repeat(int count, int axis) {
        return Shapes.repeat(this, count, axis);
    }

    /// The whole array this many times along each axis.
    public Array tile(int... counts) {
        return Shapes.tile(this, counts);
    }

    /// With the order of these axes reversed, or of all if none is given.
    public Array flip(int... axes) {
        return Shapes.flip(this, axes.length == 0 ? Axes.all().resolve(shape(), "flip") : axes);
    }

    /// With the elements of an axis moved on by `shift`, those that leave coming in at the other end.
    public Array roll(int shift, int axis) {
        return Shapes.roll(this, shift, axis);
    }

    /// Windows of `size` neighbouring elements along an axis, beginning at every `step`-th: that axis becomes the number of windows,
    /// and a last axis holds each window's elements.
    public Array slidingWindows(int axis, int size, int step) {
        return Shapes.slidingWindows(this, axis, size, step, 1);
    }

    /// The parts along an axis, each without it.
    public List<Array> unstack(int axis) {
        return Shapes.unstack(this, axis);
    }

    /// The diagonal of the first two axes.
    public Array diagonal() {
        return diagonal(0, 0, 1);
    }

    /// The elements whose position along `axis2` is that along `axis1` plus `offset`. The two axes become one, the last.
    public Array diagonal(int offset, int axis1, int axis2) {
        return Diagonals.diagonal(this, offset, axis1, axis2);
    }

    /// The main diagonal of a matrix, or the matrix that has this vector on it; see [#diag(int)].
    public Array diag() {
        return diag(0);
    }

    /// The `k`-th diagonal of a matrix; of a vector, the matrix that has it on its `k`-th diagonal and 0 elsewhere.
    public Array diag(int k) {
        return Diagonals.diag(this, k);
    }

    /// With at least one axis.
    public Array atLeast1d() {
        return Shapes.atLeast(this, 1);
    }

    /// With at least two axes: a vector becomes a row.
    public Array atLeast2d() {
        return Shapes.atLeast(this, 2);
    }

    /// With at least three axes: (n) becomes (1,n,1), (n,m) becomes (n,m,1).
    public Array atLeast3d() {
        return Shapes.atLeast(this, 3);
    }

    /// The lower triangle of the last two axes, up to the `k`-th diagonal; 0 elsewhere.
    public Array tril(int k) {
        return Ops.where(Ops.tri(dim(-2), dim(-1), k, DType.BOOL), this, Ops.zerosLike(this));
    }

    /// The upper triangle of the last two axes, from the `k`-th diagonal on; 0 elsewhere.
    public Array triu(int k) {
        return Ops.where(Ops.tri(dim(-2), dim(-1), k - 1, DType.BOOL), Ops.zerosLike(this), this);
    }

    // ------------------------------------------------------------------------------------------------ indexing

    /// The part that an index selects; see [Index].
    public Array get(Index... index) {
        return Indexing.get(this, index);
    }

    /// The part that an array selects: of `bool`, the elements where it holds, `x[mask]`; of integers, those at these positions of the
    /// first axis, `x[indices]`.
    ///
    /// How many elements a mask selects depends on its values, so it is computed at the call. Inside a function that `vmap` or `compile` traces, where
    /// its values may not be known, this is an [IllegalStateException]: use [Ops#where(Array, Array, Array)].
    public Array get(Array index) {
        return get(Index.of(index));
    }

    /// The positions of the elements that are not 0, in row-major order: for each axis an int32 vector. Computed at the call, as for
    /// [#get(Array)].
    ///
    /// See also: NumPy, `nonzero`.
    public List<Array> nonzero() {
        return Nonzero.positions(this, "nonzero");
    }

    /// The part that an index selects, to be updated: `x.at(span(0, 3)).add(1)` is a copy of `x` with 1 added there.
    public Update at(Index... index) {
        return new Update(this, index);
    }

    /// The part that an array selects, as [#get(Array)] does, to be updated: `x.at(x.lt(0)).set(0)`.
    public Update at(Array index) {
        return at(Index.of(index));
    }

    /// The elements at these positions of the flattened array.
    public Array take(Array indices) {
        return Indexing.take(flatten(), indices, 0);
    }

    /// The elements at these positions of an axis, which is replaced by the axes of `indices`.
    public Array take(Array indices, int axis) {
        return Indexing.take(this, indices, axis);
    }

    /// For each position of `indices`, which has as many axes as this, the element at that index along the axis.
    public Array takeAlongAxis(Array indices, int axis) {
        return Indexing.takeAlongAxis(this, indices, axis);
    }

    /// A copy with `values` at the positions that [#takeAlongAxis] would read.
    public Array putAlongAxis(Array indices, Array values, int axis) {
        return Indexing.putAlongAxis(this, indices, values, axis);
    }

    // ----------------------------------------------------------------------------------------- linear algebra

    /// The matrix product: (…,n,k) x (…,k,m) gives (…,n,m); a vector is a row on the left and a column on the right. Floating point and complex
    /// only.
    public Array matmul(Array other) {
        return Contractions.matmul(this, other);
    }

    // ------------------------------------------------------------------------------------------------- printing

    /// The values as MLX prints them. Inside a function that is being traced, the shape and type instead.
    @Override
    public String toString() {
        return ArrayFormat.format(this);
    }
}
