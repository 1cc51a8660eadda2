package org.lazuli.cpu;

import org.lazuli.spi.Tensor;
import org.lazuli.spi.Threefry;

/// Random bits from keys by [Threefry].
///
/// What a key gives is a row of 32-bit words, cut off at the bytes that are asked for. Word `i` of the first half and
/// its partner in the second half are the two outputs for the counter (i, number of the partner); if there is an odd
/// word in the middle, it is the first output for the counter (its number, 0). MLX lays its random bits out in this
/// way, and the same key gives the same bits here. No word depends on another, so many are computed at once.
final class RandomWords {
    /// Pairs of words to a part: some tens of microseconds.
    private static final int GRAIN = 1 << 15;

    /// Pairs to a loop: its two arrays stay in the first-level cache.
    private static final int BLOCK = 1024;

    /// The key's schedule repeats after three entries; this one is made of the others.
    private static final int PARITY = 0x1BD11BDA;

    /// Fewer pairs than this are computed one by one.
    private static final int SHORTEST = 64;

    private RandomWords() {}

    static void run(int width, Tensor keys, Tensor output) {
        int count = keys.shape().size() / 2;
        if (count == 0 || output.shape().size() == 0) {
            return;
        }
        long[] words = new long[2 * count];
        TileReader reader = new TileReader(keys);
        long[] tile = new long[Math.min(words.length, Tiles.SIZE)];
        for (int start = 0; start < words.length; start += tile.length) {
            int n = Math.min(tile.length, words.length - start);
            reader.read(start, n, tile);
            System.arraycopy(tile, 0, words, start, n);
        }
        int each = output.shape().size() / count;
        Object target = Storage.array(output);
        // Many short rows are shared out whole; a long one is cut into parts by itself.
        int together = Math.max(1, GRAIN / each);
        Workers.SHARED.run((count + together - 1) / together, part -> {
            for (int i = part * together; i < Math.min(count, (part + 1) * together); i++) {
                fill((int) words[2 * i], (int) words[2 * i + 1], width, target, i * each, each);
            }
        });
    }

    private static void fill(int key0, int key1, int width, Object target, int at, int elements) {
        int total = (int) (((long) elements * width + 3) / 4);
        int half = total / 2;
        int odd = total & 1;
        int[] out = width == 4 ? (int[]) target : new int[total];
        int first = width == 4 ? at : 0;
        Workers.SHARED.run((half + GRAIN - 1) / GRAIN, part -> {
            int from = part * GRAIN;
            pairs(key0, key1, from, half + odd, Math.min(half - from, GRAIN), out, first);
        });
        if (odd != 0) {
            out[first + half] = (int) (Threefry.block(key0, key1, half, 0) >>> 32);
        }
        if (width == 2) {
            short[] shorts = (short[]) target;
            for (int i = 0; i < elements; i++) {
                shorts[at + i] = (short) (out[i / 2] >>> (16 * (i & 1)));
            }
        } else if (width == 1) {
            byte[] bytes = (byte[]) target;
            for (int i = 0; i < elements; i++) {
                bytes[at + i] = (byte) (out[i / 4] >>> (8 * (i & 3)));
            }
        }
    }

    /// Stores the words for counters (i, `distance` + i), from i = `from` on, at `at + i` and `distance` behind.
    private static void pairs(int key0, int key1, int from, int distance, int n, int[] out, int at) {
        int done = 0;
        if (n >= SHORTEST) {
            int[] x = new int[Math.min(n, BLOCK)];
            int[] y = new int[x.length];
            for (; done < n - x.length + 1; done += x.length) {
                blocks(key0, key1, from + done, distance + from + done, x, y);
                System.arraycopy(x, 0, out, at + from + done, x.length);
                System.arraycopy(y, 0, out, at + from + done + distance, x.length);
            }
        }
        for (int i = from + done; i < from + n; i++) {
            long pair = Threefry.block(key0, key1, i, i + distance);
            out[at + i] = (int) (pair >>> 32);
            out[at + i + distance] = (int) pair;
        }
    }

    /// [Threefry#block] for counters that rise by one, a few rounds in each loop, since longer loops are not vectorised.
    private static void blocks(int key0, int key1, int counter0, int counter1, int[] x, int[] y) {
        int key2 = PARITY ^ key0 ^ key1;
        for (int i = 0; i < x.length; i++) {
            x[i] = counter0 + key0 + i;
        }
        for (int i = 0; i < x.length; i++) {
            y[i] = counter1 + key1 + i;
        }
        rounds(x, y, 13, 15, 26, 6, key1, key2 + 1);
        rounds(x, y, 17, 29, 16, 24, key2, key0 + 2);
        rounds(x, y, 13, 15, 26, 6, key0, key1 + 3);
        rounds(x, y, 17, 29, 16, 24, key1, key2 + 4);
        rounds(x, y, 13, 15, 26, 6, key2, key0 + 5);
    }

    private static void rounds(int[] x, int[] y, int r0, int r1, int r2, int r3, int addX, int addY) {
        rounds(x, y, r0, r1, 0, 0);
        rounds(x, y, r2, r3, addX, addY);
    }

    private static void rounds(int[] x, int[] y, int r0, int r1, int addX, int addY) {
        for (int i = 0; i < x.length; i++) {
            int u = x[i] + y[i];
            int v = ((y[i] << r0) | (y[i] >>> -r0)) ^ u;
            u += v;
            x[i] = u + addX;
            y[i] = (((v << r1) | (v >>> -r1)) ^ u) + addY;
        }
    }
}
