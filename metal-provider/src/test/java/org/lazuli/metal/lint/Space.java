package org.lazuli.metal.lint;

import java.util.Locale;

/// An address space, as chapter 4 of the specification has them.
enum Space {
    DEVICE,
    CONSTANT,
    THREADGROUP,
    THREAD,
    /// None was written, or it cannot be told.
    NONE;

    /// The space of a keyword, or null.
    static Space of(String word) {
        return switch (word) {
            case "device" -> DEVICE;
            case "constant" -> CONSTANT;
            case "threadgroup" -> THREADGROUP;
            case "thread" -> THREAD;
            default -> null;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
