package org.lazuli.train;

import java.util.Map;
import java.util.function.Supplier;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.nn.Module;
import org.lazuli.tree.Tree;

/// Computing with 16 bits while the parameters keep their 32.
///
/// While the loss is computed, the model's trainable parameters are rounded to the smaller type; gradients flow through
/// that conversion and arrive in float32, and the optimizer moves the float32 parameters. Inputs of a [Batch] that are
/// float32 are converted too; batches of another type arrive as they are. Frozen parameters keep the type they have: give
/// them the smaller one with [Module#setDtype], if they may.
///
/// In float16, small gradients would vanish. So the loss is multiplied by a scale before it is differentiated, and the
/// gradients are divided by it afterwards. If one overflows, the step is left out and the scale halved; after
/// `growthInterval` good steps in a row it is doubled. bfloat16 has the exponents of float32 and needs no scale.
///
/// A loss is best computed from scores that were converted back: `model.apply(x).astype(DType.FLOAT32)`.
///
/// Source: Micikevicius et al., *Mixed Precision Training*, 2018.
///
/// @param dtype the type to compute in
/// @param initialScale what to multiply the loss by at first; 1 and `growthInterval` 0 for no scaling
/// @param growthInterval the number of good steps after which to double the scale, or 0 for no scaling
public record MixedPrecision(DType dtype, double initialScale, int growthInterval) {
    /// @throws IllegalArgumentException if the type is not a floating point type of 16 bits, or the scale not positive
    public MixedPrecision {
        if (dtype != DType.FLOAT16 && dtype != DType.BFLOAT16) {
            throw new IllegalArgumentException("MixedPrecision: computes in float16 or bfloat16, not " + dtype);
        }
        if (!(initialScale > 0) || Double.isInfinite(initialScale) || growthInterval < 0) {
            throw new IllegalArgumentException("MixedPrecision: the scale must be positive and the interval at least 0,"
                    + " not " + initialScale + " and " + growthInterval);
        }
    }

    /// Computes in bfloat16, without a scale.
    public static MixedPrecision bfloat16() {
        return new MixedPrecision(DType.BFLOAT16, 1, 0);
    }

    /// Computes in float16, with a scale that begins at 2¹⁵ and can double every 2000 steps.
    public static MixedPrecision float16() {
        return new MixedPrecision(DType.FLOAT16, 0x1p15, 2000);
    }

    public MixedPrecision withInitialScale(double initialScale) {
        return new MixedPrecision(dtype, initialScale, growthInterval);
    }

    public MixedPrecision withGrowthInterval(int growthInterval) {
        return new MixedPrecision(dtype, initialScale, growthInterval);
    }

    boolean scales() {
        return growthInterval > 0;
    }

    /// The batch as the model is given it.
    @SuppressWarnings("unchecked") // a Batch where a Batch was
    <B> B lower(B batch) {
        return batch instanceof Batch examples ? (B) examples.withInputs(lower(examples.inputs())) : batch;
    }

    private Array lower(Array array) {
        return array.dtype() == DType.FLOAT32 ? array.astype(dtype) : array;
    }

    /// A loss computed with rounded parameters, as float32. The model has its own again afterwards; what the loss itself put
    /// there, such as running statistics, stays, in the type that was there before.
    Array loss(Module model, Supplier<Array> loss) {
        Tree<Array> own = model.trainableParameters();
        Tree<Array> rounded = own.map(this::lower);
        model.update(rounded);
        Array value = loss.get();
        Map<String, Array> lent = rounded.flatten();
        Map<String, Array> left = model.parameters().flatten();
        model.update(
                own.mapWithPath((path, array) -> {
                    Array now = left.get(path);
                    return now == null || now == lent.get(path) ? array : now.astype(array.dtype());
                }),
                false);
        return value.astype(DType.FLOAT32);
    }
}
