package org.lazuli.metal.kernels;

import org.lazuli.DType;

/// What kernels that combine or compare elements know of their dtype.
final class Values {
    private Values() {}

    /// The macro KIND.
    static int kind(DType dtype) {
        return switch (dtype.category()) {
            case BOOL -> 0;
            case SIGNED, UNSIGNED -> 1;
            case FLOATING -> 2;
            case COMPLEX -> 3;
        };
    }

    /// A type that holds every element and compares as they do.
    static String compared(DType dtype) {
        return switch (dtype) {
            case BOOL, UINT8, UINT16, UINT32 -> "uint";
            case INT8, INT16, INT32 -> "int";
            case UINT64 -> "ulong";
            case INT64 -> "long";
            case FLOAT16, BFLOAT16, FLOAT32 -> "float";
            case COMPLEX64 -> "float2";
            case FLOAT64 -> throw new IllegalArgumentException("Metal has no float64");
        };
    }

    /// A type to add and multiply in: integers wrap there, which only unsigned ones are defined to.
    static String accumulated(DType dtype) {
        return switch (dtype) {
            case INT8, INT16, INT32 -> "uint";
            case INT64 -> "ulong";
            default -> compared(dtype);
        };
    }
}
