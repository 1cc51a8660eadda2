package org.lazuli.nn;

import java.util.Collections;
import java.util.List;

/// Checks of what convolving and pooling layers are made with.
final class Kernels {
    private Kernels() {}

    /// One size for each axis, from one for all or one for each.
    static int[] sizes(String layer, String what, int axes, List<Integer> sizes) {
        if (sizes.size() != 1 && sizes.size() != axes) {
            throw new IllegalArgumentException(
                    layer + ": give one or " + axes + " " + what + ", not " + sizes.size() + ": " + sizes);
        }
        int[] result = new int[axes];
        for (int i = 0; i < axes; i++) {
            result[i] = sizes.get(sizes.size() == 1 ? 0 : i);
        }
        return result;
    }

    /// One size for each axis, as a tuple; a plain number where there is one axis.
    static String text(int axes, List<Integer> sizes) {
        List<Integer> all = sizes.size() == axes ? sizes : Collections.nCopies(axes, sizes.getFirst());
        return axes == 1 ? String.valueOf(all.getFirst()) : Repr.of(all);
    }

    /// A size for all axes as a plain number, else a tuple.
    static String shortText(List<Integer> sizes) {
        return sizes.size() == 1 ? String.valueOf(sizes.getFirst()) : Repr.of(sizes);
    }

    static int channelsPerGroup(String layer, int inChannels, int groups) {
        if (groups < 1 || inChannels % groups != 0) {
            throw new IllegalArgumentException(layer + ": " + inChannels + " input channels cannot be divided into "
                    + groups + " groups of equal size");
        }
        return inChannels / groups;
    }
}
