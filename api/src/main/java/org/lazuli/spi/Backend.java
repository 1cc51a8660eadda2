package org.lazuli.spi;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lazuli.DType;

/// A device that runs kernels. The runtime is its only caller; implementations need not be safe for use from several
/// threads at once.
///
/// A backend says with [#supports] what it runs; what it does not, runs on the reference backend instead, visibly. So a backend can
/// start with a few kernels and grow.
public interface Backend extends AutoCloseable {
    /// The provider's name, such as `cpu`.
    String name();

    /// The device in words, for people: `Apple M4 Max`, `AMD EPYC, 2 threads`.
    String device();

    /// Whether [#run] accepts this kernel on operands of these types and shapes, in any layout.
    boolean supports(Kernel kernel, List<TensorSpec> inputs);

    /// Memory for `elements` elements, with arbitrary content. It counts as active until [#release].
    ///
    /// @throws OutOfDeviceMemoryException if the limit would be exceeded, even after what is cached was let go
    Buffer allocate(DType dtype, int elements);

    /// Takes back a buffer that no kernel to come will touch; the backend may keep it for another allocation.
    void release(Buffer buffer);

    /// Copies row-major elements from `source` to the start of the buffer.
    void upload(MemorySegment source, DType dtype, int elements, Buffer target);

    /// Copies a tensor, of any layout, to `target` in row-major order, after the work it depends on.
    void download(Tensor source, MemorySegment target);

    /// [#upload] from a Java array, as [HostArrays] has it. A backend whose memory is the Java heap does better than this one, which goes by a segment.
    default void uploadArray(Object source, DType dtype, int elements, Buffer target) {
        upload(HostArrays.segment(source), dtype, elements, target);
    }

    /// [#download] to a Java array, as [HostArrays] has it.
    default void downloadArray(Tensor source, Object target) {
        download(source, HostArrays.segment(target));
    }

    /// Encodes a kernel: its outputs hold the result by the time of [#synchronize], or of a later kernel that reads them, on whatever stream.
    ///
    /// Kernels of different streams may overlap unless one touches memory that another one, encoded before, writes or reads; keeping those in order is up to
    /// the backend, as is whether it has more than one queue at all.
    ///
    /// Outputs are contiguous and share no memory with the inputs, except that an output of an elementwise kernel may be the very buffer of
    /// a contiguous input of the same dtype and size.
    ///
    /// @throws IndexOutOfBoundsException if an index array holds an index out of bounds, unless the device finds it and [#synchronize] throws it
    void run(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Stream stream);

    /// Encodes kernels of which none touches memory that another one writes, such as the updates of all parameters by an optimizer: a backend may run them
    /// side by side, or cut what they have to do into parts together. This one encodes one after the other.
    ///
    /// @param calls as [#run(Kernel, List, List, Stream)] takes them
    default void run(List<KernelCall> calls, Stream stream) {
        for (KernelCall call : calls) {
            run(call.kernel(), call.inputs(), call.outputs(), stream);
        }
    }

    /// Waits for all work, and throws what went wrong in it: once, after which the backend works as before. The runtime calls it at the end of every
    /// evaluation, whether that failed or not, so that no evaluation finds the errors of another.
    void synchronize();

    /// Active, peak and cached bytes, and the limits.
    MemoryStats memory();

    /// Sets the limits in bytes. Lowering the cache limit lets go of what is cached above it.
    void limits(long memoryLimit, long cacheLimit);

    /// Begins a new peak at the bytes now active.
    void resetPeak();

    /// Lets go of every cached buffer.
    void clearCache();

    /// Gives back what the backend holds. Arrays whose values it held cannot be read afterwards.
    @Override
    void close();
}
