package org.lazuli.conformance;

import org.jspecify.annotations.Nullable;

/// What came of the inputs of a check.
final class Tally {
    private int ran;
    private int refused;
    private @Nullable Finding finding;

    /// An input that the backend ran.
    void ran() {
        ran++;
    }

    /// An input that the backend does not support.
    void refused() {
        refused++;
    }

    Tally with(@Nullable Finding found) {
        finding = found;
        return this;
    }

    int inputs() {
        return ran + refused;
    }

    /// Whether the backend ran none of them.
    boolean isRefused() {
        return ran == 0 && refused > 0;
    }

    @Nullable
    Finding finding() {
        return finding;
    }
}
