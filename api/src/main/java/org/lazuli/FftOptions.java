package org.lazuli;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Along which axes of an array [Fft] transforms, to which lengths, and how the result is scaled.
///
/// ```java
/// Fft.rfft(signal, FftOptions.DEFAULT.n(1024).axis(0))
/// Fft.fft2(image, FftOptions.DEFAULT.norm(FftNorm.ORTHO))
/// ```
///
/// @param sizes how many elements along each axis in the time domain: of the input, or, where a spectrum comes back to a real signal,
///     of the result. What is longer is cut, what is shorter filled with zeros. Null: as many as there are
/// @param axes the axes, of which the last is the one that a real signal is halved along. Null: the last one, the last two or all, as the
///     function's name says; or the last ones if there are `sizes`
/// @param norm the scale
public record FftOptions(
        @Nullable List<Integer> sizes, @Nullable List<Integer> axes, FftNorm norm) {

    /// The usual axes, as they are, and an inverse that is scaled.
    public static final FftOptions DEFAULT = new FftOptions(null, null, FftNorm.BACKWARD);

    public FftOptions {
        sizes = sizes == null ? null : List.copyOf(sizes);
        axes = axes == null ? null : List.copyOf(axes);
    }

    /// This length, of a transform along one axis.
    public FftOptions n(int n) {
        return s(n);
    }

    /// These lengths, one for each axis.
    public FftOptions s(int... sizes) {
        return new FftOptions(list(sizes), axes, norm);
    }

    /// Along this axis; a negative one counts from the end.
    public FftOptions axis(int axis) {
        return axes(axis);
    }

    /// Along these axes; a negative one counts from the end.
    public FftOptions axes(int... axes) {
        return new FftOptions(sizes, list(axes), norm);
    }

    public FftOptions norm(FftNorm norm) {
        return new FftOptions(sizes, axes, norm);
    }

    private static List<Integer> list(int... values) {
        return Arrays.stream(values).boxed().toList();
    }
}
