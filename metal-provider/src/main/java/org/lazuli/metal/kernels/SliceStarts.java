package org.lazuli.metal.kernels;

import java.util.ArrayList;
import java.util.List;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Tensor;

/// Where the slices begin that index arrays pick, one for each of some axes of a tensor: what gathering and scattering share.
///
/// The index arrays are the last buffers of a kernel; the text knows them by macros, so there may be any number.
final class SliceStarts {
    private final Ints axes;
    private final List<Tensor> indices;
    private final Tensor indexed;

    /// @param indexed the tensor whose axes are indexed
    /// @param indices one array for each axis, all of one shape
    SliceStarts(Tensor indexed, Ints axes, List<Tensor> indices) {
        this.indexed = indexed;
        this.axes = axes;
        this.indices = indices;
    }

    /// The number of slices.
    int count() {
        return indices.isEmpty() ? 1 : indices.getFirst().shape().size();
    }

    /// Encodes the checks of the indices, in the order of the axes.
    void check(String operation, Commands commands) {
        if (count() == 0) {
            return;
        }
        for (int i = 0; i < axes.size(); i++) {
            int axis = axes.get(i);
            commands.checkIndices(
                    operation, indices.get(i), axis, indexed.shape().dim(axis));
        }
    }

    /// Whether there is no element that an index could lead to, so that every index is out of bounds.
    boolean isNowhere() {
        for (int i = 0; i < axes.size(); i++) {
            if (indexed.shape().dim(axes.get(i)) == 0) {
                return true;
            }
        }
        return false;
    }

    /// What distinguishes the kernels: the types of the index arrays.
    String suffix() {
        StringBuilder suffix = new StringBuilder();
        for (Tensor index : indices) {
            suffix.append('_').append(Msl.storage(index.dtype()));
        }
        return suffix.toString();
    }

    /// Defines the macros for a kernel whose own buffers are numbered from 0 to before `buffers`.
    KernelText define(KernelText text, int buffers) {
        StringBuilder parameters = new StringBuilder();
        StringBuilder bindings = new StringBuilder();
        StringBuilder arguments = new StringBuilder();
        StringBuilder sum = new StringBuilder("0");
        for (int i = 0; i < indices.size(); i++) {
            String parameter = ", device const " + Msl.storage(indices.get(i).dtype()) + "* indices" + i;
            parameters.append(parameter);
            bindings.append(parameter).append(" [[buffer(").append(buffers + i).append(")]]");
            arguments.append(", indices").append(i);
            sum.append(" + picked(indices" + i + ", layout, axes, " + i + ", number)");
        }
        return text.define("INDEX_PARAMETERS", parameters)
                .define("INDEX_BINDINGS", bindings)
                .define("INDEX_ARGUMENTS", arguments)
                .define("INDEX_SUM", sum);
    }

    /// The layout of the index arrays.
    int[] layout() {
        int[] sizes =
                indices.isEmpty() ? new int[0] : indices.getFirst().shape().toArray();
        List<int[]> strides = new ArrayList<>();
        for (Tensor index : indices) {
            strides.add(index.strides().toArray());
        }
        return Places.layout(Collapsed.of(sizes, strides.toArray(new int[0][])));
    }

    /// The size and the stride of each indexed axis.
    int[] axes(Ints strides) {
        int[] values = new int[Math.max(1, 2 * axes.size())];
        for (int i = 0; i < axes.size(); i++) {
            values[2 * i] = indexed.shape().dim(axes.get(i));
            values[2 * i + 1] = strides.get(axes.get(i));
        }
        return values;
    }

    /// Binds the index arrays, after the kernel's own buffers.
    Dispatch bind(Dispatch dispatch) {
        for (Tensor index : indices) {
            dispatch.read(index);
        }
        return dispatch;
    }

    /// Of strides along the indexed tensor's axes those along the axes that are not indexed.
    int[] rest(int[] values) {
        int[] rest = new int[values.length - axes.size()];
        int at = 0;
        for (int axis = 0; axis < values.length; axis++) {
            if (!axes.contains(axis)) {
                rest[at++] = values[axis];
            }
        }
        return rest;
    }
}
