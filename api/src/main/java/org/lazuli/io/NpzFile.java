package org.lazuli.io;

import static org.lazuli.io.TensorFileException.DAMAGED;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;

/// A zip archive whose arrays are read when they are first needed. It stays open until all of them have been read, or none can be reached any
/// more.
final class NpzFile {
    /// Deflate cannot shrink data by more than this.
    private static final long MAX_RATIO = 1032;

    private static final int CHUNK = 1 << 16;

    private final Path path;
    private final ZipFile zip;
    private final long size;
    private int unread;

    private NpzFile(Path path, ZipFile zip, long size) {
        this.path = path;
        this.zip = zip;
        this.size = size;
    }

    interface Reader<T> {
        T read(NpzFile zip) throws IOException;
    }

    /// Opens the archive and reads the headers of its entries.
    static <T> T open(Path path, Reader<T> headers) {
        try {
            NpzFile file = new NpzFile(path, new ZipFile(path.toFile()), path.toFile().length());
            try {
                return headers.read(file);
            } catch (RuntimeException | IOException e) {
                file.unread = 0;
                throw e;
            } finally {
                file.closeIfRead();
            }
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static TensorFileException unreadable(Path path, IOException e) {
        return e instanceof ZipException
                ? new TensorFileException(
                        path, "is no zip archive, or not all of one: " + e.getMessage(), DAMAGED, e)
                : TensorFile.unreadable(path, e);
    }

    List<? extends ZipEntry> entries() {
        return Collections.list(zip.entries());
    }

    /// The array in an entry.
    Array array(ZipEntry entry) throws IOException {
        String what = "entry '" + entry.getName() + "'";
        long size = entry.getSize();
        long compressed = entry.getCompressedSize();
        if (size < 0 || compressed < 0 || compressed > this.size || size > MAX_RATIO * (compressed + 1)) {
            throw new TensorFileException(
                    path,
                    what + " is said to be " + size + " bytes long where " + compressed + " bytes are in the file",
                    DAMAGED);
        }
        NpyHeader header = header(entry, what);
        if (header.bytes() == 0) {
            check(entry, what);
            return header.oriented(
                    Ops.array(MemorySegment.ofArray(new byte[0]), header.dtype(), header.stored()));
        }
        unread++;
        DType dtype = header.dtype();
        return header.oriented(Ops.array(
                dtype,
                header.stored(),
                arena -> LittleEndian.elements(read(entry, what, header.start(), arena), dtype, header.order())));
    }

    /// An entry without data is checked at once.
    private void check(ZipEntry entry, String what) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            copy(entry, what, 0, arena);
        }
    }

    private NpyHeader header(ZipEntry entry, String what) throws IOException {
        try (InputStream in = stream(entry, what)) {
            byte[] prefix = in.readNBytes(NpyHeader.PREFIX);
            MemorySegment known = MemorySegment.ofArray(prefix);
            long start = NpyHeader.start(path, what, known, entry.getSize());
            byte[] rest = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, Math.max(0, start - prefix.length)));
            byte[] all = new byte[prefix.length + rest.length];
            System.arraycopy(prefix, 0, all, 0, prefix.length);
            System.arraycopy(rest, 0, all, prefix.length, rest.length);
            if (all.length < start) {
                throw new TensorFileException(path, what + " ends inside its header", DAMAGED);
            }
            return NpyHeader.read(path, what, MemorySegment.ofArray(all), entry.getSize());
        }
    }

    private InputStream stream(ZipEntry entry, String what) throws IOException {
        InputStream in = zip.getInputStream(entry);
        if (in == null) {
            throw new TensorFileException(path, what + " cannot be found in the archive", DAMAGED);
        }
        return in;
    }

    private synchronized MemorySegment read(ZipEntry entry, String what, long from, Arena arena) {
        try {
            MemorySegment result = copy(entry, what, from, arena);
            unread--;
            closeIfRead();
            return result;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /// The bytes of an entry from a place on, after all of them have been checked against its checksum.
    private MemorySegment copy(ZipEntry entry, String what, long from, Arena arena) throws IOException {
        long size = entry.getSize();
        try (InputStream plain = stream(entry, what);
                CheckedInputStream in = new CheckedInputStream(plain, new CRC32())) {
            MemorySegment bytes = arena.allocate(Math.max(1, size - from), 8).asSlice(0, size - from);
            byte[] chunk = new byte[CHUNK];
            long at = -from;
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                if (count > size - from - at) {
                    throw new TensorFileException(path, what + " is longer than its " + size + " bytes", DAMAGED);
                }
                int skip = (int) Math.min(count, Math.max(0, -at));
                if (count > skip) {
                    MemorySegment.copy(MemorySegment.ofArray(chunk), skip, bytes, at + skip, count - skip);
                }
                at += count;
            }
            if (at != size - from || in.getChecksum().getValue() != entry.getCrc()) {
                throw new TensorFileException(path, what + " does not have its checksum", DAMAGED);
            }
            return bytes;
        }
    }

    private synchronized void closeIfRead() throws IOException {
        if (unread == 0) {
            zip.close();
        }
    }
}
