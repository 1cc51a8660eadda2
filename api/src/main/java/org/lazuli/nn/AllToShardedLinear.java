package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Quantization;
import org.lazuli.Shape;

/// A [Linear] layer whose outputs are divided among ranks: each has some rows of the weight and gives its part of `x @ weight.T + bias`.
///
/// All ranks must pass the same `x`; its gradient is the sum of what they find. A [ShardedToAllLinear] takes what comes out.
///
/// Weight and bias are evenly distributed within `sqrt(1 / inputDims)` of 0 at first. Ranks must have drawn with different seeds, or make the
/// layer from one that all have: [#fromLinear].
///
/// See also: MLX, *AllToShardedLinear*; Shoeybi and others, *Megatron-LM* (2019).
public class AllToShardedLinear extends Linear {
    private final Communicator group;

    /// With a bias.
    public AllToShardedLinear(int inputDims, int outputDims, Communicator group) {
        this(inputDims, outputDims, true, group);
    }

    /// @param outputDims of all ranks together
    /// @throws IllegalArgumentException if the outputs cannot be divided by the number of ranks
    public AllToShardedLinear(int inputDims, int outputDims, boolean bias, Communicator group) {
        super(inputDims, Shard.size(outputDims, "output", group), bias);
        this.group = group;
    }

    private AllToShardedLinear(Array weight, @Nullable Array bias, Communicator group) {
        super(weight, bias);
        this.group = group;
    }

    /// This rank's part of a layer that all ranks have.
    ///
    /// @throws IllegalArgumentException if the outputs cannot be divided by the number of ranks
    public static AllToShardedLinear fromLinear(Linear layer, Communicator group) {
        return fromLinear(layer, Shard.along(0), group);
    }

    /// This rank's part of each of the segments of a layer's outputs.
    ///
    /// @param segments along axis 0
    /// @throws IllegalArgumentException if the outputs cannot be divided by the number of ranks
    public static AllToShardedLinear fromLinear(Linear layer, Shard segments, Communicator group) {
        Shards.checkWhole(layer, "AllToShardedLinear");
        Array bias = layer.bias;
        return new AllToShardedLinear(
                segments.of(layer.weight, "output", group),
                bias == null ? null : segments.of(bias, "output", group),
                group);
    }

    /// @param x shape `(…,inputDims)`, the same on all ranks
    /// @return shape `(…,outputDims / size)`, this rank's part
    @Override
    public Array apply(Array x) {
        return super.apply(Distributed.sumGradients(x, group));
    }

    /// A [QuantizedAllToShardedLinear].
    ///
    /// @throws IllegalArgumentException if inputs are to be quantized
    @Override
    public Module toQuantized(Quantization how, boolean inputs) {
        Shards.checkInputs("AllToShardedLinear", inputs);
        return QuantizedAllToShardedLinear.ofPart(QuantizedLinear.fromLinear(this, how), group);
    }

    @Override
    protected String extraRepr() {
        Shape shape = weight.shape();
        return "input_dims=" + shape.dim(1) + ", output_dims=" + shape.dim(0) * group.size() + ", bias="
                + Repr.of(bias != null);
    }
}
