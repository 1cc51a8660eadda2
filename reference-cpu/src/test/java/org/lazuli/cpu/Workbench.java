package org.lazuli.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// A workbench for kernel tests: makes tensors of any dtype and layout from numbers, runs kernels, and reads results
/// back as numbers.
///
/// Elements go in and out as bytes through upload and download, by a second, slow implementation of the formats, so
/// that the backend's own conversions are under test as well. complex64 elements are pairs of numbers.
final class Workbench implements AutoCloseable {
    final Backend backend;

    Workbench() {
        this(new CpuBackend(VectorSupport.get()));
    }

    /// @param backend closed with this
    Workbench(Backend backend) {
        this.backend = backend;
    }

    /// A contiguous tensor.
    Tensor tensor(DType dtype, Shape shape, double... values) {
        int elements = shape.size();
        if (values.length != elements * Storage.width(dtype)) {
            throw new IllegalArgumentException(values.length + " values for " + dtype + shape);
        }
        Buffer buffer = backend.allocate(dtype, elements);
        backend.upload(MemorySegment.ofArray(encode(dtype, values)), dtype, elements, buffer);
        return Tensor.contiguous(buffer, new TensorSpec(dtype, shape));
    }

    Tensor longs(DType dtype, Shape shape, long... values) {
        byte[] bytes = new byte[values.length * dtype.bytes()];
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < dtype.bytes(); j++) {
                bytes[i * dtype.bytes() + j] = (byte) (values[i] >>> (8 * j));
            }
        }
        Buffer buffer = backend.allocate(dtype, values.length);
        backend.upload(MemorySegment.ofArray(bytes), dtype, values.length, buffer);
        return Tensor.contiguous(buffer, new TensorSpec(dtype, shape));
    }

    /// The same elements in other layouts: as they are, with the axes stored in reverse order, stored backwards, and in
    /// a larger buffer with gaps and an offset.
    List<Tensor> layouts(DType dtype, Shape shape, double... values) {
        int rank = shape.rank();
        int size = shape.size();
        int width = Storage.width(dtype);
        List<Tensor> result = new ArrayList<>();
        result.add(tensor(dtype, shape, values));
        int[] transposed = new int[rank];
        int stride = 1;
        for (int axis = 0; axis < rank; axis++) {
            transposed[axis] = stride;
            stride *= shape.dim(axis);
        }
        int[] backwards = Tensor.rowMajor(shape).toArray();
        int[] gaps = backwards.clone();
        for (int axis = 0; axis < rank; axis++) {
            backwards[axis] = -backwards[axis];
            gaps[axis] *= 3;
        }
        result.add(place(dtype, shape, values, width, transposed, 0, size));
        result.add(place(dtype, shape, values, width, backwards, Math.max(size - 1, 0), size));
        result.add(place(dtype, shape, values, width, gaps, 5, 3 * size + 5));
        return result;
    }

    private Tensor place(DType dtype, Shape shape, double[] values, int width, int[] strides, int offset, int length) {
        double[] stored = new double[length * width];
        java.util.Arrays.fill(stored, 99);
        for (int i = 0; i < shape.size(); i++) {
            int at = offset;
            int rest = i;
            for (int axis = shape.rank() - 1; axis >= 0; axis--) {
                at += rest % shape.dim(axis) * strides[axis];
                rest /= shape.dim(axis);
            }
            System.arraycopy(values, i * width, stored, at * width, width);
        }
        Tensor whole = tensor(dtype, Shape.of(length), stored);
        return new Tensor(whole.buffer(), new TensorSpec(dtype, shape), Ints.of(strides), offset);
    }

    /// Runs a kernel with one output.
    Tensor run(Kernel kernel, DType dtype, Shape shape, Tensor... inputs) {
        return run(kernel, List.of(new TensorSpec(dtype, shape)), inputs).getFirst();
    }

    List<Tensor> run(Kernel kernel, List<TensorSpec> results, Tensor... inputs) {
        List<Tensor> outputs = outputs(results);
        backend.run(kernel, List.of(inputs), outputs, Stream.DEFAULT);
        return outputs;
    }

    /// Tensors for results, with arbitrary content.
    List<Tensor> outputs(List<TensorSpec> results) {
        List<Tensor> outputs = new ArrayList<>();
        for (TensorSpec spec : results) {
            outputs.add(Tensor.contiguous(
                    backend.allocate(spec.dtype(), spec.shape().size()), spec));
        }
        return outputs;
    }

    /// The elements as numbers; uint64 and int64 beyond 2⁵³ lose digits (see [#bits]).
    double[] values(Tensor tensor) {
        return decode(tensor.dtype(), bytes(tensor));
    }

    /// The elements' bits; complex64 has its real part in the low half.
    long[] bits(Tensor tensor) {
        byte[] bytes = bytes(tensor);
        int width = tensor.dtype().bytes();
        long[] result = new long[tensor.shape().size()];
        for (int i = 0; i < bytes.length; i++) {
            result[i / width] |= (bytes[i] & 0xFFL) << (8 * (i % width));
        }
        return result;
    }

    private byte[] bytes(Tensor tensor) {
        byte[] bytes = new byte[tensor.shape().size() * tensor.dtype().bytes()];
        backend.synchronize();
        backend.download(tensor, MemorySegment.ofArray(bytes));
        return bytes;
    }

    static byte[] encode(DType dtype, double[] values) {
        int bytes = dtype.bytes() / Storage.width(dtype);
        ByteBuffer buffer = ByteBuffer.allocate(values.length * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            switch (dtype) {
                case BOOL -> buffer.put((byte) (value != 0 ? 1 : 0));
                case UINT8, INT8 -> buffer.put((byte) (long) value);
                case UINT16, INT16 -> buffer.putShort((short) (long) value);
                case UINT32, INT32 -> buffer.putInt((int) (long) value);
                case UINT64 -> buffer.putLong(new java.math.BigDecimal(value).longValue());
                case INT64 -> buffer.putLong((long) value);
                case FLOAT16 -> buffer.putShort(Float.floatToFloat16((float) value));
                case BFLOAT16 -> buffer.putShort((short) (Float.floatToRawIntBits(brain((float) value)) >>> 16));
                case FLOAT32, COMPLEX64 -> buffer.putFloat((float) value);
                case FLOAT64 -> buffer.putDouble(value);
            }
        }
        return buffer.array();
    }

    static double[] decode(DType dtype, byte[] bytes) {
        int width = dtype.bytes() / Storage.width(dtype);
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
                case INT64 -> buffer.getLong();
                case UINT64 -> new java.math.BigDecimal(Long.toUnsignedString(buffer.getLong())).doubleValue();
                case FLOAT16 -> Float.float16ToFloat(buffer.getShort());
                case BFLOAT16 -> Float.intBitsToFloat(buffer.getShort() << 16);
                case FLOAT32, COMPLEX64 -> buffer.getFloat();
                case FLOAT64 -> buffer.getDouble();
            };
        }
        return values;
    }

    /// The value rounded as the dtype rounds, by the definition of each.
    static double rounded(DType dtype, double value) {
        return switch (dtype) {
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
            case BFLOAT16 -> brain((float) value);
            case FLOAT32, COMPLEX64 -> (float) value;
            default -> value;
        };
    }

    /// The nearest float whose low 16 bits are zero, ties to an even 17th bit.
    private static float brain(float value) {
        if (Float.isNaN(value) || Float.isInfinite(value)) {
            return value;
        }
        float down = Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xFFFF0000);
        float up = Float.intBitsToFloat((Float.floatToRawIntBits(value) & 0xFFFF0000) + 0x10000);
        double below = Math.abs((double) value - down);
        double above =
                Float.isInfinite(up) ? Math.abs(Math.copySign(0x1p128, value) - value) : Math.abs((double) up - value);
        boolean even = (Float.floatToRawIntBits(down) & 0x10000) == 0;
        return below < above || (below == above && even) ? down : up;
    }

    @Override
    public void close() {
        backend.close();
    }
}
