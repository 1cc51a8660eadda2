package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Quantization;
import org.lazuli.Quantized;
import org.lazuli.Shape;

/// An [AllToShardedLinear] layer whose weight is quantized.
///
/// The weight is drawn like that of [AllToShardedLinear] and then quantized, the bias is zero. All parameters are frozen.
///
/// See also: MLX, *QuantizedAllToShardedLinear*.
@MemberOrder({"weight", "scales", "biases", "bias"})
public class QuantizedAllToShardedLinear extends QuantizedLinear {
    private final Communicator group;

    /// With a bias, in 4 bits.
    public QuantizedAllToShardedLinear(int inputDims, int outputDims, Communicator group) {
        this(inputDims, outputDims, true, Quantization.AFFINE, group);
    }

    /// @param outputDims of all ranks together
    /// @throws IllegalArgumentException if the outputs cannot be divided by the number of ranks, or a rank's inputs are no whole groups
    public QuantizedAllToShardedLinear(
            int inputDims, int outputDims, boolean bias, Quantization how, Communicator group) {
        this(
                Shards.drawn(Shape.of(Shard.size(outputDims, "output", group), inputDims), inputDims, how),
                bias ? Shards.zeros(Shard.size(outputDims, "output", group)) : null,
                group);
        super.freeze(FreezeOptions.ALL);
    }

    private QuantizedAllToShardedLinear(Quantized weight, @Nullable Array bias, Communicator group) {
        super(weight, bias);
        this.group = group;
    }

    /// This rank's part of a layer that all ranks have.
    ///
    /// @throws IllegalArgumentException if the outputs, or their groups, cannot be divided by the number of ranks
    public static QuantizedAllToShardedLinear fromQuantizedLinear(QuantizedLinear layer, Communicator group) {
        return fromQuantizedLinear(layer, Shard.along(0), group);
    }

    /// This rank's part of each of the segments of a layer's outputs.
    ///
    /// @param segments along axis 0
    /// @throws IllegalArgumentException if the outputs, or their groups, cannot be divided by the number of ranks
    public static QuantizedAllToShardedLinear fromQuantizedLinear(
            QuantizedLinear layer, Shard segments, Communicator group) {
        Shards.checkWhole(layer, "QuantizedAllToShardedLinear");
        QuantizedAllToShardedLinear part = new QuantizedAllToShardedLinear(
                Shards.of(layer.quantized(), segments, "output", group),
                Shards.of(layer.bias, segments, "output", group),
                group);
        part.freeze(FreezeOptions.ALL);
        return part;
    }

    /// A layer of parameters that are this rank's part already.
    static QuantizedAllToShardedLinear ofPart(QuantizedLinear part, Communicator group) {
        QuantizedAllToShardedLinear layer = new QuantizedAllToShardedLinear(part.quantized(), part.bias, group);
        layer.freeze("weight", "scales", "biases");
        return layer;
    }

    /// Makes the parameters of modules within trainable, of which there are none.
    @Override
    public Module unfreeze(FreezeOptions options) {
        super.unfreeze(options);
        return super.freeze(FreezeOptions.ALL.withRecurse(false));
    }

    /// @param x shape `(…,inputDims)`, the same on all ranks
    /// @return shape `(…,outputDims / size)`, this rank's part
    @Override
    public Array apply(Array x) {
        return super.apply(Distributed.sumGradients(x, group));
    }

    @Override
    protected String extraRepr() {
        Quantized quantized = quantized();
        Shape shape = quantized.shape();
        return "input_dims=" + shape.dim(1) + ", output_dims=" + shape.dim(0) * group.size() + ", bias="
                + Repr.of(bias != null) + ", " + Repr.of(quantized.how());
    }
}
