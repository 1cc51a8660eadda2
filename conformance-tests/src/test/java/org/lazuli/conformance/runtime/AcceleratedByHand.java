package org.lazuli.conformance.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.Quantization;
import org.lazuli.Shape;
import org.lazuli.conformance.Packed;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Ints;
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
            case Accelerated.AttentionGradient gradient -> attentionGradient(gradient, inputs, in);
            case Accelerated.CustomKernel custom -> throw new IllegalArgumentException(custom + " is Metal's");
            case Accelerated.SoftmaxGradient() -> softmaxGradient(in[0], in[1], last);
            case Accelerated.ExtremeGradient(var axes) ->
                extremeGradient(in[0], in[1], in[2], inputs.getFirst().shape(), axes);
            case Accelerated.LayerNormGradient(float eps, boolean weight) ->
                normGradient(in[0], in[in.length - 1], last, true, eps, weight ? in[1] : null);
            case Accelerated.RmsNormGradient(float eps, boolean weight) ->
                normGradient(in[0], in[in.length - 1], last, false, eps, weight ? in[1] : null);
            case Accelerated.LayerNormParameterGradient(float eps) -> parameterGradient(in[0], in[1], last, true, eps);
            case Accelerated.RmsNormParameterGradient(float eps) -> parameterGradient(in[0], in[1], last, false, eps);
            case Accelerated.QuantizedMatMul(Quantization how, boolean transpose) ->
                quantizedMatMul(in[0], Packed.elements(how, in[1], in[2], in[in.length - 1]), last, transpose);
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

    private static double[] extremeGradient(double[] x, double[] y, double[] g, Shape shape, Ints axes) {
        int[] results = new int[x.length];
        int[] counts = new int[y.length];
        for (int i = 0; i < x.length; i++) {
            int rest = i;
            for (int axis = shape.rank() - 1, stride = 1; axis >= 0; axis--) {
                if (!axes.contains(axis)) {
                    results[i] += rest % shape.dim(axis) * stride;
                    stride *= shape.dim(axis);
                }
                rest /= shape.dim(axis);
            }
            counts[results[i]] += x[i] == y[results[i]] ? 1 : 0;
        }
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = x[i] == y[results[i]] ? g[results[i]] / counts[results[i]] : 0;
        }
        return result;
    }

    private static double[] softmaxGradient(double[] y, double[] g, int n) {
        double[] result = new double[y.length];
        for (int row = 0; row < y.length; row += n) {
            double sum = 0;
            for (int i = row; i < row + n; i++) {
                sum += y[i] * g[i];
            }
            for (int i = row; i < row + n; i++) {
                result[i] = y[i] * (g[i] - sum);
            }
        }
        return result;
    }

    /// By the chain rule through each of the other elements: the derivative of normal j by input i, summed over j.
    private static double[] normGradient(double[] x, double[] g, int n, boolean center, double eps, double[] weight) {
        double[] normal = norm(x, n, center, eps, null, null);
        double[] result = new double[x.length];
        for (int row = 0; row < x.length; row += n) {
            double deviation = Math.sqrt(square(x, row, n, center) + eps);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double centering = (i == j ? 1 : 0) - (center ? 1.0 / n : 0);
                    double scaling = normal[row + i] * normal[row + j] / n;
                    double h = g[row + j] * (weight == null ? 1 : weight[j]);
                    result[row + i] += h * (centering - scaling) / deviation;
                }
            }
        }
        return result;
    }

    private static double square(double[] x, int row, int n, boolean center) {
        double mean = 0;
        for (int i = row; center && i < row + n; i++) {
            mean += x[i] / n;
        }
        double square = 0;
        for (int i = row; i < row + n; i++) {
            square += (x[i] - mean) * (x[i] - mean) / n;
        }
        return square;
    }

    private static double[] parameterGradient(double[] x, double[] g, int n, boolean both, double eps) {
        double[] normal = norm(x, n, both, eps, null, null);
        double[] result = new double[both ? 2 * n : n];
        for (int i = 0; i < x.length; i++) {
            result[i % n] += normal[i] * g[i];
            if (both) {
                result[n + i % n] += g[i];
            }
        }
        return result;
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

    /// By the chain rule through each of the shares: the derivative of share j by score l, summed over j.
    private static double[] attentionGradient(
            Accelerated.AttentionGradient kernel, List<Tensor> tensors, double[]... in) {
        int heads = tensors.get(0).shape().dim(1);
        int queries = tensors.get(0).shape().dim(2);
        int size = tensors.get(0).shape().dim(3);
        int groups = tensors.get(1).shape().dim(1);
        int keys = tensors.get(1).shape().dim(2);
        int width = tensors.get(2).shape().dim(3);
        double[] result = new double[in[0].length + in[1].length + in[2].length];
        for (int row = 0; row < in[0].length / size; row++) {
            int example = row / queries / heads;
            int head = row / queries % heads;
            int query = row % queries;
            int group = head / (heads / groups);
            double[] scores = new double[keys];
            double[] cotangents = new double[keys];
            for (int j = 0; j < keys; j++) {
                int key = (example * groups + group) * keys + j;
                for (int d = 0; d < size; d++) {
                    scores[j] += kernel.scale() * in[0][row * size + d] * in[1][key * size + d];
                }
                for (int d = 0; d < width; d++) {
                    cotangents[j] += in[3][row * width + d] * in[2][key * width + d];
                }
                scores[j] = kernel.causal() && j > query + keys - queries ? -Float.MAX_VALUE : scores[j];
            }
            double[] weights = softmax(scores, keys);
            for (int l = 0; l < keys; l++) {
                double slope = 0;
                for (int j = 0; j < keys; j++) {
                    slope += cotangents[j] * weights[j] * ((j == l ? 1 : 0) - weights[l]);
                }
                slope = scores[l] == -Float.MAX_VALUE ? 0 : slope * kernel.scale();
                int key = (example * groups + group) * keys + l;
                int place = (example * keys + l) * groups + group;
                for (int d = 0; d < size; d++) {
                    result[((example * queries + query) * heads + head) * size + d] += slope * in[1][key * size + d];
                    result[in[0].length + place * size + d] += slope * in[0][row * size + d];
                }
                for (int d = 0; d < width; d++) {
                    result[in[0].length + in[1].length + place * width + d] += weights[l] * in[3][row * width + d];
                }
            }
        }
        return result;
    }

    private static double[] quantizedMatMul(double[] x, double[] w, int k, boolean transpose) {
        int n = w.length / k;
        double[] result = new double[x.length / k * n];
        for (int i = 0; i < result.length; i++) {
            for (int j = 0; j < k; j++) {
                result[i] += x[i / n * k + j] * w[transpose ? i % n * k + j : j * n + i % n];
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
                values[i] = switch (tensor.dtype()) {
                    case BOOL -> memory.getAtIndex(ValueLayout.JAVA_BYTE, i);
                    case UINT8 -> memory.getAtIndex(ValueLayout.JAVA_BYTE, i) & 0xFF;
                    case UINT32 -> Integer.toUnsignedLong(memory.getAtIndex(ValueLayout.JAVA_INT, i));
                    default -> memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                };
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
