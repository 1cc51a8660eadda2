package org.lazuli.nn;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Shape;

/// A map of two vectors that is linear in each: `y[k] = x2 @ weight[k] @ x1 + bias[k]`.
///
/// Weight and bias are evenly distributed within `sqrt(1 / input1Dims)` of 0 at first.
///
/// See also: MLX, *Bilinear*.
public class Bilinear extends Module {
    /// Shape `(outputDims,input2Dims,input1Dims)`.
    public Array weight;

    /// Shape `(outputDims)`, or null.
    public @Nullable Array bias;

    /// With a bias.
    public Bilinear(int input1Dims, int input2Dims, int outputDims) {
        this(input1Dims, input2Dims, outputDims, true);
    }

    public Bilinear(int input1Dims, int input2Dims, int outputDims, boolean bias) {
        weight = Weights.uniform(Shape.of(outputDims, input2Dims, input1Dims), input1Dims);
        this.bias = bias ? Weights.uniform(Shape.of(outputDims), input1Dims) : null;
    }

    /// @param x1 shape `(…,input1Dims)`
    /// @param x2 shape `(…,input2Dims)`, with the same leading axes
    /// @return shape `(…,outputDims)`
    public Array apply(Array x1, Array x2) {
        check(x1, x2);
        int outputs = weight.dim(0);
        int size2 = weight.dim(1);
        int size1 = weight.dim(2);
        // One product of all rows with all matrices, then one of small matrices for each row.
        Array products = x1.reshape(-1, size1)
                .matmul(weight.reshape(outputs * size2, size1).transpose())
                .unflatten(-1, outputs, size2);
        Array y = products.matmul(x2.reshape(-1, size2, 1)).reshape(x1.shape().with(-1, outputs));
        Array bias = this.bias;
        return bias == null ? y : y.add(bias);
    }

    private void check(Array x1, Array x2) {
        boolean fits = x1.ndim() > 0
                && x1.dim(-1) == weight.dim(2)
                && x1.shape().with(-1, weight.dim(1)).equals(x2.shape());
        if (!fits) {
            throw new IllegalArgumentException("Bilinear: the inputs must have shapes (…," + weight.dim(2) + ") and (…,"
                    + weight.dim(1) + ") with the same leading axes, but have " + x1.shape() + " and " + x2.shape());
        }
    }

    @Override
    protected String extraRepr() {
        return "input1_dims=" + weight.dim(2) + ", input2_dims=" + weight.dim(1) + ", output_dims=" + weight.dim(0)
                + ", bias=" + Repr.of(bias != null);
    }
}
