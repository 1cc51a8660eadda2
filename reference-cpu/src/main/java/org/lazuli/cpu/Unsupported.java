package org.lazuli.cpu;

/// What this backend answers to an instruction on a dtype that it is not defined for.
final class Unsupported {
    private Unsupported() {}

    static UnsupportedOperationException on(Enum<?> op, String type) {
        return new UnsupportedOperationException(
                "cpu: " + op.name().toLowerCase(java.util.Locale.ROOT) + " is not defined for " + type);
    }
}
