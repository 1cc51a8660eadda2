package org.lazuli.export;

import org.jspecify.annotations.Nullable;

/// The bytes are not what they should be. Whoever knows the file's name turns this into a [FunctionFileException].
final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String problem) {
        this(problem, null);
    }

    Malformed(String problem, @Nullable Throwable cause) {
        super(problem, cause);
    }
}
