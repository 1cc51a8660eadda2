package org.lazuli.io;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// A file whose arrays are read when they are first needed. It stays open until all of them have been read, or none can be reached any more, so
/// that one that is replaced in the meantime still gives what it held.
final class DataFile {
    private static final int CHUNK = 1 << 20;

    private final Path path;
    private final RandomAccessFile file;
    private final long size;
    private int unread;

    private DataFile(Path path, RandomAccessFile file, long size) {
        this.path = path;
        this.file = file;
        this.size = size;
    }

    @FunctionalInterface
    interface Reader<T> {
        /// @param bytes the whole file, while this runs
        T read(DataFile file, MemorySegment bytes) throws IOException;
    }

    /// Opens the file and reads its header.
    static <T> T open(Path path, Reader<T> header) {
        return TensorFile.read(path, bytes -> {
            // Unlike a channel this is not closed when the thread that reads is interrupted.
            DataFile file = new DataFile(path, new RandomAccessFile(path.toFile(), "r"), bytes.byteSize());
            try {
                return header.read(file, bytes);
            } catch (RuntimeException | IOException e) {
                file.unread = 0;
                throw e;
            } finally {
                file.closeIfRead();
            }
        });
    }

    /// An array of what lies at a place in the file.
    Array array(long start, DType dtype, Shape shape, ByteOrder order) {
        long bytes = (long) shape.size() * dtype.bytes();
        if (start < 0 || bytes > size - start) {
            throw new AssertionError("the header was not checked");
        }
        if (bytes == 0) {
            return Ops.array(MemorySegment.ofArray(new byte[0]), dtype, shape);
        }
        unread++;
        return Ops.array(dtype, shape, arena -> LittleEndian.elements(read(start, bytes, arena), dtype, order));
    }

    private synchronized MemorySegment read(long start, long bytes, Arena arena) {
        MemorySegment result = arena.allocate(bytes, 8);
        byte[] chunk = new byte[(int) Math.min(CHUNK, bytes)];
        try {
            file.seek(start);
            for (long at = 0; at < bytes; ) {
                int count = file.read(chunk, 0, (int) Math.min(chunk.length, bytes - at));
                if (count < 0) {
                    throw new TensorFileException(
                            path,
                            "has become shorter than the " + size + " bytes that it had when its header was read",
                            "load it again");
                }
                MemorySegment.copy(MemorySegment.ofArray(chunk), 0, result, at, count);
                at += count;
            }
            unread--;
            closeIfRead();
        } catch (IOException e) {
            throw TensorFile.unreadable(path, e);
        }
        return result;
    }

    private synchronized void closeIfRead() throws IOException {
        if (unread == 0) {
            file.close();
        }
    }
}
