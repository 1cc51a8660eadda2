package org.lazuli;

/// The limits of a floating point type; of `complex64` those of its parts.
///
/// @param bits the size of a number
/// @param min the smallest finite number
/// @param max the largest finite number
/// @param eps the distance from 1 to the next larger number
/// @param smallestNormal the smallest positive number of full precision
public record FloatInfo(DType dtype, int bits, double min, double max, double eps, double smallestNormal) {
    /// The limits of this type.
    ///
    /// @throws IllegalArgumentException if it is not floating point or complex
    public static FloatInfo of(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> new FloatInfo(dtype, 16, -65504, 65504, 0x1p-10, 0x1p-14);
            case BFLOAT16 -> new FloatInfo(dtype, 16, -0x1.FEp127, 0x1.FEp127, 0x1p-7, 0x1p-126);
            case FLOAT32, COMPLEX64 ->
                new FloatInfo(DType.FLOAT32, 32, -Float.MAX_VALUE, Float.MAX_VALUE, Math.ulp(1f), Float.MIN_NORMAL);
            case FLOAT64 ->
                new FloatInfo(dtype, 64, -Double.MAX_VALUE, Double.MAX_VALUE, Math.ulp(1.0), Double.MIN_NORMAL);
            default ->
                throw new IllegalArgumentException(
                        "FloatInfo: " + dtype + " is no floating point type; use IntegerInfo");
        };
    }
}
