package org.lazuli.graph;

/// A size that is left open while a function is traced for all sizes. Whoever learns something of it, leaves a condition behind, under which the
/// trace holds.
///
/// @param trace where conditions are kept
/// @param number its number in the trace
/// @param value the size in the example that the function is traced with
public record Size(SizeTrace trace, int number, int value) {

    /// The size, on which the trace depends from now on.
    public int read() {
        trace.is(this, value, true);
        return value;
    }

    /// Whether it is `size`; the trace depends on the answer from now on.
    public boolean is(int size) {
        boolean holds = value == size;
        trace.is(this, size, holds);
        return holds;
    }

    /// Whether it is the same as another; unless they cannot differ, the trace depends on the answer from now on.
    public boolean isSame(Size other) {
        return number == other.number || trace.same(this, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Size that && trace == that.trace && number == that.number;
    }

    @Override
    public int hashCode() {
        return value;
    }
}
