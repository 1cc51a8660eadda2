package org.lazuli.conformance;

import org.lazuli.Quantization;

/// What packed elements stand for, by the definitions of the formats, in `double`.
public final class Packed {
    private Packed() {}

    /// The elements of a matrix, row by row.
    ///
    /// @param words the packed elements, as unsigned numbers
    /// @param scales numbers, or the codes of numbers, one for each group
    /// @param biases numbers, one for each group; not read if the mode has none
    public static double[] elements(Quantization how, double[] words, double[] scales, double[] biases) {
        double[] result = new double[(int) (words.length * 32L / how.bits())];
        for (int i = 0; i < result.length; i++) {
            int code = 0;
            for (int bit = 0; bit < how.bits(); bit++) {
                long at = (long) i * how.bits() + bit;
                code |= (int) ((long) words[(int) (at / 32)] >>> at % 32 & 1) << bit;
            }
            int group = i / how.groupSize();
            result[i] = switch (how.mode()) {
                case AFFINE -> code * scales[group] + biases[group];
                case MXFP4 -> number(code, 2, 1) * Math.scalb(1.0, (int) scales[group] - 127);
                case MXFP8 -> number(code, 4, 3) * Math.scalb(1.0, (int) scales[group] - 127);
                case NVFP4 -> number(code, 2, 1) * number((int) scales[group], 4, 3);
            };
        }
        return result;
    }

    /// A sign, an exponent and a mantissa of so many bits.
    static double number(int code, int exponentBits, int mantissaBits) {
        int mantissa = code & (1 << mantissaBits) - 1;
        int exponent = code >> mantissaBits & (1 << exponentBits) - 1;
        int bias = (1 << exponentBits - 1) - 1;
        double magnitude = exponent == 0
                ? Math.scalb((double) mantissa, 1 - bias - mantissaBits)
                : Math.scalb((double) (mantissa + (1 << mantissaBits)), exponent - bias - mantissaBits);
        return code >> exponentBits + mantissaBits == 0 ? magnitude : -magnitude;
    }
}
