package org.lazuli.conformance;

import java.util.List;

/// A sequence of numbers that an input is made of. jqwik draws the numbers, and makes them smaller when the input fails: a small number means the
/// first alternative and a short axis, so a small sequence is a small input. Beyond the end the numbers are 0.
final class Choices {
    static final int LARGEST = 1 << 20;

    private final List<Integer> numbers;
    private int next;

    Choices(List<Integer> numbers) {
        this.numbers = numbers;
    }

    /// All of the numbers, for those who make their own decisions of them.
    List<Integer> numbers() {
        return numbers;
    }

    /// A number from `low` to `high`, both included.
    int between(int low, int high) {
        int number = next < numbers.size() ? numbers.get(next++) : 0;
        return low + number % (high - low + 1);
    }

    boolean flag() {
        return between(0, 1) == 1;
    }

    <T> T of(List<T> alternatives) {
        return alternatives.get(between(0, alternatives.size() - 1));
    }

    /// A number for a generator of values; not meant to be small.
    long seed() {
        return between(0, LARGEST - 1);
    }

    /// `rank` sizes of axes, each from `min` to `max`.
    int[] dims(int rank, int min, int max) {
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = between(min, max);
        }
        return dims;
    }

    /// An order of the numbers 0 to `n - 1`.
    int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int at = i - between(0, i);
            order[i] = order[at];
            order[at] = i;
        }
        return order;
    }

    /// Some of the numbers 0 to `n - 1`, ascending; at least one.
    int[] subset(int n) {
        int bits = 1 + between(0, (1 << n) - 2);
        int[] chosen = new int[Integer.bitCount(bits)];
        int count = 0;
        for (int i = 0; i < n; i++) {
            if ((bits >> i & 1) != 0) {
                chosen[count++] = i;
            }
        }
        return chosen;
    }
}
