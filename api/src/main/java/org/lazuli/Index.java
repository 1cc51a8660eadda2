package org.lazuli;

import java.util.Arrays;
import java.util.OptionalInt;

/// One part of an index into an [Array], for [Array#get] and [Array#at]. The parts of an index apply to the axes from the
/// front, as in NumPy; axes that are left over are taken whole.
///
/// ```java
/// import static org.lazuli.Index.*;
///
/// x.get(at(0), span(1, 3))          // x[0, 1:3]
/// x.get(rest(), newAxis(), at(-1))  // x[..., None, -1]
/// x.get(all().step(-1))             // x[::-1]
/// x.get(take(rows), take(columns))  // x[rows, columns]: the indices broadcast together
/// x.get(where(mask))                // x[mask]; x.get(mask) for short
/// x.at(where(mask)).set(0)          // x[mask] = 0
/// ```
///
/// Every index is checked: a position or an index array out of bounds is an [IndexOutOfBoundsException], where MLX reads other
/// memory. A position is checked at the call, an index array when its values are: at the evaluation. Spans are clipped to the axis, as
/// everywhere in Python.
///
/// See also: MLX, *Indexing Arrays*.
public sealed interface Index {
    /// One position, which removes the axis. A negative position counts from the end.
    record At(int position) implements Index {}

    /// The positions from `start` to before `stop`, every `step`-th. An empty bound means the end of the axis on that
    /// side; a negative bound counts from the end; a negative step goes backwards.
    record Span(OptionalInt start, OptionalInt stop, int stride) implements Index {
        public Span {
            if (stride == 0) {
                throw new IllegalArgumentException("index: the step of a span must not be 0");
            }
        }

        /// The same bounds with another step.
        public Span step(int step) {
            return new Span(start, stop, step);
        }
    }

    /// As many whole axes as are needed for the parts after it to fit the last axes.
    record Rest() implements Index {}

    /// A new axis of size 1.
    record NewAxis() implements Index {}

    /// The positions in an integer array, which replaces the axis by its own axes.
    record Take(Array indices) implements Index {}

    /// The positions where a boolean array holds. Its axes stand for as many axes of the array, and become one.
    ///
    /// It says the same as one [Take] for each of its axes, with the positions that [Array#nonzero] finds. Their number depends on the
    /// values, so they are computed at the call; not so in `at(where(mask))` alone, which needs no positions and can be traced.
    record Where(Array mask) implements Index {}

    static Index at(int position) {
        return new At(position);
    }

    static Span span(int start, int stop) {
        return new Span(OptionalInt.of(start), OptionalInt.of(stop), 1);
    }

    static Span span(int start, int stop, int step) {
        return new Span(OptionalInt.of(start), OptionalInt.of(stop), step);
    }

    /// From `start` to the end.
    static Span from(int start) {
        return new Span(OptionalInt.of(start), OptionalInt.empty(), 1);
    }

    /// From the beginning to before `stop`.
    static Span to(int stop) {
        return new Span(OptionalInt.empty(), OptionalInt.of(stop), 1);
    }

    /// The whole axis.
    static Span all() {
        return new Span(OptionalInt.empty(), OptionalInt.empty(), 1);
    }

    static Index rest() {
        return new Rest();
    }

    static Index newAxis() {
        return new NewAxis();
    }

    static Index take(Array indices) {
        return new Take(indices);
    }

    static Index take(int... indices) {
        return new Take(Ops.array(Arrays.copyOf(indices, indices.length)));
    }

    static Index where(Array mask) {
        return new Where(mask);
    }

    /// [#where] for a boolean array, else [#take(Array)].
    static Index of(Array index) {
        return index.dtype() == DType.BOOL ? where(index) : take(index);
    }
}
