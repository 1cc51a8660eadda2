package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.Elementwise;
import org.lazuli.spi.Primitive.UnaryOp;

/// Runs one elementwise instruction over registers: finds the kernel for the operands' domain, and rounds the result to
/// its dtype.
final class Instructions {
    private final @Nullable VectorSupport vectors;

    /// @param vectors what long registers are computed with, where there is a choice; null for plain loops
    Instructions(@Nullable VectorSupport vectors) {
        this.vectors = vectors;
    }

    /// @param size how many elements the whole tensor has, which decides between plain loops and the Vector API: alike
    ///     for all of its parts
    /// @param operands registers, each of the domain of its `type`
    /// @param result a register of the domain of `dtype`; may be one of the operands
    void run(Elementwise op, int size, Object[] operands, DType[] types, Object result, DType dtype, int from, int to) {
        switch (op) {
            case Primitive.Constant constant -> fill(constant, result, from, to);
            case Primitive.Unary(UnaryOp unary) -> unary(unary, size, operands[0], types[0], result, dtype, from, to);
            case Primitive.Binary(BinaryOp binary) ->
                binary(binary, size, operands[0], operands[1], types[0], result, dtype, from, to);
            case Primitive.Select() ->
                select(size, (int[]) operands[0], operands[1], operands[2], Domain.of(dtype), result, from, to);
            case Primitive.Cast(DType target) -> cast(size, types[0], operands[0], target, result, from, to);
        }
    }

    /// What an operation on so many elements is computed with, or null for plain loops.
    private @Nullable VectorSupport vectors(int size) {
        return size >= VectorSupport.SHORTEST ? vectors : null;
    }

    private void unary(UnaryOp op, int size, Object a, DType type, Object o, DType dtype, int from, int to) {
        if (op == UnaryOp.LOGICAL_NOT) {
            switch (Domain.of(type)) {
                case INT -> IntKernels.unary(op, false, (int[]) a, (int[]) o, from, to);
                case LONG -> LongKernels.logicalNot((long[]) a, (int[]) o, from, to);
                case FLOAT -> FloatUnary.logicalNot((float[]) a, (int[]) o, from, to);
                case DOUBLE -> DoubleUnary.logicalNot((double[]) a, (int[]) o, from, to);
                case COMPLEX -> ComplexKernels.logicalNot((float[]) a, (int[]) o, from, to);
            }
            return;
        }
        switch (Domain.of(type)) {
            case INT -> IntKernels.unary(op, type == DType.BOOL, (int[]) a, (int[]) o, from, to);
            case LONG -> LongKernels.unary(op, type == DType.UINT64, (long[]) a, (long[]) o, from, to);
            case FLOAT -> {
                VectorSupport fast = vectors(size);
                if (op == UnaryOp.SIGN && fast != null) {
                    fast.masks().sign((float[]) a, (float[]) o, from, to);
                } else if (fast == null || !fast.unary(op, (float[]) a, (float[]) o, from, to)) {
                    FloatUnary.run(op, (float[]) a, (float[]) o, from, to);
                }
            }
            case DOUBLE -> DoubleUnary.run(op, (double[]) a, (double[]) o, from, to);
            case COMPLEX -> {
                if (op == UnaryOp.ABS || op == UnaryOp.REAL || op == UnaryOp.IMAG) {
                    ComplexKernels.part(op, (float[]) a, (float[]) o, from, to);
                } else {
                    ComplexKernels.unary(op, (float[]) a, (float[]) o, from, to);
                }
            }
        }
        Conversions.settle(dtype, o, from, to);
    }

    private void cast(int size, DType source, Object a, DType target, Object o, int from, int to) {
        VectorSupport fast = vectors(size);
        if (fast != null && target == DType.BOOL && Domain.of(source) == Domain.FLOAT) {
            fast.masks().isNonzero((float[]) a, (int[]) o, from, to);
        } else {
            Casts.run(source, a, target, o, from, to);
        }
    }

    private void binary(
            BinaryOp op, int size, Object a, Object b, DType type, Object o, DType dtype, int from, int to) {
        VectorSupport fast = vectors(size);
        if (fast != null && op.isComparison() && Domain.of(type) == Domain.FLOAT) {
            fast.masks().compare(op, (float[]) a, (float[]) b, (int[]) o, from, to);
        } else {
            binary(op, a, b, type, o, dtype, from, to);
        }
    }

    /// @param type the operands' dtype
    static void binary(BinaryOp op, Object a, Object b, DType type, Object o, DType dtype, int from, int to) {
        int bits = 8 * type.bytes();
        boolean unsigned = type == DType.UINT64;
        if (op.isComparison()) {
            int[] r = (int[]) o;
            switch (Domain.of(type)) {
                case INT -> IntKernels.binary(op, false, bits, (int[]) a, (int[]) b, r, from, to);
                case LONG -> LongKernels.compare(op, unsigned, (long[]) a, (long[]) b, r, from, to);
                case FLOAT -> FloatBinary.compare(op, (float[]) a, (float[]) b, r, from, to);
                case DOUBLE -> DoubleBinary.compare(op, (double[]) a, (double[]) b, r, from, to);
                case COMPLEX -> ComplexKernels.compare(op, (float[]) a, (float[]) b, r, from, to);
            }
            return;
        }
        switch (Domain.of(type)) {
            case INT -> IntKernels.binary(op, type == DType.BOOL, bits, (int[]) a, (int[]) b, (int[]) o, from, to);
            case LONG -> LongKernels.binary(op, unsigned, bits, (long[]) a, (long[]) b, (long[]) o, from, to);
            case FLOAT -> FloatBinary.run(op, (float[]) a, (float[]) b, (float[]) o, from, to);
            case DOUBLE -> DoubleBinary.run(op, (double[]) a, (double[]) b, (double[]) o, from, to);
            case COMPLEX -> ComplexKernels.binary(op, (float[]) a, (float[]) b, (float[]) o, from, to);
        }
        Conversions.settle(dtype, o, from, to);
    }

    /// Bits are chosen with a mask, since a branch on data is mispredicted, and a loop with one not vectorised.
    private void select(int size, int[] c, Object x, Object y, Domain domain, Object o, int from, int to) {
        VectorSupport fast = vectors(size);
        if (fast != null && domain == Domain.FLOAT) {
            fast.masks().select(c, (float[]) x, (float[]) y, (float[]) o, from, to);
            return;
        }
        switch (domain) {
            case INT -> select(c, (int[]) x, (int[]) y, (int[]) o, from, to);
            case LONG -> select(c, (long[]) x, (long[]) y, (long[]) o, from, to);
            case FLOAT -> select(c, (float[]) x, (float[]) y, (float[]) o, from, to);
            case DOUBLE -> select(c, (double[]) x, (double[]) y, (double[]) o, from, to);
            case COMPLEX -> selectPairs(c, (float[]) x, (float[]) y, (float[]) o, from, to);
        }
    }

    private static void select(int[] c, int[] a, int[] b, int[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = b[i] ^ ((a[i] ^ b[i]) & -c[i]);
        }
    }

    private static void select(int[] c, long[] a, long[] b, long[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = b[i] ^ ((a[i] ^ b[i]) & -(long) c[i]);
        }
    }

    private static void select(int[] c, float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            int other = Float.floatToRawIntBits(b[i]);
            o[i] = Float.intBitsToFloat(other ^ ((Float.floatToRawIntBits(a[i]) ^ other) & -c[i]));
        }
    }

    private static void select(int[] c, double[] a, double[] b, double[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            long other = Double.doubleToRawLongBits(b[i]);
            o[i] = Double.longBitsToDouble(other ^ ((Double.doubleToRawLongBits(a[i]) ^ other) & -(long) c[i]));
        }
    }

    private static void selectPairs(int[] c, float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            float re = c[i] != 0 ? a[2 * i] : b[2 * i];
            float im = c[i] != 0 ? a[2 * i + 1] : b[2 * i + 1];
            o[2 * i] = re;
            o[2 * i + 1] = im;
        }
    }

    private static void fill(Primitive.Constant constant, Object register, int from, int to) {
        long bits = constant.bits();
        switch (register) {
            case int[] r ->
                java.util.Arrays.fill(
                        r,
                        from,
                        to,
                        switch (constant.dtype()) {
                            case BOOL -> (bits & 0xFF) != 0 ? 1 : 0;
                            case UINT8 -> (int) bits & 0xFF;
                            case INT8 -> (byte) bits;
                            case UINT16 -> (int) bits & 0xFFFF;
                            case INT16 -> (short) bits;
                            default -> (int) bits;
                        });
            case long[] r ->
                java.util.Arrays.fill(r, from, to, constant.dtype() == DType.UINT32 ? bits & 0xFFFFFFFFL : bits);
            case double[] r -> java.util.Arrays.fill(r, from, to, Double.longBitsToDouble(bits));
            case float[] r
            when constant.dtype() == DType.COMPLEX64 -> {
                for (int i = from; i < to; i++) {
                    r[2 * i] = Float.intBitsToFloat((int) bits);
                    r[2 * i + 1] = Float.intBitsToFloat((int) (bits >>> 32));
                }
            }
            case float[] r ->
                java.util.Arrays.fill(
                        r,
                        from,
                        to,
                        switch (constant.dtype()) {
                            case FLOAT16 -> Float.float16ToFloat((short) bits);
                            case BFLOAT16 -> BrainFloats.toFloat((short) bits);
                            default -> Float.intBitsToFloat((int) bits);
                        });
            default -> throw new IllegalArgumentException("not a register: " + register.getClass());
        }
    }
}
