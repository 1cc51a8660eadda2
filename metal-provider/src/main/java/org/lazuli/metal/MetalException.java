package org.lazuli.metal;

/// Work on the device failed: what it was to compute is lost, and the backend can be used on.
public final class MetalException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MetalException(String message) {
        super(message);
    }
}
