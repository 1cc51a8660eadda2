package org.lazuli.ops;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.graph.Region;
import org.lazuli.spi.Accelerated;

/// Normalization of the last axis. Half precision is computed in float32 and rounded once before it is scaled and shifted.
public final class Normalizations {
    private static final Axes LAST = Axes.of(-1).keepDims();

    private Normalizations() {}

    public static Array layerNorm(Array x, @Nullable Array weight, @Nullable Array bias, double eps) {
        return Region.own(() -> {
            Operands in = Operands.of("layerNorm", x, weight, bias);
            Array wide = in.widened();
            Array centered = wide.sub(wide.mean(LAST));
            Array variance = centered.square().mean(LAST);
            Array normal = Elementwise.cast(centered.mul(variance.add(eps).rsqrt()), in.dtype);
            return in.offer(new Accelerated.LayerNorm((float) eps, weight != null, bias != null), normal);
        });
    }

    public static Array rmsNorm(Array x, @Nullable Array weight, double eps) {
        return Region.own(() -> {
            Operands in = Operands.of("rmsNorm", x, weight, null);
            Array wide = in.widened();
            Array meanSquare = wide.square().mean(LAST);
            Array normal = Elementwise.cast(wide.mul(meanSquare.add(eps).rsqrt()), in.dtype);
            return in.offer(new Accelerated.RmsNorm((float) eps, weight != null), normal);
        });
    }

    /// The input and its parameters in the dtype of the result.
    private record Operands(
            Array x, @Nullable Array weight, @Nullable Array bias, DType dtype) {
        static Operands of(String name, Array x, @Nullable Array weight, @Nullable Array bias) {
            if (x.ndim() == 0) {
                throw new IllegalArgumentException(name + ": a scalar has no axis to normalize; reshape it");
            }
            DType dtype = x.dtype();
            dtype = weight == null ? dtype : DType.promote(dtype, check(name, "weight", weight, x));
            dtype = bias == null ? dtype : DType.promote(dtype, check(name, "bias", bias, x));
            if (!dtype.isFloating()) {
                throw new IllegalArgumentException(
                        name + ": needs a floating point type, got " + dtype + "; use astype(DType.FLOAT32)");
            }
            return new Operands(x, convert(weight, dtype), convert(bias, dtype), dtype);
        }

        private static DType check(String name, String parameter, Array array, Array x) {
            if (!array.shape().equals(Shape.of(x.dim(-1)))) {
                throw new IllegalArgumentException(name + ": the " + parameter + " must have shape "
                        + Shape.of(x.dim(-1)) + " for an input of shape " + x.shape() + ", has " + array.shape());
            }
            return array.dtype();
        }

        private static @Nullable Array convert(@Nullable Array parameter, DType dtype) {
            return parameter == null ? null : Elementwise.cast(parameter, dtype);
        }

        /// The input in the type to compute in.
        Array widened() {
            return Elementwise.cast(x, dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32);
        }

        /// The normal, scaled and shifted, or what a kernel makes of it all.
        Array offer(Accelerated kernel, Array normal) {
            List<Array> arguments = new ArrayList<>();
            arguments.add(Elementwise.cast(x, dtype));
            Array result = normal;
            if (weight != null) {
                arguments.add(weight);
                result = result.mul(weight);
            }
            if (bias != null) {
                arguments.add(bias);
                result = result.add(bias);
            }
            return Accelerations.offer(kernel, result, arguments.toArray(new Array[0]));
        }
    }
}
