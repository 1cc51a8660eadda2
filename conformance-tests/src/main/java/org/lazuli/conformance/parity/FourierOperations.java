package org.lazuli.conformance.parity;

import java.util.function.BiFunction;
import org.lazuli.Array;
import org.lazuli.Fft;
import org.lazuli.FftNorm;
import org.lazuli.FftOptions;

/// Fourier transforms.
final class FourierOperations {
    private FourierOperations() {}

    static void addTo(OperationTable.Builder table) {
        add(table, "fft.fft", Fft::fft);
        add(table, "fft.ifft", Fft::ifft);
        add(table, "fft.rfft", Fft::rfft);
        add(table, "fft.irfft", Fft::irfft);
        add(table, "fft.fft2", Fft::fft2);
        add(table, "fft.ifft2", Fft::ifft2);
        add(table, "fft.rfft2", Fft::rfft2);
        add(table, "fft.irfft2", Fft::irfft2);
        add(table, "fft.fftn", Fft::fftn);
        add(table, "fft.ifftn", Fft::ifftn);
        add(table, "fft.rfftn", Fft::rfftn);
        add(table, "fft.irfftn", Fft::irfftn);
        table.one("fft.fftshift", call -> Fft.fftshift(call.array(0), axes(call)))
                .one("fft.ifftshift", call -> Fft.ifftshift(call.array(0), axes(call)))
                .one(
                        "fft.fftfreq",
                        call -> call.has("d")
                                ? Fft.fftfreq(call.integer("n"), call.real("d", 1))
                                : Fft.fftfreq(call.integer("n")))
                .one(
                        "fft.rfftfreq",
                        call -> call.has("d")
                                ? Fft.rfftfreq(call.integer("n"), call.real("d", 1))
                                : Fft.rfftfreq(call.integer("n")));
    }

    private static void add(OperationTable.Builder table, String name, BiFunction<Array, FftOptions, Array> function) {
        table.one(name, call -> function.apply(call.array(0), options(call)));
    }

    private static FftOptions options(Call call) {
        FftOptions options = FftOptions.DEFAULT.norm(call.option("norm", FftNorm.class, FftNorm.BACKWARD));
        options = call.has("n") ? options.n(call.integer("n")) : options;
        options = call.has("s") ? options.s(call.integers("s")) : options;
        options = call.has("axis") ? options.axis(call.integer("axis")) : options;
        return call.has("axes") ? options.axes(call.integers("axes")) : options;
    }

    private static int[] axes(Call call) {
        return call.has("axes") ? call.integers("axes") : new int[0];
    }
}
