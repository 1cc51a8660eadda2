package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;
import org.lazuli.Shape;

/// A [ShardedToAllLinear] layer whose weight is quantized.
///
/// The weight is drawn like that of [ShardedToAllLinear] and then quantized, the bias is zero. All parameters are frozen.
///
/// See also: MLX, *QuantizedShardedToAllLinear*.
@MemberOrder({"weight", "scales", "biases", "bias"})
public class QuantizedShardedToAllLinear extends QuantizedLinear {
    private final Communicator group;

    /// With a bias, in 4 bits.
    public QuantizedShardedToAllLinear(int inputDims, int outputDims, Communicator group) {
        this(inputDims, outputDims, true, Quantization.AFFINE, group);
    }

    /// @param inputDims of all ranks together
    /// @throws IllegalArgumentException if the inputs cannot be divided by the number of ranks, or a rank's inputs are no whole groups
    public QuantizedShardedToAllLinear(
            int inputDims, int outputDims, boolean bias, Quantization how, Communicator group) {
        this(
                Shards.drawn(Shape.of(outputDims, Shard.size(inputDims, "input", group)), inputDims, how),
                bias ? Shards.zeros(outputDims) : null,
                group);
        super.freeze(FreezeOptions.ALL);
    }

    private QuantizedShardedToAllLinear(Quantized weight, @Nullable Array bias, Communicator group) {
        super(weight, bias);
        this.group = group;
    }

    /// This rank's part of a layer that all ranks have.
    ///
    /// @throws IllegalArgumentException if the inputs, or their groups, cannot be divided by the number of ranks
    public static QuantizedShardedToAllLinear fromQuantizedLinear(QuantizedLinear layer, Communicator group) {
        return fromQuantizedLinear(layer, Shard.along(-1), group);
    }

    /// This rank's part of each of the segments of a layer's inputs.
    ///
    /// @param segments along the last axis
    /// @throws IllegalArgumentException if the inputs, or their groups, cannot be divided by the number of ranks
    public static QuantizedShardedToAllLinear fromQuantizedLinear(
            QuantizedLinear layer, Shard segments, Communicator group) {
        Shards.checkWhole(layer, "QuantizedShardedToAllLinear");
        QuantizedShardedToAllLinear part = new QuantizedShardedToAllLinear(
                Shards.of(layer.quantized(), segments, "input", group), layer.bias, group);
        part.freeze(FreezeOptions.ALL);
        return part;
    }

    /// A layer of parameters that are this rank's part already.
    static QuantizedShardedToAllLinear ofPart(QuantizedLinear part, Communicator group) {
        QuantizedShardedToAllLinear layer = new QuantizedShardedToAllLinear(part.quantized(), part.bias, group);
        layer.freeze("weight", "scales", "biases");
        return layer;
    }

    /// Makes the parameters of modules within trainable, of which there are none.
    @Override
    public Module unfreeze(FreezeOptions options) {
        super.unfreeze(options);
        return super.freeze(FreezeOptions.ALL.withRecurse(false));
    }

    /// @param x shape `(…,inputDims / size)`, this rank's part
    /// @return shape `(…,outputDims)`, the same on all ranks
    @Override
    public Array apply(Array x) {
        Array bias = this.bias;
        Array sum = Distributed.allSum(Ops.quantizedMatmul(x, quantized()), group);
        return bias == null ? sum : sum.add(bias);
    }

    @Override
    protected String extraRepr() {
        Quantized quantized = quantized();
        Shape shape = quantized.shape();
        return "input_dims=" + shape.dim(1) * group.size() + ", output_dims=" + shape.dim(0) + ", bias="
                + Repr.of(bias != null) + ", " + Repr.of(quantized.how());
    }
}
