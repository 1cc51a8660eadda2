package org.lazuli.conformance.parity;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// Stored elements in row-major order. It is decoded here, without help of the library, so that a defect in the library's own reading and
/// writing of elements cannot hide itself.
///
/// @param bytes the elements, in the machine's order of bytes
record Tensor(DType dtype, Shape shape, MemorySegment bytes) {

    /// The elements of an array, evaluated.
    static Tensor of(Array array) {
        MemorySegment bytes =
                Arena.ofAuto().allocate(Math.max(1, array.nbytes()), 8).asSlice(0, array.nbytes());
        array.copyTo(bytes);
        return new Tensor(array.dtype(), array.shape(), bytes);
    }

    Array toArray() {
        return Ops.array(bytes, dtype, shape);
    }

    int size() {
        return shape.size();
    }

    /// An element of an integer dtype or of `bool`; `uint64` as its bits.
    long integer(int i) {
        return switch (dtype) {
            case BOOL, UINT8 -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, i));
            case INT8 -> bytes.get(ValueLayout.JAVA_BYTE, i);
            case UINT16 -> Short.toUnsignedLong(bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
            case INT16 -> bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i);
            case UINT32 -> Integer.toUnsignedLong(bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i));
            case INT32 -> bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
            case UINT64, INT64 -> bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64, COMPLEX64 ->
                throw new IllegalStateException(dtype + " is no integer type");
        };
    }

    /// A real element, or the real part of a complex one.
    double real(int i) {
        return switch (dtype) {
            case FLOAT16 -> Float.float16ToFloat(bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
            case BFLOAT16 -> Float.intBitsToFloat(bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i) << 16);
            case FLOAT32 -> bytes.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
            case FLOAT64 -> bytes.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * i);
            case COMPLEX64 -> bytes.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 8L * i);
            case UINT64 -> unsigned(integer(i));
            case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> integer(i);
        };
    }

    /// The imaginary part of a complex element, 0 for others.
    double imaginary(int i) {
        return dtype == DType.COMPLEX64 ? bytes.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 8L * i + 4) : 0;
    }

    /// An element as text.
    String text(int i) {
        return switch (dtype.category()) {
            case BOOL -> integer(i) == 0 ? "false" : "true";
            case SIGNED -> Long.toString(integer(i));
            case UNSIGNED -> Long.toUnsignedString(integer(i));
            case FLOATING -> Double.toString(real(i));
            case COMPLEX -> real(i) + (imaginary(i) < 0 ? "" : "+") + imaginary(i) + "j";
        };
    }

    /// The position of an element along each axis, such as `(1,0,2)`.
    String position(int i) {
        int[] dims = shape.toArray();
        int[] position = new int[dims.length];
        int rest = i;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            position[axis] = rest % dims[axis];
            rest /= dims[axis];
        }
        return IntStream.of(position).mapToObj(Integer::toString).collect(Collectors.joining(",", "(", ")"));
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }
}
