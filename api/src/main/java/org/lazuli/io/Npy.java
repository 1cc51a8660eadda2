package org.lazuli.io;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.lazuli.Array;
import org.lazuli.Shape;

/// NumPy's npy format: one array in one file.
///
/// See also: MLX, *Saving and Loading Arrays*.
public final class Npy {

    private Npy() {}

    /// Reads a file. Either order of axes and of bytes is understood.
    ///
    /// @throws TensorFileException if there is no such file, or if it is damaged or of a dtype that lazuli does not have
    public static Array load(Path file) {
        return TensorFile.read(file, bytes -> read(file, "the file", bytes));
    }

    /// Writes an array, evaluating it. NumPy has no bfloat16: such an array is written as MLX does it, as raw pairs of bytes.
    ///
    /// @throws TensorFileException if the file cannot be written; a file that was there before is then unchanged
    public static void save(Path file, Array array) {
        array.eval();
        TensorFile.write(file, out -> {
            try (Arena arena = Arena.ofConfined()) {
                write(array, LittleEndian.bytes(array, arena), out);
            }
        });
    }

    /// Reads the bytes of a file or of an archive's entry.
    static Array read(Path file, String what, MemorySegment bytes) {
        NpyHeader header = NpyHeader.read(file, what, bytes);
        MemorySegment data = bytes.asSlice(header.start());
        if (!header.columnMajor()) {
            return LittleEndian.array(data, header.dtype(), header.shape(), header.order());
        }
        return LittleEndian.array(data, header.dtype(), reversed(header.shape()), header.order())
                .transpose();
    }

    static void write(Array array, MemorySegment data, OutputStream out) throws IOException {
        out.write(NpyHeader.write(array.dtype(), array.shape()));
        TensorFile.write(data, out);
    }

    private static Shape reversed(Shape shape) {
        int[] dims = shape.toArray();
        for (int low = 0, high = dims.length - 1; low < high; low++, high--) {
            int kept = dims[low];
            dims[low] = dims[high];
            dims[high] = kept;
        }
        return Shape.of(dims);
    }
}
