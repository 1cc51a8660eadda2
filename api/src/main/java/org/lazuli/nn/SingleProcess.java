package org.lazuli.nn;

import org.lazuli.Array;

/// One process by itself: its sum is its own array.
final class SingleProcess implements Communicator {
    static final Communicator INSTANCE = new SingleProcess();

    private SingleProcess() {}

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public Array allSum(Array x) {
        return x;
    }
}
