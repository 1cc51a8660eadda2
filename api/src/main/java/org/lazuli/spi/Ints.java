package org.lazuli.spi;

import java.util.Arrays;

/// An immutable list of `int`s with value equality: axes, permutations, starts, steps and the like in a [Primitive].
public final class Ints {
    private static final Ints EMPTY = new Ints(new int[0]);

    private final int[] values;

    private Ints(int[] values) {
        this.values = values;
    }

    public static Ints of(int... values) {
        return values.length == 0 ? EMPTY : new Ints(values.clone());
    }

    /// `count` times the same value.
    public static Ints fill(int count, int value) {
        int[] values = new int[count];
        Arrays.fill(values, value);
        return new Ints(values);
    }

    /// `from`, `from + 1`, … before `to`.
    public static Ints range(int from, int to) {
        int[] values = new int[Math.max(to - from, 0)];
        for (int i = 0; i < values.length; i++) {
            values[i] = from + i;
        }
        return new Ints(values);
    }

    public int size() {
        return values.length;
    }

    public int get(int i) {
        return values[i];
    }

    public boolean contains(int value) {
        return indexOf(value) >= 0;
    }

    /// The position of the first occurrence, or -1.
    public int indexOf(int value) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == value) {
                return i;
            }
        }
        return -1;
    }

    /// Each value with `offset` added.
    public Ints plus(int offset) {
        int[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] += offset;
        }
        return new Ints(result);
    }

    /// `value` followed by these.
    public Ints prepend(int value) {
        int[] result = new int[values.length + 1];
        result[0] = value;
        System.arraycopy(values, 0, result, 1, values.length);
        return new Ints(result);
    }

    public int[] toArray() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ints ints && Arrays.equals(values, ints.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
