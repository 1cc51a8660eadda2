package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;

/// An [Embedding] whose table is quantized: only the vectors that are looked up are unpacked.
///
/// The table is drawn like that of [Embedding] and then quantized. All parameters are frozen.
///
/// See also: MLX, *QuantizedEmbedding*.
public class QuantizedEmbedding extends Embedding {
    /// What each group of the table is multiplied with.
    public Array scales;

    /// What is added to each group of the table, or null if the mode has no such thing.
    public @Nullable Array biases;

    private final Quantization how;

    /// In 4 bits.
    public QuantizedEmbedding(int numEmbeddings, int dims) {
        this(numEmbeddings, dims, Quantization.AFFINE);
    }

    /// @throws IllegalArgumentException if `dims` is not a multiple of the group size
    public QuantizedEmbedding(int numEmbeddings, int dims, Quantization how) {
        this(new Embedding(numEmbeddings, dims), how);
    }

    private QuantizedEmbedding(Embedding layer, Quantization how) {
        super(layer.weight);
        Quantized quantized = Ops.quantize(layer.weight, how);
        weight = quantized.weight();
        scales = quantized.scales();
        biases = quantized.biases();
        this.how = how;
        super.freeze(FreezeOptions.ALL);
    }

    /// A layer with the table of another, quantized.
    ///
    /// @throws IllegalArgumentException if the vectors' size is not a multiple of the group size
    public static QuantizedEmbedding fromEmbedding(Embedding layer, Quantization how) {
        return new QuantizedEmbedding(layer, how);
    }

    /// The vectors of the things with these numbers, in the type of the scales, or bfloat16 if those are `uint8`.
    ///
    /// @param x integers from 0 to `numEmbeddings - 1`, of any shape
    /// @return shape `(…,dims)`
    @Override
    public Array apply(Array x) {
        Array flat = x.reshape(-1);
        Array biases = this.biases;
        Quantized rows = new Quantized(
                weight.take(flat, 0), scales.take(flat, 0), biases == null ? null : biases.take(flat, 0), how);
        Array vectors = Ops.dequantize(rows);
        return vectors.reshape(x.shape().concat(vectors.shape().slice(1, 2)));
    }

    /// The table as a linear layer without bias, to score every thing: `x @ weight.T`.
    ///
    /// @param x shape `(…,dims)`
    /// @return shape `(…,numEmbeddings)`
    @Override
    public Array asLinear(Array x) {
        return Ops.quantizedMatmul(x, quantized());
    }

    private Quantized quantized() {
        return new Quantized(weight, scales, biases, how);
    }

    /// @throws IllegalArgumentException always: this layer is quantized already
    @Override
    public Module toQuantized(Quantization how, boolean inputs) {
        throw new IllegalArgumentException(
                "QuantizedEmbedding: is quantized already; quantize the layer that it was made from");
    }

    @Override
    protected String extraRepr() {
        return weight.dim(0) + ", " + quantized().shape().dim(1) + ", " + Repr.of(how);
    }
}
