package org.lazuli.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
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

    private final Passes passes;

    /// Lines side by side are rounded up to a multiple of this, with zeros.
    private final int multiple;

    private Fourier(
            Primitive.FourierTransform transform, Tensor input, Tensor output, @Nullable VectorSupport vectors) {
        this.transform = transform;
        this.length = transform.length();
        this.in = new Lines(input, transform.axis());
        this.out = new Lines(output, transform.axis());
        VectorSupport fast = input.shape().size() >= PARALLEL ? vectors : null;
        this.passes = fast == null ? new Passes() : fast.passes();
        this.multiple = fast == null || in.rows.count < fast.passLanes() ? 1 : fast.passLanes();
    }

    static void run(
            Primitive.FourierTransform transform, Tensor input, Tensor output, @Nullable VectorSupport vectors) {
        new Fourier(transform, input, output, vectors).run();
    }

    private void run() {
        int count = in.rows.count;
        // Neighbours in memory are read together where a line is not one run; more at once fill vectors, fewer the
        // cache.
        int fitting = (in.stride == 1 && multiple == 1 ? 1 << 11 : 1 << 15) / length;
        int lanes = Math.max(1, Math.min(16, Math.min(fitting, count)));
        int parts = (count + lanes - 1) / lanes;
        FourierPlan plan = FourierPlan.of(isHalved() ? length / 2 : length);
        Numbers roots = isHalved() ? plan.between() : Numbers.of(0);
        Workers.Part part = i -> {
            int some = Math.min(lanes, count - i * lanes);
            transform(plan, roots, new Block(i * lanes, some, (some + multiple - 1) / multiple * multiple));
        };
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

    /// Lines that are transformed together.
    ///
    /// @param first the number of the first one
    /// @param lanes how many there are
    /// @param width the distance of a line's elements where they lie side by side: beyond `lanes` there are zeros
    private record Block(int first, int lanes, int width) {}

    private void transform(FourierPlan plan, Numbers roots, Block block) {
        int width = block.width;
        Numbers x = Numbers.of(Math.multiplyExact(plan.length, width));
        Numbers spare = Numbers.of(plan.length * width);
        switch (transform.op()) {
            case FORWARD -> {
                in.readComplex(block, x, length);
                out.writeComplex(block, plan.run(x, spare, block.width, passes), length, transform.scale());
            }
            case INVERSE -> {
                in.readComplex(block, x.swapped(), length);
                out.writeComplex(block, plan.run(x, spare, block.width, passes).swapped(), length, transform.scale());
            }
            case REAL -> real(plan, roots, x, spare, block);
            case HERMITIAN -> hermitian(plan, roots, x, spare, block);
        }
    }

    private void real(FourierPlan plan, Numbers roots, Numbers x, Numbers spare, Block block) {
        int width = block.width;
        int results = length / 2 + 1;
        if (!isHalved()) {
            in.readReal(block, x.re(), 0, 1, length);
            out.writeComplex(block, plan.run(x, spare, block.width, passes), results, transform.scale());
            return;
        }
        int half = length / 2;
        in.readReal(block, x.re(), 0, 2, half);
        in.readReal(block, x.im(), 1, 2, half);
        Numbers z = plan.run(x, spare, block.width, passes);
        Numbers result = Numbers.of(results * width);
        for (int k = 0; k < results; k++) {
            double wr = roots.re()[k];
            double wi = roots.im()[k];
            int a = k % half * width;
            int b = (half - k) % half * width;
            int o = k * width;
            for (int end = a + width; a < end; a++, b++, o++) {
                // The transforms of the even and of the odd elements.
                double er = (z.re()[a] + z.re()[b]) / 2;
                double ei = (z.im()[a] - z.im()[b]) / 2;
                double or = (z.im()[a] + z.im()[b]) / 2;
                double oi = (z.re()[b] - z.re()[a]) / 2;
                result.re()[o] = er + (or * wr - oi * wi);
                result.im()[o] = ei + (or * wi + oi * wr);
            }
        }
        out.writeComplex(block, result, results, transform.scale());
    }

    private void hermitian(FourierPlan plan, Numbers roots, Numbers x, Numbers spare, Block block) {
        int width = block.width;
        int given = length / 2 + 1;
        Numbers y = Numbers.of(given * width);
        in.readComplex(block, y, given);
        // What would be its own conjugate is real.
        Arrays.fill(y.im(), 0, width, 0);
        if (!isHalved()) {
            for (int i = 0; i < length * width; i++) {
                int k = i / width;
                boolean mirrored = k >= given;
                int from = mirrored ? (length - k) * width + i % width : i;
                x.re()[i] = y.re()[from];
                x.im()[i] = mirrored ? -y.im()[from] : y.im()[from];
            }
            Numbers z =
                    plan.run(x.swapped(), spare.swapped(), block.width, passes).swapped();
            out.writeReal(block, z.re(), 0, 1, length, transform.scale());
            return;
        }
        int half = length / 2;
        Arrays.fill(y.im(), half * width, given * width, 0);
        for (int k = 0; k < half; k++) {
            double wr = roots.re()[k];
            double wi = -roots.im()[k];
            for (int lane = 0; lane < width; lane++) {
                int a = k * width + lane;
                int b = (half - k) * width + lane;
                double sr = y.re()[a] + y.re()[b];
                double si = y.im()[a] - y.im()[b];
                double dr = y.re()[a] - y.re()[b];
                double di = y.im()[a] + y.im()[b];
                // The spectrum of the even elements, and i times that of the odd ones.
                x.re()[a] = sr - (dr * wi + di * wr);
                x.im()[a] = si + (dr * wr - di * wi);
            }
        }
        Numbers z = plan.run(x.swapped(), spare.swapped(), block.width, passes).swapped();
        out.writeReal(block, z.re(), 0, 2, half, transform.scale());
        out.writeReal(block, z.im(), 1, 2, half, transform.scale());
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

        private int[] positions(Block block) {
            int[] positions = new int[block.lanes];
            for (int lane = 0; lane < positions.length; lane++) {
                positions[lane] = rows.position(block.first + lane);
            }
            return positions;
        }

        void readComplex(Block block, Numbers target, int count) {
            int[] positions = positions(block);
            for (int i = 0; i < count; i++) {
                int o = i * block.width;
                for (int lane = 0; lane < positions.length; lane++, o++) {
                    int at = 2 * (positions[lane] + i * stride);
                    target.re()[o] = array[at];
                    target.im()[o] = array[at + 1];
                }
            }
        }

        void writeComplex(Block block, Numbers source, int count, double scale) {
            int[] positions = positions(block);
            for (int i = 0; i < count; i++) {
                int o = i * block.width;
                for (int lane = 0; lane < positions.length; lane++, o++) {
                    int at = 2 * (positions[lane] + i * stride);
                    array[at] = (float) (source.re()[o] * scale);
                    array[at + 1] = (float) (source.im()[o] * scale);
                }
            }
        }

        /// Reads `count` elements of each line: every `step`-th, from `start` on.
        void readReal(Block block, double[] target, int start, int step, int count) {
            int[] positions = positions(block);
            for (int i = 0; i < count; i++) {
                int o = i * block.width;
                for (int lane = 0; lane < positions.length; lane++, o++) {
                    target[o] = array[positions[lane] + (start + i * step) * stride];
                }
            }
        }

        void writeReal(Block block, double[] source, int start, int step, int count, double scale) {
            int[] positions = positions(block);
            for (int i = 0; i < count; i++) {
                int o = i * block.width;
                for (int lane = 0; lane < positions.length; lane++, o++) {
                    array[positions[lane] + (start + i * step) * stride] = (float) (source[o] * scale);
                }
            }
        }
    }
}
