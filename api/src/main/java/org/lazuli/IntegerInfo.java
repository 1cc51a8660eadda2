package org.lazuli;

import java.math.BigInteger;

/// The limits of an integer type.
///
/// @param min the smallest number
/// @param max the largest number
public record IntegerInfo(DType dtype, BigInteger min, BigInteger max) {
    /// The limits of this type.
    ///
    /// @throws IllegalArgumentException if it is no integer type
    public static IntegerInfo of(DType dtype) {
        if (!dtype.isInteger()) {
            throw new IllegalArgumentException("IntegerInfo: " + dtype + " is no integer type; use FloatInfo");
        }
        BigInteger half = BigInteger.TWO.pow(8 * dtype.bytes() - 1);
        return dtype.isUnsigned()
                ? new IntegerInfo(dtype, BigInteger.ZERO, half.shiftLeft(1).subtract(BigInteger.ONE))
                : new IntegerInfo(dtype, half.negate(), half.subtract(BigInteger.ONE));
    }
}
