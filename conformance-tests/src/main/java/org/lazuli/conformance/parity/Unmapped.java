package org.lazuli.conformance.parity;

import java.util.Set;
import java.util.TreeSet;

/// A case needs operations, options, modules or functions that the library does not offer, or that the tables
/// here do not have yet.
final class Unmapped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final TreeSet<String> names;

    Unmapped(String name) {
        this(Set.of(name));
    }

    Unmapped(Set<String> names) {
        super(String.join(", ", names));
        this.names = new TreeSet<>(names);
    }

    Set<String> names() {
        return names;
    }
}
