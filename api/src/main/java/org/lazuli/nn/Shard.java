package org.lazuli.nn;

import java.util.ArrayList;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.Ops;

/// The part of an array that a rank has: of the axis, or of each of several segments of it that stand for themselves, such as queries, keys
/// and values in one matrix.
///
/// See also: MLX, the predicates of *shard_inplace*.
///
/// @param axis the axis that is divided; from the end if negative
/// @param ends where segments but the last end, as fractions of the axis, rising; none for one segment
public record Shard(int axis, List<Double> ends) {
    public Shard {
        ends = List.copyOf(ends);
        double last = 0;
        for (double end : ends) {
            if (!(end > last && end < 1)) {
                throw new IllegalArgumentException("Shard: the ends of segments must rise between 0 and 1: " + ends);
            }
            last = end;
        }
    }

    /// Of the whole axis.
    public static Shard along(int axis) {
        return new Shard(axis, List.of());
    }

    /// Of each of so many segments of equal length.
    public Shard withSegments(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("Shard: there must be at least 1 segment, not " + count);
        }
        List<Double> equal = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            equal.add((double) i / count);
        }
        return new Shard(axis, equal);
    }

    /// Of each of several segments, which end at these fractions of the axis.
    public Shard withSegments(List<Double> ends) {
        return new Shard(axis, ends);
    }

    /// A rank's part.
    ///
    /// @param what names the array in an error
    /// @throws IllegalArgumentException if a segment cannot be divided by the number of ranks
    Array of(Array whole, String what, Communicator group) {
        if (whole.ndim() == 0) {
            throw new IllegalArgumentException("Cannot shard parameter '" + what + "' because it is a scalar.");
        }
        int axis = whole.shape().axis(this.axis, "shard");
        int size = whole.dim(axis);
        int[] positions = new int[ends.size()];
        for (int i = 0; i < positions.length; i++) {
            double end = ends.get(i) * size;
            positions[i] = (int) Math.round(end);
            if (Math.abs(end - positions[i]) > 1e-6) {
                throw new IllegalArgumentException("shard: segments of " + what + " end within an element: axis " + axis
                        + " of " + whole.shape() + " has no place " + end);
            }
        }
        List<Array> parts = new ArrayList<>();
        for (Array segment : positions.length == 0 ? List.of(whole) : whole.split(positions, axis)) {
            if (segment.dim(axis) % group.size() != 0) {
                throw new IllegalArgumentException("Cannot shard the " + what + " of size " + segment.dim(axis)
                        + " across " + group.size() + " devices.");
            }
            parts.add(segment.split(group.size(), axis).get(group.rank()));
        }
        return parts.size() == 1 ? parts.getFirst().contiguous() : Ops.concatenate(parts, axis);
    }

    /// The size of a rank's part of an axis.
    static int size(int whole, String what, Communicator group) {
        if (whole % group.size() != 0) {
            throw new IllegalArgumentException(
                    "Cannot shard the " + what + " of size " + whole + " across " + group.size() + " devices.");
        }
        return whole / group.size();
    }
}
