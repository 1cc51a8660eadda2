package org.lazuli.metal.objc;

import java.lang.foreign.MemorySegment;

/// An Objective-C object.
abstract class Reference {
    private final MemorySegment id;

    Reference(MemorySegment id) {
        if (id.address() == 0) {
            throw new IllegalArgumentException("nil is no " + getClass().getSimpleName());
        }
        this.id = id;
    }

    MemorySegment id() {
        return id;
    }
}
