package org.lazuli.io;

import static org.lazuli.io.TensorFileException.DAMAGED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.lazuli.Array;
import org.lazuli.Ops;

/// NumPy's npz format: a zip archive of npy files, stored or deflated.
///
/// See also: MLX, *Saving and Loading Arrays*.
public final class Npz {

    private static final String SUFFIX = ".npy";

    /// All entries carry this time, so that the same arrays give the same file.
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private Npz() {}

    /// Opens an archive: its arrays in its order and without the suffix `.npy` of their names. Their data is read when it is first needed.
    ///
    /// @throws TensorFileException if there is no such file, or if it is damaged or holds something else than npy files; damage to an array's data
    ///     is found when it is read
    public static SequencedMap<String, Array> load(Path file) {
        return NpzFile.open(file, zip -> {
            SequencedMap<String, Array> arrays = new LinkedHashMap<>();
            for (ZipEntry entry : zip.entries()) {
                String name = entry.getName();
                String path = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
                if (arrays.putIfAbsent(path, zip.array(entry)) != null) {
                    throw new TensorFileException(file, "has two entries called '" + name + "'", DAMAGED);
                }
            }
            return Collections.unmodifiableSequencedMap(arrays);
        });
    }

    /// Writes arrays in the order of the map, evaluating them, without compression.
    ///
    /// @throws TensorFileException if the file cannot be written; a file that was there before is then unchanged
    public static void save(Path file, Map<String, Array> arrays) {
        save(file, arrays, ZipEntry.STORED);
    }

    /// Writes arrays in the order of the map, evaluating them, compressed.
    ///
    /// @throws TensorFileException if the file cannot be written; a file that was there before is then unchanged
    public static void saveCompressed(Path file, Map<String, Array> arrays) {
        save(file, arrays, ZipEntry.DEFLATED);
    }

    private static void save(Path file, Map<String, Array> arrays, int method) {
        Ops.eval(arrays.values().toArray());
        TensorFile.write(file, out -> {
            try (ZipOutputStream zip = new ZipOutputStream(out)) {
                for (var entry : arrays.entrySet()) {
                    write(entry.getKey(), entry.getValue(), method, zip);
                }
            }
        });
    }

    private static void write(String name, Array array, int method, ZipOutputStream zip) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = LittleEndian.bytes(array, arena);
            ZipEntry entry = new ZipEntry(name + SUFFIX);
            entry.setTimeLocal(TIME);
            entry.setMethod(method);
            if (method == ZipEntry.STORED) {
                byte[] header = NpyHeader.write(array.dtype(), array.shape());
                CRC32 crc = new CRC32();
                crc.update(header);
                for (ByteBuffer piece : TensorFile.pieces(data)) {
                    crc.update(piece);
                }
                entry.setSize(header.length + data.byteSize());
                entry.setCrc(crc.getValue());
            }
            zip.putNextEntry(entry);
            Npy.write(array, data, zip);
            zip.closeEntry();
        }
    }
}
