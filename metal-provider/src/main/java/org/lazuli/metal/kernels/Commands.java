package org.lazuli.metal.kernels;

import java.util.function.Supplier;
import org.lazuli.DType;
import org.lazuli.MathMode;
import org.lazuli.spi.Tensor;

/// What a [KernelFamily] encodes with: dispatches go to the stream's open encoder, in order, with barriers where one reads or overwrites what another
/// has written.
public interface Commands {
    /// A dispatch of a kernel function, to be bound and sent off.
    ///
    /// @param name the function's name, and the key under which it stays compiled: another text needs another name
    /// @param source the whole text in MSL, asked for at the first use
    /// @throws org.lazuli.metal.objc.CompilationException if Metal does not accept the text
    Dispatch kernel(String name, Supplier<String> source);

    /// The same for one of the kernels that are generated without bound: the least recently used ones are dropped when there are many.
    default Dispatch generated(String name, Supplier<String> source) {
        return generated(name, source, MathMode.SAFE);
    }

    /// The same for a text whose arithmetic may be changed; its name must say so.
    Dispatch generated(String name, Supplier<String> source, MathMode math);

    /// Scratch memory until the end of [KernelFamily#encode], with arbitrary content; contiguous, of shape (elements).
    ///
    /// @throws org.lazuli.spi.OutOfDeviceMemoryException if there is none
    Tensor temporary(DType dtype, int elements);

    /// Encodes a check that every index lies in `[-size, size)` (unsigned: in `[0, size)`). The first one that does not, in row-major order, makes the next
    /// synchronization throw [IndexOutOfBoundsException] with the reference's text; of several checks, the one encoded first. The kernels that use
    /// the indices run all the same, and need only stay within their buffers.
    ///
    /// @param operation what the message begins with, such as `take`
    /// @param indices integers of any layout
    /// @param axis the axis they index, for the message
    /// @param size the length of that axis
    void checkIndices(String operation, Tensor indices, int axis, int size);
}
