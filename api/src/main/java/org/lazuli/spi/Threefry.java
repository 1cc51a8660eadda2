package org.lazuli.spi;

/// The Threefry-2x32 block function with 20 rounds: the random bits that every backend has to reproduce.
///
/// Source: J. K. Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, 2011.
public final class Threefry {
    private static final int PARITY = 0x1BD11BDA;

    private Threefry() {}

    /// Both outputs for a key and a counter, the first in the high half.
    public static long block(int key0, int key1, int counter0, int counter1) {
        int key2 = PARITY ^ key0 ^ key1;
        int x = counter0 + key0;
        int y = counter1 + key1;

        x += y;
        y = Integer.rotateLeft(y, 13) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 15) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 26) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 6) ^ x;
        x += key1;
        y += key2 + 1;

        x += y;
        y = Integer.rotateLeft(y, 17) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 29) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 16) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 24) ^ x;
        x += key2;
        y += key0 + 2;

        x += y;
        y = Integer.rotateLeft(y, 13) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 15) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 26) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 6) ^ x;
        x += key0;
        y += key1 + 3;

        x += y;
        y = Integer.rotateLeft(y, 17) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 29) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 16) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 24) ^ x;
        x += key1;
        y += key2 + 4;

        x += y;
        y = Integer.rotateLeft(y, 13) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 15) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 26) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 6) ^ x;
        x += key2;
        y += key0 + 5;
        return (long) x << 32 | (y & 0xFFFFFFFFL);
    }
}
