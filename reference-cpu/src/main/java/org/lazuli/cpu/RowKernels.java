package org.lazuli.cpu;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Tensor;

/// Softmax, norms and their gradients, row by row: two or three passes over each, of which one only reads it from memory.
final class RowKernels {
    /// Elements to a part for one thread: some ten microseconds.
    private static final int GRAIN = 1 << 14;

    private static final RowLoops PLAIN = new RowLoops();

    private final RowLoops fast;

    /// @param vectors what long operands are computed with; null for plain loops
    RowKernels(@Nullable VectorSupport vectors) {
        fast = vectors == null ? PLAIN : vectors.rows();
    }

    /// Computes some rows of the result, stored to `o` from element `to` on, of rows of `x` from element `at` on and of those of `g`, if there is a
    /// cotangent, from element `gAt` on. The result may go to the place of an operand.
    ///
    /// Each has the loop over its rows in a method of its own: the JIT compiler leaves off inlining in the middle of a loop that inlines all that several
    /// kernels do, and then makes an object of every vector.
    private interface Map {
        void run(RowLoops loops, float[] x, int at, float[] g, int gAt, float[] o, int to, int n, int rows);
    }

    void run(Accelerated kernel, List<Tensor> in, Tensor output) {
        switch (kernel) {
            case Accelerated.Softmax() -> {
                if (ShortRows.suit(loops(in.get(0)), in.get(0))) {
                    new ShortRows(fast, in.get(0), output).softmax();
                } else {
                    rows(in.get(0), null, output, softmaxes());
                }
            }
            case Accelerated.LogSumExp() -> {
                if (ShortRows.suit(loops(in.get(0)), in.get(0))) {
                    new ShortRows(fast, in.get(0), output).logSumExp();
                } else {
                    rows(in.get(0), null, output, logSumExps());
                }
            }
            case Accelerated.LayerNorm(float eps, boolean weight, boolean bias) -> {
                float[] w = weight ? parameter(in.get(1)) : null;
                float[] b = bias ? parameter(in.getLast()) : null;
                rows(in.get(0), null, output, layerNorms(eps, w, b));
            }
            case Accelerated.RmsNorm(float eps, boolean weight) ->
                rows(in.get(0), null, output, rmsNorms(eps, weight ? parameter(in.get(1)) : null));
            case Accelerated.SoftmaxGradient() -> rows(in.get(0), in.get(1), output, softmaxGradients());
            case Accelerated.LayerNormGradient(float eps, boolean weight) -> gradient(in, weight, output, eps, true);
            case Accelerated.RmsNormGradient(float eps, boolean weight) -> gradient(in, weight, output, eps, false);
            case Accelerated.LayerNormParameterGradient(float eps) ->
                parameterGradient(in.get(0), in.get(1), output, eps, true);
            case Accelerated.RmsNormParameterGradient(float eps) ->
                parameterGradient(in.get(0), in.get(1), output, eps, false);
            case Accelerated.Attention _,
                    Accelerated.AttentionGradient _,
                    Accelerated.ExtremeGradient _,
                    Accelerated.QuantizedMatMul _,
                    Accelerated.CustomKernel _ -> throw new AssertionError("not by rows: " + kernel);
        }
    }

    private static Map softmaxes() {
        return (loops, x, at, _, _, o, to, n, rows) -> softmax(loops, x, at, o, to, n, rows);
    }

    /// Stores the softmax of rows that lie one behind the other.
    static void softmax(RowLoops loops, float[] x, int at, float[] o, int to, int n, int rows) {
        Extent extent = new Extent();
        loops.measure(x, at, n, extent);
        int last = (rows - 1) * n;
        for (int row = 0; row < last; row += n) {
            // What a row takes to be computed, the next one takes to arrive from memory.
            float sum = loops.exponentials(x, at + row, o, to + row, n, extent, at + row + n);
            loops.scale(o, to + row, n, 1 / sum);
        }
        float sum = loops.exponentials(x, at + last, o, to + last, n, extent);
        loops.scale(o, to + last, n, 1 / sum);
    }

    /// With several rows of one element at most: a result is shorter than a row, which is what it is computed in.
    private static Map logSumExps() {
        return (loops, x, at, _, _, o, to, n, rows) -> {
            for (int i = 0; i < rows; i++) {
                o[to + i] = logSumExp(loops, x, at + i * n, o, to + i, n);
            }
        };
    }

    private static Map layerNorms(float eps, float @Nullable [] weight, float @Nullable [] bias) {
        return (loops, x, at, _, _, o, to, n, rows) -> {
            for (int i = 0; i < rows; i++) {
                int from = at + i * n;
                float mean = loops.sum(x, from, n) / n;
                float scale = scale(loops, x, from, n, mean, eps);
                loops.normalize(x, from, o, to + i * n, n, mean, scale, weight, bias);
            }
        };
    }

    private static Map rmsNorms(float eps, float @Nullable [] weight) {
        return (loops, x, at, _, _, o, to, n, rows) -> {
            for (int i = 0; i < rows; i++) {
                float scale = scale(loops, x, at + i * n, n, 0, eps);
                loops.normalize(x, at + i * n, o, to + i * n, n, 0, scale, weight, null);
            }
        };
    }

    private static Map softmaxGradients() {
        return (loops, y, at, g, gAt, o, to, n, rows) -> {
            for (int i = 0; i < rows; i++) {
                float shift = loops.dot(y, at + i * n, g, gAt + i * n, n);
                loops.multiplyShifted(y, at + i * n, g, gAt + i * n, o, to + i * n, n, shift);
            }
        };
    }

    private static Map normGradients(float eps, float[] weight, boolean center) {
        return (loops, x, at, g, gAt, o, to, n, rows) -> {
            float[] sums = new float[2];
            for (int i = 0; i < rows; i++) {
                int from = at + i * n;
                float mean = center ? loops.sum(x, from, n) / n : 0;
                float scale = scale(loops, x, from, n, mean, eps);
                loops.moments(x, from, g, gAt + i * n, weight, n, mean, sums);
                float shift = center ? sums[0] / n : 0;
                float slope = sums[1] * scale / n * scale;
                loops.combine(x, from, g, gAt + i * n, weight, o, to + i * n, n, mean, shift, slope, scale);
            }
        };
    }

    private static float logSumExp(RowLoops loops, float[] x, int at, float[] scratch, int to, int n) {
        Extent extent = new Extent();
        loops.measure(x, at, n, extent);
        float max = extent.largest();
        // An infinite maximum is the result; subtracting it would give NaN.
        return Float.isInfinite(max) ? max : (float) Math.log(loops.exponentials(x, at, scratch, to, n, extent)) + max;
    }

    /// The reciprocal of the root of the mean square deviation.
    private static float scale(RowLoops loops, float[] x, int at, int n, float mean, float eps) {
        return (float) (1 / Math.sqrt(loops.squares(x, at, n, mean) / n + eps));
    }

    private void gradient(List<Tensor> in, boolean weight, Tensor output, float eps, boolean center) {
        float[] w;
        if (weight) {
            w = parameter(in.get(1));
        } else {
            w = new float[fast.room(in.get(0).shape().dim(-1))];
            Arrays.fill(w, 1);
        }
        rows(in.get(0), in.getLast(), output, normGradients(eps, w, center));
    }

    /// A row of parameters, with room for loops.
    private float[] parameter(Tensor tensor) {
        int n = tensor.shape().size();
        float[] values = new float[fast.room(n)];
        new TileReader(tensor).read(0, n, values);
        return values;
    }

    private RowLoops loops(Tensor tensor) {
        return tensor.shape().size() < VectorSupport.SHORTEST ? PLAIN : fast;
    }

    /// Maps every row of `x`, and of `other` along with it, if it is there, to one of the output: from where it lies, if it lies there in float32,
    /// in order and without a rest, else by way of arrays of its own.
    private void rows(Tensor x, @Nullable Tensor other, Tensor output, Map map) {
        int n = x.shape().dim(-1);
        int width = output.shape().dim(-1);
        int rows = x.shape().size() / n;
        int grain = Math.max(GRAIN / n, 1);
        RowLoops loops = loops(x);
        Lines first = new Lines(x);
        Lines second = other == null ? first : new Lines(other);
        boolean direct = output.dtype() == DType.FLOAT32 && width == n && fast.room(n) == n;
        Object target = Storage.array(output);
        Workers.SHARED.run((rows + grain - 1) / grain, part -> {
            Lines.Cursor a = first.cursor();
            Lines.Cursor b = other == null ? a : second.cursor();
            float[] own = new float[direct ? 0 : fast.room(n)];
            int end = Math.min((part + 1) * grain, rows);
            // Where all lies in order, the rows of a part are done at once.
            int together = direct && first.whole != null && second.whole != null ? end - part * grain : 1;
            for (int i = part * grain; i < end; i += together) {
                a.move(i);
                if (other != null) {
                    b.move(i);
                }
                if (direct) {
                    map.run(loops, a.array, a.at, b.array, b.at, (float[]) target, i * width, n, together);
                } else {
                    map.run(loops, a.array, a.at, b.array, b.at, own, 0, n, 1);
                    Conversions.narrow(output.dtype(), own, target, i * width, width);
                }
            }
        });
    }

    /// The rows of a tensor.
    private final class Lines {
        private final TileReader reader;
        private final int n;
        private final float @Nullable [] whole;

        Lines(Tensor tensor) {
            n = tensor.shape().dim(-1);
            reader = new TileReader(tensor);
            boolean direct = tensor.dtype() == DType.FLOAT32 && reader.layout().isContiguous() && fast.room(n) == n;
            whole = direct ? (float[]) Storage.array(tensor) : null;
        }

        Cursor cursor() {
            return new Cursor();
        }

        /// One row after another, for one thread.
        final class Cursor {
            private final TileReader own = new TileReader(reader);

            /// What holds the row, with room for loops.
            final float[] array = whole != null ? whole : new float[fast.room(n)];

            /// Where it begins.
            int at;

            void move(int row) {
                if (whole != null) {
                    at = reader.layout().offset() + row * n;
                } else {
                    own.read(row * n, n, array);
                }
            }
        }
    }

    /// Sums over rows: pieces of them in float, and those in double in order.
    private void parameterGradient(Tensor x, Tensor g, Tensor output, float eps, boolean center) {
        int n = x.shape().dim(-1);
        int rows = x.shape().size() / n;
        int grain = Math.max(GRAIN / n, 1);
        int parts = (rows + grain - 1) / grain;
        RowLoops loops = loops(x);
        Lines first = new Lines(x);
        Lines second = new Lines(g);
        float[][] byWeight = new float[parts][];
        float[][] byBias = new float[parts][];
        Workers.SHARED.run(parts, part -> {
            Lines.Cursor a = first.cursor();
            Lines.Cursor b = second.cursor();
            float[] weightSums = new float[fast.room(n)];
            float[] biasSums = new float[fast.room(n)];
            for (int i = part * grain; i < Math.min((part + 1) * grain, rows); i++) {
                a.move(i);
                b.move(i);
                float mean = center ? loops.sum(a.array, a.at, n) / n : 0;
                float scale = scale(loops, a.array, a.at, n, mean, eps);
                loops.accumulate(a.array, a.at, b.array, b.at, n, mean, scale, weightSums, biasSums);
            }
            byWeight[part] = weightSums;
            byBias[part] = biasSums;
        });
        Object target = Storage.array(output);
        Conversions.narrow(output.dtype(), total(byWeight, n), target, 0, n);
        if (center) {
            Conversions.narrow(output.dtype(), total(byBias, n), target, n, n);
        }
    }

    private static float[] total(float[][] parts, int n) {
        double[] sums = new double[n];
        for (float[] part : parts) {
            for (int i = 0; i < n; i++) {
                sums[i] += part[i];
            }
        }
        float[] result = new float[n];
        for (int i = 0; i < n; i++) {
            result[i] = (float) sums[i];
        }
        return result;
    }
}
