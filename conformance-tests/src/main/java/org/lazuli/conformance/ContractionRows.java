package org.lazuli.conformance;

import java.util.List;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Choices;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;

/// Matrix products and convolutions.
final class ContractionRows {
    private ContractionRows() {}

    static List<Row> rows() {
        return List.of(
                new Row("MatMul", Row.INEXACT, ContractionRows::matmul),
                new Row("Convolution", Row.INEXACT, ContractionRows::convolution));
    }

    /// The size asked for is one of the three.
    private static Case matmul(Draw draw) {
        int[] sizes = draw.choices.dims(3, 1, 6);
        int long_ = draw.choices.between(0, 2);
        if (!draw.isDeep()) {
            sizes[long_] = draw.size(long_ == 1 ? 5000 : 1025);
            if (sizes[long_] <= 65 && sizes[long_] > 0 && draw.choices.flag()) {
                // A square, which goes through whole tiles.
                sizes = new int[] {sizes[long_], sizes[long_], sizes[long_]};
            }
        }
        Shape batch = Shape.of(draw.choices.dims(draw.isDeep() ? draw.choices.between(0, 2) : 0, 1, 3));
        return new Case(
                new Primitive.MatMul(),
                List.of(
                        draw.any(draw.dtype, batch.concat(Shape.of(sizes[0], sizes[1]))),
                        draw.any(draw.dtype, batch.concat(Shape.of(sizes[1], sizes[2])))),
                Judge.sums((kernel, operands) -> operands.getFirst().shape().dim(-1), false));
    }

    /// One or two spatial axes with everything a convolution can have: strides, dilations of both, uneven and negative paddings, groups.
    private static Case convolution(Draw draw) {
        Choices choices = draw.choices;
        int spatial = choices.between(1, 2);
        int groups = choices.between(1, 2);
        int channels = choices.between(1, 3);
        int[] input = new int[spatial + 2];
        int[] weight = new int[spatial + 2];
        int[] strides = new int[spatial];
        int[] low = new int[spatial];
        int[] high = new int[spatial];
        int[] kernelDilation = new int[spatial];
        int[] inputDilation = new int[spatial];
        input[0] = choices.between(1, 2);
        input[spatial + 1] = channels * groups;
        weight[0] = groups * choices.between(1, 3);
        weight[spatial + 1] = channels;
        for (int i = 0; i < spatial; i++) {
            input[i + 1] = i == 0 && !draw.isDeep() ? Math.max(1, draw.size(65)) : choices.between(1, 6);
            weight[i + 1] = choices.between(1, 3);
            strides[i] = choices.between(1, 3);
            kernelDilation[i] = choices.between(1, 2);
            inputDilation[i] = choices.between(1, 2);
            low[i] = choices.between(-1, 3);
            high[i] = choices.between(-1, 3);
            int size = (input[i + 1] - 1) * inputDilation[i] + 1;
            int reach = (weight[i + 1] - 1) * kernelDilation[i] + 1;
            // A crop must leave something, and the kernel must fit.
            low[i] = Math.max(low[i], 1 - size);
            high[i] = Math.max(high[i], reach - size - low[i]);
        }
        Primitive.Convolution convolution = new Primitive.Convolution(
                Ints.of(strides),
                Ints.of(low),
                Ints.of(high),
                Ints.of(kernelDilation),
                Ints.of(inputDilation),
                groups,
                choices.flag());
        return new Case(
                convolution,
                List.of(draw.any(draw.dtype, Shape.of(input)), draw.any(draw.dtype, Shape.of(weight))),
                Judge.sums(
                        (kernel, operands) -> operands.get(1).size()
                                / Math.max(1, operands.get(1).shape().dim(0)),
                        false));
    }
}
