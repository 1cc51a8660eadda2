package org.lazuli.metal.kernels;

import org.jspecify.annotations.Nullable;

/// A grid over the axes of a layout: the last along x, the one before along y, and all others together along z.
///
/// @param groupX the size of a threadgroup, within what the kernel allows
record Grid(int x, int y, int z, int groupX, int groupY, int groupZ) {
    private static final int THREADS = 256;

    static Grid over(int[] dims, int maxThreads) {
        int rank = dims.length;
        int x = rank > 0 ? dims[rank - 1] : 1;
        int y = rank > 1 ? dims[rank - 2] : 1;
        int z = 1;
        for (int axis = 0; axis < rank - 2; axis++) {
            z *= dims[axis];
        }
        int threads = Integer.highestOneBit(Math.min(THREADS, maxThreads));
        int groupX = Math.min(threads, powerAbove(x));
        int groupY = Math.min(threads / groupX, powerAbove(y));
        int groupZ = Math.min(threads / groupX / groupY, powerAbove(z));
        return new Grid(x, y, z, groupX, groupY, groupZ);
    }

    /// The least power of two that is not below.
    private static int powerAbove(int n) {
        return n > 1 << 30 ? 1 << 30 : n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
    }

    void run(Dispatch dispatch) {
        dispatch.threads(x, y, z, groupX, groupY, groupZ);
    }

    /// Statements that compute `int` offsets for the thread at `uint3 at`, from the table of [Collapsed#table] in `layout`.
    ///
    /// All arithmetic is in 32 bits, and fits: a buffer has fewer than 2³¹ elements, and each term is the distance of two of them.
    ///
    /// @param names what to call the offset of each layout; null for one that is not asked for
    static String offsets(int rank, @Nullable String... names) {
        StringBuilder text = new StringBuilder();
        for (int axis = 0; axis < rank - 2; axis++) {
            text.append("    int p").append(axis).append(";\n");
        }
        if (rank > 2) {
            text.append("    int rest = int(at.z);\n");
            for (int axis = rank - 3; axis >= 0; axis--) {
                if (axis > 0) {
                    text.append("    p%d = rest %% layout[%d];\n    rest /= layout[%d];\n".formatted(axis, axis, axis));
                } else {
                    text.append("    p0 = rest;\n");
                }
            }
        }
        for (int i = 0; i < names.length; i++) {
            if (names[i] == null) {
                continue;
            }
            text.append("    int ").append(names[i]).append(" = ");
            for (int axis = 0; axis < rank; axis++) {
                String position = axis == rank - 1 ? "int(at.x)" : axis == rank - 2 ? "int(at.y)" : "p" + axis;
                text.append(axis == 0 ? "" : " + ").append(position).append(" * layout[");
                text.append(rank * (1 + i) + axis).append("]");
            }
            text.append(rank == 0 ? "0;\n" : ";\n");
        }
        return text.toString();
    }
}
