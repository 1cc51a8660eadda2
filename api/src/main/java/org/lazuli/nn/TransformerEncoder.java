package org.lazuli.nn;

import java.util.List;
import java.util.stream.Stream;
import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.function.Unary;

/// Layers in which a sequence attends to itself, and a [LayerNorm] behind them.
///
/// ```java
/// var encoder = new TransformerEncoder(6, 128, 8, TransformerOptions.DEFAULT.withDropout(0.1));
/// Array y = encoder.apply(x, AttentionMask.CAUSAL);     // (2,10,128) -> (2,10,128)
/// ```
///
/// See also: [TransformerEncoderLayer]; MLX, *Transformer*.
public class TransformerEncoder extends Module implements Unary, Transformer.Encoder {
    public List<TransformerEncoderLayer> layers;
    public LayerNorm ln;

    public TransformerEncoder(int numLayers, int dims, int numHeads) {
        this(numLayers, dims, numHeads, TransformerOptions.DEFAULT);
    }

    public TransformerEncoder(int numLayers, int dims, int numHeads, TransformerOptions options) {
        layers = Stream.generate(() -> new TransformerEncoderLayer(dims, numHeads, options))
                .limit(numLayers)
                .toList();
        ln = new LayerNorm(dims);
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
    @Override
    public Array apply(Array x, AttentionMask mask) {
        Array result = x;
        for (TransformerEncoderLayer layer : layers) {
            result = layer.apply(result, mask);
        }
        return ln.apply(result);
    }
}
