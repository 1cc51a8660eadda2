package org.lazuli.cpu;

/// A Fourier transform of any length as a convolution of a longer, convenient one: `jk = (j² + k² - (j - k)²) / 2` (L. Bluestein, *A linear
/// filtering approach to the computation of the discrete Fourier transform*, 1970).
final class Bluestein extends FourierPlan {
    private final FourierPlan longer;

    /// `exp(-πi k² / length)`.
    private final Numbers chirp;

    /// The transform of the conjugated chirp, around 0, over the longer length.
    private final Numbers filter;

    Bluestein(int length) {
        super(length);
        longer = new MixedRadix(convenient(2L * length - 1));
        chirp = Numbers.of(length);
        int size = longer.length;
        Numbers around = Numbers.of(size);
        for (int k = 0; k < length; k++) {
            root((long) k * k % (2L * length), 2L * length, chirp, k);
            int mirrored = k == 0 ? 0 : size - k;
            around.re()[k] = around.re()[mirrored] = chirp.re()[k] / size;
            around.im()[k] = around.im()[mirrored] = -chirp.im()[k] / size;
        }
        filter = longer.run(around, Numbers.of(size), 1, new Passes());
    }

    /// The least number from `least` on that is a product of 2, 3 and 5, with a factor of 4.
    private static int convenient(long least) {
        long best = Long.highestOneBit(least) * 2;
        for (long fives = 1; fives < best; fives *= 5) {
            for (long odd = fives; odd < best; odd *= 3) {
                long size = 4 * odd;
                while (size < least) {
                    size *= 2;
                }
                best = Math.min(best, size);
            }
        }
        return Math.toIntExact(best);
    }

    @Override
    Numbers run(Numbers in, Numbers scratch, int lanes, Passes passes) {
        int size = Math.multiplyExact(longer.length, lanes);
        Numbers padded = Numbers.of(size);
        Numbers spare = Numbers.of(size);
        times(in, chirp, padded, length, lanes);
        Numbers spectrum = longer.run(padded, spare, lanes, passes);
        times(spectrum, filter, spectrum, longer.length, lanes);
        Numbers other = spectrum.equals(padded) ? spare : padded;
        // With the parts exchanged on both sides this is the inverse.
        Numbers convolved =
                longer.run(spectrum.swapped(), other.swapped(), lanes, passes).swapped();
        times(convolved, chirp, scratch, length, lanes);
        return scratch;
    }

    /// Multiplies every line with the same numbers.
    private static void times(Numbers in, Numbers factors, Numbers out, int length, int lanes) {
        double[] xr = in.re();
        double[] xi = in.im();
        for (int k = 0, at = 0; k < length; k++) {
            double wr = factors.re()[k];
            double wi = factors.im()[k];
            for (int end = at + lanes; at < end; at++) {
                double re = xr[at];
                double im = xi[at];
                out.re()[at] = re * wr - im * wi;
                out.im()[at] = re * wi + im * wr;
            }
        }
    }
}
