package org.lazuli.conformance.laws;

import static org.lazuli.conformance.laws.Rows.Gradient.DERIVATIVE;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Fft;
import org.lazuli.FftNorm;
import org.lazuli.FftOptions;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.function.Nary;
import org.lazuli.function.Unary;
import org.lazuli.spi.TensorSpec;

/// Operations of the public interface that are sums of products: einsum, products of chosen matrices and blocks, Hadamard and Fourier transforms
/// of lengths that are asked for.
final class ProductRows {
    private final Map<String, Row> rows = new TreeMap<>();

    private ProductRows() {}

    static Map<String, Row> rows() {
        ProductRows table = new ProductRows();
        table.einsum();
        table.selected();
        table.quantized();
        table.transforms();
        return table.rows;
    }

    private void einsum() {
        einsum("ij,jk,kl->il", Shape.of(2, 3), Shape.of(3, 2), Shape.of(2, 2));
        einsum("bij,bkj->ibk", Shape.of(2, 2, 3), Shape.of(2, 2, 3));
        einsum("iij,jk->ik", Shape.of(2, 2, 3), Shape.of(3, 2));
        einsum("...ij,...jk->...k", Shape.of(2, 1, 2, 2), Shape.of(3, 2, 2));
        einsum("ij,jk", Shape.of(2, 1), Shape.of(3, 2));
        einsum("i,ij,j->", Shape.of(2), Shape.of(2, 3), Shape.of(3));
        einsum("a,b,ab->ba", Shape.of(2), Shape.of(3), Shape.of(2, 3));
        einsum("ij,ij->j", Shape.of(0, 2), Shape.of(0, 2));
    }

    private void einsum(String subscripts, Shape... shapes) {
        put("einsum " + subscripts, in -> Ops.einsum(subscripts, in.toArray(new Array[0])), shapes);
    }

    private void selected() {
        put(
                "blockMaskedMm with masks that multiply",
                in -> Ops.blockMaskedMm(in.get(0), in.get(1), 32, in.get(2), in.get(3), in.get(4)),
                Shape.of(34, 1),
                Shape.of(1, 2),
                Shape.of(2, 1),
                Shape.of(2, 1),
                Shape.of(1, 1));
        put(
                "blockMaskedMm of a batch with boolean masks",
                in -> Ops.blockMaskedMm(
                        in.get(0),
                        in.get(1),
                        32,
                        Ops.array(new boolean[][][] {{{true}}, {{false}}}),
                        null,
                        Ops.array(new boolean[][] {{true}})),
                Shape.of(2, 1, 2),
                Shape.of(2, 2));
        put(
                "gatherMm by both",
                in -> Ops.gatherMm(
                        in.get(0), in.get(1), Ops.array(new int[][] {{1}, {0}}), Ops.array(new int[] {2, 0, 2})),
                Shape.of(2, 2, 2),
                Shape.of(3, 2, 1));
        put(
                "gatherMm by the right",
                in -> Ops.gatherMm(in.get(0), in.get(1), null, Ops.array(new int[] {1, 1, 0})),
                Shape.of(3, 1, 2),
                Shape.of(2, 2, 2));
        put(
                "segmentedMm",
                in -> Ops.segmentedMm(in.get(0), in.get(1), Ops.array(new int[][] {{0, 2}, {1, 4}, {3, 3}})),
                Shape.of(2, 4),
                Shape.of(4, 1));
    }

    /// By the elements of the left operand; the matrix is a constant.
    private void quantized() {
        for (Quantization how : List.of(Quantization.AFFINE.withGroupSize(32), Quantization.NVFP4)) {
            put(
                    "quantizedMatmul by the transpose, " + how.mode(),
                    in -> Ops.quantizedMatmul(in.get(0), quantized(how, 2), true),
                    Shape.of(2, 32));
            put(
                    "quantizedMatmul, " + how.mode(),
                    in -> Ops.quantizedMatmul(in.get(0), quantized(how, 3), false),
                    Shape.of(2, 3));
            put(
                    "gatherQmm by both, " + how.mode(),
                    in -> Ops.gatherQmm(
                            in.get(0),
                            quantized(how, 2, 2),
                            Ops.array(new int[] {1, 0}),
                            Ops.array(new int[] {1, 1}),
                            true),
                    Shape.of(2, 1, 32));
        }
    }

    /// Numbers in no order, in rows of 32.
    private static Quantized quantized(Quantization how, int... rows) {
        Shape shape = Shape.of(rows).concat(Shape.of(32));
        return Ops.quantize(Ops.arange(shape.size()).mul(0.7).sin().reshape(shape), how);
    }

    private void transforms() {
        put("hadamardTransform of 4", in -> Ops.hadamardTransform(in.get(0), 0.5), Shape.of(2, 4));
        put("hadamardTransform of 12", in -> Ops.hadamardTransform(in.get(0)), Shape.of(12));
        put("hadamardTransform of 40", in -> Ops.hadamardTransform(in.get(0)), Shape.of(1, 40));
        fourier(
                "rfft of a longer and a shorter signal",
                x -> Ops.concatenate(List.of(
                        Fft.rfft(x, FftOptions.DEFAULT.n(6).axis(0)),
                        Fft.rfft(x, FftOptions.DEFAULT.n(3).axis(0).norm(FftNorm.FORWARD)))),
                Shape.of(4, 2));
        fourier(
                "irfft of an odd length",
                x -> Fft.irfft(x.mul(x), FftOptions.DEFAULT.n(5).norm(FftNorm.ORTHO)),
                Shape.of(2, 3));
        fourier("fft2 and back", x -> Fft.ifft2(Fft.fft2(x).mul(x)), Shape.of(2, 3));
        fourier(
                "irfftn of three axes",
                x -> Fft.irfftn(x, FftOptions.DEFAULT.s(3, 2, 4).axes(2, 0, 1)),
                Shape.of(2, 3, 2));
        put("fftshift", in -> Fft.ifftshift(Fft.fftshift(in.get(0)).square(), 1), Shape.of(2, 3));
    }

    /// Of float32 numbers, which is what transforms are computed from.
    private void fourier(String name, Unary function, Shape shape) {
        rows.put(name, row(DType.FLOAT32, in -> function.apply(in.get(0)), shape));
    }

    private void put(String name, Function<List<Array>, Array> function, Shape... shapes) {
        rows.put(name, row(DType.FLOAT64, function, shapes));
    }

    private static Row row(DType dtype, Function<List<Array>, Array> function, Shape... shapes) {
        Nary nary = in -> List.of(function.apply(in));
        return new Row(
                DERIVATIVE,
                choices -> new Sample(
                                "the product",
                                Arrays.stream(shapes)
                                        .map(shape -> new TensorSpec(dtype, shape))
                                        .toList(),
                                r -> Arrays.stream(shapes)
                                        .map(shape -> Values.any(r, shape.size()))
                                        .toArray(double[][]::new),
                                nary,
                                choices.seed())
                        .summing());
    }
}
