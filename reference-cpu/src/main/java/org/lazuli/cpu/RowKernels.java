package org.lazuli.cpu;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Tensor;

/// Softmax, norms and their gradients: each row is read into an array of floats, worked on there, where it stays in the cache, and stored
/// once.
final class RowKernels {
    /// Elements to a part for one thread: some ten microseconds.
    private static final int GRAIN = 1 << 14;

    private static final RowLoops PLAIN = new RowLoops();

    private final RowLoops fast;

    /// @param vectors what long operands are computed with; null for plain loops
    RowKernels(@Nullable VectorSupport vectors) {
        fast = vectors == null ? PLAIN : vectors.rows();
    }

    /// Computes one row: `row` holds it, and the result afterwards; `other` holds the row of the cotangent, where there is one, and then the
    /// result.
    private interface Step {
        void run(RowLoops loops, float[] row, float[] other, int n);
    }

    void run(Accelerated kernel, List<Tensor> in, Tensor output) {
        switch (kernel) {
            case Accelerated.Softmax() -> rows(in.get(0), null, output, (loops, x, _, n) -> softmax(loops, x, n));
            case Accelerated.LogSumExp() ->
                rows(in.get(0), null, output, (loops, x, _, n) -> x[0] = logSumExp(loops, x, n));
            case Accelerated.LayerNorm(float eps, boolean weight, boolean bias) -> {
                float[] w = weight ? parameter(in.get(1)) : null;
                float[] b = bias ? parameter(in.getLast()) : null;
                rows(in.get(0), null, output, (loops, x, _, n) -> {
                    loops.subtract(x, n, loops.sum(x, n) / n);
                    normalize(loops, x, n, eps, w);
                    if (b != null) {
                        loops.add(x, b, n);
                    }
                });
            }
            case Accelerated.RmsNorm(float eps, boolean weight) -> {
                float[] w = weight ? parameter(in.get(1)) : null;
                rows(in.get(0), null, output, (loops, x, _, n) -> normalize(loops, x, n, eps, w));
            }
            case Accelerated.SoftmaxGradient() ->
                rows(
                        in.get(0),
                        in.get(1),
                        output,
                        (loops, y, g, n) -> loops.multiplyShifted(g, y, n, loops.dot(y, g, n)));
            case Accelerated.LayerNormGradient(float eps, boolean weight) -> gradient(in, weight, output, eps, true);
            case Accelerated.RmsNormGradient(float eps, boolean weight) -> gradient(in, weight, output, eps, false);
            case Accelerated.LayerNormParameterGradient(float eps) ->
                parameterGradient(in.get(0), in.get(1), output, eps, true);
            case Accelerated.RmsNormParameterGradient(float eps) ->
                parameterGradient(in.get(0), in.get(1), output, eps, false);
            case Accelerated.Attention _,
                    Accelerated.ExtremeGradient _,
                    Accelerated.QuantizedMatMul _,
                    Accelerated.CustomKernel _ -> throw new AssertionError("not by rows: " + kernel);
        }
    }

    static void softmax(RowLoops loops, float[] x, int n) {
        float sum = loops.exponentials(x, n, loops.maximum(x, n));
        loops.scale(x, n, 1 / sum);
    }

    private static float logSumExp(RowLoops loops, float[] x, int n) {
        float max = loops.maximum(x, n);
        // An infinite maximum is the result; subtracting it would give NaN.
        float shift = Float.isInfinite(max) ? 0 : max;
        return (float) Math.log(loops.exponentials(x, n, shift)) + shift;
    }

    /// Divides by the root of the mean square, and multiplies by the weight. Returns the reciprocal of the root.
    private static float normalize(RowLoops loops, float[] x, int n, float eps, float @Nullable [] weight) {
        float scale = (float) (1 / Math.sqrt(loops.dot(x, x, n) / n + eps));
        loops.scale(x, n, scale);
        if (weight != null) {
            loops.multiply(x, weight, n);
        }
        return scale;
    }

    private void gradient(List<Tensor> in, boolean weight, Tensor output, float eps, boolean center) {
        float[] w = weight ? parameter(in.get(1)) : null;
        rows(in.get(0), in.getLast(), output, (loops, x, g, n) -> {
            if (center) {
                loops.subtract(x, n, loops.sum(x, n) / n);
            }
            float scale = normalize(loops, x, n, eps, null);
            if (w != null) {
                loops.multiply(g, w, n);
            }
            float shift = center ? loops.sum(g, n) / n : 0;
            loops.combine(g, x, n, shift, loops.dot(x, g, n) / n, scale);
        });
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

    /// Runs a step on every row of `x`, and of `other` along with it, if it is there.
    private void rows(Tensor x, @Nullable Tensor other, Tensor output, Step step) {
        int n = x.shape().dim(-1);
        int width = output.shape().dim(-1);
        int rows = x.shape().size() / n;
        int grain = Math.max(GRAIN / n, 1);
        RowLoops loops = loops(x);
        TileReader first = new TileReader(x);
        TileReader second = other == null ? first : new TileReader(other);
        Object target = Storage.array(output);
        Workers.SHARED.run((rows + grain - 1) / grain, part -> {
            TileReader readX = new TileReader(first);
            TileReader readOther = new TileReader(second);
            float[] row = new float[fast.room(n)];
            float[] more = other == null ? row : new float[fast.room(n)];
            for (int i = part * grain; i < Math.min((part + 1) * grain, rows); i++) {
                readX.read(i * n, n, row);
                if (other != null) {
                    readOther.read(i * n, n, more);
                }
                step.run(loops, row, more, n);
                Conversions.narrow(output.dtype(), more, target, i * width, width);
            }
        });
    }

    /// Sums over rows: pieces of them in float, and those in double in order.
    private void parameterGradient(Tensor x, Tensor g, Tensor output, float eps, boolean center) {
        int n = x.shape().dim(-1);
        int rows = x.shape().size() / n;
        int grain = Math.max(GRAIN / n, 1);
        int parts = (rows + grain - 1) / grain;
        RowLoops loops = loops(x);
        TileReader first = new TileReader(x);
        TileReader second = new TileReader(g);
        float[][] byWeight = new float[parts][];
        float[][] byBias = new float[center ? parts : 0][];
        Workers.SHARED.run(parts, part -> {
            TileReader readX = new TileReader(first);
            TileReader readG = new TileReader(second);
            int room = fast.room(n);
            float[] row = new float[room];
            float[] cotangent = new float[room];
            float[] weightSums = new float[room];
            float[] biasSums = new float[center ? room : 0];
            for (int i = part * grain; i < Math.min((part + 1) * grain, rows); i++) {
                readX.read(i * n, n, row);
                readG.read(i * n, n, cotangent);
                if (center) {
                    loops.subtract(row, n, loops.sum(row, n) / n);
                    loops.add(biasSums, cotangent, n);
                }
                normalize(loops, row, n, eps, null);
                loops.addProduct(weightSums, row, cotangent, n);
            }
            byWeight[part] = weightSums;
            if (center) {
                byBias[part] = biasSums;
            }
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
