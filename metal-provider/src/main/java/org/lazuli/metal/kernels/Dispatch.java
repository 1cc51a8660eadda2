package org.lazuli.metal.kernels;

import org.lazuli.spi.Tensor;

/// One run of a kernel function: arguments first, in the order of their `[[buffer(n)]]` numbers, then one call that sends it off.
///
/// {@snippet lang=java :
/// commands.kernel("scale_float", () -> SOURCE)
///         .read(x)
///         .write(out)
///         .floats(2)
///         .threads(x.shape().size());
/// }
public interface Dispatch {
    /// Binds a tensor that the kernel reads, at its offset, to the next buffer number.
    Dispatch read(Tensor tensor);

    /// Binds a tensor that the kernel writes.
    Dispatch write(Tensor tensor);

    /// Binds a tensor that the kernel reads and writes.
    Dispatch readWrite(Tensor tensor);

    /// Binds numbers, as an array or a struct of `int`, to the next buffer number. At most 1024.
    Dispatch ints(int... values);

    /// Binds numbers as an array or a struct of `long`. At most 512.
    Dispatch longs(long... values);

    /// Binds numbers as an array or a struct of `float`. At most 1024.
    Dispatch floats(float... values);

    /// Gives a `threadgroup` argument its memory; rounded up to a multiple of 16 bytes.
    Dispatch threadgroupMemory(int index, int bytes);

    /// The most threads that one threadgroup of this kernel can have; a power of two may be half of it.
    int maxThreads();

    /// The threads of a SIMD group.
    int simdWidth();

    /// Runs one thread for each of `count` elements. Nothing happens for 0.
    void threads(int count);

    /// Runs one thread for each element of a grid, in threadgroups of this size, which may be cut off at the grid's edge. Nothing happens for an empty
    /// grid.
    ///
    /// @throws IllegalArgumentException if a threadgroup has more threads than [#maxThreads]
    void threads(int x, int y, int z, int groupX, int groupY, int groupZ);

    /// Runs whole threadgroups. Nothing happens if there are none.
    ///
    /// @throws IllegalArgumentException if a threadgroup has more threads than [#maxThreads]
    void groups(int x, int y, int z, int groupX, int groupY, int groupZ);
}
