package org.lazuli.conformance.laws;

import static org.lazuli.conformance.laws.Rows.Gradient.DERIVATIVE;

import java.util.List;
import java.util.Map;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Samples of matrix products and convolutions.
final class ContractionRows {
    private ContractionRows() {}

    static Map<String, Row> rows() {
        return Map.of(
                "MatMul", new Row(DERIVATIVE, ContractionRows::matmul),
                "Convolution", new Row(DERIVATIVE, ContractionRows::convolution));
    }

    private static Sample matmul(Choices choices) {
        Shape batch = Shape.of(choices.dims(0, 2, 0, 2));
        int n = choices.between(0, 3);
        int k = choices.between(0, 3);
        int m = choices.between(0, 3);
        return sample(choices, new Primitive.MatMul(), batch.concat(Shape.of(n, k)), batch.concat(Shape.of(k, m)));
    }

    /// One or two spatial axes with everything a convolution can have: strides, dilations of both, uneven and negative paddings, groups.
    private static Sample convolution(Choices choices) {
        int spatial = choices.between(1, 2);
        int groups = choices.between(1, 2);
        int channels = choices.between(1, 2);
        int outputs = groups * choices.between(1, 2);
        int[] input = new int[spatial + 2];
        int[] kernel = new int[spatial + 2];
        int[] strides = new int[spatial];
        int[] low = new int[spatial];
        int[] high = new int[spatial];
        int[] kernelDilation = new int[spatial];
        int[] inputDilation = new int[spatial];
        input[0] = choices.between(1, 2);
        input[spatial + 1] = channels * groups;
        kernel[0] = outputs;
        kernel[spatial + 1] = channels;
        for (int i = 0; i < spatial; i++) {
            input[i + 1] = choices.between(1, 4);
            kernel[i + 1] = choices.between(1, 3);
            strides[i] = choices.between(1, 3);
            kernelDilation[i] = choices.between(1, 2);
            inputDilation[i] = choices.between(1, 2);
            low[i] = choices.between(-1, 3);
            high[i] = choices.between(-1, 3);
            int size = (input[i + 1] - 1) * inputDilation[i] + 1;
            int reach = (kernel[i + 1] - 1) * kernelDilation[i] + 1;
            // A crop must leave something, and the kernel must fit.
            low[i] = Math.max(low[i], 1 - size);
            high[i] = Math.max(high[i], reach - size - low[i]);
        }
        Primitive convolution = new Primitive.Convolution(
                Ints.of(strides),
                Ints.of(low),
                Ints.of(high),
                Ints.of(kernelDilation),
                Ints.of(inputDilation),
                groups,
                choices.flag());
        return sample(choices, convolution, Shape.of(input), Shape.of(kernel));
    }

    private static Sample sample(Choices choices, Primitive primitive, Shape a, Shape b) {
        DType dtype = choices.rarely(3) ? DType.COMPLEX64 : choices.real();
        int numbers = dtype.isComplex() ? 2 : 1;
        return new Sample(
                        primitive.toString(),
                        List.of(new TensorSpec(dtype, a), new TensorSpec(dtype, b)),
                        r -> new double[][] {Values.any(r, numbers * a.size()), Values.any(r, numbers * b.size())},
                        in -> List.of(Graph.apply(primitive, in.toArray(new Array[0]))),
                        choices.seed())
                .summing();
    }
}
