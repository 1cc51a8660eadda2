package org.lazuli;

import java.util.Locale;

/// How [Ops#quantize] packs a matrix: which numbers an element can be, in how many bits, and how many neighbours along the last axis
/// share a scale.
///
/// ```java
/// Quantized w = Ops.quantize(weight, Quantization.AFFINE.withBits(8));
/// Array y = Ops.quantizedMatmul(x, w);
/// ```
///
/// Elements are packed along the last axis into `uint32`, the first into the lowest bits; one whose bits do not fit a word goes on in
/// the next.
///
/// See also: MLX, *quantize*; Open Compute Project, *OCP Microscaling Formats (MX) Specification*, version 1.0, 2023.
///
/// @param mode which numbers an element can be
/// @param groupSize how many elements share a scale: 32, 64 or 128 for [Mode#AFFINE], else what the format says
/// @param bits the size of an element: 2, 3, 4, 5, 6 or 8 for [Mode#AFFINE], else what the format says
public record Quantization(Mode mode, int groupSize, int bits) {
    /// Evenly spaced numbers in 4 bits, in groups of 64.
    public static final Quantization AFFINE = new Quantization(Mode.AFFINE, 64, 4);

    /// [Mode#MXFP4].
    public static final Quantization MXFP4 = new Quantization(Mode.MXFP4, 32, 4);

    /// [Mode#MXFP8].
    public static final Quantization MXFP8 = new Quantization(Mode.MXFP8, 32, 8);

    /// [Mode#NVFP4].
    public static final Quantization NVFP4 = new Quantization(Mode.NVFP4, 16, 4);

    /// Which numbers an element can be.
    public enum Mode {
        /// `scale * q + bias` for integers `q` from 0 to `2^bits - 1`. Scales and biases have the type of the matrix.
        AFFINE,
        /// Floating point with two bits of exponent and one of mantissa (0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives), times a power of
        /// two for each 32. A scale is a `uint8` that holds the exponent plus 127.
        MXFP4,
        /// Floating point with four bits of exponent and three of mantissa, up to 448, times a power of two for each 32.
        MXFP8,
        /// The numbers of [#MXFP4], times a number for each 16 that is itself floating point with four bits of exponent and three of
        /// mantissa, a `uint8`.
        NVFP4;

        /// MLX's name: `affine`, `mxfp4`, ….
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The mode of this name.
        ///
        /// @throws IllegalArgumentException if there is none
        public static Mode named(String name) {
            for (Mode mode : values()) {
                if (mode.toString().equals(name)) {
                    return mode;
                }
            }
            throw new IllegalArgumentException(
                    "quantization: there is no mode called '" + name + "'; there are affine, mxfp4, mxfp8 and nvfp4");
        }
    }

    /// @throws IllegalArgumentException if the mode has no such groups or elements
    public Quantization {
        boolean offered = switch (mode) {
            case AFFINE -> {
                check(bits >= 2 && bits <= 8 && bits != 7, mode, "bits", "2, 3, 4, 5, 6 or 8", bits);
                yield groupSize == 32 || groupSize == 64 || groupSize == 128;
            }
            case MXFP4, NVFP4 -> {
                check(bits == 4, mode, "bits", "4", bits);
                yield groupSize == (mode == Mode.MXFP4 ? 32 : 16);
            }
            case MXFP8 -> {
                check(bits == 8, mode, "bits", "8", bits);
                yield groupSize == 32;
            }
        };
        String sizes = mode == Mode.AFFINE ? "32, 64 or 128" : mode == Mode.NVFP4 ? "16" : "32";
        check(offered, mode, "group size", sizes, groupSize);
    }

    private static void check(boolean offered, Mode mode, String what, String offer, int given) {
        if (!offered) {
            throw new IllegalArgumentException(
                    "quantization: for mode " + mode + " the " + what + " must be " + offer + ", got " + given);
        }
    }

    /// A mode with the group size and the bits that are usual for it.
    public static Quantization of(Mode mode) {
        return switch (mode) {
            case AFFINE -> AFFINE;
            case MXFP4 -> MXFP4;
            case MXFP8 -> MXFP8;
            case NVFP4 -> NVFP4;
        };
    }

    public Quantization withGroupSize(int groupSize) {
        return new Quantization(mode, groupSize, bits);
    }

    public Quantization withBits(int bits) {
        return new Quantization(mode, groupSize, bits);
    }

    /// True if a group has a bias as well as a scale.
    public boolean hasBiases() {
        return mode == Mode.AFFINE;
    }

    /// How many elements so many words hold.
    public int elements(int words) {
        return Math.toIntExact(words * 32L / bits);
    }

    /// How many words so many elements take: whole groups of them.
    public int words(int elements) {
        return (int) ((long) elements * bits / 32);
    }
}
