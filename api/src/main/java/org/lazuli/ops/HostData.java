package org.lazuli.ops;

import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Complex;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.graph.Evaluator;
import org.lazuli.spi.HostArrays;
import org.lazuli.spi.TensorSpec;

/// Moves values between Java's numbers, arrays and lists and the elements of an array.
public final class HostData {
    private HostData() {}

    // ----------------------------------------------------------------------------------------------- creation

    /// An array with the values of a number, a boolean, a [Complex], a Java array of any rank or nested lists of these.
    ///
    /// @param dtype the type of the elements, or null to infer it
    /// @throws IllegalArgumentException if rows differ in length, or something else is in there
    public static org.lazuli.Array of(Object given, @Nullable DType dtype) {
        Object value = given instanceof Buffer buffer ? elements(buffer) : given;
        List<Integer> dims = new ArrayList<>();
        shapeOf(value, dims);
        int[] sizes = new int[dims.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = dims.get(i);
        }
        Shape shape = Shape.of(sizes);
        DType natural = typeOf(value);
        DType actual = dtype != null ? dtype : natural == null ? DType.FLOAT32 : natural;
        if (shape.rank() == 0 && value instanceof Number number) {
            return Scalars.constant(number, actual);
        }
        // Values are written in a type that holds them all, and converted by the backend as any array is.
        DType written = natural == DType.FLOAT32 && actual == DType.FLOAT64
                ? DType.FLOAT64
                : natural == null || natural == DType.BOOL || (natural == DType.FLOAT32 && actual.isFloating())
                        ? actual
                        : natural == DType.FLOAT32 ? DType.FLOAT64 : natural;
        Object data = HostArrays.allocate(written, shape.size());
        write(value, data, written, new int[1], shape, 0);
        return Elementwise.cast(Evaluator.upload(data, new TensorSpec(written, shape)), actual);
    }

    /// The remaining elements of a buffer, whose position stays where it is.
    private static Object elements(Buffer buffer) {
        return switch (buffer) {
            case ByteBuffer bytes -> {
                byte[] elements = new byte[bytes.remaining()];
                bytes.get(bytes.position(), elements);
                yield elements;
            }
            case ShortBuffer shorts -> {
                short[] elements = new short[shorts.remaining()];
                shorts.get(shorts.position(), elements);
                yield elements;
            }
            case IntBuffer ints -> {
                int[] elements = new int[ints.remaining()];
                ints.get(ints.position(), elements);
                yield elements;
            }
            case LongBuffer longs -> {
                long[] elements = new long[longs.remaining()];
                longs.get(longs.position(), elements);
                yield elements;
            }
            case FloatBuffer floats -> {
                float[] elements = new float[floats.remaining()];
                floats.get(floats.position(), elements);
                yield elements;
            }
            case DoubleBuffer doubles -> {
                double[] elements = new double[doubles.remaining()];
                doubles.get(doubles.position(), elements);
                yield elements;
            }
            case CharBuffer _ ->
                throw new IllegalArgumentException("array: a CharBuffer holds text, not numbers; use a ShortBuffer");
        };
    }

    private static void shapeOf(Object value, List<Integer> dims) {
        int length = length(value);
        if (length >= 0) {
            dims.add(length);
            if (length > 0) {
                shapeOf(get(value, 0), dims);
            } else if (value.getClass().isArray()) {
                for (Class<?> c = value.getClass().getComponentType(); c.isArray(); c = c.getComponentType()) {
                    dims.add(0);
                }
            }
        }
    }

    /// The type that values of this kind get, or null if there are none.
    private static @Nullable DType typeOf(Object value) {
        switch (value) {
            case Boolean _, boolean[] _ -> {
                return DType.BOOL;
            }
            case Byte _, byte[] _ -> {
                return DType.INT8;
            }
            case Short _, short[] _ -> {
                return DType.INT16;
            }
            case Integer _, int[] _ -> {
                return DType.INT32;
            }
            case Long _, long[] _ -> {
                return DType.INT64;
            }
            case Float _, float[] _, Double _, double[] _ -> {
                return DType.FLOAT32;
            }
            case Complex _ -> {
                return DType.COMPLEX64;
            }
            default -> {}
        }
        int length = length(value);
        if (length < 0) {
            throw unsupported(value);
        }
        DType dtype = null;
        for (int i = 0; i < length; i++) {
            DType element = typeOf(get(value, i));
            dtype = dtype == null ? element : element == null ? dtype : join(dtype, element);
        }
        return dtype;
    }

    /// The type for a mixture: bool, integers, fractions, complex, each including what comes before.
    private static DType join(DType a, DType b) {
        return a.isInteger() && b == DType.FLOAT32 ? b : b.isInteger() && a == DType.FLOAT32 ? a : DType.promote(a, b);
    }

    private static IllegalArgumentException unsupported(Object value) {
        return new IllegalArgumentException(
                "array: cannot make elements from a " + value.getClass().getName()
                        + "; use numbers, booleans, Complex, Java arrays of primitives, buffers or nested lists of these");
    }

    private static int length(Object value) {
        if (value instanceof List<?> list) {
            return list.size();
        }
        return value.getClass().isArray() ? Array.getLength(value) : -1;
    }

    private static Object get(Object value, int i) {
        Object element = value instanceof List<?> list ? list.get(i) : Array.get(value, i);
        if (element == null) {
            throw new IllegalArgumentException("array: element " + i + " is null");
        }
        return element;
    }

    private static void write(Object value, Object data, DType dtype, int[] next, Shape shape, int axis) {
        if (axis == shape.rank()) {
            if (length(value) >= 0) {
                throw new IllegalArgumentException(
                        "array: ragged: a list where the first elements are numbers; all rows must have shape "
                                + shape.slice(1, shape.rank()));
            }
            put(data, dtype, next[0]++, value);
            return;
        }
        int length = length(value);
        if (length != shape.dim(axis)) {
            throw new IllegalArgumentException("array: ragged: axis " + axis + " has " + shape.dim(axis)
                    + " elements in the first row, and " + (length < 0 ? "a number" : length + " elements")
                    + " in another; all rows must have the same length");
        }
        if (axis == shape.rank() - 1 && copyRow(value, data, dtype, next[0])) {
            next[0] += length;
            return;
        }
        for (int i = 0; i < length; i++) {
            write(get(value, i), data, dtype, next, shape, axis + 1);
        }
    }

    /// Copies a row that already has the elements' type; false if it does not.
    private static boolean copyRow(Object row, Object data, DType dtype, int at) {
        boolean same = switch (row) {
            case float[] _ -> dtype == DType.FLOAT32;
            case double[] _ -> dtype == DType.FLOAT64;
            case int[] _ -> dtype == DType.INT32;
            case long[] _ -> dtype == DType.INT64;
            case short[] _ -> dtype == DType.INT16;
            case byte[] _ -> dtype == DType.INT8;
            default -> false;
        };
        if (same) {
            System.arraycopy(row, 0, data, at, length(row));
        }
        return same;
    }

    private static void put(Object data, DType dtype, int i, Object value) {
        switch (dtype) {
            case COMPLEX64 -> {
                Complex complex = value instanceof Complex c ? c : new Complex((float) number(value), 0);
                ((float[]) data)[2 * i] = complex.re();
                ((float[]) data)[2 * i + 1] = complex.im();
            }
            case FLOAT64 -> ((double[]) data)[i] = number(value);
            case FLOAT32 -> ((float[]) data)[i] = (float) number(value);
            case FLOAT16 -> ((short[]) data)[i] = Float.floatToFloat16((float) number(value));
            case BFLOAT16 -> ((short[]) data)[i] = (short) Scalars.bfloat16Bits((float) number(value));
            case INT64, UINT64 -> ((long[]) data)[i] = integer(value);
            case INT32, UINT32 -> ((int[]) data)[i] = (int) integer(value);
            case INT16, UINT16 -> ((short[]) data)[i] = (short) integer(value);
            case INT8, UINT8 -> ((byte[]) data)[i] = (byte) integer(value);
            case BOOL -> ((byte[]) data)[i] = (byte) (number(value) != 0 ? 1 : 0);
        }
    }

    private static double number(Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case Boolean truth -> truth ? 1 : 0;
            default -> throw unsupported(value);
        };
    }

    private static long integer(Object value) {
        return switch (value) {
            case Number number -> number.longValue();
            case Boolean truth -> truth ? 1 : 0;
            default -> throw unsupported(value);
        };
    }

    // ------------------------------------------------------------------------------------------------ reading

    /// An element of a real or integer type as a double.
    ///
    /// @param data elements as [Evaluator#read] gives them
    public static double doubleAt(Object data, DType dtype, int i) {
        return switch (dtype) {
            case FLOAT64 -> ((double[]) data)[i];
            case FLOAT32 -> ((float[]) data)[i];
            case FLOAT16 -> Float.float16ToFloat(((short[]) data)[i]);
            case BFLOAT16 -> Float.intBitsToFloat(((short[]) data)[i] << 16);
            case COMPLEX64 ->
                throw new IllegalArgumentException("complex64 elements are no real numbers; take real() or imag()");
            case UINT64 -> {
                long bits = ((long[]) data)[i];
                yield bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
            }
            default -> longAt(data, dtype, i);
        };
    }

    /// An element of an integer type or bool; uint64 as its bits.
    static long longAt(Object data, DType dtype, int i) {
        return switch (dtype) {
            case BOOL, INT8 -> ((byte[]) data)[i];
            case UINT8 -> ((byte[]) data)[i] & 0xFF;
            case INT16 -> ((short[]) data)[i];
            case UINT16 -> ((short[]) data)[i] & 0xFFFF;
            case INT32 -> ((int[]) data)[i];
            case UINT32 -> ((int[]) data)[i] & 0xFFFF_FFFFL;
            case INT64, UINT64 -> ((long[]) data)[i];
            default ->
                throw new IllegalArgumentException(dtype + " elements are no integers; convert with astype first");
        };
    }

    /// The elements as a flat Java array of a primitive type.
    ///
    /// @param component such as `float.class`
    /// @throws IllegalArgumentException if that type cannot hold every value of the array's type exactly
    public static Object toFlat(org.lazuli.Array array, Class<?> component) {
        DType dtype = array.dtype();
        if (!holds(component, dtype)) {
            throw new IllegalArgumentException("toArray: " + component.getName() + " does not hold every " + dtype
                    + "; convert with astype first");
        }
        Object data = Evaluator.read(array);
        if (data.getClass().getComponentType() == component && !dtype.isComplex()) {
            return data;
        }
        int size = array.size();
        Object result = Array.newInstance(component, size);
        for (int i = 0; i < size; i++) {
            switch (result) {
                case float[] floats -> floats[i] = (float) doubleAt(data, dtype, i);
                case double[] doubles -> doubles[i] = doubleAt(data, dtype, i);
                case long[] longs -> longs[i] = longAt(data, dtype, i);
                case int[] ints -> ints[i] = (int) longAt(data, dtype, i);
                case short[] shorts -> shorts[i] = (short) longAt(data, dtype, i);
                case byte[] bytes -> bytes[i] = (byte) longAt(data, dtype, i);
                case boolean[] booleans -> booleans[i] = longAt(data, dtype, i) != 0;
                case Complex[] complexes ->
                    complexes[i] = new Complex(((float[]) data)[2 * i], ((float[]) data)[2 * i + 1]);
                default -> throw new AssertionError(component);
            }
        }
        return result;
    }

    private static boolean holds(Class<?> component, DType dtype) {
        return switch (component.getName()) {
            case "float" ->
                dtype != DType.FLOAT64
                        && !dtype.isComplex()
                        && dtype.bytes() <= 4
                        && !(dtype.isInteger() && dtype.bytes() == 4);
            case "double" -> !dtype.isComplex() && !(dtype.isInteger() && dtype.bytes() == 8);
            case "long" -> dtype.isInteger() || dtype == DType.BOOL;
            case "int" -> dtype == DType.BOOL || (dtype.isInteger() && dtype.bytes() <= 4);
            case "short" -> dtype == DType.BOOL || (dtype.isInteger() && dtype.bytes() <= 2);
            case "byte" -> dtype == DType.BOOL || (dtype.isInteger() && dtype.bytes() == 1);
            case "boolean" -> dtype == DType.BOOL;
            case "org.lazuli.Complex" -> dtype == DType.COMPLEX64;
            default ->
                throw new IllegalArgumentException("toArray: " + component.getName()
                        + " is no element type; use a primitive number, boolean or Complex");
        };
    }

    /// The elements as nested Java arrays of this type, such as `float[][].class` for two axes.
    public static <T> T toNested(org.lazuli.Array array, Class<T> type) {
        Class<?> component = type;
        int rank = 0;
        while (component.isArray()) {
            component = component.getComponentType();
            rank++;
        }
        if (rank != array.ndim() || rank == 0) {
            throw new IllegalArgumentException("toArray: " + type.getSimpleName() + " has " + rank
                    + " axes, an array of shape " + array.shape() + " has " + array.ndim()
                    + (array.ndim() == 0 ? "; use item()" : ""));
        }
        Object flat = toFlat(array, component);
        return type.cast(nest(flat, component, array.shape(), 0, 0));
    }

    private static Object nest(Object flat, Class<?> component, Shape shape, int axis, int offset) {
        int size = shape.dim(axis);
        if (axis == shape.rank() - 1) {
            Object row = Array.newInstance(component, size);
            System.arraycopy(flat, offset, row, 0, size);
            return row;
        }
        int stride = shape.slice(axis + 1, shape.rank()).size();
        int[] dims = new int[shape.rank() - axis];
        dims[0] = size;
        Object rows = Array.newInstance(component, dims);
        for (int i = 0; i < size; i++) {
            Array.set(rows, i, nest(flat, component, shape, axis + 1, offset + i * stride));
        }
        return rows;
    }
}
