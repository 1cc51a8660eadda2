package org.lazuli.cpu;

import java.util.Arrays;

/// A stable sort of signed keys, from the lowest digit to the highest, with a payload that goes along.
///
/// Every pass counts the digits and then puts each key where the count says. Long sequences are cut into stretches that do both at the same
/// time, each with places of its own for every digit, so that the result does not depend on the threads.
final class RadixSort {
    /// Shorter sequences are sorted by comparisons, which have no counters to clear.
    private static final int SHORT = 192;

    /// From here on digits of 11 bits save more passes than their counters cost.
    private static final int LONG = 1 << 13;

    /// Keys to a stretch.
    private static final int STRETCH = 1 << 16;

    /// The bits below the lowest digit.
    private final int lowest;

    private long[] keys;
    private long[] otherKeys = {};
    private int[] payload = {};
    private int[] otherPayload = {};
    private int[] counts = {};
    private boolean carries;

    /// @param n how many keys there are
    /// @param narrow whether the keys are the high halves of numbers, whose low halves go along as they are
    RadixSort(int n, boolean narrow) {
        keys = new long[n];
        lowest = narrow ? 32 : 0;
    }

    /// What is to be sorted, to be filled before each sort.
    long[] keys() {
        return keys;
    }

    /// Sorts numbers by their high halves.
    void halves() {
        carries = false;
        if (keys.length <= SHORT) {
            // Ascending low halves, as the callers have, make this stable.
            Arrays.sort(keys);
        } else {
            radix();
        }
    }

    /// Sorts the keys and stores where each of them was.
    void positions(int[] order) {
        int n = keys.length;
        carries = true;
        if (payload.length < n) {
            payload = new int[n];
        }
        Arrays.setAll(payload, i -> i);
        if (n <= SHORT) {
            insertion();
        } else {
            radix();
        }
        System.arraycopy(payload, 0, order, 0, n);
    }

    private void insertion() {
        for (int i = 1; i < keys.length; i++) {
            long key = keys[i];
            int j = i;
            for (; j > 0 && keys[j - 1] > key; j--) {
                keys[j] = keys[j - 1];
                payload[j] = payload[j - 1];
            }
            keys[j] = key;
            payload[j] = i;
        }
    }

    private void radix() {
        int n = keys.length;
        if (otherKeys.length < n) {
            otherKeys = new long[n];
        }
        if (carries && otherPayload.length < n) {
            otherPayload = new int[n];
        }
        int bits = n < LONG ? 8 : 11;
        int stretches = (n + STRETCH - 1) / STRETCH;
        int size = 1 << bits;
        if (counts.length < stretches * size) {
            counts = new int[stretches * size];
        }
        for (int shift = lowest; shift < 64; shift += bits) {
            pass(shift, Math.min(bits, 64 - shift), stretches, size);
        }
    }

    private void pass(int shift, int bits, int stretches, int size) {
        int n = keys.length;
        int mask = (1 << bits) - 1;
        // The sign is the highest bit of the highest digit, and negative keys come first.
        int flip = shift + bits == 64 ? 1 << (bits - 1) : 0;
        long[] from = keys;
        long[] to = otherKeys;
        int[] places = counts;
        Workers.SHARED.run(stretches, part -> {
            int start = part * STRETCH;
            Arrays.fill(places, part * size, part * size + size, 0);
            count(from, start, Math.min(n, start + STRETCH), shift, mask, flip, places, part * size);
        });
        if (!place(places, stretches, size, mask, n)) {
            return;
        }
        int[] fromPayload = payload;
        int[] toPayload = otherPayload;
        boolean both = carries;
        Workers.SHARED.run(stretches, part -> {
            int start = part * STRETCH;
            int end = Math.min(n, start + STRETCH);
            if (both) {
                move(from, fromPayload, start, end, shift, mask, flip, places, part * size, to, toPayload);
            } else {
                move(from, start, end, shift, mask, flip, places, part * size, to);
            }
        });
        keys = to;
        otherKeys = from;
        payload = both ? toPayload : fromPayload;
        otherPayload = both ? fromPayload : toPayload;
    }

    private static void count(long[] keys, int from, int to, int shift, int mask, int flip, int[] counts, int at) {
        for (int i = from; i < to; i++) {
            counts[at + (((int) (keys[i] >>> shift) & mask) ^ flip)]++;
        }
    }

    /// Turns counts into places.
    ///
    /// @return false if all keys have the same digit
    private static boolean place(int[] counts, int stretches, int size, int mask, int n) {
        int sum = 0;
        for (int digit = 0; digit <= mask; digit++) {
            int before = sum;
            for (int i = digit; i < stretches * size; i += size) {
                int count = counts[i];
                counts[i] = sum;
                sum += count;
            }
            if (sum - before == n) {
                return false;
            }
        }
        return true;
    }

    private static void move(
            long[] keys, int from, int to, int shift, int mask, int flip, int[] places, int at, long[] target) {
        for (int i = from; i < to; i++) {
            long key = keys[i];
            target[places[at + (((int) (key >>> shift) & mask) ^ flip)]++] = key;
        }
    }

    private static void move(
            long[] keys,
            int[] payload,
            int from,
            int to,
            int shift,
            int mask,
            int flip,
            int[] places,
            int at,
            long[] target,
            int[] targetPayload) {
        for (int i = from; i < to; i++) {
            long key = keys[i];
            int place = places[at + (((int) (key >>> shift) & mask) ^ flip)]++;
            target[place] = key;
            targetPayload[place] = payload[i];
        }
    }
}
