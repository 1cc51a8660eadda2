package org.lazuli.examples.digits;

/// A file of images or labels cannot be used. The message says which, why, and what to do.
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DataException(Object file, String problem, String remedy) {
        super(file + ": " + problem + "; " + remedy);
    }
}
