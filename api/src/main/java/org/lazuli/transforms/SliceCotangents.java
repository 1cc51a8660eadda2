package org.lazuli.transforms;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.graph.Node;
import org.lazuli.spi.Primitive;

/// The cotangents of slices of one array, which together are a cotangent of the array.
///
/// Those that lie side by side along one axis, as `split`, `unstack` and a loop over rows leave them, are concatenated: each element is written once. Any
/// others are each written into zeros, and added up.
final class SliceCotangents {
    private final Array array;
    private final Node user;
    private final List<Part> parts = new ArrayList<>();

    private record Part(Primitive.Slice slice, Array cotangent) {}

    /// @param array what was sliced
    /// @param user the slice that is first on the way back
    SliceCotangents(Array array, Node user) {
        this.array = array;
        this.user = user;
    }

    Node user() {
        return user;
    }

    void add(Primitive.Slice slice, Array cotangent) {
        parts.add(new Part(slice, cotangent));
    }

    /// What the array's cotangent is the sum of.
    List<Array> whole() {
        Array joined = parts.size() < 2 ? null : joined();
        if (joined != null) {
            return List.of(joined);
        }
        return parts.stream()
                .map(part -> GradientRules.slice(part.slice, array, part.cotangent))
                .toList();
    }

    /// All parts and what is between them, or null if they do not lie side by side along an axis.
    private @Nullable Array joined() {
        int axis = axis();
        if (axis < 0) {
            return null;
        }
        List<Part> sorted = parts.stream()
                .sorted(Comparator.comparingInt(part -> part.slice.starts().get(axis)))
                .toList();
        List<Array> pieces = new ArrayList<>();
        int end = 0;
        for (Part part : sorted) {
            int start = part.slice.starts().get(axis);
            if (start < end) {
                return null;
            }
            fill(pieces, axis, start - end);
            pieces.add(part.cotangent);
            end = start + part.cotangent.dim(axis);
        }
        fill(pieces, axis, array.dim(axis) - end);
        return Ops.concatenate(pieces, axis);
    }

    private void fill(List<Array> pieces, int axis, int size) {
        if (size > 0) {
            pieces.add(Ops.zeros(array.shape().with(axis, size), array.dtype()));
        }
    }

    /// The one axis along which the parts are less than the array, or -1.
    private int axis() {
        int found = -1;
        Shape whole = array.shape();
        for (Part part : parts) {
            for (int axis = 0; axis < whole.rank(); axis++) {
                boolean all = part.cotangent.dim(axis) == whole.dim(axis)
                        && part.slice.starts().get(axis) == 0
                        && part.slice.steps().get(axis) == 1;
                if (!all && (part.slice.steps().get(axis) != 1 || (found >= 0 && found != axis))) {
                    return -1;
                }
                found = all ? found : axis;
            }
        }
        return found;
    }
}
