package org.lazuli.ops;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.function.CustomFunction;
import org.lazuli.graph.Region;
import org.lazuli.spi.Accelerated;

/// Normalization of the last axis. Half precision is computed in float32 and rounded once before it is scaled and shifted.
public final class Normalizations {
    private static final Axes LAST = Axes.of(-1).keepDims();

    private Normalizations() {}

    public static Array layerNorm(Array x, @Nullable Array weight, @Nullable Array bias, double eps) {
        return Region.own(() -> Operands.of("layerNorm", x, weight, bias).normalized(new Layer((float) eps, eps)));
    }

    public static Array rmsNorm(Array x, @Nullable Array weight, double eps) {
        return Region.own(
                () -> Operands.of("rmsNorm", x, weight, null).normalized(new RootMeanSquare((float) eps, eps)));
    }

    /// One way to normalize: its graphs, and the kernels that may stand for them. Arrays are in the type to compute in.
    private sealed interface Norm {
        /// What is divided by the deviation.
        Array centered(Array x);

        double eps();

        Accelerated kernel(boolean weight, boolean bias);

        Accelerated gradientKernel(boolean weight);

        Accelerated parameterKernel();

        /// The reciprocal of the deviation.
        default Array scale(Array centered) {
            return centered.square().mean(LAST).add(eps()).rsqrt();
        }

        /// What the kernel for the parameters gives, from the normal and the cotangent, both of shape (rows, D).
        Array parameterGradient(Array normal, Array cotangent);
    }

    private record Layer(float kernelEps, double eps) implements Norm {
        @Override
        public Array centered(Array x) {
            return x.sub(x.mean(LAST));
        }

        @Override
        public Accelerated kernel(boolean weight, boolean bias) {
            return new Accelerated.LayerNorm(kernelEps, weight, bias);
        }

        @Override
        public Accelerated gradientKernel(boolean weight) {
            return new Accelerated.LayerNormGradient(kernelEps, weight);
        }

        @Override
        public Accelerated parameterKernel() {
            return new Accelerated.LayerNormParameterGradient(kernelEps);
        }

        @Override
        public Array parameterGradient(Array normal, Array cotangent) {
            return Shapes.stack(List.of(normal.mul(cotangent).sum(0), cotangent.sum(0)), 0);
        }
    }

    private record RootMeanSquare(float kernelEps, double eps) implements Norm {
        @Override
        public Array centered(Array x) {
            return x;
        }

        @Override
        public Accelerated kernel(boolean weight, boolean bias) {
            return new Accelerated.RmsNorm(kernelEps, weight);
        }

        @Override
        public Accelerated gradientKernel(boolean weight) {
            return new Accelerated.RmsNormGradient(kernelEps, weight);
        }

        @Override
        public Accelerated parameterKernel() {
            return new Accelerated.RmsNormParameterGradient(kernelEps);
        }

        @Override
        public Array parameterGradient(Array normal, Array cotangent) {
            return normal.mul(cotangent).sum(0);
        }
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

        /// The normal, scaled and shifted, or what a kernel makes of it all.
        Array normalized(Norm norm) {
            List<Array> arguments = new ArrayList<>();
            arguments.add(Elementwise.cast(x, dtype));
            if (weight != null) {
                arguments.add(weight);
            }
            if (bias != null) {
                arguments.add(bias);
            }
            Array wide = widened(x);
            Array centered = norm.centered(wide);
            Array result = Elementwise.cast(centered.mul(norm.scale(centered)), dtype);
            result = weight == null ? result : result.mul(weight);
            result = bias == null ? result : result.add(bias);
            Array[] operands = arguments.toArray(new Array[0]);
            if (!Accelerations.isOffered(operands)) {
                return result;
            }
            Array offered = Accelerations.offer(norm.kernel(weight != null, bias != null), result, operands);
            return CustomFunction.of(_ -> List.of(offered))
                    .withVjp((primals, cotangents, _) -> gradients(norm, primals, cotangents.get(0)))
                    .apply(arguments)
                    .get(0);
        }

        /// The gradients by all arguments.
        private List<Array> gradients(Norm norm, List<Array> primals, Array cotangent) {
            Array input = primals.get(0);
            Array scaledBy = weight == null ? null : primals.get(1);
            Array centered = norm.centered(widened(input));
            Array scale = norm.scale(centered);
            Array normal = centered.mul(scale);
            Array wide = widened(cotangent);
            List<Array> gradients = new ArrayList<>();
            Array h = scaledBy == null ? wide : wide.mul(widened(scaledBy));
            Array across = norm.centered(h).sub(normal.mul(normal.mul(h).mean(LAST)));
            Array graph = Elementwise.cast(across.mul(scale), dtype);
            gradients.add(
                    scaledBy == null
                            ? Accelerations.offer(norm.gradientKernel(false), graph, input, cotangent)
                            : Accelerations.offer(norm.gradientKernel(true), graph, input, scaledBy, cotangent));
            if (primals.size() > 1) {
                int[] rows = {-1, input.dim(-1)};
                Array sums = norm.parameterGradient(Shapes.reshape(normal, rows), Shapes.reshape(wide, rows));
                Array both =
                        Accelerations.offer(norm.parameterKernel(), Elementwise.cast(sums, dtype), input, cotangent);
                if (scaledBy != null) {
                    gradients.add(row(both, 0));
                }
                if (bias != null) {
                    gradients.add(row(both, 1));
                }
            }
            return gradients;
        }

        private static Array row(Array sums, int i) {
            return sums.ndim() == 1 ? sums : Shapes.squeeze(Shapes.slice(sums, 0, i, i + 1), 0);
        }

        private Array widened(Array array) {
            return Elementwise.cast(array, dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32);
        }
    }
}
