package org.lazuli.metal.objc;

import java.lang.foreign.MemorySegment;

/// A kernel function of a [Library].
public final class Function extends Owned {
    Function(MemorySegment id) {
        super(id);
    }
}
