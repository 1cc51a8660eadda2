package org.lazuli.metal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;
import org.lazuli.spi.TensorSpec;

/// A tensor that is not on any backend yet: the bytes of its buffer, and the window on them.
///
/// @param stored the buffer's elements, little endian
public record Placed(TensorSpec spec, byte[] stored, Ints strides, int offset) {
    /// The elements, in row-major order, as they are.
    public static Placed of(DType dtype, Shape shape, double... values) {
        return contiguous(new TensorSpec(dtype, shape), encode(dtype, values));
    }

    public static Placed contiguous(TensorSpec spec, byte[] elements) {
        return new Placed(spec, elements, org.lazuli.spi.Tensor.rowMajor(spec.shape()), 0);
    }

    /// Arbitrary bits; floating point numbers of ordinary size.
    public static Placed random(DType dtype, Shape shape, long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[shape.size() * dtype.bytes()];
        random.nextBytes(bytes);
        if (dtype.isInexact()) {
            double[] values = new double[dtype.isComplex() ? 2 * shape.size() : shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = 3 * random.nextGaussian();
            }
            bytes = encode(dtype, values);
        } else if (dtype == DType.BOOL) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (bytes[i] & 1);
            }
        }
        return contiguous(new TensorSpec(dtype, shape), bytes);
    }

    /// The same elements with the axes stored in reverse order.
    public Placed transposed() {
        int rank = spec.shape().rank();
        int[] strides = new int[rank];
        int stride = 1;
        for (int axis = 0; axis < rank; axis++) {
            strides[axis] = stride;
            stride *= Math.max(spec.shape().dim(axis), 1);
        }
        return placed(strides, 0, spec.shape().size());
    }

    /// The same elements stored backwards.
    public Placed reversed() {
        int[] strides = org.lazuli.spi.Tensor.rowMajor(spec.shape()).toArray();
        for (int i = 0; i < strides.length; i++) {
            strides[i] = -strides[i];
        }
        return placed(
                strides, Math.max(spec.shape().size() - 1, 0), spec.shape().size());
    }

    /// The same elements in a larger buffer, with gaps and an offset.
    public Placed spread() {
        int[] strides = org.lazuli.spi.Tensor.rowMajor(spec.shape()).toArray();
        for (int i = 0; i < strides.length; i++) {
            strides[i] *= 3;
        }
        return placed(strides, 5, 3 * spec.shape().size() + 5);
    }

    /// The same elements in a larger buffer, with an offset alone.
    public Placed shifted() {
        return placed(
                org.lazuli.spi.Tensor.rowMajor(spec.shape()).toArray(),
                7,
                spec.shape().size() + 9);
    }

    /// The first element along an axis repeated.
    public Placed repeated(int axis) {
        int[] strides = this.strides.toArray();
        strides[axis] = 0;
        return new Placed(spec, stored, Ints.of(strides), offset);
    }

    public List<Placed> layouts() {
        return List.of(this, transposed(), reversed(), spread(), shifted());
    }

    private Placed placed(int[] strides, int offset, int length) {
        int width = spec.dtype().bytes();
        byte[] bytes = new byte[Math.max(1, length) * width];
        int rank = spec.shape().rank();
        for (int i = 0; i < spec.shape().size(); i++) {
            int at = offset;
            int rest = i;
            for (int axis = rank - 1; axis >= 0; axis--) {
                at += rest % spec.shape().dim(axis) * strides[axis];
                rest /= spec.shape().dim(axis);
            }
            System.arraycopy(stored, position(i) * width, bytes, at * width, width);
        }
        return new Placed(spec, bytes, Ints.of(strides), offset);
    }

    /// Where element `i` in row-major order is stored.
    private int position(int i) {
        int at = offset;
        int rest = i;
        for (int axis = spec.shape().rank() - 1; axis >= 0; axis--) {
            at += rest % spec.shape().dim(axis) * strides.get(axis);
            rest /= spec.shape().dim(axis);
        }
        return at;
    }

    /// Numbers as elements; complex64 takes two for each.
    public static byte[] encode(DType dtype, double... values) {
        int width = dtype == DType.COMPLEX64 ? 4 : dtype.bytes();
        ByteBuffer buffer = ByteBuffer.allocate(values.length * width).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            switch (dtype) {
                case BOOL -> buffer.put((byte) (value != 0 ? 1 : 0));
                case UINT8, INT8 -> buffer.put((byte) (long) value);
                case UINT16, INT16 -> buffer.putShort((short) (long) value);
                case UINT32, INT32 -> buffer.putInt((int) (long) value);
                case UINT64, INT64 -> buffer.putLong((long) value);
                case FLOAT16 -> buffer.putShort(Float.floatToFloat16((float) value));
                case BFLOAT16 -> buffer.putShort(brain((float) value));
                case FLOAT32, COMPLEX64 -> buffer.putFloat((float) value);
                case FLOAT64 -> buffer.putDouble(value);
            }
        }
        return buffer.array();
    }

    /// The nearest bfloat16, ties to even.
    private static short brain(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.isNaN(value) ? (short) (bits >>> 16 | 0x40) : (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    /// Elements as numbers; complex64 gives two for each.
    public static double[] decode(DType dtype, byte[] bytes) {
        int width = dtype == DType.COMPLEX64 ? 4 : dtype.bytes();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[bytes.length / width];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (dtype) {
                case BOOL, INT8 -> buffer.get();
                case UINT8 -> buffer.get() & 0xFF;
                case INT16 -> buffer.getShort();
                case UINT16 -> buffer.getShort() & 0xFFFF;
                case INT32 -> buffer.getInt();
                case UINT32 -> buffer.getInt() & 0xFFFFFFFFL;
                case INT64, UINT64 -> buffer.getLong();
                case FLOAT16 -> Float.float16ToFloat(buffer.getShort());
                case BFLOAT16 -> Float.intBitsToFloat(buffer.getShort() << 16);
                case FLOAT32, COMPLEX64 -> buffer.getFloat();
                case FLOAT64 -> buffer.getDouble();
            };
        }
        return values;
    }
}
