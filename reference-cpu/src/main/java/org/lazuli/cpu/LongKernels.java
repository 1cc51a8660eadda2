package org.lazuli.cpu;

import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// Functions on long registers: uint32 and int64 with their value, uint64 as the same 64 bits (`unsigned` says so). See
/// [FloatUnary] for the shape of the loops.
final class LongKernels {
    private LongKernels() {}

    static void unary(UnaryOp op, boolean unsigned, long[] a, long[] o, int from, int to) {
        switch (op) {
            case ABS -> {
                for (int i = from; i < to; i++) {
                    o[i] = unsigned ? a[i] : Math.abs(a[i]);
                }
            }
            case NEGATIVE -> {
                for (int i = from; i < to; i++) {
                    o[i] = -a[i];
                }
            }
            case SIGN -> {
                for (int i = from; i < to; i++) {
                    o[i] = unsigned ? (a[i] == 0 ? 0 : 1) : Long.signum(a[i]);
                }
            }
            case BITWISE_INVERT -> {
                for (int i = from; i < to; i++) {
                    o[i] = ~a[i];
                }
            }
            case CONJUGATE, REAL, FLOOR, CEIL, TRUNC, ROUND -> System.arraycopy(a, from, o, from, to - from);
            case IMAG -> java.util.Arrays.fill(o, from, to, 0);
            default -> throw Unsupported.on(op, "integers");
        }
    }

    static void logicalNot(long[] a, int[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = a[i] == 0 ? 1 : 0;
        }
    }

    static void binary(BinaryOp op, boolean unsigned, int bits, long[] a, long[] b, long[] o, int from, int to) {
        switch (op) {
            case ADD -> {
                for (int i = from; i < to; i++) {
                    o[i] = a[i] + b[i];
                }
            }
            case SUBTRACT -> {
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
                    o[i] = b[i] == 0 ? 0 : unsigned ? Long.divideUnsigned(a[i], b[i]) : a[i] / b[i];
                }
            }
            case REMAINDER -> {
                for (int i = from; i < to; i++) {
                    o[i] = b[i] == 0 ? 0 : unsigned ? Long.remainderUnsigned(a[i], b[i]) : Math.floorMod(a[i], b[i]);
                }
            }
            case POWER -> {
                for (int i = from; i < to; i++) {
                    o[i] = unsigned ? Functions.powerUnsigned(a[i], b[i]) : Functions.power(a[i], b[i]);
                }
            }
            case MAXIMUM -> {
                for (int i = from; i < to; i++) {
                    o[i] = less(a[i], b[i], unsigned) ? b[i] : a[i];
                }
            }
            case MINIMUM -> {
                for (int i = from; i < to; i++) {
                    o[i] = less(b[i], a[i], unsigned) ? b[i] : a[i];
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
                    boolean within = b[i] >= 0 && b[i] < bits;
                    // A shift by all the bits leaves the sign.
                    o[i] = unsigned ? (within ? a[i] >>> b[i] : 0) : a[i] >> (within ? b[i] : 63);
                }
            }
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL -> throw new IllegalArgumentException(op + " gives bool");
            case ARCTAN2, LOGADDEXP -> throw Unsupported.on(op, "integers");
        }
    }

    static void compare(BinaryOp op, boolean unsigned, long[] a, long[] b, int[] o, int from, int to) {
        switch (op) {
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
                    o[i] = less(a[i], b[i], unsigned) ? 1 : 0;
                }
            }
            case LESS_EQUAL -> {
                for (int i = from; i < to; i++) {
                    o[i] = less(b[i], a[i], unsigned) ? 0 : 1;
                }
            }
            default -> throw new IllegalArgumentException(op + " is no comparison");
        }
    }

    static boolean less(long a, long b, boolean unsigned) {
        return unsigned ? Long.compareUnsigned(a, b) < 0 : a < b;
    }
}
