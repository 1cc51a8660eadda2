package org.lazuli.metal.objc;

/// Metal did not accept the source of a kernel, or could not make a pipeline of it.
public final class CompilationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CompilationException(String message) {
        super(message);
    }
}
