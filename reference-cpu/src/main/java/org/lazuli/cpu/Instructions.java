package org.lazuli.cpu;

import org.lazuli.DType;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.Elementwise;
import org.lazuli.spi.Primitive.UnaryOp;

/// Runs one elementwise instruction over registers: finds the kernel for the operands' domain, and rounds the result to
/// its dtype.
final class Instructions {
    private Instructions() {}

    /// @param operands registers, each of the domain of its `type`
    /// @param result a register of the domain of `dtype`; may be one of the operands
    static void run(Elementwise op, Object[] operands, DType[] types, Object result, DType dtype, int from, int to) {
        switch (op) {
            case Primitive.Constant constant -> fill(constant, result, from, to);
            case Primitive.Unary(UnaryOp unary) -> unary(unary, operands[0], types[0], result, dtype, from, to);
            case Primitive.Binary(BinaryOp binary) ->
                binary(binary, operands[0], operands[1], types[0], result, dtype, from, to);
            case Primitive.Select() ->
                select((int[]) operands[0], operands[1], operands[2], Domain.of(dtype), result, from, to);
            case Primitive.Cast(DType target) -> Casts.run(types[0], operands[0], target, result, from, to);
        }
    }

    private static void unary(UnaryOp op, Object a, DType type, Object o, DType dtype, int from, int to) {
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
            case FLOAT -> FloatUnary.run(op, (float[]) a, (float[]) o, from, to);
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

    private static void binary(BinaryOp op, Object a, Object b, DType type, Object o, DType dtype, int from, int to) {
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

    private static void select(int[] c, Object x, Object y, Domain domain, Object o, int from, int to) {
        switch (domain) {
            case INT -> {
                int[] a = (int[]) x;
                int[] b = (int[]) y;
                int[] r = (int[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = c[i] != 0 ? a[i] : b[i];
                }
            }
            case LONG -> {
                long[] a = (long[]) x;
                long[] b = (long[]) y;
                long[] r = (long[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = c[i] != 0 ? a[i] : b[i];
                }
            }
            case FLOAT -> {
                float[] a = (float[]) x;
                float[] b = (float[]) y;
                float[] r = (float[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = c[i] != 0 ? a[i] : b[i];
                }
            }
            case DOUBLE -> {
                double[] a = (double[]) x;
                double[] b = (double[]) y;
                double[] r = (double[]) o;
                for (int i = from; i < to; i++) {
                    r[i] = c[i] != 0 ? a[i] : b[i];
                }
            }
            case COMPLEX -> {
                float[] a = (float[]) x;
                float[] b = (float[]) y;
                float[] r = (float[]) o;
                for (int i = from; i < to; i++) {
                    float re = c[i] != 0 ? a[2 * i] : b[2 * i];
                    float im = c[i] != 0 ? a[2 * i + 1] : b[2 * i + 1];
                    r[2 * i] = re;
                    r[2 * i + 1] = im;
                }
            }
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
                            case BFLOAT16 -> Conversions.brainToFloat((short) bits);
                            default -> Float.intBitsToFloat((int) bits);
                        });
            default -> throw new IllegalArgumentException("not a register: " + register.getClass());
        }
    }
}
