package org.lazuli.metal;

import org.jspecify.annotations.Nullable;

/// Where Metal is to be found.
final class Platform {
    private Platform() {}

    /// Why there is no Metal for us on this system, or null.
    static @Nullable String problem(String os, String architecture) {
        boolean mac = os.startsWith("Mac");
        if (mac && architecture.equals("aarch64")) {
            return null;
        }
        String processor = switch (architecture) {
            case "amd64", "x86_64" -> "x86-64";
            case "aarch64" -> "arm64";
            default -> architecture;
        };
        return "needs macOS on Apple silicon, this is " + (mac ? "macOS" : os) + " on " + processor;
    }
}
