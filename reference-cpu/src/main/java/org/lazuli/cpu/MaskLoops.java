package org.lazuli.cpu;

import org.lazuli.spi.Primitive.BinaryOp;

/// Loops that ask a question of each float, which the JIT compiler does not vectorise by itself. Conditions are `int` registers of 0 and 1; results are
/// those of the plain loops, bit for bit.
interface MaskLoops {
    void compare(BinaryOp op, float[] a, float[] b, int[] o, int from, int to);

    /// Stores `a` where `c` is not 0, and `b` elsewhere.
    void select(int[] c, float[] a, float[] b, float[] o, int from, int to);

    void isNonzero(float[] a, int[] o, int from, int to);

    /// Stores 1, 0 or -1; 0 for NaN.
    void sign(float[] a, float[] o, int from, int to);
}
