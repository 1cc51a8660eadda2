package org.lazuli.spi;

/// An allocation would exceed the memory limit of the backend.
public final class OutOfDeviceMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OutOfDeviceMemoryException(String message) {
        super(message);
    }
}
