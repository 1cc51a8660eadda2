package org.lazuli.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A thread's registers of a tile each, used again by every program it runs: they stay in the first-level cache, and nothing is left to the garbage
/// collector.
final class Registers {
    private static final ThreadLocal<Registers> OF_THREAD = ThreadLocal.withInitial(Registers::new);

    private final List<List<Object>> arrays = new ArrayList<>();
    private final int[] taken = new int[Domain.values().length];

    private Registers() {
        for (int i = 0; i < taken.length; i++) {
            arrays.add(new ArrayList<>());
        }
    }

    /// This thread's registers, all free.
    static Registers ofThread() {
        Registers registers = OF_THREAD.get();
        Arrays.fill(registers.taken, 0);
        return registers;
    }

    /// A register of [Tiles#SIZE] elements, with arbitrary content, until the thread asks for its registers again.
    Object next(Domain domain) {
        int number = taken[domain.ordinal()]++;
        List<Object> known = arrays.get(domain.ordinal());
        if (number == known.size()) {
            known.add(domain.register(Tiles.SIZE));
        }
        return known.get(number);
    }
}
