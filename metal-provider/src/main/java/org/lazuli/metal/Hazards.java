package org.lazuli.metal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the dispatches since the last barrier have read and written, to tell whether the next one needs a barrier before it.
final class Hazards {
    private final Set<DeviceMemory> read = new HashSet<>();
    private final Set<DeviceMemory> written = new HashSet<>();

    /// Adds a dispatch. True if a barrier has to come before it: it reads what was written, or writes what was read or written.
    boolean add(List<DeviceMemory> reads, List<DeviceMemory> writes) {
        boolean conflict = false;
        for (DeviceMemory memory : reads) {
            conflict |= written.contains(memory);
        }
        for (DeviceMemory memory : writes) {
            conflict |= written.contains(memory) || read.contains(memory);
        }
        if (conflict) {
            clear();
        }
        read.addAll(reads);
        written.addAll(writes);
        return conflict;
    }

    void clear() {
        read.clear();
        written.clear();
    }
}
