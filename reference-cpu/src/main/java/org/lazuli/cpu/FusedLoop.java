package org.lazuli.cpu;

/// A chain of operations on floats as one loop, whose intermediate results never leave the processor's registers. Made by [LoopCompiler].
interface FusedLoop {
    /// Computes elements `from` … `to - 1`.
    ///
    /// @param arrays operands and then results: element `i` of number `k` lies at `arrays[k][offsets[k] + i]`. A result may take the place of an
    ///     operand at the same offset
    /// @param scalars operands and constants that are the same for all elements
    void run(float[][] arrays, int[] offsets, float[] scalars, int from, int to);
}
