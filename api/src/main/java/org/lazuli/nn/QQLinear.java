package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;

/// A [Linear] layer without bias that rounds both its input and its weight to eight- or four-bit floating point, so that training sees what
/// the rounding will do.
///
/// In training the weight is a matrix of full precision, which is rounded whenever it is used; gradients pass as if it were not. In
/// evaluation ([Module#eval]) it is quantized, and turned back, with what the rounding left of it, by [Module#train()].
///
/// See also: MLX, *QQLinear*.
public class QQLinear extends Linear {
    /// What each group of the weight is multiplied with, while it is quantized; else null.
    public @Nullable Array scales;

    private final Quantization how;

    /// In mode nvfp4.
    public QQLinear(int inputDims, int outputDims) {
        this(inputDims, outputDims, Quantization.NVFP4);
    }

    /// @throws IllegalArgumentException if `inputDims` is not a multiple of the group size, or the mode is affine
    public QQLinear(int inputDims, int outputDims, Quantization how) {
        this(new Linear(inputDims, outputDims, false), how);
    }

    private QQLinear(Linear layer, Quantization how) {
        super(layer.weight, null);
        if (how.hasBiases()) {
            throw new IllegalArgumentException("QQLinear: both operands are rounded to floating point: mode "
                    + how.mode() + " is not for it; use nvfp4, mxfp4 or mxfp8");
        }
        if (layer.bias != null) {
            throw new IllegalArgumentException("QQLinear: has no bias, the layer given has one: make it without");
        }
        if (layer.weight.dim(1) % how.groupSize() != 0) {
            throw new IllegalArgumentException("QQLinear: the number of inputs must be a multiple of the group size "
                    + how.groupSize() + ", but the weight's shape is " + layer.weight.shape());
        }
        this.how = how;
    }

    /// A layer with the weight of another.
    ///
    /// @throws IllegalArgumentException if the layer has a bias, or a number of inputs that is not a multiple of the group size
    public static QQLinear fromLinear(Linear layer, Quantization how) {
        return new QQLinear(layer, how);
    }

    @Override
    protected void setTrainingMode(boolean mode) {
        super.setTrainingMode(mode);
        Array scales = this.scales;
        if (mode && scales != null) {
            weight = Ops.dequantize(new Quantized(weight, scales, null, how), DType.FLOAT32);
            this.scales = null;
        } else if (!mode && scales == null) {
            Quantized quantized = Ops.quantize(weight, how);
            weight = quantized.weight();
            this.scales = quantized.scales();
        }
    }

    /// @param x shape `(…,inputDims)`
    /// @return shape `(…,outputDims)`
    @Override
    public Array apply(Array x) {
        Array scales = this.scales;
        return scales == null ? Ops.qqmm(x, weight, how) : Ops.qqmm(x, new Quantized(weight, scales, null, how));
    }

    /// @throws IllegalArgumentException always: this layer quantizes by itself
    @Override
    public Module toQuantized(Quantization how, boolean inputs) {
        throw new IllegalArgumentException("QQLinear: quantizes by itself; quantize the layer that it was made from");
    }

    @Override
    protected String extraRepr() {
        int inputs = scales == null ? weight.dim(1) : how.elements(weight.dim(1));
        return "input_dims=" + inputs + ", output_dims=" + weight.dim(0) + ", bias=False, " + Repr.of(how);
    }
}
