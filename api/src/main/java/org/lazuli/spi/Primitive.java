package org.lazuli.spi;

import org.lazuli.DType;
import org.lazuli.Shape;

/// The instruction set: every operation of the library is a graph of these and nothing else.
///
/// A record holds value types only, so that equality of records is equality of instructions: the structural key
/// for common-subexpression elimination and for caches. The set is closed on purpose: the tables of rules (shapes,
/// gradients, batching) switch over it exhaustively, and a rule that is missing does not compile.
///
/// Operands are broadcast and promoted before they reach an instruction: the operands of one instruction have equal
/// dtypes, and equal shapes where it works element by element.
public sealed interface Primitive {

    /// Only the layout or the meaning of the data changes: the runtime answers these with new strides over the same buffer, and
    /// no backend sees them.
    sealed interface View extends Primitive {}

    /// Has elements to compute: a backend runs these.
    sealed interface Compute extends Primitive, Kernel {}

    /// Gives a tuple, which only [Element] reads.
    sealed interface Tuple extends Primitive {}

    /// Computes several results at once, of shapes and dtypes of their own: a backend is given an output for each.
    sealed interface Several extends Compute, Tuple {}

    /// Works element by element: operands and result have one shape, and a chain of these can be fused.
    sealed interface Elementwise extends Compute {}

    // ------------------------------------------------------------------------------------------------- views

    /// The same elements in row-major order under another shape of equal size. (Where strides cannot say it, the runtime
    /// runs [Copy] first.)
    record Reshape(Shape shape) implements View {}

    /// Axis `i` of the result is axis `axes[i]` of the operand.
    record Transpose(Ints axes) implements View {}

    /// The operand repeated along its axes of size 1 and along new leading axes.
    record Broadcast(Shape shape) implements View {}

    /// Element `i` along each axis is the operand's element `start + i * step`; a step may be negative.
    record Slice(Ints starts, Ints steps, Shape shape) implements View {}

    /// Sliding windows along one axis: that axis becomes the number of windows, and a last axis of length `size` holds
    /// each window's elements. Window `w` holds the elements `w * step + k * dilation`.
    record Windows(int axis, int size, int step, int dilation) implements View {}

    /// The operand, through which no gradient flows.
    record StopGradient() implements View {}

    /// The first operand. The others only have to be there: an edge that keeps a recomputation apart from what it recomputes, and
    /// with no others a fresh name for the operand, which a transformation can tell from every other use of it.
    record Depends() implements View {}

    /// The operands after the first `arguments`, as a tuple; the first `arguments` are what they were computed from. Gradient and batching come
    /// from `rule`.
    record Custom(Rule rule, int arguments) implements View, Tuple {
        /// A function's own transformation rules; compared by identity.
        public interface Rule {}
    }

    /// One member of a tuple: of an instruction with several results.
    record Element(int index) implements View {}

    /// What a backend may have a kernel for. Operands: the kernel's `arguments`, then what a graph of other instructions makes of them. The
    /// result is the kernel's where the backend supports it, else that graph's; transformations see the graph.
    record Fallback(Accelerated kernel, int arguments) implements View {}

    /// [Fallback] for a kernel with several results. Operands: the kernel's `arguments`, then each of the results that a graph makes of them.
    record FallbackTuple(Accelerated kernel, int arguments) implements View, Tuple {}

    // --------------------------------------------------------------------------------------------- creation

    /// One element with these bits, of shape (): the low bytes of `bits` hold it as memory would (complex64: real part in the low
    /// half).
    record Constant(DType dtype, long bits) implements Elementwise {}

    /// 0, 1, …, `length - 1`.
    record Iota(DType dtype, int length) implements Compute {}

    /// Threefry-2x32 random bits. The operand holds keys, `uint32` of shape (…,2); the result has shape (…)+shape and the unsigned
    /// dtype of `width` bytes: 1, 2 or 4.
    record RandomBits(Shape shape, int width) implements Compute {}

    // ------------------------------------------------------------------------------------------ elementwise

    record Unary(UnaryOp op) implements Elementwise {}

    record Binary(BinaryOp op) implements Elementwise {}

    /// Operands (condition, x, y): `x` where the boolean condition holds, else `y`.
    record Select() implements Elementwise {}

    /// The operand's values converted. A number that an integer type cannot hold wraps.
    record Cast(DType dtype) implements Elementwise {}

    enum UnaryOp {
        ABS,
        NEGATIVE,
        SIGN,
        CONJUGATE,
        REAL,
        IMAG,
        SQRT,
        RSQRT,
        EXP,
        EXPM1,
        LOG,
        LOG2,
        LOG10,
        LOG1P,
        SIN,
        COS,
        TAN,
        ARCSIN,
        ARCCOS,
        ARCTAN,
        SINH,
        COSH,
        TANH,
        ARCSINH,
        ARCCOSH,
        ARCTANH,
        ERF,
        ERFINV,
        SIGMOID,
        FLOOR,
        CEIL,
        TRUNC,
        ROUND,
        LOGICAL_NOT,
        BITWISE_INVERT;

        /// True if an element takes about as long as an addition, so that computing it again costs no more than storing it.
        public boolean isCheap() {
            return switch (this) {
                case ABS, NEGATIVE, SIGN, CONJUGATE, REAL, IMAG, SQRT, LOGICAL_NOT, BITWISE_INVERT -> true;
                default -> false;
            };
        }
    }

    enum BinaryOp {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        /// Floors for floating point, truncates for integers; an integer divided by zero gives 0.
        FLOOR_DIVIDE,
        /// Has the sign of the divisor; the remainder of an integer by zero is 0.
        REMAINDER,
        POWER,
        MAXIMUM,
        MINIMUM,
        ARCTAN2,
        LOGADDEXP,
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_EQUAL,
        /// On `bool` the bitwise operations are the logical ones.
        BITWISE_AND,
        BITWISE_OR,
        BITWISE_XOR,
        LEFT_SHIFT,
        RIGHT_SHIFT;

        /// True if an element takes about as long as an addition, so that computing it again costs no more than storing it.
        public boolean isCheap() {
            return switch (this) {
                case FLOOR_DIVIDE, REMAINDER, POWER, ARCTAN2, LOGADDEXP -> false;
                default -> true;
            };
        }

        /// True if the result is `bool` whatever the operands are.
        public boolean isComparison() {
            return switch (this) {
                case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL -> true;
                default -> false;
            };
        }
    }

    // ------------------------------------------------------------------------------- reductions, scans, order

    /// Combines the elements along the axes, which stay with size 1. float16 and bfloat16 accumulate in float32. On `bool`, MAX is *any* and MIN is
    /// *all*. MAX and MIN give NaN if there is one.
    record Reduce(ReduceOp op, Ints axes) implements Compute {}

    enum ReduceOp {
        SUM,
        PROD,
        MAX,
        MIN
    }

    /// The position, as `uint32`, of the first largest or smallest element along the axis, which stays with size 1. NaN is passed
    /// over.
    record ArgReduce(ArgReduceOp op, int axis) implements Compute {}

    enum ArgReduceOp {
        ARGMAX,
        ARGMIN
    }

    /// Running combination along the axis, from the end if `reverse`; an exclusive scan leaves out the element itself and starts with
    /// the neutral element.
    record Scan(ScanOp op, int axis, boolean reverse, boolean inclusive) implements Compute {}

    enum ScanOp {
        SUM,
        PROD,
        MAX,
        MIN,
        LOGADDEXP
    }

    /// Ascending along the axis, NaN last.
    record Sort(int axis) implements Compute {}

    /// The positions, as `uint32`, that sort the operand along the axis; stable, NaN last.
    record ArgSort(int axis) implements Compute {}

    // ------------------------------------------------------------------------------------------ data movement

    /// The operand in row-major order in a buffer of its own.
    record Copy() implements Compute {}

    /// The operand's bits read as another dtype. The last axis shrinks or grows with the element size.
    record Bitcast(DType dtype) implements Compute {}

    /// The operands one after another along the axis.
    record Concatenate(int axis) implements Compute {}

    /// Reads with index arrays. Operands: `x`, then one integer array for each of `axes`, all of one shape `I`. The result has shape `I`
    /// followed by the axes of `x` that are not indexed. A negative index counts from the end; one out of bounds is an
    /// [IndexOutOfBoundsException] when it runs.
    record Gather(Ints axes) implements Compute {}

    /// Writes with index arrays. Operands: `x`, one integer array for each of `axes`, all of one shape `I`, and the updates, of shape
    /// `I` followed by the axes of `x` that are not indexed. The result is `x` with each update combined into it, repeated indices one after
    /// another in row-major order.
    record Scatter(UpdateOp op, Ints axes) implements Compute {}

    /// Operands (x, update): `x` with the update combined into the elements `start + i * step` along each axis.
    record SliceUpdate(UpdateOp op, Ints starts, Ints steps) implements Compute {}

    enum UpdateOp {
        SET,
        ADD,
        MULTIPLY,
        MAXIMUM,
        MINIMUM
    }

    // ------------------------------------------------------------------------------------------ contractions

    /// Operands (…,n,k) and (…,k,m), with equal leading axes: the matrix products (…,n,m).
    record MatMul() implements Compute {}

    /// Convolution over any number of spatial axes, channels last. Operands: input (N,spatial…,C) and weight (O,kernel…,C/groups). The
    /// input is dilated, padded (a negative padding crops) and then correlated with the dilated weight, or convolved if `flip`.
    record Convolution(
            Ints strides, Ints padLow, Ints padHigh, Ints kernelDilation, Ints inputDilation, int groups, boolean flip)
            implements Compute {}

    // ------------------------------------------------------------------------------------- Fourier transform

    /// The discrete Fourier transform of every line along the axis, of `length` elements in the time domain (at least one), times
    /// `scale`.
    record FourierTransform(FourierOp op, int axis, int length, double scale) implements Compute {}

    enum FourierOp {
        /// complex64 to complex64: result k is the sum of `x[j] * exp(-2πi jk / length)`.
        FORWARD,
        /// complex64 to complex64, with the sign in the exponent reversed.
        INVERSE,
        /// float32 to complex64: the first `length / 2 + 1` results of FORWARD, of which the others are the conjugates.
        REAL,
        /// complex64 to float32: INVERSE of `length` elements, of which the first `length / 2 + 1` are given and the others are their
        /// conjugates. What would be its own conjugate is taken to be real.
        HERMITIAN;

        /// The operand's dtype.
        public DType operand() {
            return this == REAL ? DType.FLOAT32 : DType.COMPLEX64;
        }

        /// The result's dtype.
        public DType result() {
            return this == HERMITIAN ? DType.FLOAT32 : DType.COMPLEX64;
        }

        /// How many elements of the operand a line of this length has.
        public int given(int length) {
            return this == HERMITIAN ? length / 2 + 1 : length;
        }

        /// How many elements the result of a line of this length has.
        public int results(int length) {
            return this == REAL ? length / 2 + 1 : length;
        }
    }
    // ---------------------------------------------------------------------------------------- linear algebra

    // All of these work on the last two axes, of float32, float64 or complex64, and treat the leading ones as a batch.
    // k is min(m,n).

    /// Of (…,m,n): Q (…,m,k) with orthonormal columns and R (…,k,n), upper triangular, whose product is the operand.
    record Qr() implements Several {}

    /// Of (…,m,n): the singular values (…,k), in descending order and real; before them the left singular vectors as columns and after them the
    /// right ones, conjugated, as rows, if they are asked for.
    record Svd(Vectors vectors) implements Several {}

    enum Vectors {
        NONE,
        /// The k that belong to a singular value.
        THIN,
        /// Completed to square unitary matrices (…,m,m) and (…,n,n).
        FULL
    }

    /// Of a Hermitian (…,n,n), of which one triangle is read: the eigenvalues (…,n), in ascending order and real, and, if they are asked for,
    /// orthonormal eigenvectors as columns (…,n,n).
    record Eigh(boolean vectors, boolean upper) implements Several {}

    /// Of (…,n,n): the eigenvalues (…,n) and, if they are asked for, eigenvectors of length 1 as columns (…,n,n), all complex64.
    record Eig(boolean vectors) implements Several {}

    /// Of a Hermitian positive definite (…,n,n), of which one triangle is read: the lower L with L Lᴴ, or the upper U with Uᴴ U, that gives
    /// the operand. A matrix that is not positive definite is an [ArithmeticException] when it runs.
    record Cholesky(boolean upper) implements Compute {}

    /// Of (…,m,n), with partial pivoting: both factors in one (…,m,n), L below the diagonal without its ones and U from the diagonal on; the
    /// row that each step exchanged its own with, uint32 (…,k); and the order of rows that these make, uint32 (…,m): row `order[i]` of
    /// the operand is row i of L U.
    record Lu() implements Several {}

    /// Operands (A, B) of shapes (…,n,n) and (…,n,m): X with A X = B, where the triangle of A that is named is all that counts. A zero on the
    /// diagonal is an [ArithmeticException] when it runs.
    record TriangularSolve(boolean upper) implements Compute {}
}
