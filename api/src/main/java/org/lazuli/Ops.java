package org.lazuli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lazuli.graph.Evaluator;
import org.lazuli.graph.Graph;
import org.lazuli.ops.Contractions;
import org.lazuli.ops.Convolutions;
import org.lazuli.ops.Einsum;
import org.lazuli.ops.Elementwise;
import org.lazuli.ops.Hadamard;
import org.lazuli.ops.HostData;
import org.lazuli.ops.MovingSlices;
import org.lazuli.ops.Nonzero;
import org.lazuli.ops.Padding;
import org.lazuli.ops.QuantizedProducts;
import org.lazuli.ops.Quantizing;
import org.lazuli.ops.Scalars;
import org.lazuli.ops.SelectedProducts;
import org.lazuli.ops.Shapes;
import org.lazuli.ops.SmallFloats;
import org.lazuli.ops.Windows;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.TensorSpec;
import org.lazuli.tree.Structure;

/// Creation of arrays, and operations that have no natural receiver; the others are methods of [Array].
///
/// ```java
/// import static org.lazuli.Ops.*;
///
/// var x = linspace(0, 1, 5);
/// var y = where(x.gt(0.5), x, zeros(5));
/// eval(y);
/// ```
///
/// See also: MLX, *Operations*.
public final class Ops {
    /// Euler's number.
    public static final double E = Math.E;

    /// The ratio of a circle's circumference to its diameter.
    public static final double PI = Math.PI;

    /// The limit of `1 + 1/2 + … + 1/n - log(n)`.
    public static final double EULER_GAMMA = 0.5772156649015329;

    /// Positive infinity.
    public static final double INF = Double.POSITIVE_INFINITY;

    /// Not a number.
    public static final double NAN = Double.NaN;

    private Ops() {}

    // ----------------------------------------------------------------------------------------------- creation

    /// An array with the values of a number, a boolean, a [Complex], a Java array of any rank, nested lists of these, or the remaining elements
    /// of a buffer of `java.nio`, as a vector. The data is copied. An [Array] is returned as it is.
    ///
    /// Fractions become float32, `int` int32, `long` int64, `short` int16, `byte` int8, booleans bool; a mixture becomes what holds all.
    ///
    /// @throws IllegalArgumentException if rows differ in length, or something else is in there
    public static Array array(Object value) {
        return value instanceof Array array ? array : HostData.of(value, null);
    }

    /// Like [#array(Object)], converted to `dtype`.
    public static Array array(Object value, DType dtype) {
        return value instanceof Array array ? array.astype(dtype) : HostData.of(value, dtype);
    }

    /// An array with the elements in a segment: row-major, native byte order, bool as bytes, complex64 as pairs of floats.
    ///
    /// @throws IllegalArgumentException if the segment is smaller than the array
    public static Array array(MemorySegment data, DType dtype, Shape shape) {
        checkHolds(data, dtype, shape);
        return Evaluator.upload(data, new TensorSpec(dtype, shape));
    }

    /// An array whose elements are read when they are first needed, and then kept: for data in files.
    ///
    /// @param source gives a segment with the elements, as [#array(MemorySegment, DType, Shape)] takes it. It may allocate in the arena, which
    ///     lives until they are copied. What it throws comes out where the value was asked for, and the next one who asks calls it again.
    public static Array array(DType dtype, Shape shape, Function<Arena, MemorySegment> source) {
        return Evaluator.uploadLater(new TensorSpec(dtype, shape), arena -> {
            MemorySegment data = source.apply(arena);
            checkHolds(data, dtype, shape);
            return data;
        });
    }

    private static void checkHolds(MemorySegment data, DType dtype, Shape shape) {
        long bytes = (long) shape.size() * dtype.bytes();
        if (data.byteSize() < bytes) {
            throw new IllegalArgumentException("array: shape " + shape + " of " + dtype + " needs " + bytes
                    + " bytes, the segment has " + data.byteSize());
        }
    }

    /// Zeros, float32.
    public static Array zeros(int... dims) {
        return zeros(Shape.of(dims), DType.FLOAT32);
    }

    public static Array zeros(Shape shape, DType dtype) {
        return full(shape, 0, dtype);
    }

    /// Ones, float32.
    public static Array ones(int... dims) {
        return ones(Shape.of(dims), DType.FLOAT32);
    }

    public static Array ones(Shape shape, DType dtype) {
        return full(shape, 1, dtype);
    }

    /// The same number everywhere: float32 for a fraction, int32 or int64 for an integer.
    public static Array full(Shape shape, Number value) {
        return full(shape, value, Scalars.defaultType(value));
    }

    public static Array full(Shape shape, Number value, DType dtype) {
        return Elementwise.broadcast(Scalars.constant(value, dtype), shape);
    }

    public static Array full(Shape shape, boolean value) {
        return Elementwise.broadcast(Scalars.constant(value), shape);
    }

    /// An array broadcast to a shape.
    public static Array full(Shape shape, Array value) {
        return Shapes.broadcastTo(value, shape);
    }

    /// Zeros of an array's shape and type.
    public static Array zerosLike(Array x) {
        return zeros(x.shape(), x.dtype());
    }

    /// Ones of an array's shape and type.
    public static Array onesLike(Array x) {
        return ones(x.shape(), x.dtype());
    }

    /// The same number everywhere, of an array's shape and type.
    public static Array fullLike(Array x, Number value) {
        return full(x.shape(), value, x.dtype());
    }

    /// 0, 1, … before `stop`: int32 or int64, float32 if `stop` is a fraction.
    public static Array arange(Number stop) {
        return arange(0, stop, 1);
    }

    public static Array arange(Number start, Number stop) {
        return arange(start, stop, 1);
    }

    /// `start`, `start + step`, … before `stop`.
    public static Array arange(Number start, Number stop, Number step) {
        boolean fraction = Scalars.isFraction(start) || Scalars.isFraction(stop) || Scalars.isFraction(step);
        boolean wide = start instanceof Long || stop instanceof Long || step instanceof Long;
        return arange(start, stop, step, fraction ? DType.FLOAT32 : wide ? DType.INT64 : DType.INT32);
    }

    /// `start`, `start + step`, … before `stop`.
    ///
    /// @throws IllegalArgumentException if the step is 0, a number is NaN or infinite, or there would be too many elements
    public static Array arange(Number start, Number stop, Number step, DType dtype) {
        double from = start.doubleValue();
        double by = step.doubleValue();
        double length = Math.ceil((stop.doubleValue() - from) / by);
        if (dtype == DType.BOOL) {
            throw new IllegalArgumentException("arange: bool cannot count; use an integer type");
        }
        if (Double.isNaN(length) || Double.isInfinite(length) || Double.isInfinite(by) || length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "arange: no array counts from " + start + " to " + stop + " in steps of " + step);
        }
        int size = (int) Math.max(length, 0);
        if (dtype.isInteger()) {
            Array counter = Graph.apply(new Primitive.Iota(dtype, size));
            Array scaled =
                    step.longValue() == 1 ? counter : counter.mul(Scalars.constant((double) step.longValue(), dtype));
            return start.longValue() == 0 ? scaled : scaled.add(Scalars.constant((double) start.longValue(), dtype));
        }
        // Half precision cannot count far: count in float32 and convert.
        DType wide = dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        Array counter = Graph.apply(new Primitive.Iota(wide, size));
        return counter.mul(by).add(from).astype(dtype);
    }

    /// `num` numbers from `start` to `stop`, both included, evenly spaced, float32.
    public static Array linspace(double start, double stop, int num) {
        return linspace(start, stop, num, true, DType.FLOAT32);
    }

    /// @param endpoint whether `stop` is included
    public static Array linspace(double start, double stop, int num, boolean endpoint, DType dtype) {
        if (num < 0) {
            throw new IllegalArgumentException("linspace: the number of elements must not be negative: " + num);
        }
        if (num == 1) {
            return full(Shape.of(1), start, DType.FLOAT32).astype(dtype);
        }
        DType wide = dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        Array t = Graph.apply(new Primitive.Iota(wide, num)).div(endpoint ? num - 1 : num);
        return sub(1, t).mul(start).add(t.mul(stop)).astype(dtype);
    }

    /// The identity matrix, float32.
    public static Array identity(int n) {
        return eye(n, n, 0, DType.FLOAT32);
    }

    public static Array eye(int n) {
        return identity(n);
    }

    /// Ones on the `k`-th diagonal of an n x m matrix, zeros elsewhere.
    public static Array eye(int n, int m, int k, DType dtype) {
        checkSizes(n, m, "eye");
        return rows(n).add(k).eq(columns(m)).astype(dtype);
    }

    /// Ones on and below the `k`-th diagonal of an n x m matrix, zeros above.
    public static Array tri(int n, int m, int k, DType dtype) {
        checkSizes(n, m, "tri");
        return rows(n).add(k).ge(columns(m)).astype(dtype);
    }

    private static void checkSizes(int n, int m, String name) {
        if (n < 0 || m < 0) {
            throw new IllegalArgumentException(
                    name + ": a matrix of " + n + " rows and " + m + " columns: the numbers must not be negative");
        }
    }

    private static Array rows(int n) {
        return arange(n).reshape(n, 1);
    }

    private static Array columns(int n) {
        return arange(n);
    }

    /// A triangular window of this many elements.
    public static Array bartlett(int size) {
        return Windows.bartlett(size);
    }

    /// A window of two raised cosines that falls to 0.
    public static Array blackman(int size) {
        return Windows.cosines(size, 0.42, -0.5, 0.08);
    }

    /// A raised cosine window that falls to 0.08.
    public static Array hamming(int size) {
        return Windows.cosines(size, 0.54, -0.46);
    }

    /// A raised cosine window that falls to 0.
    public static Array hanning(int size) {
        return Windows.cosines(size, 0.5, -0.5);
    }

    // ------------------------------------------------------------------------------------------- elementwise

    /// Elements of `x` where the condition is true (not 0), else of `y`. Shapes broadcast, dtypes are promoted.
    public static Array where(Array condition, Array x, Array y) {
        return Elementwise.where(condition, x, y);
    }

    public static Array where(Array condition, Array x, Number y) {
        return where(condition, x, Scalars.like(y, x));
    }

    public static Array where(Array condition, Number x, Array y) {
        return where(condition, Scalars.like(x, y), y);
    }

    public static Array where(Array condition, Number x, Number y) {
        return where(
                condition, Scalars.constant(x, Scalars.defaultType(x)), Scalars.constant(y, Scalars.defaultType(y)));
    }

    /// Where the condition is true (not 0): see [Array#nonzero].
    public static List<Array> where(Array condition) {
        return Nonzero.positions(condition, "where");
    }

    /// The larger of two elements; NaN if one is NaN.
    public static Array maximum(Array a, Array b) {
        return Elementwise.binary(BinaryOp.MAXIMUM, a, b, "maximum");
    }

    public static Array maximum(Array a, Number b) {
        return maximum(a, Scalars.like(b, a));
    }

    /// The smaller of two elements; NaN if one is NaN.
    public static Array minimum(Array a, Array b) {
        return Elementwise.binary(BinaryOp.MINIMUM, a, b, "minimum");
    }

    public static Array minimum(Array a, Number b) {
        return minimum(a, Scalars.like(b, a));
    }

    /// The angle of the point (x, y) = (`b`, `a`), in radians.
    public static Array arctan2(Array a, Array b) {
        return Elementwise.inexactBinary(BinaryOp.ARCTAN2, a, b, "arctan2");
    }

    /// `log(exp(a) + exp(b))`, without overflow.
    public static Array logaddexp(Array a, Array b) {
        return Elementwise.inexactBinary(BinaryOp.LOGADDEXP, a, b, "logaddexp");
    }

    /// A weak scalar minus an array.
    public static Array sub(Number a, Array b) {
        return Scalars.like(a, b).sub(b);
    }

    /// A weak scalar divided by an array.
    public static Array div(Number a, Array b) {
        return Scalars.like(a, b).div(b);
    }

    /// A weak scalar divided by an array and rounded down; integers are truncated.
    public static Array floorDivide(Number a, Array b) {
        return Scalars.like(a, b).floorDivide(b);
    }

    /// The remainder of a weak scalar by an array.
    public static Array remainder(Number a, Array b) {
        return Scalars.like(a, b).remainder(b);
    }

    /// A weak scalar to the power of an array.
    public static Array pow(Number a, Array b) {
        return Scalars.like(a, b).pow(b);
    }

    /// The quotient rounded down, of integers too, and the remainder.
    public static List<Array> divmod(Array a, Array b) {
        Array remainder = a.remainder(b);
        return List.of(a.sub(remainder).floorDivide(b), remainder);
    }

    /// Each element, but at least `min` and at most `max`, element by element.
    public static Array clip(Array x, Array min, Array max) {
        return minimum(maximum(x, min), max);
    }

    /// These values, through which no gradient flows.
    public static Array stopGradient(Array x) {
        return x.stopGradient();
    }

    /// `x`, computed only after the others.
    public static Array depends(Array x, Array... others) {
        Array[] operands = new Array[others.length + 1];
        operands[0] = x;
        System.arraycopy(others, 0, operands, 1, others.length);
        return Graph.apply(new Primitive.Depends(), operands);
    }

    // -------------------------------------------------------------------------------------------------- shape

    /// The arrays one after another along the first axis.
    public static Array concatenate(List<Array> arrays) {
        return concatenate(arrays, 0);
    }

    /// The arrays one after another along an axis; all other sizes must be equal.
    public static Array concatenate(List<Array> arrays, int axis) {
        return Shapes.concatenate(arrays, axis);
    }

    /// The arrays side by side along a new first axis.
    public static Array stack(List<Array> arrays) {
        return stack(arrays, 0);
    }

    /// The arrays, of equal shape, side by side along a new axis.
    public static Array stack(List<Array> arrays, int axis) {
        return Shapes.stack(arrays, axis);
    }

    /// All arrays repeated to the shape they broadcast to.
    public static List<Array> broadcastArrays(List<Array> arrays) {
        Shape shape = Shape.SCALAR;
        for (Array array : arrays) {
            shape = Shape.broadcast(shape, array.shape(), "broadcastArrays");
        }
        Shape common = shape;
        return arrays.stream()
                .map(array -> Elementwise.broadcast(array, common))
                .toList();
    }

    /// Surrounded by zeros.
    ///
    /// @param widths for each axis the number of elements before and after
    public static Array pad(Array x, int[][] widths) {
        return pad(x, widths, 0);
    }

    /// Surrounded by a value.
    public static Array pad(Array x, int[][] widths, Number value) {
        return Shapes.pad(x, widths, Scalars.constant(value, x.dtype()));
    }

    /// Surrounded by a value.
    public static Array pad(Array x, int[][] widths, Array value) {
        return Shapes.pad(x, widths, value);
    }

    /// Surrounded by the array's own elements.
    public static Array pad(Array x, int[][] widths, PadMode mode) {
        return Padding.pad(x, widths, mode);
    }

    /// For each vector an array of its values at every point of the grid that they span, or, if `sparse`, one that broadcasts to it.
    public static List<Array> meshgrid(List<Array> arrays, GridIndexing indexing, boolean sparse) {
        return Shapes.meshgrid(arrays, indexing, sparse);
    }

    /// The elements at `offset + sum of position * stride` in the flattened array.
    public static Array asStrided(Array x, Shape shape, int[] strides, int offset) {
        return Shapes.asStrided(x, shape, strides, offset);
    }

    /// The `sizes` elements from `start`, an integer vector, along `axes`, and from 0 along the others.
    public static Array slice(Array x, Array start, int[] axes, Shape sizes) {
        return MovingSlices.slice(x, start, axes, sizes);
    }

    /// `x` with `update` in the place of the elements from `start`, an integer vector, along `axes`, and from 0 along the others.
    public static Array sliceUpdate(Array x, Array update, Array start, int[] axes) {
        return MovingSlices.update(x, update, start, axes);
    }

    // ------------------------------------------------------------------------------------------ contractions

    /// `alpha * (a @ b) + beta * c`.
    public static Array addmm(Array c, Array a, Array b, double alpha, double beta) {
        return Contractions.addmm(c, a, b, alpha, beta);
    }

    /// `a @ b + c`.
    public static Array addmm(Array c, Array a, Array b) {
        return addmm(c, a, b, 1, 1);
    }

    /// Sums of products over the last axis of both.
    public static Array inner(Array a, Array b) {
        return Contractions.inner(a, b);
    }

    /// The products of each element of `a` with each of `b`, both flattened.
    public static Array outer(Array a, Array b) {
        return Contractions.outer(a, b);
    }

    /// The Kronecker product: every element of `a` times all of `b`.
    public static Array kron(Array a, Array b) {
        return Shapes.kron(a, b);
    }

    /// Sums of products, the first factor conjugated, along an axis of two arrays of equal rank.
    public static Array vecdot(Array a, Array b, int axis) {
        return Contractions.vecdot(a, b, axis);
    }

    /// Sums of products over the last `axes` axes of `a` and the first `axes` of `b`.
    public static Array tensordot(Array a, Array b, int axes) {
        return Contractions.tensordot(a, b, axes);
    }

    /// Sums of products over pairs of axes; the other axes of `a`, then those of `b`, remain.
    public static Array tensordot(Array a, Array b, int[] axesA, int[] axesB) {
        return Contractions.tensordot(a, b, axesA, axesB);
    }

    /// Sums of products over named indices, in the notation of A. Einstein.
    ///
    /// Each operand has a letter for each of its axes, with commas between operands; after `->` come the axes of the result. Indices that
    /// the result does not have are summed over. One that an operand has twice is its diagonal. An ellipsis stands for any number of axes,
    /// which broadcast. Without an arrow the result has, in the order of the alphabet, the letters that occur once, after what an
    /// ellipsis stands for. An axis of size 1 is repeated where its letter has another size elsewhere.
    ///
    /// ```java
    /// einsum("ij,jk->ik", a, b)            // matrix product
    /// einsum("bhqd,bhkd->bhqk", q, k)      // scores of attention
    /// einsum("ii->", a)                    // trace
    /// einsum("...ij->...ji", a)            // transposes
    /// ```
    ///
    /// Operands are contracted two at a time, in an order that takes the fewest operations (of more than ten, in one that is good).
    ///
    /// @return of the type that the operands promote to
    /// @throws IllegalArgumentException if the subscripts cannot be read or do not fit the shapes, or integers would have to be contracted
    /// @see #einsumPath
    public static Array einsum(String subscripts, Array... operands) {
        return Einsum.of(subscripts, List.of(operands));
    }

    /// The order in which [#einsum] contracts these operands, and how many operations that takes.
    ///
    /// @throws IllegalArgumentException if the subscripts cannot be read or do not fit the shapes
    public static EinsumPath einsumPath(String subscripts, Array... operands) {
        return Einsum.path(subscripts, List.of(operands));
    }

    /// The matrix product of which only some blocks of `blockSize` by `blockSize` elements count. A mask has one element for each block of
    /// its array; the last blocks may be incomplete. Boolean masks leave blocks out, whatever is in them; others multiply them.
    ///
    /// @param a shape (…,n,k)
    /// @param b shape (…,k,m)
    /// @param blockSize 32 or 64
    /// @param maskOut for the result, broadcast to (…,⌈n/blockSize⌉,⌈m/blockSize⌉); null for all blocks
    /// @param maskLhs likewise for `a`
    /// @param maskRhs likewise for `b`
    /// @return shape (…,n,m)
    /// @throws IllegalArgumentException if shapes do not fit each other, the block size is another, or types are neither floating point
    ///     nor complex
    public static Array blockMaskedMm(
            Array a,
            Array b,
            int blockSize,
            @Nullable Array maskOut,
            @Nullable Array maskLhs,
            @Nullable Array maskRhs) {
        return SelectedProducts.blockMasked(a, b, blockSize, maskOut, maskLhs, maskRhs);
    }

    /// Products of matrices that are chosen by their numbers: of `a[lhsIndices]` and `b[rhsIndices]`, where each counts the matrices of its
    /// array through all leading axes. As in a mixture of experts, where each token has an expert's weights.
    ///
    /// @param a shape (…,n,k)
    /// @param b shape (…,k,m)
    /// @param lhsIndices integers, or null for the matrices of `a` as they are
    /// @param rhsIndices integers, which broadcast with `lhsIndices`, or null for the matrices of `b` as they are
    /// @return the common shape of the indices, then (n,m)
    /// @throws IllegalArgumentException if shapes do not fit each other, indices are no integers, or types are neither floating point nor
    ///     complex
    /// @throws IndexOutOfBoundsException when it is evaluated, if there is no such matrix
    public static Array gatherMm(Array a, Array b, @Nullable Array lhsIndices, @Nullable Array rhsIndices) {
        return SelectedProducts.gathered(a, b, lhsIndices, rhsIndices);
    }

    /// Products of segments: for each pair of a start and an end, of the columns of `a` from the one to before the other, and the same rows
    /// of `b`.
    ///
    /// @param a shape (n,k)
    /// @param b shape (k,m)
    /// @param segments integers of shape (…,2); an empty segment gives 0
    /// @return shape (…,n,m)
    /// @throws IllegalArgumentException if shapes do not fit each other, segments are no integers, or types are neither floating point nor
    ///     complex
    public static Array segmentedMm(Array a, Array b, Array segments) {
        return SelectedProducts.segmented(a, b, segments);
    }

    /// The Hadamard transform of the last axis, whose size is 1, 12, 20 or 28 times a power of two: the product with a matrix of 1 and -1
    /// whose rows are at right angles, scaled by 1/√n so that lengths are kept.
    ///
    /// @return of the shape of `x` and its type, or float32 if that is no floating point or complex type
    /// @throws IllegalArgumentException if the size is another
    public static Array hadamardTransform(Array x) {
        return Hadamard.transform(x);
    }

    /// [#hadamardTransform(Array)] with another scale.
    public static Array hadamardTransform(Array x, double scale) {
        return Hadamard.transform(x, scale);
    }

    /// Convolution over one axis: input (N,L,C), weight (O,K,C/groups).
    public static Array conv1d(Array x, Array weight, int stride, int padding, int dilation, int groups) {
        return conv("conv1d", x, weight, ints(stride), ints(padding), ints(dilation), groups);
    }

    /// Convolution over two axes: input (N,H,W,C), weight (O,KH,KW,C/groups).
    public static Array conv2d(Array x, Array weight, int stride, int padding) {
        return conv2d(x, weight, ints(stride, stride), ints(padding, padding), ints(1, 1), 1);
    }

    /// Convolution over two axes: input (N,H,W,C), weight (O,KH,KW,C/groups).
    public static Array conv2d(Array x, Array weight, int[] stride, int[] padding, int[] dilation, int groups) {
        return conv("conv2d", x, weight, stride, padding, dilation, groups);
    }

    /// Convolution over three axes: input (N,D,H,W,C), weight (O,KD,KH,KW,C/groups).
    public static Array conv3d(Array x, Array weight, int[] stride, int[] padding, int[] dilation, int groups) {
        return conv("conv3d", x, weight, stride, padding, dilation, groups);
    }

    /// Convolution over any number of axes, with all there is to choose.
    public static Array convGeneral(Array x, Array weight, ConvOptions options) {
        return Convolutions.general(x, weight, options, "convGeneral");
    }

    /// The convolution of two vectors: the sums of products with one of them reversed.
    public static Array convolve(Array a, Array b, ConvolveMode mode) {
        return Convolutions.vectors(a, b, mode);
    }

    /// Transposed convolution over one axis: input (N,L,C), weight (O,K,C/groups).
    public static Array convTranspose1d(
            Array x, Array weight, int stride, int padding, int dilation, int outputPadding, int groups) {
        return Convolutions.transpose(
                x, weight, ints(stride), ints(padding), ints(dilation), ints(outputPadding), groups, "convTranspose1d");
    }

    /// Transposed convolution over two axes: input (N,H,W,C), weight (O,KH,KW,C/groups).
    public static Array convTranspose2d(
            Array x, Array weight, int[] stride, int[] padding, int[] dilation, int[] outputPadding, int groups) {
        return Convolutions.transpose(x, weight, stride, padding, dilation, outputPadding, groups, "convTranspose2d");
    }

    /// Transposed convolution over three axes: input (N,D,H,W,C), weight (O,KD,KH,KW,C/groups).
    public static Array convTranspose3d(
            Array x, Array weight, int[] stride, int[] padding, int[] dilation, int[] outputPadding, int groups) {
        return Convolutions.transpose(x, weight, stride, padding, dilation, outputPadding, groups, "convTranspose3d");
    }

    private static Array conv(
            String name, Array x, Array weight, int[] stride, int[] padding, int[] dilation, int groups) {
        Ints pad = Ints.of(padding);
        Ints none = Ints.fill(padding.length, 1);
        return Contractions.convolution(
                x,
                weight,
                new Primitive.Convolution(Ints.of(stride), pad, pad, Ints.of(dilation), none, groups, false),
                name);
    }

    private static int[] ints(int... values) {
        return values;
    }

    // ------------------------------------------------------------------------------------------- quantization

    /// A matrix in 4 bits an element, in groups of 64: [Quantization#AFFINE].
    public static Quantized quantize(Array w) {
        return quantize(w, Quantization.AFFINE);
    }

    /// A matrix in a few bits an element. It is computed in float32.
    ///
    /// @param w floating point of shape (…,n,k), where `k` is a multiple of the group size
    /// @throws IllegalArgumentException if the shape or the type is another
    public static Quantized quantize(Array w, Quantization how) {
        return Quantizing.quantize(w, how, null);
    }

    /// A matrix in mode nvfp4, whose scales are relative to the largest magnitude in the whole matrix, or in several.
    ///
    /// @param globalScale that magnitude, one number; what is larger is cut down to it
    /// @throws IllegalArgumentException if the mode is another
    public static Quantized quantize(Array w, Quantization how, Array globalScale) {
        return Quantizing.quantize(w, how, globalScale);
    }

    /// The matrix that a quantized one stands for, in the type of its scales, or bfloat16 if they are `uint8`.
    public static Array dequantize(Quantized w) {
        return dequantize(w, w.how().hasBiases() ? w.scales().dtype() : DType.BFLOAT16);
    }

    /// The matrix that a quantized one stands for, of shape (…,n,k). It is computed in float32 and then rounded.
    ///
    /// Gradients flow to scales and biases, if those are floating point.
    ///
    /// @throws IllegalArgumentException if packed elements, scales and biases do not belong together, or the type is not floating point
    public static Array dequantize(Quantized w, DType dtype) {
        return Quantizing.dequantize(w, dtype, null);
    }

    /// The matrix that one quantized with a global scale stands for.
    public static Array dequantize(Quantized w, DType dtype, Array globalScale) {
        return Quantizing.dequantize(w, dtype, globalScale);
    }

    /// `x @ w.T`, of shape (…,n).
    ///
    /// @see #quantizedMatmul(Array, Quantized, boolean)
    public static Array quantizedMatmul(Array x, Quantized w) {
        return quantizedMatmul(x, w, true);
    }

    /// The product of an array with a quantized matrix of shape (n,k), or several: `x @ w.T` for `x` of shape (…,k), or `x @ w` for
    /// `x` of shape (…,n). A backend may have a kernel that never unpacks the whole matrix.
    ///
    /// Gradients flow to `x`, and to scales and biases, if those are floating point.
    ///
    /// @param transpose whether the matrix is transposed
    /// @return of the type that `x` and the scales promote to, or that of `x` if the scales are `uint8`
    /// @throws IllegalArgumentException if the shapes do not fit, or `x` is not floating point
    public static Array quantizedMatmul(Array x, Quantized w, boolean transpose) {
        return QuantizedProducts.matmul(x, w, transpose);
    }

    /// Products of chosen matrices with chosen quantized ones, as a mixture of experts has them. Matrices are numbered in row-major order of their
    /// leading axes; the two arrays of numbers broadcast.
    ///
    /// @param x shape (…,m,k), or (…,m,n) if `w` is not transposed
    /// @param lhs which matrices of `x`, or null for all of them in their own shape
    /// @param rhs which matrices of `w`, of shape (…,n,k), or null for all of them in their own shape
    /// @return shape (…,m,n), or (…,m,k), where … is the shape that the numbers broadcast to
    /// @throws IllegalArgumentException if the shapes do not fit
    public static Array gatherQmm(Array x, Quantized w, @Nullable Array lhs, @Nullable Array rhs, boolean transpose) {
        return QuantizedProducts.gather(x, w, lhs, rhs, transpose);
    }

    /// `x @ w.T` where `x` too is rounded to the format of `w`, a floating point one. Gradients flow to `x` as if it were not rounded.
    ///
    /// @throws IllegalArgumentException if the mode is affine, or the shapes do not fit
    public static Array qqmm(Array x, Quantized w) {
        return QuantizedProducts.bothQuantized(x, w);
    }

    /// [#gatherQmm] of transposed matrices, where `x` too is rounded to the format of `w`, a floating point one. Gradients flow to `x` as if it
    /// were not rounded.
    ///
    /// @throws IllegalArgumentException if the mode is affine, or the shapes do not fit
    public static Array gatherQqmm(Array x, Quantized w, @Nullable Array lhs, @Nullable Array rhs) {
        return QuantizedProducts.gatherBothQuantized(x, w, lhs, rhs);
    }

    /// `x @ w.T` where both are rounded to a format of floating point. Gradients flow to both as if they were not rounded.
    ///
    /// @param w floating point of shape (…,n,k)
    public static Array qqmm(Array x, Array w, Quantization how) {
        return QuantizedProducts.bothQuantized(x, w, how);
    }

    /// Eight-bit floating point, with four bits of exponent and three of mantissa (E4M3), as `uint8`: rounded to the nearest, ties to even.
    /// What is beyond ±448 becomes ±448.
    public static Array toFp8(Array x) {
        return SmallFloats.toFp8(x);
    }

    /// The numbers that [#toFp8] made codes of.
    ///
    /// @throws IllegalArgumentException if the array is not `uint8`, or the type not floating point
    public static Array fromFp8(Array x, DType dtype) {
        return SmallFloats.fromFp8(x, dtype);
    }

    // ------------------------------------------------------------------------------------------------- types

    /// True if the type belongs to the category.
    public static boolean issubdtype(DType dtype, DtypeCategory category) {
        return DtypeCategory.of(dtype).isPartOf(category);
    }

    /// True if the category is `other` or part of it.
    public static boolean issubdtype(DtypeCategory category, DtypeCategory other) {
        return category.isPartOf(other);
    }

    /// True if the type belongs to one of the categories.
    public static boolean isdtype(DType dtype, DtypeCategory... kinds) {
        return Arrays.stream(kinds).anyMatch(kind -> issubdtype(dtype, kind));
    }

    /// True if the type is one of these.
    public static boolean isdtype(DType dtype, DType... kinds) {
        return Arrays.asList(kinds).contains(dtype);
    }

    /// True if the second type is what the two promote to: if an operation may convert the first to it without being asked.
    public static boolean canCast(DType from, DType to) {
        return DType.promote(from, to) == to;
    }

    /// The type that these promote to.
    ///
    /// @throws IllegalArgumentException if there is none
    public static DType resultType(DType... dtypes) {
        return Arrays.stream(dtypes)
                .reduce(DType::promote)
                .orElseThrow(() -> new IllegalArgumentException("resultType: needs at least one type"));
    }

    /// The type that the types of these arrays promote to.
    ///
    /// @throws IllegalArgumentException if there is none
    public static DType resultType(Array... arrays) {
        return resultType(Arrays.stream(arrays).map(Array::dtype).toArray(DType[]::new));
    }

    /// The shape that arrays of these shapes have when they are broadcast together.
    ///
    /// @throws IllegalArgumentException if they do not fit each other
    public static Shape broadcastShapes(Shape... shapes) {
        return Arrays.stream(shapes)
                .reduce(Shape.SCALAR, (common, shape) -> Shape.broadcast(common, shape, "broadcastShapes"));
    }

    // --------------------------------------------------------------------------------------------- evaluation

    /// Computes every array found in the arguments: arrays, trees, modules, and nested lists, maps and records of these.
    public static void eval(Object... values) {
        Evaluator.evaluate(Structure.lent(Arrays.asList(values)));
    }

    /// Like [#eval], on another thread: returns at once, and whoever reads a value waits for it.
    public static void asyncEval(Object... values) {
        // A state may have given back what it only lent by the time that it is looked at.
        Evaluator.evaluateLater(Structure.flatten(Arrays.asList(values)));
    }
}
