package org.lazuli.cpu;

/// Arrays that a thread uses again from kernel to kernel, for what is packed: their content is anybody's.
final class Scratch {
    /// What an array holds; a kernel may use one of each at a time.
    enum Use {
        /// What the calling thread packs for all parts.
        SHARED,
        LEFT,
        RIGHT,
        TILE,

        /// The right operand of a matrix product, which kernels that use the others may call.
        PANELS,

        /// Its left operand, or some rows of that.
        STRIPS,

        /// Some of its elements.
        PRODUCTS,
        SUMS
    }

    /// Longer arrays are made anew each time, so that they do not stay for good.
    private static final int LONGEST = 1 << 22;

    private static final ThreadLocal<float[][]> ARRAYS =
            ThreadLocal.withInitial(() -> new float[Use.values().length][0]);

    private Scratch() {}

    /// An array of at least so many elements.
    static float[] floats(Use use, int length) {
        float[][] arrays = ARRAYS.get();
        float[] array = arrays[use.ordinal()];
        if (array.length < length) {
            array = new float[length];
            if (length <= LONGEST) {
                arrays[use.ordinal()] = array;
            }
        }
        return array;
    }
}
