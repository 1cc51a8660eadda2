package org.lazuli.conformance.parity;

/// A part of a case gave something else than expected.
final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param part which part of the case: `value`, `vjp wrt 0`, `repr`, …
    Mismatch(String part, String difference) {
        super(part + ": " + difference);
    }
}
