package org.lazuli.nn;

import java.util.List;
import java.util.OptionalDouble;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Vectors for positions: sines and cosines of different wavelengths.
///
/// Position `t` gives `scale * (sin(w[0] t), …, sin(w[n-1] t), cos(w[0] t), …, cos(w[n-1] t))` with `n = dims / 2`, where the frequencies
/// `w` lie between `maxFreq` and `minFreq` at equal ratios. There are no parameters.
///
/// See: A. Vaswani et al., *Attention is all you need*, 2017, section 3.5. See also: MLX, *SinusoidalPositionalEncoding*.
public class SinusoidalPositionalEncoding extends Module implements Unary {
    private final int dims;
    private final Options options;

    public SinusoidalPositionalEncoding(int dims) {
        this(dims, Options.DEFAULT);
    }

    /// @param dims an even number
    /// @throws IllegalArgumentException if it is not
    public SinusoidalPositionalEncoding(int dims, Options options) {
        if (dims < 2 || dims % 2 != 0) {
            throw new IllegalArgumentException("SinusoidalPositionalEncoding: sines and cosines come in pairs, so dims"
                    + " must be even and positive, not " + dims);
        }
        this.dims = dims;
        this.options = options;
    }

    /// @param x positions, which need not be integers, of any shape
    /// @return shape `(…,dims)`
    @Override
    public Array apply(Array x) {
        DType dtype = x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        Array angles = x.expandDims(-1).mul(frequencies(dtype));
        Array waves = Ops.concatenate(
                options.cosFirst() ? List.of(angles.cos(), angles.sin()) : List.of(angles.sin(), angles.cos()), -1);
        return waves.mul(options.scale().orElse(Math.sqrt(2.0 / dims)));
    }

    private Array frequencies(DType dtype) {
        int n = dims / 2;
        double high = Math.log(options.maxFreq());
        double low = Math.log(options.minFreq());
        double[] frequencies = new double[n];
        for (int i = 0; i < n; i++) {
            double share = n == 1 ? 1 : 1 - (double) i / (n - 1);
            frequencies[i] = Math.exp(share * (high - low) + low) * (options.fullTurns() ? 2 * Math.PI : 1);
        }
        return Ops.array(frequencies, dtype);
    }

    /// Options of [SinusoidalPositionalEncoding].
    ///
    /// @param minFreq the lowest frequency
    /// @param maxFreq the highest frequency
    /// @param scale what to multiply with; `sqrt(2 / dims)`, which gives vectors of length 1, if empty
    /// @param cosFirst whether the cosines come first
    /// @param fullTurns whether a frequency of 1 means a full turn for each step, not one radian
    public record Options(double minFreq, double maxFreq, OptionalDouble scale, boolean cosFirst, boolean fullTurns) {
        public static final Options DEFAULT = new Options(1e-4, 1, OptionalDouble.empty(), false, false);

        public Options {
            if (!(minFreq > 0 && maxFreq > 0)) {
                throw new IllegalArgumentException(
                        "SinusoidalPositionalEncoding: frequencies must be positive: " + minFreq + ", " + maxFreq);
            }
        }

        public Options withMinFreq(double minFreq) {
            return new Options(minFreq, maxFreq, scale, cosFirst, fullTurns);
        }

        public Options withMaxFreq(double maxFreq) {
            return new Options(minFreq, maxFreq, scale, cosFirst, fullTurns);
        }

        public Options withScale(double scale) {
            return new Options(minFreq, maxFreq, OptionalDouble.of(scale), cosFirst, fullTurns);
        }

        public Options withCosFirst(boolean cosFirst) {
            return new Options(minFreq, maxFreq, scale, cosFirst, fullTurns);
        }

        public Options withFullTurns(boolean fullTurns) {
            return new Options(minFreq, maxFreq, scale, cosFirst, fullTurns);
        }
    }
}
