package org.lazuli.metal.objc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Strings of Foundation, which are only passed on: they live in the autorelease pool.
final class NSString {
    private NSString() {}

    static MemorySegment of(String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment utf8 = arena.allocateFrom(text);
            return Send.p_p(ObjectiveC.classNamed("NSString"), Selector.STRING_WITH_UTF8, utf8);
        }
    }

    /// The text, empty for nil.
    static String text(MemorySegment string) {
        if (string.address() == 0) {
            return "";
        }
        MemorySegment utf8 = Send.p(string, Selector.UTF8_STRING);
        return utf8.address() == 0 ? "" : utf8.reinterpret(Long.MAX_VALUE).getString(0);
    }
}
