package org.lazuli.conformance.laws;

import java.util.List;
import org.lazuli.DType;

/// A sequence of numbers that decides how a sample is built: each decision takes the next one. Beyond the end every decision is the first
/// alternative, so a shorter sequence of smaller numbers is a simpler sample, and whoever shrinks the sequence shrinks the sample.
public final class Choices {
    /// The numbers are below this.
    public static final int LARGEST = 1 << 20;

    private final List<Integer> numbers;
    private final DType real;
    private int next;

    public Choices(List<Integer> numbers) {
        this(numbers, DType.FLOAT64);
    }

    /// @param real the type of real operands, on which no decision depends: samples of the same numbers in another type are the same sample
    public Choices(List<Integer> numbers, DType real) {
        this.numbers = numbers;
        this.real = real;
    }

    /// The type of real operands.
    public DType real() {
        return real;
    }

    /// All of the numbers, for those who make their own decisions of them.
    public List<Integer> numbers() {
        return numbers;
    }

    /// A number from `low` to `high`, both included.
    public int between(int low, int high) {
        int number = next < numbers.size() ? numbers.get(next++) : 0;
        return low + number % (high - low + 1);
    }

    public boolean flag() {
        return between(0, 1) == 1;
    }

    /// True once in `n` times.
    public boolean rarely(int n) {
        return between(0, n - 1) == n - 1;
    }

    public <T> T of(List<T> alternatives) {
        return alternatives.get(between(0, alternatives.size() - 1));
    }

    /// A number for a generator of values; not meant to be small.
    public long seed() {
        return between(0, LARGEST - 1);
    }

    /// Sizes of axes: `minRank` to `maxRank` of them, each from `minSize` to `maxSize`.
    public int[] dims(int minRank, int maxRank, int minSize, int maxSize) {
        int[] dims = new int[minRank == maxRank ? minRank : between(minRank, maxRank)];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = between(minSize, maxSize);
        }
        return dims;
    }

    /// `rank` sizes of axes, each from `min` to `max`.
    public int[] dims(int rank, int min, int max) {
        return dims(rank, rank, min, max);
    }

    /// An order of the numbers 0 to `n - 1`.
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int at = i - between(0, i);
            order[i] = order[at];
            order[at] = i;
        }
        return order;
    }

    /// Some of the numbers 0 to `n - 1`, ascending; at least one.
    public int[] subset(int n) {
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
