package org.lazuli.conformance.laws;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Nary;
import org.lazuli.spi.TensorSpec;

/// The derivatives of every number that a function gives by every number that it takes, from central differences, each with a bound on its
/// error. The real and the imaginary part of a complex number are two numbers.
///
/// Differences with steps h and h/2, D(h) and D(h/2), are combined to (4 D(h/2) - D(h)) / 3, in which the term of order h² cancels. What is left of the
/// truncation error is far below |D(h) - D(h/2)|, which therefore bounds it. The rounding error of D(h/2), when the function is computed within `u`
/// units of roundoff `e` of a magnitude M, is 2 u e M / h, that of D(h) half as much, so that of the combination is at most 3 u e M / h.
/// The step h = e^(1/3) max(1, |x|) balances the two.
///
/// @param slope the derivatives, by input number and output number
/// @param error the bounds on their errors
record Jacobian(double[][] slope, double[][] error) {

    /// @param values the point, operand by operand
    /// @param epsilon the unit of roundoff
    /// @param ulps how exact the function is computed, in units of roundoff of the result (and of 1, where it is smaller)
    /// @param sums whether results are sums of up to as many products of two inputs as there are inputs, with a rounding error at each addition
    static Jacobian of(
            Nary function, List<TensorSpec> specs, double[][] values, double epsilon, double ulps, boolean sums) {
        int count = Arrays.stream(values).mapToInt(operand -> operand.length).sum();
        double largest = Arrays.stream(values)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElse(0);
        double[] at = evaluate(function, specs, values);
        double[] noise = new double[at.length];
        for (int o = 0; o < at.length; o++) {
            double magnitude = Math.max(Math.abs(at[o]), sums ? count * Math.max(1, largest * largest) : 1);
            noise[o] = 3 * (sums ? ulps + count : ulps) * epsilon * magnitude;
        }
        double[][] slope = new double[count][];
        double[][] error = new double[count][at.length];
        int number = 0;
        for (double[] operand : values) {
            for (int i = 0; i < operand.length; i++) {
                double x = operand[i];
                double h = Math.cbrt(epsilon) * Math.max(1, Math.abs(x));
                double[] coarse = difference(function, specs, values, operand, i, h, epsilon);
                double[] fine = difference(function, specs, values, operand, i, h / 2, epsilon);
                slope[number] = new double[at.length];
                for (int o = 0; o < at.length; o++) {
                    slope[number][o] = (4 * fine[o] - coarse[o]) / 3;
                    error[number][o] = Math.abs(fine[o] - coarse[o]) + noise[o] / h;
                }
                number++;
            }
        }
        return new Jacobian(slope, error);
    }

    private static double[] difference(
            Nary function,
            List<TensorSpec> specs,
            double[][] values,
            double[] operand,
            int i,
            double h,
            double epsilon) {
        double x = operand[i];
        // The steps as they are after rounding.
        double above = epsilon == Sample.DOUBLE ? x + h : (float) (x + h);
        double below = epsilon == Sample.DOUBLE ? x - h : (float) (x - h);
        try {
            operand[i] = above;
            double[] high = evaluate(function, specs, values);
            operand[i] = below;
            double[] low = evaluate(function, specs, values);
            double[] result = new double[high.length];
            for (int o = 0; o < result.length; o++) {
                result[o] = (high[o] - low[o]) / (above - below);
            }
            return result;
        } finally {
            operand[i] = x;
        }
    }

    private static double[] evaluate(Nary function, List<TensorSpec> specs, double[][] values) {
        List<Array> operands = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            operands.add(Sample.array(values[i], specs.get(i)));
        }
        return flat(function.apply(operands));
    }

    /// All elements of several arrays.
    static double[] flat(List<Array> arrays) {
        Ops.eval(arrays);
        return arrays.stream()
                .flatMapToDouble(array -> Arrays.stream(Numbers.of(array)))
                .toArray();
    }

    /// For each input, the sum over the outputs of `weights` times the derivative; with the bounds, if `magnitudes`, of its error.
    double[] transposed(double[] weights, boolean bounds) {
        double[] result = new double[slope.length];
        for (int i = 0; i < result.length; i++) {
            for (int o = 0; o < weights.length; o++) {
                result[i] += bounds ? error[i][o] * Math.abs(weights[o]) : slope[i][o] * weights[o];
            }
        }
        return result;
    }

    /// For each of `outputs` outputs, the sum over the inputs of `weights` times the derivative, or the bounds of its error.
    double[] forward(double[] weights, int outputs, boolean bounds) {
        double[] result = new double[outputs];
        for (int i = 0; i < slope.length; i++) {
            for (int o = 0; o < outputs; o++) {
                result[o] += bounds ? error[i][o] * Math.abs(weights[i]) : slope[i][o] * weights[i];
            }
        }
        return result;
    }

    /// The sum of the magnitudes of all terms of `cotangents * J * tangents`.
    double magnitude(double[] cotangents, double[] tangents) {
        double sum = 0;
        for (int i = 0; i < slope.length; i++) {
            for (int o = 0; o < cotangents.length; o++) {
                sum += Math.abs(cotangents[o] * slope[i][o] * tangents[i]);
            }
        }
        return sum;
    }
}
