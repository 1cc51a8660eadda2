package org.lazuli.nn;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Makes the spatial axes, those between the first and the last, longer or shorter by interpolating.
///
/// An axis of size `n` becomes one of size `floor(scale * n)`.
///
/// ```java
/// var up = new Upsample(2, Upsample.Options.DEFAULT.withMode(Upsample.Mode.LINEAR));
/// Array y = up.apply(Ops.zeros(1, 8, 8, 3));      // (1,16,16,3)
/// ```
///
/// Positions beyond the border have the border's values. There are no parameters.
///
/// See: R. Keys, *Cubic convolution interpolation for digital image processing*, 1981, for the cubic kernel, whose parameter is -0.75, or
/// -0.5 with `antialias`. See also: MLX, *Upsample*.
public class Upsample extends Module implements Unary {
    /// How to interpolate.
    public enum Mode {
        /// The value of the nearest element.
        NEAREST,
        /// Between two neighbours along each axis, in proportion to their distances.
        LINEAR,
        /// Between four neighbours along each axis, so that the slope is continuous.
        CUBIC
    }

    private final List<Double> scaleFactor;
    private final Options options;

    /// All spatial axes by the same factor, nearest elements.
    public Upsample(double scaleFactor) {
        this(scaleFactor, Options.DEFAULT);
    }

    /// All spatial axes by the same factor.
    public Upsample(double scaleFactor, Options options) {
        this(List.of(scaleFactor), options);
    }

    /// @param scaleFactor a factor for each spatial axis, or one for all
    public Upsample(List<Double> scaleFactor, Options options) {
        if (scaleFactor.isEmpty() || scaleFactor.stream().anyMatch(scale -> !(scale > 0))) {
            throw new IllegalArgumentException("Upsample: the scale factors must be positive: " + scaleFactor);
        }
        this.scaleFactor = List.copyOf(scaleFactor);
        this.options = options;
    }

    /// @param x shape `(N,…,C)`, with at least one axis between
    /// @return shape `(N,…,C)`
    @Override
    public Array apply(Array x) {
        int axes = x.ndim() - 2;
        if (axes < 1) {
            throw new IllegalArgumentException("Upsample: the input must have a batch, spatial axes and channels, three"
                    + " axes or more, but its shape is " + x.shape());
        }
        if (scaleFactor.size() != 1 && scaleFactor.size() != axes) {
            throw new IllegalArgumentException("Upsample: " + scaleFactor.size() + " scale factors " + scaleFactor
                    + " for the " + axes + " spatial axes of an input of shape " + x.shape()
                    + ": give one for each, or one for all");
        }
        List<Double> scales = scaleFactor.size() == axes ? scaleFactor : Collections.nCopies(axes, scaleFactor.get(0));
        Array result = x;
        for (int i = 0; i < axes; i++) {
            result = along(result, i + 1, scales.get(i));
        }
        return result;
    }

    private Array along(Array x, int axis, double scale) {
        int size = (int) (scale * x.dim(axis));
        if (size == 0) {
            throw new IllegalArgumentException("Upsample: nothing would be left of axis " + axis + " of size "
                    + x.dim(axis) + ", scaled by " + scale);
        }
        if (options.mode() == Mode.NEAREST) {
            return scale == Math.rint(scale)
                    ? x.repeat((int) scale, axis)
                    : x.take(Ops.array(Interpolation.nearest(x.dim(axis), size)), axis);
        }
        return interpolate(x, axis, Interpolation.taps(options, x.dim(axis), size, scale));
    }

    private static Array interpolate(Array x, int axis, List<Interpolation.Tap> taps) {
        DType dtype = x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        int[] shape = new int[x.ndim() - axis];
        Arrays.fill(shape, 1);
        shape[0] = -1;
        return taps.stream()
                .map(tap -> x.take(Ops.array(tap.positions()), axis)
                        .mul(Ops.array(tap.weights(), dtype).reshape(shape)))
                .reduce(Array::add)
                .orElseThrow();
    }

    @Override
    protected String extraRepr() {
        String scales = scaleFactor.size() == 1
                ? Repr.of(scaleFactor.getFirst())
                : scaleFactor.stream().map(Repr::of).collect(Collectors.joining(", ", "(", ")"));
        return "scale_factor=" + scales + ", mode='" + options.mode().name().toLowerCase(Locale.ROOT)
                + "', align_corners=" + Repr.of(options.alignCorners())
                + (options.antialias() ? ", antialias=True" : "");
    }

    /// Options of [Upsample].
    ///
    /// @param mode how to interpolate
    /// @param alignCorners whether the first and the last element keep their places, instead of the outer edges of both; not for
    ///     [Mode#NEAREST]
    /// @param antialias whether to look at as many elements as one of the result stands for, where there are fewer of them; not for
    ///     [Mode#NEAREST]
    public record Options(Mode mode, boolean alignCorners, boolean antialias) {
        public static final Options DEFAULT = new Options(Mode.NEAREST, false, false);

        public Options withMode(Mode mode) {
            return new Options(mode, alignCorners, antialias);
        }

        public Options withAlignCorners(boolean alignCorners) {
            return new Options(mode, alignCorners, antialias);
        }

        public Options withAntialias(boolean antialias) {
            return new Options(mode, alignCorners, antialias);
        }
    }
}
