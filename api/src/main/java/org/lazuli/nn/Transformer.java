package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.AttentionMask;

/// An encoder that reads a source, and a decoder that attends to what the encoder made of it while it goes through a target.
///
/// ```java
/// var transformer = new Transformer(64, 4, 2, 2, TransformerOptions.DEFAULT);
/// Array y = transformer.apply(source, target, AttentionMask.NONE, AttentionMask.CAUSAL, AttentionMask.NONE);
/// ```
///
/// There are no embeddings and no positions in it: source and target are vectors already.
///
/// See: A. Vaswani et al., *Attention is all you need*, 2017. See also: MLX, *Transformer*.
public class Transformer extends Module {
    /// The encoder; its parameters are this module's if it is a [Module].
    public Encoder encoder;

    /// The decoder; its parameters are this module's if it is a [Module].
    public Decoder decoder;

    /// What a source goes through.
    @FunctionalInterface
    public interface Encoder {
        /// @param x shape `(B,L,dims)`
        /// @param mask which elements an element sees
        /// @return what the decoder attends to, usually of the same shape
        Array apply(Array x, AttentionMask mask);
    }

    /// What a target goes through.
    @FunctionalInterface
    public interface Decoder {
        /// @param x shape `(B,L,dims)`
        /// @param memory what the encoder gave
        /// @param mask which elements of `x` an element of it sees
        /// @param memoryMask which elements of the memory an element of `x` sees
        /// @return usually of the shape of `x`
        Array apply(Array x, Array memory, AttentionMask mask, AttentionMask memoryMask);
    }

    /// Size 512, 8 heads, 6 layers each.
    public Transformer() {
        this(512, 8, 6, 6, TransformerOptions.DEFAULT);
    }

    public Transformer(int dims, int numHeads, int numEncoderLayers, int numDecoderLayers, TransformerOptions options) {
        this(
                new TransformerEncoder(numEncoderLayers, dims, numHeads, options),
                new TransformerDecoder(numDecoderLayers, dims, numHeads, options));
    }

    /// An encoder and a decoder of one's own, or one of them.
    public Transformer(Encoder encoder, Decoder decoder) {
        this.encoder = encoder;
        this.decoder = decoder;
    }

    /// Everything sees everything.
    ///
    /// @see #apply(Array, Array, AttentionMask, AttentionMask, AttentionMask)
    public Array apply(Array source, Array target) {
        return apply(source, target, AttentionMask.NONE, AttentionMask.NONE, AttentionMask.NONE);
    }

    /// @param source shape `(B,S,dims)`
    /// @param target shape `(B,T,dims)`
    /// @param sourceMask which elements of the source an element of it sees
    /// @param targetMask which elements of the target an element of it sees
    /// @param memoryMask which elements of the source an element of the target sees
    /// @return shape `(B,T,dims)`
    public Array apply(
            Array source, Array target, AttentionMask sourceMask, AttentionMask targetMask, AttentionMask memoryMask) {
        return decoder.apply(target, encoder.apply(source, sourceMask), targetMask, memoryMask);
    }
}
