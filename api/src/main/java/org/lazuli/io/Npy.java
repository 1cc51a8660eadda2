package org.lazuli.io;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.lazuli.Array;

/// NumPy's npy format: one array in one file.
///
/// See also: MLX, *Saving and Loading Arrays*.
public final class Npy {

    private Npy() {}

    /// Opens a file. The data is read when it is first needed. Either order of axes and of bytes is understood.
    ///
    /// @throws TensorFileException if there is no such file, or if it is damaged or of a dtype that lazuli does not have
    public static Array load(Path file) {
        return DataFile.open(file, (data, bytes) -> {
            NpyHeader header = NpyHeader.read(file, "the file", bytes, bytes.byteSize());
            return header.oriented(data.array(header.start(), header.dtype(), header.stored(), header.order()));
        });
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

    static void write(Array array, MemorySegment data, OutputStream out) throws IOException {
        out.write(NpyHeader.write(array.dtype(), array.shape()));
        TensorFile.write(data, out);
    }
}
