package org.lazuli.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// Functions to and from the file system.
final class Files {
    private static final int BUFFER = 1 << 16;

    private Files() {}

    static FunctionFile read(Path file) {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return FunctionFile.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (Malformed e) {
            throw new FunctionFileException(
                    file,
                    String.valueOf(e.getMessage()),
                    "the file is damaged, or another version wrote it: copy it again, or export the function again",
                    e);
        } catch (NoSuchFileException e) {
            throw new FunctionFileException(file, "there is no such file", "check the path", e);
        } catch (IOException e) {
            throw new FunctionFileException(
                    file, "cannot be read: " + e, "check that it is a file and that you may read it", e);
        }
    }

    /// Writes to a temporary file in the same directory, which takes the place of `file` when it is complete.
    static void write(Path file, FunctionFile contents) {
        Path target = file.toAbsolutePath();
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
                contents.write(out);
                out.flush();
                channel.force(true);
            }
            move(temporary, target);
        } catch (NoSuchFileException e) {
            throw new FunctionFileException(file, "its directory does not exist", "create the directory first", e);
        } catch (IOException e) {
            throw new FunctionFileException(
                    file, "cannot be written: " + e, "check the rights and the space on the disk", e);
        } finally {
            delete(temporary);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            java.nio.file.Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            java.nio.file.Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path temporary) {
        try {
            java.nio.file.Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // The failure that left it behind is on its way to the caller and matters more.
            temporary.toFile().deleteOnExit();
        }
    }
}
