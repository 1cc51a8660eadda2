package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.Transforms;
import org.lazuli.function.Unary;

/// One layer of a [TransformerEncoder]: a sequence attends to itself, then each element goes through two linear layers.
///
/// With normalization first, `x = x + dropout1(attention(ln1(x)))` and then
/// `x = x + linear2(dropout2(activation(linear1(ln2(x)))))`; else the sums are normalized, `x = ln1(x + …)` and `x = ln2(x + …)`.
///
/// Weights are those of [MultiHeadAttention], [LayerNorm] and [Linear] at first.
///
/// See: A. Vaswani et al., *Attention is all you need*, 2017; for the normalization first, R. Xiong et al., *On layer normalization in the
/// transformer architecture*, 2020. See also: MLX, *Transformer*.
public class TransformerEncoderLayer extends Module implements Unary {
    public MultiHeadAttention attention;
    public LayerNorm ln1;
    public LayerNorm ln2;
    public Linear linear1;
    public Linear linear2;
    public Dropout dropout1;
    public Dropout dropout2;

    private final TransformerOptions options;

    public TransformerEncoderLayer(int dims, int numHeads) {
        this(dims, numHeads, TransformerOptions.DEFAULT);
    }

    public TransformerEncoderLayer(int dims, int numHeads, TransformerOptions options) {
        this.options = options;
        int mlpDims = options.mlpDims().orElse(4 * dims);
        attention = new MultiHeadAttention(dims, numHeads);
        ln1 = new LayerNorm(dims);
        ln2 = new LayerNorm(dims);
        linear1 = new Linear(dims, mlpDims);
        linear2 = new Linear(mlpDims, dims);
        dropout1 = new Dropout(options.dropout());
        dropout2 = new Dropout(options.dropout());
    }

    /// Every element sees every other.
    ///
    /// @param x shape `(B,L,dims)`
    /// @return of the same shape
    @Override
    public Array apply(Array x) {
        return apply(x, AttentionMask.NONE);
    }

    /// @param x shape `(B,L,dims)`
    /// @param mask which elements an element sees
    /// @return of the same shape
    public Array apply(Array x, AttentionMask mask) {
        return options.checkpoint()
                ? Transforms.checkpoint((Array in) -> compute(in, mask)).apply(x)
                : compute(x, mask);
    }

    private Array compute(Array x, AttentionMask mask) {
        if (options.normFirst()) {
            Array y = ln1.apply(x);
            Array attended = x.add(dropout1.apply(attention.apply(y, y, y, mask)));
            return attended.add(feed(ln2.apply(attended)));
        }
        Array attended = ln1.apply(x.add(dropout1.apply(attention.apply(x, x, x, mask))));
        return ln2.apply(attended.add(feed(attended)));
    }

    private Array feed(Array x) {
        return linear2.apply(dropout2.apply(options.activation().apply(linear1.apply(x))));
    }
}
