package org.lazuli.cpu;

import org.lazuli.DType;

/// The least and the greatest value of the integer dtypes and bool, as a register holds them.
final class Extremes {
    private Extremes() {}

    static long least(DType dtype) {
        return switch (dtype) {
            case BOOL, UINT8, UINT16, UINT32, UINT64 -> 0;
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> Long.MIN_VALUE;
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64, COMPLEX64 -> throw notInteger(dtype);
        };
    }

    static long greatest(DType dtype) {
        return switch (dtype) {
            case BOOL -> 1;
            case UINT8 -> 0xFF;
            case UINT16 -> 0xFFFF;
            case UINT32 -> 0xFFFFFFFFL;
            case UINT64 -> -1;
            case INT8 -> Byte.MAX_VALUE;
            case INT16 -> Short.MAX_VALUE;
            case INT32 -> Integer.MAX_VALUE;
            case INT64 -> Long.MAX_VALUE;
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64, COMPLEX64 -> throw notInteger(dtype);
        };
    }

    private static IllegalArgumentException notInteger(DType dtype) {
        return new IllegalArgumentException(dtype + " is no integer type");
    }
}
