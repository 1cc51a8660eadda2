package org.lazuli.nn;

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

    static List<Integer> both(List<Integer> sizes) {
        return sizes.size() == 1 ? List.of(sizes.getFirst(), sizes.getFirst()) : sizes;
    }

    static int channelsPerGroup(String layer, int inChannels, int groups) {
        if (groups < 1 || inChannels % groups != 0) {
            throw new IllegalArgumentException(layer + ": " + inChannels + " input channels cannot be divided into "
                    + groups + " groups of equal size");
        }
        return inChannels / groups;
    }
}
