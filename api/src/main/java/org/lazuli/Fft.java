package org.lazuli;

import org.lazuli.ops.FourierTransforms;
import org.lazuli.ops.FourierTransforms.Direction;

/// Discrete Fourier transforms, of any length, along any axes.
///
/// The transform of n elements is `X[k] = Σ x[j] · exp(-2πi jk / n)`; its inverse has the other sign in the exponent and, unless
/// [FftOptions#norm] says otherwise, a factor of 1/n. Those whose names begin with `r` take real signals, whose spectrum is its own mirror
/// image: of n elements along the last of the axes they give only the first n/2+1. Those that begin with `ir` take such half
/// spectra back to real signals.
///
/// ```java
/// Array spectrum = Fft.rfft(signal);                        // (1000,) -> (501,) complex64
/// Array power = spectrum.abs().square();
/// Array frequencies = Fft.rfftfreq(1000, 1.0 / sampleRate);
/// Array again = Fft.irfft(spectrum, FftOptions.DEFAULT.n(1000));
/// ```
///
/// Real results are float32 and complex ones complex64, whatever the input's type. Any length is fast, a prime one too. All can be
/// differentiated and vectorised.
///
/// See also: MLX, *FFT*; J. Cooley and J. Tukey, *An algorithm for the machine calculation of complex Fourier series*, 1965.
public final class Fft {
    private Fft() {}

    /// The transform along the last axis.
    ///
    /// @return complex64, of the shape of `x`
    public static Array fft(Array x) {
        return fft(x, FftOptions.DEFAULT);
    }

    /// The transform along one axis.
    ///
    /// @return complex64, of the shape of `x` but for the length that the options ask for
    /// @throws IllegalArgumentException if the options have more than one axis or length, or a length is not positive
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array fft(Array x, FftOptions options) {
        return FourierTransforms.complex(x, options, Direction.FORWARD, 1, "fft");
    }

    /// The inverse transform along the last axis.
    ///
    /// @return complex64, of the shape of `x`
    public static Array ifft(Array x) {
        return ifft(x, FftOptions.DEFAULT);
    }

    /// The inverse transform along one axis.
    ///
    /// @return complex64, of the shape of `x` but for the length that the options ask for
    /// @throws IllegalArgumentException if the options have more than one axis or length, or a length is not positive
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array ifft(Array x, FftOptions options) {
        return FourierTransforms.complex(x, options, Direction.INVERSE, 1, "ifft");
    }

    /// The transform along the last two axes.
    ///
    /// @return complex64, of the shape of `x`
    public static Array fft2(Array x) {
        return fft2(x, FftOptions.DEFAULT);
    }

    /// The transform along axes that are the last two unless the options say otherwise.
    ///
    /// @return complex64, of the shape of `x` but for the lengths that the options ask for
    /// @throws IllegalArgumentException if the options' axes and lengths are not equally many, an axis is given twice, or a length is not
    ///     positive
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array fft2(Array x, FftOptions options) {
        return FourierTransforms.complex(x, options, Direction.FORWARD, 2, "fft2");
    }

    /// The inverse transform along the last two axes.
    ///
    /// @return complex64, of the shape of `x`
    public static Array ifft2(Array x) {
        return ifft2(x, FftOptions.DEFAULT);
    }

    /// The inverse transform along axes that are the last two unless the options say otherwise.
    ///
    /// @return complex64, of the shape of `x` but for the lengths that the options ask for
    /// @throws IllegalArgumentException as [#fft2(Array, FftOptions)]
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array ifft2(Array x, FftOptions options) {
        return FourierTransforms.complex(x, options, Direction.INVERSE, 2, "ifft2");
    }

    /// The transform along all axes.
    ///
    /// @return complex64, of the shape of `x`
    /// @throws IllegalArgumentException if there is no axis
    public static Array fftn(Array x) {
        return fftn(x, FftOptions.DEFAULT);
    }

    /// The transform along axes that are all, or the last ones for which there are lengths, unless the options say otherwise.
    ///
    /// @return complex64, of the shape of `x` but for the lengths that the options ask for
    /// @throws IllegalArgumentException as [#fft2(Array, FftOptions)]
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array fftn(Array x, FftOptions options) {
        return FourierTransforms.complex(x, options, Direction.FORWARD, 0, "fftn");
    }

    /// The inverse transform along all axes.
    ///
    /// @return complex64, of the shape of `x`
    /// @throws IllegalArgumentException if there is no axis
    public static Array ifftn(Array x) {
        return ifftn(x, FftOptions.DEFAULT);
    }

    /// The inverse transform along axes that are all, or the last ones for which there are lengths, unless the options say otherwise.
    ///
    /// @return complex64, of the shape of `x` but for the lengths that the options ask for
    /// @throws IllegalArgumentException as [#fft2(Array, FftOptions)]
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array ifftn(Array x, FftOptions options) {
        return FourierTransforms.complex(x, options, Direction.INVERSE, 0, "ifftn");
    }

    /// The transform of real signals along the last axis.
    ///
    /// @return complex64, with n/2+1 elements along that axis
    public static Array rfft(Array x) {
        return rfft(x, FftOptions.DEFAULT);
    }

    /// The transform of real signals along one axis. Of a complex input the real part is taken.
    ///
    /// @return complex64, with n/2+1 elements along that axis
    /// @throws IllegalArgumentException if the options have more than one axis or length, or a length is not positive
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array rfft(Array x, FftOptions options) {
        return FourierTransforms.real(x, options, 1, "rfft");
    }

    /// The real signals whose half spectra lie along the last axis. Their length is taken to be even: 2(m-1) of m elements.
    ///
    /// @return float32
    public static Array irfft(Array x) {
        return irfft(x, FftOptions.DEFAULT);
    }

    /// The real signals whose half spectra lie along one axis. Their length is 2(m-1) of m elements, unless the options say n.
    ///
    /// @return float32, with n elements along that axis
    /// @throws IllegalArgumentException if the options have more than one axis or length, or a length is not positive
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array irfft(Array x, FftOptions options) {
        return FourierTransforms.hermitian(x, options, 1, "irfft");
    }

    /// The transform of real signals along the last two axes.
    ///
    /// @return complex64, with n/2+1 elements along the last axis
    public static Array rfft2(Array x) {
        return rfft2(x, FftOptions.DEFAULT);
    }

    /// The transform of real signals along axes that are the last two unless the options say otherwise.
    ///
    /// @return complex64, with n/2+1 elements along the last one of them
    /// @throws IllegalArgumentException as [#fft2(Array, FftOptions)]
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array rfft2(Array x, FftOptions options) {
        return FourierTransforms.real(x, options, 2, "rfft2");
    }

    /// The real signals whose half spectra lie along the last two axes.
    ///
    /// @return float32
    public static Array irfft2(Array x) {
        return irfft2(x, FftOptions.DEFAULT);
    }

    /// The real signals whose half spectra lie along axes that are the last two unless the options say otherwise.
    ///
    /// @return float32
    /// @throws IllegalArgumentException as [#fft2(Array, FftOptions)]
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array irfft2(Array x, FftOptions options) {
        return FourierTransforms.hermitian(x, options, 2, "irfft2");
    }

    /// The transform of real signals along all axes.
    ///
    /// @return complex64, with n/2+1 elements along the last axis
    /// @throws IllegalArgumentException if there is no axis
    public static Array rfftn(Array x) {
        return rfftn(x, FftOptions.DEFAULT);
    }

    /// The transform of real signals along axes that are all, or the last ones for which there are lengths, unless the options say
    /// otherwise.
    ///
    /// @return complex64, with n/2+1 elements along the last one of them
    /// @throws IllegalArgumentException as [#fft2(Array, FftOptions)]
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array rfftn(Array x, FftOptions options) {
        return FourierTransforms.real(x, options, 0, "rfftn");
    }

    /// The real signals whose half spectra lie along all axes.
    ///
    /// @return float32
    /// @throws IllegalArgumentException if there is no axis
    public static Array irfftn(Array x) {
        return irfftn(x, FftOptions.DEFAULT);
    }

    /// The real signals whose half spectra lie along axes that are all, or the last ones for which there are lengths, unless the options
    /// say otherwise.
    ///
    /// @return float32
    /// @throws IllegalArgumentException as [#fft2(Array, FftOptions)]
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array irfftn(Array x, FftOptions options) {
        return FourierTransforms.hermitian(x, options, 0, "irfftn");
    }

    /// Frequency 0 moved to the middle of these axes, of all if none is given.
    ///
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array fftshift(Array x, int... axes) {
        return FourierTransforms.shift(x, axes, false, "fftshift");
    }

    /// What [#fftshift] moved, moved back.
    ///
    /// @throws IndexOutOfBoundsException if there is no such axis
    public static Array ifftshift(Array x, int... axes) {
        return FourierTransforms.shift(x, axes, true, "ifftshift");
    }

    /// The frequencies of the elements of [#fft]'s result of length `n`: 0, 1, …, then the negative ones ascending to -1, each divided
    /// by `n * d`.
    ///
    /// @param d the time between two samples
    /// @return float32, of shape (n)
    /// @throws IllegalArgumentException if `n` is not positive
    public static Array fftfreq(int n, double d) {
        return FourierTransforms.frequencies(n, d, "fftfreq");
    }

    /// [#fftfreq(int, double)] of samples one apart.
    public static Array fftfreq(int n) {
        return fftfreq(n, 1);
    }

    /// The frequencies of the elements of [#rfft]'s result for signals of length `n`: 0, 1, …, n/2, each divided by `n * d`.
    ///
    /// @param d the time between two samples
    /// @return float32, of shape (n/2+1)
    /// @throws IllegalArgumentException if `n` is not positive
    public static Array rfftfreq(int n, double d) {
        return FourierTransforms.realFrequencies(n, d, "rfftfreq");
    }

    /// [#rfftfreq(int, double)] of samples one apart.
    public static Array rfftfreq(int n) {
        return rfftfreq(n, 1);
    }
}
