package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.Quantization;
import org.lazuli.Shape;
import org.lazuli.function.Unary;

/// A table of vectors, one for each of a number of things: words, for example.
///
/// The table is normally distributed with standard deviation `sqrt(1 / dims)` at first.
///
/// See also: MLX, *Embedding*.
public class Embedding extends Module implements Unary, Quantizable {
    /// Shape `(numEmbeddings,dims)`.
    public Array weight;

    public Embedding(int numEmbeddings, int dims) {
        weight = Weights.normal(Shape.of(numEmbeddings, dims), dims);
    }

    /// With this table.
    Embedding(Array weight) {
        this.weight = weight;
    }

    /// The vectors of the things with these numbers.
    ///
    /// @param x integers from 0 to `numEmbeddings - 1`, of any shape
    /// @return shape `(…,dims)`
    @Override
    public Array apply(Array x) {
        return weight.take(x, 0);
    }

    /// The table as a linear layer without bias, to score every thing: `x @ weight.T`.
    ///
    /// @param x shape `(…,dims)`
    /// @return shape `(…,numEmbeddings)`
    public Array asLinear(Array x) {
        return x.matmul(weight.transpose());
    }

    /// A [QuantizedEmbedding].
    ///
    /// @throws IllegalArgumentException if inputs are to be quantized, which here are numbers of things
    @Override
    public Module toQuantized(Quantization how, boolean inputs) {
        if (inputs) {
            throw new IllegalArgumentException(
                    "Embedding: its inputs are integers and cannot be quantized: leave it out with a predicate");
        }
        return QuantizedEmbedding.fromEmbedding(this, how);
    }

    @Override
    protected String extraRepr() {
        return weight.dim(0) + ", " + weight.dim(1);
    }
}
