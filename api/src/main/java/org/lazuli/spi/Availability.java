package org.lazuli.spi;

/// Whether a backend can be opened here, and if not, why.
public sealed interface Availability {
    record Available() implements Availability {}

    /// @param reason a sentence for the user, such as `needs macOS on Apple silicon, this is Linux on x86-64`
    record Unavailable(String reason) implements Availability {}

    static Availability available() {
        return new Available();
    }

    static Availability unavailable(String reason) {
        return new Unavailable(reason);
    }
}
