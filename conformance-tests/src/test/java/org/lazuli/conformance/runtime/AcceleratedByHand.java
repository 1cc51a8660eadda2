package org.lazuli.conformance.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Tensor;

/// The kernels of [Accelerated] as their definitions say, one element after another in double, and on float32 alone.
final class AcceleratedByHand {
    private AcceleratedByHand() {}

    static void run(Backend backend, Accelerated kernel, List<Tensor> inputs, Tensor output) {
        double[][] in = inputs.stream().map(input -> read(backend, input)).toArray(double[][]::new);
        int last = inputs.getFirst().shape().dim(-1);
        double[] result = switch (kernel) {
            case Accelerated.Softmax() -> softmax(in[0], last);
            case Accelerated.LogSumExp() -> logSumExp(in[0], last);
            case Accelerated.LayerNorm(float eps, boolean weight, boolean bias) ->
                norm(in[0], last, true, eps, weight ? in[1] : null, bias ? in[weight ? 2 : 1] : null);
            case Accelerated.RmsNorm(float eps, boolean weight) ->
                norm(in[0], last, false, eps, weight ? in[1] : null, null);
            case Accelerated.Attention attention -> attention(attention, inputs, in);
            case Accelerated.CustomKernel custom -> throw new IllegalArgumentException(custom + " is Metal's");
        };
        write(backend, result, output);
    }

    private static double[] softmax(double[] x, int n) {
        double[] y = new double[x.length];
        for (int row = 0; row < x.length; row += n) {
            double max = Double.NEGATIVE_INFINITY;
            for (int i = row; i < row + n; i++) {
                max = Math.max(max, x[i]);
            }
            double sum = 0;
            for (int i = row; i < row + n; i++) {
                y[i] = Math.exp(x[i] - max);
                sum += y[i];
            }
            for (int i = row; i < row + n; i++) {
                y[i] /= sum;
            }
        }
        return y;
    }

    private static double[] logSumExp(double[] x, int n) {
        double[] y = new double[x.length / n];
        for (int row = 0; row < y.length; row++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < n; i++) {
                max = Math.max(max, x[row * n + i]);
            }
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += Math.exp(x[row * n + i] - max);
            }
            y[row] = max + Math.log(sum);
        }
        return y;
    }

    private static double[] norm(double[] x, int n, boolean center, double eps, double[] weight, double[] bias) {
        double[] y = new double[x.length];
        for (int row = 0; row < x.length; row += n) {
            double mean = 0;
            for (int i = row; center && i < row + n; i++) {
                mean += x[i] / n;
            }
            double square = 0;
            for (int i = row; i < row + n; i++) {
                square += (x[i] - mean) * (x[i] - mean) / n;
            }
            for (int i = row; i < row + n; i++) {
                y[i] = (x[i] - mean) / Math.sqrt(square + eps);
                y[i] *= weight == null ? 1 : weight[i - row];
                y[i] += bias == null ? 0 : bias[i - row];
            }
        }
        return y;
    }

    private static double[] attention(Accelerated.Attention kernel, List<Tensor> tensors, double[]... in) {
        int batch = tensors.get(0).shape().dim(0);
        int heads = tensors.get(0).shape().dim(1);
        int queries = tensors.get(0).shape().dim(2);
        int size = tensors.get(0).shape().dim(3);
        int groups = tensors.get(1).shape().dim(1);
        int keys = tensors.get(1).shape().dim(2);
        int width = tensors.get(2).shape().dim(3);
        double[] result = new double[batch * heads * queries * width];
        for (int b = 0; b < batch; b++) {
            for (int h = 0; h < heads; h++) {
                int group = b * groups + h / (heads / groups);
                for (int i = 0; i < queries; i++) {
                    int query = (b * heads + h) * queries + i;
                    double[] scores = new double[keys];
                    for (int j = 0; j < keys; j++) {
                        for (int d = 0; d < size; d++) {
                            scores[j] +=
                                    kernel.scale() * in[0][query * size + d] * in[1][(group * keys + j) * size + d];
                        }
                        if (in.length == 4 && tensors.get(3).dtype() == DType.BOOL) {
                            scores[j] = in[3][query * keys + j] != 0 ? scores[j] : -Float.MAX_VALUE;
                        } else if (in.length == 4) {
                            scores[j] += in[3][query * keys + j];
                        }
                        if (kernel.causal() && j > i + keys - queries) {
                            scores[j] = -Float.MAX_VALUE;
                        }
                    }
                    double[] weights = softmax(scores, keys);
                    for (int j = 0; j < keys; j++) {
                        for (int d = 0; d < width; d++) {
                            result[query * width + d] += weights[j] * in[2][(group * keys + j) * width + d];
                        }
                    }
                }
            }
        }
        return result;
    }

    private static double[] read(Backend backend, Tensor tensor) {
        int size = tensor.shape().size();
        double[] values = new double[size];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate((long) size * tensor.dtype().bytes(), 8);
            backend.download(tensor, memory);
            for (int i = 0; i < size; i++) {
                values[i] = tensor.dtype() == DType.BOOL
                        ? memory.getAtIndex(ValueLayout.JAVA_BYTE, i)
                        : memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            }
        }
        return values;
    }

    private static void write(Backend backend, double[] values, Tensor output) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        backend.upload(MemorySegment.ofArray(floats), DType.FLOAT32, floats.length, output.buffer());
    }
}
