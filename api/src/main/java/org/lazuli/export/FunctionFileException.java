package org.lazuli.export;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file of a function could not be read or written. The message names the file, what is wrong with it, and what to do.
public final class FunctionFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FunctionFileException(Path file, String problem, String remedy, @Nullable Throwable cause) {
        super(file + ": " + problem + "; " + remedy, cause);
    }
}
