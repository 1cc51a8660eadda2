package org.lazuli.io;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Opens files for reading, and replaces them as a whole when writing.
final class TensorFile {

    private static final long CHUNK = 1 << 20;

    private TensorFile() {}

    @FunctionalInterface
    interface Reader<T> {
        T read(MemorySegment bytes) throws IOException;
    }

    @FunctionalInterface
    interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /// Maps the file while `reader` runs.
    static <T> T read(Path file, Reader<T> reader) {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return reader.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static TensorFileException unreadable(Path file, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return new TensorFileException(file, "there is no such file", "check the path", cause);
        }
        return new TensorFileException(
                file, "cannot be read: " + cause, "check that it is a file and that you may read it", cause);
    }

    /// Writes to a temporary file in the same directory and, when `writer` is done, puts it in the place of `file`. If anything fails,
    /// `file` is as before and the temporary file is gone.
    static void write(Path file, Writer writer) {
        Path temporary = null;
        try {
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            if (Files.isDirectory(target)) {
                throw new TensorFileException(file, "is a directory", "name a file in it");
            }
            temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writer.write(unclosed(Channels.newOutputStream(channel)));
                channel.force(true);
            }
            replace(temporary, target);
        } catch (NoSuchFileException e) {
            throw new TensorFileException(file, "its directory does not exist", "create the directory first", e);
        } catch (IOException e) {
            throw new TensorFileException(
                    file, "cannot be written: " + e, "check the rights and the space on the disk", e);
        } finally {
            delete(temporary);
        }
    }

    /// The stream, except that closing it is up to this class.
    private static OutputStream unclosed(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    private static void replace(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException | FileAlreadyExistsException e) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(@Nullable Path temporary) {
        if (temporary != null) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                // The failure that left it behind is on its way to the caller and matters more.
                temporary.toFile().deleteOnExit();
            }
        }
    }

    static void write(MemorySegment bytes, OutputStream out) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK, bytes.byteSize())];
        for (long at = 0; at < bytes.byteSize(); at += chunk.length) {
            int length = (int) Math.min(chunk.length, bytes.byteSize() - at);
            MemorySegment.copy(bytes, at, MemorySegment.ofArray(chunk), 0, length);
            out.write(chunk, 0, length);
        }
    }

    /// The bytes in pieces that a [ByteBuffer] can span.
    static Iterable<ByteBuffer> pieces(MemorySegment bytes) {
        return () -> LongStream.iterate(0, at -> at < bytes.byteSize(), at -> at + CHUNK)
                .mapToObj(at -> bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at))
                        .asByteBuffer())
                .iterator();
    }
}
