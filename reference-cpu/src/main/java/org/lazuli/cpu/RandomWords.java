package org.lazuli.cpu;

import org.lazuli.spi.Tensor;
import org.lazuli.spi.Threefry;

/// Random bits from keys by [Threefry].
///
/// What a key gives is a row of 32-bit words, cut off at the bytes that are asked for. Word `i` of the first half and
/// its partner in the second half are the two outputs for the counter (i, number of the partner); if there is an odd
/// word in the middle, it is the first output for the counter (its number, 0). MLX lays its random bits out in this
/// way, and the same key gives the same bits here.
final class RandomWords {
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
        for (int i = 0; i < count; i++) {
            fill((int) words[2 * i], (int) words[2 * i + 1], width, target, i * each, each);
        }
    }

    private static void fill(int key0, int key1, int width, Object target, int at, int elements) {
        int total = (int) (((long) elements * width + 3) / 4);
        int half = total / 2;
        int odd = total & 1;
        int[] out = width == 4 ? (int[]) target : new int[total];
        int first = width == 4 ? at : 0;
        for (int i = 0; i < half; i++) {
            int partner = i + half + odd;
            long pair = Threefry.block(key0, key1, i, partner);
            out[first + i] = (int) (pair >>> 32);
            out[first + partner] = (int) pair;
        }
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
}
