package org.lazuli.conformance.laws;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.Nary;
import org.lazuli.spi.TensorSpec;

/// A function that uses one instruction, and where its operands come from.
///
/// @param text the function in words, for failures
/// @param operands the operands' types and shapes
/// @param values draws the values of all operands together: within the function's domain and away from its kinks and jumps. An element of
///     complex64 takes two numbers.
/// @param function the function; its results are floating point or complex
/// @param seed where `values` begins
/// @param sums whether results are sums or products of many elements, whose rounding errors add up
/// @param epsilon half the distance from 1 to the next number, in the coarsest type that the function computes in
record Sample(
        String text,
        List<TensorSpec> operands,
        Function<Random, double[][]> values,
        Nary function,
        long seed,
        boolean sums,
        double epsilon) {

    static final double SINGLE = 0x1p-24;
    static final double DOUBLE = 0x1p-53;

    Sample(String text, List<TensorSpec> operands, Function<Random, double[][]> values, Nary function, long seed) {
        this(text, operands, values, function, seed, false, epsilonOf(operands));
    }

    private static double epsilonOf(List<TensorSpec> operands) {
        boolean single = operands.stream().anyMatch(spec -> spec.dtype().isInexact() && spec.dtype() != DType.FLOAT64);
        return single ? SINGLE : DOUBLE;
    }

    /// Marks results as sums or products of many elements.
    Sample summing() {
        return new Sample(text, operands, values, function, seed, true, epsilon);
    }

    Sample withEpsilon(double other) {
        return new Sample(text, operands, values, function, seed, sums, other);
    }

    /// The operands, drawn for the `number`-th time.
    List<Array> draw(int number) {
        double[][] drawn = values.apply(new Random(seed * 31 + number));
        List<Array> arrays = new ArrayList<>();
        for (int i = 0; i < drawn.length; i++) {
            arrays.add(array(drawn[i], operands.get(i)));
        }
        return arrays;
    }

    /// An array with these values; complex64 in pairs.
    static Array array(double[] values, TensorSpec spec) {
        if (spec.dtype() == DType.FLOAT32) {
            // Rounded here: the device may have no float64 to begin with.
            return Ops.array(singles(values)).reshape(spec.shape());
        }
        if (!spec.dtype().isComplex()) {
            return Ops.array(values, DType.FLOAT64).astype(spec.dtype()).reshape(spec.shape());
        }
        Shape pairs = spec.shape().concat(Shape.of(2));
        return Ops.array(singles(values)).reshape(pairs).view(DType.COMPLEX64).reshape(spec.shape());
    }

    private static float[] singles(double[] values) {
        float[] singles = new float[values.length];
        for (int i = 0; i < singles.length; i++) {
            singles[i] = (float) values[i];
        }
        return singles;
    }

    /// The same function of operands that float32 holds exactly.
    Sample ofSingles() {
        return new Sample(
                text,
                operands,
                r -> Arrays.stream(values.apply(r))
                        .map(v -> Arrays.stream(v).map(x -> (float) x).toArray())
                        .toArray(double[][]::new),
                function,
                seed,
                sums,
                epsilon);
    }

    /// Arrays of the types and shapes of others, with values between -1 and 1.
    static List<Array> random(List<Array> like, long seed) {
        Random random = new Random(seed);
        return like.stream()
                .map(array -> {
                    int count = array.size() * (array.dtype().isComplex() ? 2 : 1);
                    // Of few enough digits to be the same numbers in float32 and float64.
                    double[] values = random.doubles(count, -1, 1)
                            .map(x -> Math.rint(x * 0x1p20) * 0x1p-20)
                            .toArray();
                    return array(values, new TensorSpec(array.dtype(), array.shape()));
                })
                .toList();
    }

    /// The numbers of the operands that a gradient can flow to.
    List<Integer> differentiable() {
        List<Integer> result = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            if (operands.get(i).dtype().isInexact()) {
                result.add(i);
            }
        }
        return result;
    }

    @Override
    public String toString() {
        return text + " of " + operands + ", values from seed " + seed;
    }
}
