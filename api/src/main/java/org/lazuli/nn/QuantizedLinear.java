package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;
import org.lazuli.Shape;

/// A [Linear] layer whose weight is quantized: `x @ weight.T + bias`, without ever unpacking the whole weight where the backend can
/// do so.
///
/// The weight is drawn like that of [Linear] and then quantized, the bias is zero. All parameters are frozen: train what is
/// around it. In a layer made by [#fromLinear] the bias is not.
///
/// See also: MLX, *QuantizedLinear*.
@MemberOrder({"weight", "scales", "biases", "bias"})
public class QuantizedLinear extends Linear {
    /// What each group of the weight is multiplied with.
    public Array scales;

    /// What is added to each group of the weight, or null if the mode has no such thing.
    public @Nullable Array biases;

    private final Quantization how;

    /// With a bias, in 4 bits.
    public QuantizedLinear(int inputDims, int outputDims) {
        this(inputDims, outputDims, true, Quantization.AFFINE);
    }

    /// @throws IllegalArgumentException if `inputDims` is not a multiple of the group size
    public QuantizedLinear(int inputDims, int outputDims, boolean bias, Quantization how) {
        this(new Linear(inputDims, outputDims, false), how);
        this.bias = bias ? Ops.zeros(Shape.of(outputDims), DType.FLOAT32) : null;
        super.freeze(FreezeOptions.ALL);
    }

    /// With these parameters.
    QuantizedLinear(Quantized weight, @Nullable Array bias) {
        super(weight.weight(), bias);
        scales = weight.scales();
        biases = weight.biases();
        how = weight.how();
    }

    private QuantizedLinear(Linear layer, Quantization how) {
        super(layer.weight, layer.bias);
        Quantized quantized = Ops.quantize(layer.weight, how);
        weight = quantized.weight();
        scales = quantized.scales();
        biases = quantized.biases();
        this.how = how;
    }

    /// A layer with the weight of another, quantized, and its bias.
    ///
    /// @throws IllegalArgumentException if the number of inputs is not a multiple of the group size
    public static QuantizedLinear fromLinear(Linear layer, Quantization how) {
        QuantizedLinear quantized = new QuantizedLinear(layer, how);
        quantized.freeze("weight", "scales", "biases");
        return quantized;
    }

    /// @param x shape `(…,inputDims)`
    /// @return shape `(…,outputDims)`
    @Override
    public Array apply(Array x) {
        Array bias = this.bias;
        Array y = Ops.quantizedMatmul(x, quantized());
        return bias == null ? y : y.add(bias);
    }

    Quantized quantized() {
        return new Quantized(weight, scales, biases, how);
    }

    /// @throws IllegalArgumentException always: this layer is quantized already
    @Override
    public Module toQuantized(Quantization how, boolean inputs) {
        throw new IllegalArgumentException(
                "QuantizedLinear: is quantized already; quantize the layer that it was made from");
    }

    @Override
    protected String extraRepr() {
        return "input_dims=" + quantized().shape().dim(1) + ", output_dims=" + weight.dim(0) + ", bias="
                + Repr.of(bias != null) + ", " + Repr.of(how);
    }
}
