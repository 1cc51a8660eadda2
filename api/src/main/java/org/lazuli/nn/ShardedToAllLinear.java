package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Quantization;
import org.lazuli.Shape;

/// A [Linear] layer whose inputs are divided among ranks: each has some columns of the weight, and the sum of `x @ weight.T` over all ranks,
/// plus the bias, is the result of every rank.
///
/// Weight and bias are evenly distributed within `sqrt(1 / inputDims)` of 0 at first, with the inputs of all ranks counted. All ranks must
/// have the same bias: make the layer from one that all have by [#fromLinear], or do without.
///
/// See also: MLX, *ShardedToAllLinear*; Shoeybi and others, *Megatron-LM* (2019).
public class ShardedToAllLinear extends Linear {
    private final Communicator group;

    /// With a bias.
    public ShardedToAllLinear(int inputDims, int outputDims, Communicator group) {
        this(inputDims, outputDims, true, group);
    }

    /// @param inputDims of all ranks together
    /// @throws IllegalArgumentException if the inputs cannot be divided by the number of ranks
    public ShardedToAllLinear(int inputDims, int outputDims, boolean bias, Communicator group) {
        super(Weights.uniform(Shape.of(outputDims, Shard.size(inputDims, "input", group)), inputDims), null);
        this.bias = bias ? Weights.uniform(Shape.of(outputDims), inputDims) : null;
        this.group = group;
    }

    private ShardedToAllLinear(Array weight, @Nullable Array bias, Communicator group) {
        super(weight, bias);
        this.group = group;
    }

    /// This rank's part of a layer that all ranks have.
    ///
    /// @throws IllegalArgumentException if the inputs cannot be divided by the number of ranks
    public static ShardedToAllLinear fromLinear(Linear layer, Communicator group) {
        return fromLinear(layer, Shard.along(-1), group);
    }

    /// This rank's part of each of the segments of a layer's inputs.
    ///
    /// @param segments along the last axis
    /// @throws IllegalArgumentException if the inputs cannot be divided by the number of ranks
    public static ShardedToAllLinear fromLinear(Linear layer, Shard segments, Communicator group) {
        Shards.checkWhole(layer, "ShardedToAllLinear");
        return new ShardedToAllLinear(segments.of(layer.weight, "input", group), layer.bias, group);
    }

    /// @param x shape `(…,inputDims / size)`, this rank's part
    /// @return shape `(…,outputDims)`, the same on all ranks
    @Override
    public Array apply(Array x) {
        Array bias = this.bias;
        if (x.ndim() == 0 || x.dim(-1) != weight.dim(1)) {
            throw new IllegalArgumentException("ShardedToAllLinear: the last axis of a rank's input must have size "
                    + weight.dim(1) + ", but its shape is " + x.shape() + ": pass this rank's part");
        }
        Array sum = Distributed.allSum(x.matmul(weight.transpose()), group);
        return bias == null ? sum : sum.add(bias);
    }

    /// A [QuantizedShardedToAllLinear].
    ///
    /// @throws IllegalArgumentException if inputs are to be quantized, or a rank's inputs are no whole groups
    @Override
    public Module toQuantized(Quantization how, boolean inputs) {
        Shards.checkInputs("ShardedToAllLinear", inputs);
        return QuantizedShardedToAllLinear.ofPart(QuantizedLinear.fromLinear(this, how), group);
    }

    @Override
    protected String extraRepr() {
        Shape shape = weight.shape();
        return "input_dims=" + shape.dim(1) * group.size() + ", output_dims=" + shape.dim(0) + ", bias="
                + Repr.of(bias != null);
    }
}
