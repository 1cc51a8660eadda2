package org.lazuli.nn;

import java.util.List;
import java.util.stream.Stream;
import org.lazuli.Array;
import org.lazuli.AttentionMask;

/// Layers in which a sequence attends to itself and to a memory, and a [LayerNorm] behind them.
///
/// See also: [TransformerDecoderLayer]; MLX, *Transformer*.
public class TransformerDecoder extends Module implements Transformer.Decoder {
    public List<TransformerDecoderLayer> layers;
    public LayerNorm ln;

    public TransformerDecoder(int numLayers, int dims, int numHeads) {
        this(numLayers, dims, numHeads, TransformerOptions.DEFAULT);
    }

    public TransformerDecoder(int numLayers, int dims, int numHeads, TransformerOptions options) {
        layers = Stream.generate(() -> new TransformerDecoderLayer(dims, numHeads, options))
                .limit(numLayers)
                .toList();
        ln = new LayerNorm(dims);
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
    @Override
    public Array apply(Array x, Array memory, AttentionMask mask, AttentionMask memoryMask) {
        Array result = x;
        for (TransformerDecoderLayer layer : layers) {
            result = layer.apply(result, memory, mask, memoryMask);
        }
        return ln.apply(result);
    }
}
