package org.lazuli.cpu;

import java.util.Arrays;
import org.lazuli.cpu.FourierPlan.Numbers;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.FourierOp;
import org.lazuli.spi.Tensor;

/// Fourier transforms of all lines of a tensor along an axis.
///
/// Some lines at a time are copied, side by side, into arrays of doubles, transformed there, and rounded once into the result.
final class Fourier {
    /// Elements below which other threads are not worth waking.
    private static final int PARALLEL = 1 << 14;

    private final Primitive.FourierTransform transform;
    private final int length;
    private final Lines in;
    private final Lines out;

    private Fourier(Primitive.FourierTransform transform, Tensor input, Tensor output) {
        this.transform = transform;
        this.length = transform.length();
        this.in = new Lines(input, transform.axis());
        this.out = new Lines(output, transform.axis());
    }

    static void run(Primitive.FourierTransform transform, Tensor input, Tensor output) {
        new Fourier(transform, input, output).run();
    }

    private void run() {
        int count = in.rows.count;
        // Neighbours in memory are read together where a line is not one run; more at once fill vectors, fewer the
        // cache.
        int fitting = (in.stride == 1 ? 1 << 11 : 1 << 16) / length;
        int lanes = Math.max(1, Math.min(16, Math.min(fitting, count)));
        int parts = (count + lanes - 1) / lanes;
        FourierPlan plan = FourierPlan.of(isHalved() ? length / 2 : length);
        Numbers roots = isHalved() ? plan.between() : Numbers.of(0);
        Workers.Part part = i -> transform(plan, roots, i * lanes, Math.min(lanes, count - i * lanes));
        if ((long) count * length < PARALLEL) {
            for (int i = 0; i < parts; i++) {
                part.run(i);
            }
        } else {
            Workers.SHARED.run(parts, part);
        }
    }

    /// Real lines of even length are complex ones of half the length: even elements are their real, odd ones their imaginary parts.
    private boolean isHalved() {
        return length % 2 == 0 && (transform.op() == FourierOp.REAL || transform.op() == FourierOp.HERMITIAN);
    }

    private void transform(FourierPlan plan, Numbers roots, int first, int lanes) {
        Numbers x = Numbers.of(plan.length * lanes);
        Numbers spare = Numbers.of(plan.length * lanes);
        switch (transform.op()) {
            case FORWARD -> {
                in.readComplex(first, lanes, x, length);
                out.writeComplex(first, lanes, plan.run(x, spare, lanes), length, transform.scale());
            }
            case INVERSE -> {
                in.readComplex(first, lanes, x.swapped(), length);
                out.writeComplex(first, lanes, plan.run(x, spare, lanes).swapped(), length, transform.scale());
            }
            case REAL -> real(plan, roots, x, spare, first, lanes);
            case HERMITIAN -> hermitian(plan, roots, x, spare, first, lanes);
        }
    }

    private void real(FourierPlan plan, Numbers roots, Numbers x, Numbers spare, int first, int lanes) {
        int results = length / 2 + 1;
        if (!isHalved()) {
            in.readReal(first, lanes, x.re(), 0, 1, length);
            out.writeComplex(first, lanes, plan.run(x, spare, lanes), results, transform.scale());
            return;
        }
        int half = length / 2;
        in.readReal(first, lanes, x.re(), 0, 2, half);
        in.readReal(first, lanes, x.im(), 1, 2, half);
        Numbers z = plan.run(x, spare, lanes);
        Numbers result = Numbers.of(results * lanes);
        for (int k = 0; k < results; k++) {
            double wr = roots.re()[k];
            double wi = roots.im()[k];
            for (int lane = 0; lane < lanes; lane++) {
                int a = k % half * lanes + lane;
                int b = (half - k) % half * lanes + lane;
                // The transforms of the even and of the odd elements.
                double er = (z.re()[a] + z.re()[b]) / 2;
                double ei = (z.im()[a] - z.im()[b]) / 2;
                double or = (z.im()[a] + z.im()[b]) / 2;
                double oi = (z.re()[b] - z.re()[a]) / 2;
                result.re()[k * lanes + lane] = er + (or * wr - oi * wi);
                result.im()[k * lanes + lane] = ei + (or * wi + oi * wr);
            }
        }
        out.writeComplex(first, lanes, result, results, transform.scale());
    }

    private void hermitian(FourierPlan plan, Numbers roots, Numbers x, Numbers spare, int first, int lanes) {
        int given = length / 2 + 1;
        Numbers y = Numbers.of(given * lanes);
        in.readComplex(first, lanes, y, given);
        // What would be its own conjugate is real.
        Arrays.fill(y.im(), 0, lanes, 0);
        if (!isHalved()) {
            for (int i = 0; i < length * lanes; i++) {
                int k = i / lanes;
                boolean mirrored = k >= given;
                int from = mirrored ? (length - k) * lanes + i % lanes : i;
                x.re()[i] = y.re()[from];
                x.im()[i] = mirrored ? -y.im()[from] : y.im()[from];
            }
            Numbers z = plan.run(x.swapped(), spare.swapped(), lanes).swapped();
            out.writeReal(first, lanes, z.re(), 0, 1, length, transform.scale());
            return;
        }
        int half = length / 2;
        Arrays.fill(y.im(), half * lanes, given * lanes, 0);
        for (int k = 0; k < half; k++) {
            double wr = roots.re()[k];
            double wi = -roots.im()[k];
            for (int lane = 0; lane < lanes; lane++) {
                int a = k * lanes + lane;
                int b = (half - k) * lanes + lane;
                double sr = y.re()[a] + y.re()[b];
                double si = y.im()[a] - y.im()[b];
                double dr = y.re()[a] - y.re()[b];
                double di = y.im()[a] + y.im()[b];
                // The spectrum of the even elements, and i times that of the odd ones.
                x.re()[a] = sr - (dr * wi + di * wr);
                x.im()[a] = si + (dr * wr - di * wi);
            }
        }
        Numbers z = plan.run(x.swapped(), spare.swapped(), lanes).swapped();
        out.writeReal(first, lanes, z.re(), 0, 2, half, transform.scale());
        out.writeReal(first, lanes, z.im(), 1, 2, half, transform.scale());
    }

    /// The lines of a tensor in its memory.
    private static final class Lines {
        final Rows rows;
        final int stride;
        private final float[] array;

        Lines(Tensor tensor, int axis) {
            rows = new Rows(tensor, axis);
            stride = tensor.strides().get(axis);
            array = (float[]) Storage.array(tensor);
        }

        private int[] positions(int first, int lanes) {
            int[] positions = new int[lanes];
            for (int lane = 0; lane < lanes; lane++) {
                positions[lane] = rows.position(first + lane);
            }
            return positions;
        }

        void readComplex(int first, int lanes, Numbers target, int count) {
            int[] positions = positions(first, lanes);
            for (int i = 0, o = 0; i < count; i++) {
                for (int lane = 0; lane < lanes; lane++, o++) {
                    int at = 2 * (positions[lane] + i * stride);
                    target.re()[o] = array[at];
                    target.im()[o] = array[at + 1];
                }
            }
        }

        void writeComplex(int first, int lanes, Numbers source, int count, double scale) {
            int[] positions = positions(first, lanes);
            for (int i = 0, o = 0; i < count; i++) {
                for (int lane = 0; lane < lanes; lane++, o++) {
                    int at = 2 * (positions[lane] + i * stride);
                    array[at] = (float) (source.re()[o] * scale);
                    array[at + 1] = (float) (source.im()[o] * scale);
                }
            }
        }

        /// Reads `count` elements of each line: every `step`-th, from `start` on.
        void readReal(int first, int lanes, double[] target, int start, int step, int count) {
            int[] positions = positions(first, lanes);
            for (int i = 0, o = 0; i < count; i++) {
                for (int lane = 0; lane < lanes; lane++, o++) {
                    target[o] = array[positions[lane] + (start + i * step) * stride];
                }
            }
        }

        void writeReal(int first, int lanes, double[] source, int start, int step, int count, double scale) {
            int[] positions = positions(first, lanes);
            for (int i = 0, o = 0; i < count; i++) {
                for (int lane = 0; lane < lanes; lane++, o++) {
                    array[positions[lane] + (start + i * step) * stride] = (float) (source[o] * scale);
                }
            }
        }
    }
}
