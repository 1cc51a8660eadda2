package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.lazuli.DType;
import org.lazuli.Quantization;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Choices;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.TensorSpec;

/// The product with a packed matrix. The judge unpacks it by the definitions of the formats.
final class QuantizedRows {
    private static final double EPS = 0x1p-24;

    private static final List<Quantization> FORMATS =
            List.of(Quantization.AFFINE, Quantization.MXFP4, Quantization.MXFP8, Quantization.NVFP4);

    private QuantizedRows() {}

    static Row row(Set<DType> dtypes) {
        return new Row("QuantizedMatMul", dtypes, QuantizedRows::quantizedMatMul);
    }

    private static Case quantizedMatMul(Draw draw) {
        Choices choices = draw.choices;
        Quantization how = choices.of(FORMATS);
        if (how.hasBiases()) {
            how = how.withBits(choices.of(List.of(4, 8, 2, 3, 5, 6))).withGroupSize(choices.of(List.of(64, 32, 128)));
        }
        boolean transpose = choices.between(0, 3) > 0;
        int m = choices.of(List.of(1, 2, 3, 9));
        int rows = Math.max(1, draw.size(65));
        int columns = how.groupSize() * choices.between(1, 4);
        Shape groups = Shape.of(rows, columns / how.groupSize());
        List<HostTensor> operands = new ArrayList<>();
        operands.add(draw.any(draw.dtype, Shape.of(m, transpose ? columns : rows)));
        operands.add(words(draw, how, Shape.of(rows, how.words(columns))));
        // Such that no sum of products is too large for float16.
        int bits = how.bits();
        switch (how.mode()) {
            case AFFINE -> {
                operands.add(draw.numbers(draw.dtype, groups, r -> Math.scalb(4 * r.nextDouble() - 2, -bits)));
                operands.add(draw.any(draw.dtype, groups));
            }
            case MXFP4 -> operands.add(draw.numbers(DType.UINT8, groups, r -> 120 + r.nextInt(8)));
            case MXFP8 -> operands.add(draw.numbers(DType.UINT8, groups, r -> 112 + r.nextInt(8)));
            case NVFP4 -> operands.add(draw.numbers(DType.UINT8, groups, r -> r.nextInt(64)));
        }
        return new Case(new Accelerated.QuantizedMatMul(how, transpose), operands, QuantizedRows::quantizedMatMul);
    }

    /// Any packed elements but NaN.
    private static HostTensor words(Draw draw, Quantization how, Shape shape) {
        long[] bits = draw.random().longs(shape.size(), 0, 1L << 32).toArray();
        if (how.mode() == Quantization.Mode.MXFP8) {
            for (int i = 0; i < bits.length; i++) {
                for (int shift = 0; shift < 32; shift += 8) {
                    boolean isNaN = ((bits[i] >>> shift) & 0x7F) == 0x7F;
                    bits[i] &= isNaN ? ~(1L << shift) : -1;
                }
            }
        }
        return HostTensor.ofBits(new TensorSpec(DType.UINT32, shape), bits);
    }

    /// Products and sums in any order, of elements that are a product and a sum themselves: a rounding for each term and a few more, of the sum of all
    /// magnitudes.
    private static List<Expected> quantizedMatMul(Oracle oracle, Kernel kernel, List<HostTensor> operands) {
        Accelerated.QuantizedMatMul product = (Accelerated.QuantizedMatMul) kernel;
        Quantization how = product.how();
        HostTensor x = operands.get(0);
        double[] xs = x.numbers();
        double[] words = operands.get(1).numbers();
        double[] scales = operands.get(2).numbers();
        double[] biases = operands.getLast().numbers();
        double[] w = Packed.elements(how, words, scales, biases);
        double[] none = new double[biases.length];
        double[] scaled = Packed.elements(how, words, scales, none);
        int k = x.shape().dim(1);
        int n = w.length / k;
        Shape shape = x.shape().with(1, n);
        double[] out = new double[shape.size()];
        double[] errors = new double[out.length];
        for (int i = 0; i < out.length; i++) {
            double magnitude = 0;
            for (int j = 0; j < k; j++) {
                int at = product.transpose() ? i % n * k + j : j * n + i % n;
                double factor = xs[i / n * k + j];
                out[i] += factor * w[at];
                double bias = how.hasBiases() ? Math.abs(biases[at / how.groupSize()]) : 0;
                magnitude += Math.abs(factor) * (Math.abs(scaled[at]) + bias);
            }
            errors[i] = (k + 8) * EPS * magnitude;
        }
        return AcceleratedRows.near(x, shape, out, errors);
    }
}
