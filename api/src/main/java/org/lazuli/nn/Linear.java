package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Shape;
import org.lazuli.function.Unary;

/// An affine map of the last axis: `x @ weight.T + bias`.
///
/// Weight and bias are evenly distributed within `sqrt(1 / inputDims)` of 0 at first.
///
/// See also: MLX, *Linear*.
public class Linear extends Module implements Unary, Quantizable {
    /// Shape `(outputDims,inputDims)`.
    public Array weight;

    /// Shape `(outputDims)`, or null.
    public @Nullable Array bias;

    /// With a bias.
    public Linear(int inputDims, int outputDims) {
        this(inputDims, outputDims, true);
    }

    public Linear(int inputDims, int outputDims, boolean bias) {
        weight = Weights.uniform(Shape.of(outputDims, inputDims), inputDims);
        this.bias = bias ? Weights.uniform(Shape.of(outputDims), inputDims) : null;
    }

    /// With these parameters.
    Linear(Array weight, @Nullable Array bias) {
        this.weight = weight;
        this.bias = bias;
    }

    /// @param x shape `(…,inputDims)`
    /// @return shape `(…,outputDims)`
    @Override
    public Array apply(Array x) {
        Array bias = this.bias;
        if (x.ndim() == 0 || x.dim(-1) != weight.dim(1)) {
            throw new IllegalArgumentException("Linear: the last axis of the input must have size " + weight.dim(1)
                    + ", but its shape is " + x.shape() + ": make the layer with other input dims");
        }
        Array transposed = weight.transpose();
        return bias == null ? x.matmul(transposed) : Ops.addmm(bias, x, transposed);
    }

    /// A [QuantizedLinear], or a [QQLinear] if inputs are quantized too.
    @Override
    public Module toQuantized(Quantization how, boolean inputs) {
        return inputs ? QQLinear.fromLinear(this, how) : QuantizedLinear.fromLinear(this, how);
    }

    @Override
    protected String extraRepr() {
        return "input_dims=" + weight.dim(1) + ", output_dims=" + weight.dim(0) + ", bias=" + Repr.of(bias != null);
    }
}
