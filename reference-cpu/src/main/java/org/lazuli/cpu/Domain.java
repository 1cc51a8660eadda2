package org.lazuli.cpu;

import org.lazuli.DType;

/// What elements are computed in: the array type of a register.
///
/// Fourteen dtypes come down to five kinds of arithmetic; results are brought into the range of their own dtype
/// afterwards ([Conversions#settle]).
enum Domain {
    /// `int[]`: bool (0 or 1) and the integers that an `int` holds with their value.
    INT,
    /// `long[]`: uint32 and int64 with their value, uint64 as the same bits.
    LONG,
    /// `float[]`: float16, bfloat16, float32.
    FLOAT,
    /// `double[]`: float64.
    DOUBLE,
    /// `float[]`, real and imaginary parts in turn: complex64.
    COMPLEX;

    static Domain of(DType dtype) {
        return switch (dtype) {
            case BOOL, UINT8, INT8, UINT16, INT16, INT32 -> INT;
            case UINT32, UINT64, INT64 -> LONG;
            case FLOAT16, BFLOAT16, FLOAT32 -> FLOAT;
            case FLOAT64 -> DOUBLE;
            case COMPLEX64 -> COMPLEX;
        };
    }

    /// A register of `n` elements.
    Object register(int n) {
        return switch (this) {
            case INT -> new int[n];
            case LONG -> new long[n];
            case FLOAT -> new float[n];
            case DOUBLE -> new double[n];
            case COMPLEX -> new float[2 * n];
        };
    }

    /// True if elements of the dtype are stored as they are computed with, so that no conversion is needed.
    static boolean isDirect(DType dtype) {
        return switch (dtype) {
            case INT32, INT64, UINT64, FLOAT32, FLOAT64, COMPLEX64 -> true;
            default -> false;
        };
    }
}
