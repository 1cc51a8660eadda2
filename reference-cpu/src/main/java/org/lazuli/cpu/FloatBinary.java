package org.lazuli.cpu;

import org.lazuli.spi.Primitive.BinaryOp;

/// Functions of two operands on float registers; `o` may be `a` or `b`. See [FloatUnary] for the shape of the loops.
final class FloatBinary {
    private FloatBinary() {}

    static void run(BinaryOp op, float[] a, float[] b, float[] o, int from, int to) {
        switch (op) {
            case ADD -> add(a, b, o, from, to);
            case SUBTRACT -> subtract(a, b, o, from, to);
            case MULTIPLY -> multiply(a, b, o, from, to);
            case DIVIDE -> divide(a, b, o, from, to);
            case FLOOR_DIVIDE -> floorDivide(a, b, o, from, to);
            case REMAINDER -> remainder(a, b, o, from, to);
            case POWER -> power(a, b, o, from, to);
            case MAXIMUM -> maximum(a, b, o, from, to);
            case MINIMUM -> minimum(a, b, o, from, to);
            case ARCTAN2 -> arctan2(a, b, o, from, to);
            case LOGADDEXP -> logAddExp(a, b, o, from, to);
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL -> throw new IllegalArgumentException(op + " gives bool");
            case BITWISE_AND, BITWISE_OR, BITWISE_XOR, LEFT_SHIFT, RIGHT_SHIFT ->
                throw Unsupported.on(op, "floating point");
        }
    }

    static void compare(BinaryOp op, float[] a, float[] b, int[] o, int from, int to) {
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
                    o[i] = a[i] < b[i] ? 1 : 0;
                }
            }
            case LESS_EQUAL -> {
                for (int i = from; i < to; i++) {
                    o[i] = a[i] <= b[i] ? 1 : 0;
                }
            }
            default -> throw new IllegalArgumentException(op + " is no comparison");
        }
    }

    private static void add(float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = a[i] + b[i];
        }
    }

    private static void subtract(float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = a[i] - b[i];
        }
    }

    private static void multiply(float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = a[i] * b[i];
        }
    }

    private static void divide(float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = a[i] / b[i];
        }
    }

    private static void floorDivide(float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (float) Math.floor(a[i] / b[i]);
        }
    }

    private static void remainder(float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            float r = a[i] % b[i];
            o[i] = r != 0 && r < 0 != b[i] < 0 ? r + b[i] : r;
        }
    }

    private static void power(float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (float) Functions.power(a[i], b[i]);
        }
    }

    private static void maximum(float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = Math.max(a[i], b[i]);
        }
    }

    private static void minimum(float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = Math.min(a[i], b[i]);
        }
    }

    private static void arctan2(float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (float) Math.atan2(a[i], b[i]);
        }
    }

    private static void logAddExp(float[] a, float[] b, float[] o, int from, int to) {
        for (int i = from; i < to; i++) {
            o[i] = (float) Functions.logAddExp(a[i], b[i]);
        }
    }
}
