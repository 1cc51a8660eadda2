package org.lazuli.io;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file of arrays could not be read or written. The message names the file, what is wrong with it, and what to do.
public final class TensorFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// The remedy for a file whose contents contradict each other.
    static final String DAMAGED = "the file is damaged or not complete: copy or download it again";

    private final transient @Nullable Path file;

    TensorFileException(Path file, String problem, String remedy) {
        this(file, problem, remedy, null);
    }

    TensorFileException(Path file, String problem, String remedy, @Nullable Throwable cause) {
        super(file + ": " + problem + "; " + remedy, cause);
        this.file = file;
    }

    /// The file, or null in an exception that was serialized.
    public @Nullable Path file() {
        return file;
    }
}
