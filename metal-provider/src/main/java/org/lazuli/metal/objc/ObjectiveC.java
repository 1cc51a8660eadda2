package org.lazuli.metal.objc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.metal.ffi.ObjC;

/// The Objective-C runtime: loads it, and looks classes up.
public final class ObjectiveC {
    /// They lie in the cache of the dynamic linker, not in files, and are loaded by these names all the same.
    private static final List<String> SYSTEM = List.of(
            "/usr/lib/libobjc.A.dylib",
            "/System/Library/Frameworks/Foundation.framework/Foundation",
            "/System/Library/Frameworks/Metal.framework/Metal");

    private static @Nullable String loaded;

    private ObjectiveC() {}

    /// Loads Metal, once: the system's own, or a stand-in for it from a library file.
    ///
    /// @param library the absolute path of a library with the entry points of both Objective-C and Metal; null for the system's
    /// @throws UnsatisfiedLinkError if it cannot be loaded
    /// @throws IllegalStateException if another one was loaded before
    public static synchronized void load(@Nullable String library) {
        String wanted = library == null ? "the system" : library;
        if (loaded != null) {
            if (!loaded.equals(wanted)) {
                throw new IllegalStateException(
                        "Metal comes from " + loaded + " in this JVM and cannot come from " + wanted);
            }
            return;
        }
        if (library != null) {
            System.load(library);
        } else {
            SYSTEM.forEach(System::load);
        }
        loaded = wanted;
    }

    static MemorySegment classNamed(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = ObjC.objc_getClass(arena.allocateFrom(name));
            if (found.address() == 0) {
                throw new IllegalStateException("there is no Objective-C class " + name);
            }
            return found;
        }
    }
}
