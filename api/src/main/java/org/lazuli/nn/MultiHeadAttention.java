package org.lazuli.nn;

import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.DType;
import org.lazuli.Fast;
import org.lazuli.FloatInfo;
import org.lazuli.Ops;

/// Scaled dot product attention with several heads, between linear layers.
///
/// Queries, keys and values are each mapped by a linear layer and split into heads; each head computes
/// `softmax(q @ k.T / sqrt(dims / numHeads)) @ v`; the heads' results, side by side, are mapped by another linear layer.
///
/// ```java
/// var attention = new MultiHeadAttention(64, 8);
/// Array y = attention.apply(x, x, x, AttentionMask.CAUSAL);     // (2,10,64) -> (2,10,64)
/// ```
///
/// Weights are those of [Linear] at first, without biases unless the options ask for them.
///
/// See: A. Vaswani et al., *Attention is all you need*, 2017. See also: MLX, *MultiHeadAttention*.
public class MultiHeadAttention extends Module {
    /// From `queryInputDims` to `dims`.
    public Linear queryProj;

    /// From `keyInputDims` to `dims`.
    public Linear keyProj;

    /// From `valueInputDims` to `valueDims`.
    public Linear valueProj;

    /// From `valueDims` to `valueOutputDims`.
    public Linear outProj;

    private final int numHeads;

    /// All sizes equal.
    ///
    /// @throws IllegalArgumentException if `dims` is no multiple of the number of heads
    public MultiHeadAttention(int dims, int numHeads) {
        this(dims, numHeads, Options.of(dims));
    }

    /// @param dims the size of all heads together, of queries and keys
    /// @throws IllegalArgumentException if `dims` or the options' `valueDims` is no multiple of the number of heads
    public MultiHeadAttention(int dims, int numHeads, Options options) {
        checkHeads("dims", dims, numHeads);
        checkHeads("valueDims", options.valueDims(), numHeads);
        this.numHeads = numHeads;
        queryProj = new Linear(options.queryInputDims(), dims, options.bias());
        keyProj = new Linear(options.keyInputDims(), dims, options.bias());
        valueProj = new Linear(options.valueInputDims(), options.valueDims(), options.bias());
        outProj = new Linear(options.valueDims(), options.valueOutputDims(), options.bias());
    }

    private static void checkHeads(String name, int dims, int numHeads) {
        if (numHeads < 1 || dims % numHeads != 0) {
            throw new IllegalArgumentException("MultiHeadAttention: " + name + " = " + dims
                    + " cannot be divided among " + numHeads + " heads of equal size");
        }
    }

    /// Every query sees every key.
    ///
    /// @see #apply(Array, Array, Array, AttentionMask)
    public Array apply(Array queries, Array keys, Array values) {
        return apply(queries, keys, values, AttentionMask.NONE);
    }

    /// What each query finds.
    ///
    /// @param queries shape `(B,Lq,queryInputDims)`
    /// @param keys shape `(B,Lk,keyInputDims)`
    /// @param values shape `(B,Lk,valueInputDims)`
    /// @param mask which keys a query sees; an array broadcasts to `(B,numHeads,Lq,Lk)`
    /// @return shape `(B,Lq,valueOutputDims)`
    public Array apply(Array queries, Array keys, Array values, AttentionMask mask) {
        Array q = split(queryProj.apply(checked("queries", queries)));
        Array k = split(keyProj.apply(checked("keys", keys)));
        Array v = split(valueProj.apply(checked("values", values)));
        Array found = Fast.scaledDotProductAttention(q, k, v, Math.sqrt(1.0 / q.dim(-1)), mask);
        return outProj.apply(found.transpose(0, 2, 1, 3).flatten(-2, -1));
    }

    private static Array checked(String name, Array x) {
        if (x.ndim() != 3) {
            throw new IllegalArgumentException("MultiHeadAttention: " + name
                    + " must have three axes (batch, length, size), but their shape is " + x.shape()
                    + ": a single sequence takes expandDims(0)");
        }
        return x;
    }

    /// From `(B,L,D)` to `(B,numHeads,L,D/numHeads)`.
    private Array split(Array x) {
        return x.unflatten(-1, numHeads, -1).transpose(0, 2, 1, 3);
    }

    /// [#createAdditiveCausalMask(int, DType)] of float32.
    public static Array createAdditiveCausalMask(int n) {
        return createAdditiveCausalMask(n, DType.FLOAT32);
    }

    /// A mask to be added to scores, so that no query sees a key after it: 0, and the type's lowest number where there is nothing to see.
    /// [AttentionMask#CAUSAL] does the same without an array.
    ///
    /// @param dtype a floating point type
    /// @return shape `(n,n)`
    public static Array createAdditiveCausalMask(int n, DType dtype) {
        Array positions = Ops.arange(n);
        Array hidden = positions.expandDims(1).lt(positions);
        return hidden.astype(dtype).mul(FloatInfo.of(dtype).min());
    }

    /// Options of [MultiHeadAttention]: sizes, from [#of] with those that differ changed.
    ///
    /// @param queryInputDims the size of queries as they come
    /// @param keyInputDims the size of keys as they come
    /// @param valueInputDims the size of values as they come
    /// @param valueDims the size of all heads together, of values
    /// @param valueOutputDims the size of the result
    /// @param bias whether the linear layers have biases
    public record Options(
            int queryInputDims,
            int keyInputDims,
            int valueInputDims,
            int valueDims,
            int valueOutputDims,
            boolean bias) {
        /// All sizes equal, without biases.
        public static Options of(int dims) {
            return new Options(dims, dims, dims, dims, dims, false);
        }

        public Options withQueryInputDims(int queryInputDims) {
            return new Options(queryInputDims, keyInputDims, valueInputDims, valueDims, valueOutputDims, bias);
        }

        /// The size of keys and, as they mostly come from one place, of values.
        public Options withKeyInputDims(int keyInputDims) {
            return new Options(queryInputDims, keyInputDims, keyInputDims, valueDims, valueOutputDims, bias);
        }

        public Options withValueInputDims(int valueInputDims) {
            return new Options(queryInputDims, keyInputDims, valueInputDims, valueDims, valueOutputDims, bias);
        }

        public Options withValueDims(int valueDims) {
            return new Options(queryInputDims, keyInputDims, valueInputDims, valueDims, valueOutputDims, bias);
        }

        public Options withValueOutputDims(int valueOutputDims) {
            return new Options(queryInputDims, keyInputDims, valueInputDims, valueDims, valueOutputDims, bias);
        }

        public Options withBias(boolean bias) {
            return new Options(queryInputDims, keyInputDims, valueInputDims, valueDims, valueOutputDims, bias);
        }
    }
}
