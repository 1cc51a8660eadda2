package org.lazuli.metal.objc;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Compiled source.
public final class Library extends Owned {
    Library(MemorySegment id) {
        super(id);
    }

    /// The kernel function of this name, or null if there is none.
    public @Nullable Function newFunction(String name) {
        MemorySegment id = Send.p_p(id(), Selector.NEW_FUNCTION, NSString.of(name));
        return id.address() == 0 ? null : new Function(id);
    }
}
