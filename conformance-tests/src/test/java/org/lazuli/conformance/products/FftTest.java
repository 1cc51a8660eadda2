package org.lazuli.conformance.products;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.lazuli.Array;
import org.lazuli.ConvolveMode;
import org.lazuli.DType;
import org.lazuli.Fft;
import org.lazuli.FftNorm;
import org.lazuli.FftOptions;
import org.lazuli.Linalg;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;

/// What Fourier transforms of several axes, lengths and scales are, in terms of matrices and of each other. That one line is transformed right is
/// for the tests of backends.
class FftTest {
    /// A result of a few hundred terms below 4, each rounded, twice or three times.
    private static final double NEAR = 300 * 4 * 0x1p-24;

    private static Array signal(int... dims) {
        return Random.normal(Shape.of(dims), DType.FLOAT32, 0, 1, Random.key(dims.length));
    }

    private static Array spectrum(int... dims) {
        return Random.normal(Shape.of(dims), DType.COMPLEX64, 0, 1, Random.key(dims.length));
    }

    private static void near(Array expected, Array actual) {
        assertEquals(expected.shape(), actual.shape());
        assertEquals(expected.dtype(), actual.dtype());
        double far = expected.sub(actual).abs().max().item();
        assertEquals(0, far, NEAR * Math.max(1, expected.abs().max().item()));
    }

    @Property(tries = 60)
    void theInverseUndoesTheTransform(
            @ForAll @IntRange(min = 1, max = 40) int n,
            @ForAll @IntRange(min = 1, max = 5) int m,
            @ForAll FftNorm norm) {
        FftOptions options = FftOptions.DEFAULT.norm(norm);
        Array z = spectrum(m, n);
        near(z, Fft.ifft(Fft.fft(z, options), options));
        near(z, Fft.ifft2(Fft.fft2(z, options), options));
        near(z, Fft.fftn(Fft.ifftn(z, options.axes(1, 0)), options));
        Array x = signal(m, n);
        near(x, Fft.irfft(Fft.rfft(x, options), options.n(n)));
        near(x, Fft.irfft2(Fft.rfft2(x, options.axes(1, 0)), options.s(n, m).axes(1, 0)));
        near(x, Fft.irfftn(Fft.rfftn(x, options), options.s(m, n)));
    }

    @Test
    void orthogonalTransformsKeepLengths() {
        Array z = spectrum(6, 35);
        Array transformed = Fft.fftn(z, FftOptions.DEFAULT.norm(FftNorm.ORTHO));
        near(Linalg.norm(z), Linalg.norm(transformed));
    }

    @Test
    void severalAxesAreOneAfterAnother() {
        Array z = spectrum(3, 4, 5);
        Array one = Fft.fft(Fft.fft(Fft.fft(z), FftOptions.DEFAULT.axis(0)), FftOptions.DEFAULT.axis(-2));
        near(one, Fft.fftn(z));
        near(Fft.fft(Fft.fft(z, FftOptions.DEFAULT.axis(1))), Fft.fft2(z));
        near(Fft.fft2(z), Fft.fftn(z, FftOptions.DEFAULT.s(4, 5)));
        Array x = signal(3, 4, 5);
        near(
                Fft.fft(Fft.rfft(x, FftOptions.DEFAULT.axis(1)), FftOptions.DEFAULT.axis(0)),
                Fft.rfftn(x, FftOptions.DEFAULT.axes(0, 1)));
    }

    @Test
    void lengthsAreCutOrFilledWithZeros() {
        Array z = spectrum(2, 6);
        near(Fft.fft(Ops.pad(z, new int[][] {{0, 0}, {0, 3}})), Fft.fft(z, FftOptions.DEFAULT.n(9)));
        near(Fft.fft(z.split(new int[] {4}, 1).get(0)), Fft.fft(z, FftOptions.DEFAULT.n(4)));
        assertEquals(Shape.of(2, 10), Fft.irfft(z).shape());
        assertEquals(Shape.of(2, 11), Fft.irfft(z, FftOptions.DEFAULT.n(11)).shape());
        assertEquals(
                Shape.of(4, 6), Fft.ifft(z, FftOptions.DEFAULT.n(4).axis(0)).shape());
    }

    @Test
    void aConvolutionIsAProductOfSpectra() {
        Array a = signal(50);
        Array b = signal(20).mul(2);
        FftOptions length = FftOptions.DEFAULT.n(69);
        near(
                Ops.convolve(a, b, ConvolveMode.FULL),
                Fft.irfft(Fft.rfft(a, length).mul(Fft.rfft(b, length)), length));
    }

    @Test
    void realNumbersOfAnyTypeAreTransformed() {
        for (DType dtype : DType.values()) {
            Array ones = Ops.ones(Shape.of(3), dtype);
            assertEquals(DType.COMPLEX64, Fft.fft(ones).dtype());
            assertEquals(DType.FLOAT32, Fft.irfft(ones).dtype());
            near(Ops.array(new float[] {3, 0}).astype(DType.COMPLEX64), Fft.rfft(ones));
        }
        Array z = spectrum(7);
        near(Fft.rfft(z.real()), Fft.rfft(z));
    }

    @Test
    void emptyArraysStayEmpty() {
        assertEquals(Shape.of(0, 4), Fft.fft(Ops.zeros(0, 4)).eval().shape());
        assertEquals(Shape.of(0, 3), Fft.rfft(Ops.zeros(0, 4)).eval().shape());
        Array none = Fft.irfft(Ops.zeros(0, 4), FftOptions.DEFAULT.n(6)).eval();
        assertEquals(Shape.of(0, 6), none.shape());
    }

    @Test
    void frequencies() {
        assertArrayEquals(new float[] {0, 1, -2, -1}, Fft.fftfreq(4, 0.25).toFloatArray());
        assertArrayEquals(new float[] {0, 1, 2, -2, -1}, Fft.fftfreq(5, 0.2).toFloatArray(), 1e-6f);
        assertArrayEquals(new float[] {0, 0.25f, 0.5f}, Fft.rfftfreq(4).toFloatArray());
        assertArrayEquals(new float[] {0}, Fft.fftfreq(1).toFloatArray());
        assertArrayEquals(
                new float[] {-2, -1, 0, 1}, Fft.fftshift(Fft.fftfreq(4, 0.25)).toFloatArray());
    }

    @Property(tries = 40)
    void shiftsComeBack(@ForAll @IntRange(min = 0, max = 7) int n, @ForAll @IntRange(min = 1, max = 4) int m) {
        Array x = Ops.arange(n * m).reshape(n, m);
        assertArrayEquals(x.toIntArray(), Fft.ifftshift(Fft.fftshift(x)).toIntArray());
        assertArrayEquals(x.toIntArray(), Fft.fftshift(Fft.ifftshift(x, -1), 1).toIntArray());
    }

    @Test
    void whatCannotBeTransformedIsRefused() {
        Array x = Ops.ones(2, 3);
        for (UnaryOperator<Array> all : List.<UnaryOperator<Array>>of(Fft::fft, Fft::irfft, Fft::fftn, Fft::rfft2)) {
            Refused.with(IllegalArgumentException.class, () -> all.apply(Ops.array(1f)), "fft", "scalar");
        }
        for (BiFunction<Array, FftOptions, Array> one :
                List.<BiFunction<Array, FftOptions, Array>>of(Fft::fft, Fft::irfft)) {
            refused(() -> one.apply(x, FftOptions.DEFAULT.n(0)), "0 elements", "(2,3)");
            refused(() -> one.apply(x, FftOptions.DEFAULT.n(-1)), "-1 elements");
            refused(() -> one.apply(x, FftOptions.DEFAULT.axes(0, 1)), "[0, 1]", "fftn");
            refused(() -> one.apply(x, FftOptions.DEFAULT.axes(new int[0])), "at least one axis");
            Refused.with(
                    IndexOutOfBoundsException.class,
                    () -> one.apply(x, FftOptions.DEFAULT.axis(2)),
                    "fft: axis 2",
                    "(2,3)");
        }
        refused(() -> Fft.fftn(x, FftOptions.DEFAULT.axes(1, -1)), "axis 1 is given twice", "(2,3)");
        refused(() -> Fft.rfftn(x, FftOptions.DEFAULT.s(2, 2).axes(0)), "2 lengths", "1 axes");
        refused(() -> Fft.fft(Ops.zeros(2, 0)), "0 elements", "(2,0)");
        refused(() -> Fft.irfft(Ops.ones(2, 1)), "0 elements", "(2,1)");
        refused(() -> Fft.fftfreq(0), "fftfreq: ", "0");
        refused(() -> Fft.rfftfreq(-1, 2), "rfftfreq: ", "-1");
        Refused.with(IndexOutOfBoundsException.class, () -> Fft.fftshift(x, 2), "fftshift: axis 2");
        Refused.with(IndexOutOfBoundsException.class, () -> Fft.fft2(Ops.ones(3)), "fft2: axis -2", "(3)");
    }

    private static void refused(Executable action, String... parts) {
        Refused.with(IllegalArgumentException.class, action, parts);
    }
}
