package org.lazuli.io;

import static org.lazuli.io.TensorFileException.DAMAGED;

import java.io.IOException;
import java.io.InputStream;
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
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.lazuli.Array;
import org.lazuli.Ops;

/// NumPy's npz format: a zip archive of npy files, stored or deflated.
///
/// See also: MLX, *Saving and Loading Arrays*.
public final class Npz {

    private static final String SUFFIX = ".npy";

    /// Deflate cannot shrink data by more than this.
    private static final long MAX_RATIO = 1032;

    /// All entries carry this time, so that the same arrays give the same file.
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private Npz() {}

    /// Reads the arrays of an archive, in its order and without the suffix `.npy` of their names.
    ///
    /// @throws TensorFileException if there is no such file, or if it is damaged or holds something else than npy files
    public static SequencedMap<String, Array> load(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            SequencedMap<String, Array> arrays = new LinkedHashMap<>();
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName();
                Array array = read(file, zip, entry);
                if (arrays.putIfAbsent(
                                name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name,
                                array)
                        != null) {
                    throw new TensorFileException(file, "has two entries called '" + name + "'", DAMAGED);
                }
            }
            return Collections.unmodifiableSequencedMap(arrays);
        } catch (ZipException e) {
            throw new TensorFileException(file, "is no zip archive, or not all of one: " + e.getMessage(), DAMAGED, e);
        } catch (IOException e) {
            throw TensorFile.unreadable(file, e);
        }
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

    private static Array read(Path file, ZipFile zip, ZipEntry entry) throws IOException {
        String what = "entry '" + entry.getName() + "'";
        long size = entry.getSize();
        if (size < 0 || size > MAX_RATIO * (entry.getCompressedSize() + 1)) {
            throw new TensorFileException(
                    file,
                    what + " is said to be " + size + " bytes long where " + entry.getCompressedSize()
                            + " bytes are in the file",
                    DAMAGED);
        }
        try (Arena arena = Arena.ofConfined();
                InputStream plain = zip.getInputStream(entry);
                CheckedInputStream in = new CheckedInputStream(plain, new CRC32())) {
            MemorySegment bytes = arena.allocate(Math.max(1, size), 8).asSlice(0, size);
            byte[] chunk = new byte[1 << 16];
            long at = 0;
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                if (count > size - at) {
                    throw new TensorFileException(file, what + " is longer than its " + size + " bytes", DAMAGED);
                }
                MemorySegment.copy(MemorySegment.ofArray(chunk), 0, bytes, at, count);
                at += count;
            }
            if (at != size || in.getChecksum().getValue() != entry.getCrc()) {
                throw new TensorFileException(file, what + " does not have its checksum", DAMAGED);
            }
            return Npy.read(file, what, bytes);
        }
    }
}
