package org.lazuli.conformance;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// A tensor in host memory: the bytes of a whole buffer, and the strided window on it. What the suite hands to a backend, and what it gets back.
///
/// {@snippet :
/// var x = HostTensor.of(DType.FLOAT32, Shape.of(2), Ints.of(-1), 1, "0000803f00000040");   // 2, 1: read backwards
/// }
public final class HostTensor {
    private final TensorSpec spec;
    private final Ints strides;
    private final int offset;
    private final byte[] bytes;

    HostTensor(TensorSpec spec, Ints strides, int offset, byte[] bytes) {
        this.spec = spec;
        this.strides = strides;
        this.offset = offset;
        this.bytes = bytes;
    }

    /// A window on a buffer with these bytes, little-endian and in hexadecimal digits. Strides and offset count elements.
    public static HostTensor of(DType dtype, Shape shape, Ints strides, int offset, String buffer) {
        return new HostTensor(
                new TensorSpec(dtype, shape), strides, offset, HexFormat.of().parseHex(buffer));
    }

    /// Row-major elements, of zeros.
    static HostTensor zeros(TensorSpec spec) {
        byte[] bytes = new byte[spec.shape().size() * spec.dtype().bytes()];
        return new HostTensor(spec, Tensor.rowMajor(spec.shape()), 0, bytes);
    }

    /// Row-major elements with these bits, the low bytes of each.
    static HostTensor ofBits(TensorSpec spec, long[] bits) {
        HostTensor tensor = zeros(spec);
        for (int i = 0; i < bits.length; i++) {
            tensor.put(i, bits[i]);
        }
        return tensor;
    }

    /// Row-major elements with the values nearest to these; complex64 takes two numbers for each.
    static HostTensor of(TensorSpec spec, double[] values) {
        HostTensor tensor = zeros(spec);
        DType dtype = spec.dtype();
        for (int i = 0; i < spec.shape().size(); i++) {
            tensor.put(
                    i,
                    dtype.isComplex()
                            ? Numbers.bits(DType.FLOAT32, values[2 * i])
                                    | (Numbers.bits(DType.FLOAT32, values[2 * i + 1]) << 32)
                            : Numbers.bits(dtype, values[i]));
        }
        return tensor;
    }

    public TensorSpec spec() {
        return spec;
    }

    public DType dtype() {
        return spec.dtype();
    }

    public Shape shape() {
        return spec.shape();
    }

    int size() {
        return spec.shape().size();
    }

    Ints strides() {
        return strides;
    }

    int offset() {
        return offset;
    }

    /// How many elements the whole buffer has.
    int capacity() {
        return bytes.length / dtype().bytes();
    }

    boolean isRowMajor() {
        return offset == 0 && capacity() == size() && strides.equals(Tensor.rowMajor(shape()));
    }

    /// The place in the buffer of the element with this row-major number.
    int place(int i) {
        int place = offset;
        int rest = i;
        for (int axis = shape().rank() - 1; axis >= 0; axis--) {
            int dim = shape().dim(axis);
            place += rest % dim * strides.get(axis);
            rest /= dim;
        }
        return place;
    }

    /// The bits of the element with this row-major number, in the low bytes.
    long bits(int i) {
        return bitsAt(place(i));
    }

    long bitsAt(int place) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return switch (dtype().bytes()) {
            case 1 -> bytes[place] & 0xFF;
            case 2 -> buffer.getShort(2 * place) & 0xFFFF;
            case 4 -> buffer.getInt(4 * place) & 0xFFFFFFFFL;
            default -> buffer.getLong(8 * place);
        };
    }

    void put(int place, long bits) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (dtype().bytes()) {
            case 1 -> bytes[place] = (byte) bits;
            case 2 -> buffer.putShort(2 * place, (short) bits);
            case 4 -> buffer.putInt(4 * place, (int) bits);
            default -> buffer.putLong(8 * place, bits);
        }
    }

    /// The element's value; the real part of a complex one, a 64-bit integer rounded.
    double number(int i) {
        return Numbers.value(dtype().isComplex() ? DType.FLOAT32 : dtype(), bits(i));
    }

    double imaginary(int i) {
        return dtype().isComplex() ? Numbers.value(DType.FLOAT32, bits(i) >>> 32) : 0;
    }

    /// All elements in row-major order, complex64 in pairs.
    double[] numbers() {
        int width = dtype().isComplex() ? 2 : 1;
        double[] numbers = new double[size() * width];
        for (int i = 0; i < size(); i++) {
            numbers[i * width] = number(i);
            if (width == 2) {
                numbers[2 * i + 1] = imaginary(i);
            }
        }
        return numbers;
    }

    long[] allBits() {
        long[] bits = new long[size()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = bits(i);
        }
        return bits;
    }

    /// The same elements in row-major order in a buffer of their own.
    HostTensor rowMajor() {
        return isRowMajor() ? this : ofBits(spec, allBits());
    }

    /// The same numbers in float64, in row-major order, where the dtype is a narrower floating point type; else itself.
    HostTensor widened() {
        return dtype().isFloating() ? of(spec.withDType(DType.FLOAT64), numbers()) : rowMajor();
    }

    /// The whole buffer on a device, and the window on it.
    Tensor upload(Backend backend) {
        Buffer buffer = backend.allocate(dtype(), capacity());
        uploadTo(backend, buffer);
        return new Tensor(buffer, spec, strides, offset);
    }

    void uploadTo(Backend backend, Buffer buffer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(Math.max(bytes.length, 1), 8);
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, host, 0, bytes.length);
            backend.upload(host, dtype(), capacity(), buffer);
            // The source may be read until then.
            backend.synchronize();
        }
    }

    /// A device's tensor, in row-major order.
    static HostTensor download(Backend backend, Tensor tensor) {
        HostTensor result = zeros(tensor.spec());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(Math.max(result.bytes.length, 1), 8);
            backend.download(tensor, host);
            MemorySegment.copy(host, 0, MemorySegment.ofArray(result.bytes), 0, result.bytes.length);
        }
        return result;
    }

    boolean sameBits(HostTensor other) {
        return spec.equals(other.spec) && Arrays.equals(allBits(), other.allBits());
    }

    /// An element as Java would print it.
    String text(int i) {
        return Numbers.text(dtype(), bits(i));
    }

    /// A Java expression that makes this tensor.
    String java() {
        return "HostTensor.of(" + JavaText.of(dtype()) + ", " + JavaText.of(shape()) + ", " + JavaText.of(strides)
                + ", " + offset + ", \"" + HexFormat.of().formatHex(bytes) + "\")";
    }

    /// The type and shape, the layout where it is not row-major, and the first elements.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(spec.toString());
        if (!isRowMajor()) {
            text.append(" with strides ").append(strides).append(" from ").append(offset);
        }
        text.append(" [");
        for (int i = 0; i < Math.min(size(), 8); i++) {
            text.append(i == 0 ? "" : ", ").append(text(i));
        }
        return text.append(size() > 8 ? ", …]" : "]").toString();
    }

    static List<TensorSpec> specs(List<HostTensor> tensors) {
        return tensors.stream().map(HostTensor::spec).toList();
    }
}
