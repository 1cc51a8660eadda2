package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.Transforms;

/// One layer of a [TransformerDecoder]: a sequence attends to itself, then to a memory, then each element goes through two linear layers.
///
/// With normalization first, `x = x + dropout1(selfAttention(ln1(x)))`, `x = x + dropout2(crossAttention(ln2(x), memory))` and then
/// `x = x + linear2(dropout3(activation(linear1(ln3(x)))))`; else the sums are normalized, by `ln1`, `ln2` and `ln3`.
///
/// Weights are those of [MultiHeadAttention], [LayerNorm] and [Linear] at first.
///
/// See: A. Vaswani et al., *Attention is all you need*, 2017. See also: MLX, *Transformer*.
public class TransformerDecoderLayer extends Module {
    public MultiHeadAttention selfAttention;
    public MultiHeadAttention crossAttention;
    public LayerNorm ln1;
    public LayerNorm ln2;
    public LayerNorm ln3;
    public Linear linear1;
    public Linear linear2;
    public Dropout dropout1;
    public Dropout dropout2;
    public Dropout dropout3;

    private final TransformerOptions options;

    public TransformerDecoderLayer(int dims, int numHeads) {
        this(dims, numHeads, TransformerOptions.DEFAULT);
    }

    public TransformerDecoderLayer(int dims, int numHeads, TransformerOptions options) {
        this.options = options;
        int mlpDims = options.mlpDims().orElse(4 * dims);
        selfAttention = new MultiHeadAttention(dims, numHeads);
        crossAttention = new MultiHeadAttention(dims, numHeads);
        ln1 = new LayerNorm(dims);
        ln2 = new LayerNorm(dims);
        ln3 = new LayerNorm(dims);
        linear1 = new Linear(dims, mlpDims);
        linear2 = new Linear(mlpDims, dims);
        dropout1 = new Dropout(options.dropout());
        dropout2 = new Dropout(options.dropout());
        dropout3 = new Dropout(options.dropout());
    }

    /// Everything sees everything.
    ///
    /// @see #apply(Array, Array, AttentionMask, AttentionMask)
    public Array apply(Array x, Array memory) {
        return apply(x, memory, AttentionMask.NONE, AttentionMask.NONE);
    }

    /// @param x shape `(B,L,dims)`
    /// @param memory shape `(B,M,dims)`
    /// @param mask which elements of `x` an element of it sees
    /// @param memoryMask which elements of the memory an element of `x` sees
    /// @return of the shape of `x`
    public Array apply(Array x, Array memory, AttentionMask mask, AttentionMask memoryMask) {
        return options.checkpoint()
                ? Transforms.checkpoint((Array a, Array b) -> compute(a, b, mask, memoryMask))
                        .apply(x, memory)
                : compute(x, memory, mask, memoryMask);
    }

    private Array compute(Array x, Array memory, AttentionMask mask, AttentionMask memoryMask) {
        if (options.normFirst()) {
            Array y = ln1.apply(x);
            Array own = x.add(dropout1.apply(selfAttention.apply(y, y, y, mask)));
            Array both = own.add(dropout2.apply(crossAttention.apply(ln2.apply(own), memory, memory, memoryMask)));
            return both.add(feed(ln3.apply(both)));
        }
        Array own = ln1.apply(x.add(dropout1.apply(selfAttention.apply(x, x, x, mask))));
        Array both = ln2.apply(own.add(dropout2.apply(crossAttention.apply(own, memory, memory, memoryMask))));
        return ln3.apply(both.add(feed(both)));
    }

    private Array feed(Array x) {
        return linear2.apply(dropout3.apply(options.activation().apply(linear1.apply(x))));
    }
}
