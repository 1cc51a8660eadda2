package org.lazuli.cpu;

import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// Functions on int registers: bool, and the integers of up to 32 bits that an `int` holds with their value. Results
/// may leave the range of the dtype; [Conversions#settle] wraps them. See [FloatUnary] for the shape of the loops.
final class IntKernels {
    private IntKernels() {}

    static void unary(UnaryOp op, boolean bool, int[] a, int[] o, int from, int to) {
        switch (op) {
            case ABS -> {
                for (int i = from; i < to; i++) {
                    o[i] = Math.abs(a[i]);
                }
            }
            case NEGATIVE -> {
                for (int i = from; i < to; i++) {
                    o[i] = -a[i];
                }
            }
            case SIGN -> {
                for (int i = from; i < to; i++) {
                    o[i] = Integer.signum(a[i]);
                }
            }
            case BITWISE_INVERT -> {
                int ones = bool ? 1 : -1;
                for (int i = from; i < to; i++) {
                    o[i] = a[i] ^ ones;
                }
            }
            case LOGICAL_NOT -> {
                for (int i = from; i < to; i++) {
                    o[i] = a[i] == 0 ? 1 : 0;
                }
            }
            case CONJUGATE, REAL, FLOOR, CEIL, TRUNC, ROUND -> System.arraycopy(a, from, o, from, to - from);
            case IMAG -> java.util.Arrays.fill(o, from, to, 0);
            default -> throw Unsupported.on(op, "integers");
        }
    }

    static void binary(BinaryOp op, boolean bool, int bits, int[] a, int[] b, int[] o, int from, int to) {
        switch (op) {
            case ADD -> {
                if (bool) {
                    binary(BinaryOp.BITWISE_OR, true, bits, a, b, o, from, to);
                    return;
                }
                for (int i = from; i < to; i++) {
                    o[i] = a[i] + b[i];
                }
            }
            case SUBTRACT -> {
                if (bool) {
                    binary(BinaryOp.BITWISE_XOR, true, bits, a, b, o, from, to);
                    return;
                }
                for (int i = from; i < to; i++) {
                    o[i] = a[i] - b[i];
                }
            }
            case MULTIPLY -> {
                for (int i = from; i < to; i++) {
                    o[i] = a[i] * b[i];
                }
            }
            case DIVIDE, FLOOR_DIVIDE -> {
                for (int i = from; i < to; i++) {
                    o[i] = b[i] == 0 ? 0 : a[i] / b[i];
                }
            }
            case REMAINDER -> {
                for (int i = from; i < to; i++) {
                    o[i] = b[i] == 0 ? 0 : Math.floorMod(a[i], b[i]);
                }
            }
            case POWER -> {
                for (int i = from; i < to; i++) {
                    o[i] = (int) Functions.power((long) a[i], b[i]);
                }
            }
            case MAXIMUM -> {
                for (int i = from; i < to; i++) {
                    o[i] = Math.max(a[i], b[i]);
                }
            }
            case MINIMUM -> {
                for (int i = from; i < to; i++) {
                    o[i] = Math.min(a[i], b[i]);
                }
            }
            case EQUAL -> {
                for (int i = from; i < to; i++) {
                    o[i] = a[i] == b[i] ? 1 : 0;
                }
            }
            case NOT_EQUAL -> {
                for (int i = from; i < to; i++) {
                    o[i] = a[i] != b[i] ? 1 : 0;
                }
            }
            case LESS -> {
                for (int i = from; i < to; i++) {
                    o[i] = a[i] < b[i] ? 1 : 0;
                }
            }
            case LESS_EQUAL -> {
                for (int i = from; i < to; i++) {
                    o[i] = a[i] <= b[i] ? 1 : 0;
                }
            }
            case BITWISE_AND -> {
                for (int i = from; i < to; i++) {
                    o[i] = a[i] & b[i];
                }
            }
            case BITWISE_OR -> {
                for (int i = from; i < to; i++) {
                    o[i] = a[i] | b[i];
                }
            }
            case BITWISE_XOR -> {
                for (int i = from; i < to; i++) {
                    o[i] = a[i] ^ b[i];
                }
            }
            case LEFT_SHIFT -> {
                for (int i = from; i < to; i++) {
                    o[i] = b[i] >= 0 && b[i] < bits ? a[i] << b[i] : 0;
                }
            }
            case RIGHT_SHIFT -> {
                for (int i = from; i < to; i++) {
                    // A shift by all the bits leaves the sign.
                    o[i] = a[i] >> (b[i] >= 0 && b[i] < bits ? b[i] : 31);
                }
            }
            case ARCTAN2, LOGADDEXP -> throw Unsupported.on(op, "integers");
        }
    }
}
