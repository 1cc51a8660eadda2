package org.lazuli;

import org.jspecify.annotations.Nullable;

/// Options of [Fast#rope].
///
/// @param traditional whether neighbouring elements make a pair, instead of one of the first half with one of the second
/// @param base what the wavelengths grow to: pair i of n turns by `base^(-i/n)` a step
/// @param scale what positions are multiplied with
/// @param freqs the number of steps for one radian, for each pair, in place of those that follow from `base`; or null
public record RopeOptions(
        boolean traditional,
        double base,
        double scale,
        @Nullable Array freqs) {
    /// Halves make pairs, base 10000, scale 1.
    public static final RopeOptions DEFAULT = new RopeOptions(false, 10_000, 1, null);

    public RopeOptions withTraditional(boolean traditional) {
        return new RopeOptions(traditional, base, scale, freqs);
    }

    public RopeOptions withBase(double base) {
        return new RopeOptions(traditional, base, scale, freqs);
    }

    public RopeOptions withScale(double scale) {
        return new RopeOptions(traditional, base, scale, freqs);
    }

    public RopeOptions withFreqs(@Nullable Array freqs) {
        return new RopeOptions(traditional, base, scale, freqs);
    }
}
