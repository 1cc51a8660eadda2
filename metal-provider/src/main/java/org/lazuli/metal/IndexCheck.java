package org.lazuli.metal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.BufferPool;

/// What a kernel that checks indices has found, to be read when its batch is complete: for each of its threadgroups the position of the first bad index,
/// or none, and its value.
///
/// @param operation for the message
/// @param axis for the message
/// @param size the length of the axis
/// @param unsigned whether the indices are
/// @param findings one entry for each threadgroup, in the order of the indices
/// @param groups the number of threadgroups
record IndexCheck(
        String operation,
        int axis,
        int size,
        boolean unsigned,
        BufferPool.Allocation<DeviceMemory> findings,
        int groups) {
    /// An entry: `long value; uint position;` and padding.
    static final int ENTRY = 16;

    /// What a threadgroup writes as a position if all its indices are in bounds.
    private static final int NONE = -1;

    /// The error of the first index out of bounds, or null if there is none.
    @Nullable
    IndexOutOfBoundsException error() {
        MemorySegment entries = findings.storage().host();
        for (long at = 0; at < (long) groups * ENTRY; at += ENTRY) {
            if (entries.get(ValueLayout.JAVA_INT, at + Long.BYTES) != NONE) {
                long value = entries.get(ValueLayout.JAVA_LONG, at);
                return new IndexOutOfBoundsException(operation + ": index "
                        + (unsigned ? Long.toUnsignedString(value) : Long.toString(value))
                        + " is out of bounds for axis " + axis + " with size " + size);
            }
        }
        return null;
    }
}
