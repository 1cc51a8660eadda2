package org.lazuli.metal;

/// How much is encoded before it is committed: enough to keep the device busy while the next batch is encoded, and not so much that it waits for the
/// first.
///
/// The figures are those that MLX uses, by the last letter of the architecture's name: `p` for a phone's, `s` for a Max and `d` for
/// an Ultra.
///
/// @param dispatches the most dispatches
/// @param bytes the most bytes that their operands hold
record BatchSize(int dispatches, long bytes) {
    private static final long MEBIBYTE = 1L << 20;

    static BatchSize of(String architecture) {
        char last = architecture.isEmpty() ? '?' : architecture.charAt(architecture.length() - 1);
        return switch (last) {
            case 'p' -> new BatchSize(20, 40 * MEBIBYTE);
            case 's', 'd' -> new BatchSize(50, 50 * MEBIBYTE);
            default -> new BatchSize(40, 40 * MEBIBYTE);
        };
    }
}
