package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.lazuli.Array;
import org.lazuli.Transforms;
import org.lazuli.conformance.laws.Rows.Gradient;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.function.Nary;
import org.lazuli.spi.TensorSpec;

/// Gradients against central differences, for every instruction: reverse mode, forward mode, each against the other, and the gradient of the
/// gradient.
class GradientLawTest {
    private static final int TRIES = 12;

    /// Kernels are exact to a few units of roundoff.
    private static final double KERNEL_ULPS = 4;

    /// A gradient is a dozen kernels, the inputs of which are exact to a few units each.
    private static final double GRADIENT_ULPS = 64;

    @Test
    void everyInstructionHasARow() {
        assertEquals(Instructions.names(), Rows.INSTRUCTIONS.keySet());
    }

    @Test
    void rowsUseTheirInstruction() {
        Rows.INSTRUCTIONS.forEach((name, row) -> Laws.forAll(name, 3, row.samples(), sample -> {
            Set<String> used = Instructions.in(sample.function().apply(sample.draw(0)));
            assertTrue(used.contains(name), () -> name + " is not among " + used);
        }));
    }

    @TestFactory
    Stream<DynamicTest> derivativesAreDifferences() {
        return Laws.each("derivatives are differences", Rows.ALL, TRIES, GradientLawTest::checkDerivatives);
    }

    @TestFactory
    Stream<DynamicTest> secondDerivativesAreDifferences() {
        return Laws.each(
                "second derivatives are differences", Rows.ALL, TRIES / 2, GradientLawTest::checkSecondDerivatives);
    }

    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> derivativesAreDifferencesInManySamples() {
        return Laws.each(
                "derivatives are differences in many samples", Rows.ALL, 40 * TRIES, GradientLawTest::checkDerivatives);
    }

    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> secondDerivativesAreDifferencesInManySamples() {
        return Laws.each(
                "second derivatives are differences in many samples",
                Rows.ALL,
                20 * TRIES,
                GradientLawTest::checkSecondDerivatives);
    }

    private static void checkDerivatives(Row row, Sample sample) {
        Problem problem = Problem.of(sample);
        if (problem.primals.isEmpty()) {
            return;
        }
        List<Array> outputs = problem.function.apply(problem.primals);
        List<Array> cotangents = Sample.random(outputs, sample.seed() + 1);
        List<Array> tangents = Sample.random(problem.primals, sample.seed() + 2);
        double[] vjp = derivatives(problem, cotangents);
        if (row.gradient() == Gradient.STOPPED) {
            assertTrue(
                    Arrays.stream(vjp).allMatch(value -> value == 0),
                    () -> "a stopped gradient is " + Arrays.toString(vjp));
            return;
        }
        Jacobian jacobian = problem.jacobian(KERNEL_ULPS);
        double[] ct = Jacobian.flat(cotangents);
        Near.check("the vjp", jacobian.transposed(ct, false), vjp, jacobian.transposed(ct, true));

        Transforms.Derivatives forward = Transforms.jvp(problem.function, problem.primals, tangents);
        double[] t = Jacobian.flat(tangents);
        double[] jvp = Jacobian.flat(forward.derivatives());
        Near.check("the jvp", jacobian.forward(t, jvp.length, false), jvp, jacobian.forward(t, jvp.length, true));

        // Both sides are sums of the same products, in another order and with a gradient's rounding in each.
        double bound =
                (ct.length + t.length + GRADIENT_ULPS) * sample.epsilon() * Math.max(jacobian.magnitude(ct, t), 1);
        Near.check(
                "<ct, jvp> and <vjp, t>",
                new double[] {Numbers.dot(ct, jvp)},
                new double[] {Numbers.dot(vjp, t)},
                new double[] {bound});
    }

    /// The first law again, for the function that gives the gradient.
    private static void checkSecondDerivatives(Row row, Sample sample) {
        Problem problem = Problem.of(sample);
        if (problem.primals.isEmpty() || row.gradient() == Gradient.STOPPED) {
            return;
        }
        List<Array> cotangents = Sample.random(problem.function.apply(problem.primals), sample.seed() + 1);
        Nary gradient = in -> Transforms.vjp(problem.function, in, cotangents).derivatives();
        Problem second = new Problem(sample, gradient, problem.primals, problem.specs);
        List<Array> weights = Sample.random(problem.primals, sample.seed() + 3);
        double[] w = Jacobian.flat(weights);
        Jacobian jacobian = second.jacobian(GRADIENT_ULPS);
        Near.check(
                "the vjp of the vjp",
                jacobian.transposed(w, false),
                derivatives(second, weights),
                jacobian.transposed(w, true));
        double[] jvp =
                Jacobian.flat(Transforms.jvp(gradient, problem.primals, weights).derivatives());
        Near.check(
                "the jvp of the vjp",
                jacobian.forward(w, jvp.length, false),
                jvp,
                jacobian.forward(w, jvp.length, true));
    }

    /// A function of the operands to differentiate by; the others are fixed.
    private record Problem(Sample sample, Nary function, List<Array> primals, List<TensorSpec> specs) {

        /// Differentiates by some of the operands that can be, so that rules are asked for some cotangents and not for others.
        static Problem of(Sample sample) {
            List<Array> operands = sample.draw(0);
            List<Integer> candidates = sample.differentiable();
            Random random = new Random(sample.seed());
            List<Integer> chosen = new ArrayList<>(candidates);
            if (candidates.size() > 1 && random.nextInt(3) == 0) {
                chosen.remove(random.nextInt(chosen.size()));
            }
            Nary function = in -> {
                List<Array> all = new ArrayList<>(operands);
                for (int i = 0; i < chosen.size(); i++) {
                    all.set(chosen.get(i), in.get(i));
                }
                return sample.function().apply(all);
            };
            return new Problem(
                    sample,
                    function,
                    chosen.stream().map(operands::get).toList(),
                    chosen.stream().map(sample.operands()::get).toList());
        }

        Jacobian jacobian(double ulps) {
            double[][] values = primals.stream().map(Numbers::of).toArray(double[][]::new);
            return Jacobian.of(function, specs, values, sample.epsilon(), ulps, sample.sums());
        }
    }

    private static double[] derivatives(Problem problem, List<Array> cotangents) {
        List<Array> gradients =
                Transforms.vjp(problem.function, problem.primals, cotangents).derivatives();
        for (int i = 0; i < gradients.size(); i++) {
            TensorSpec spec = problem.specs.get(i);
            assertEquals(
                    spec,
                    new TensorSpec(gradients.get(i).dtype(), gradients.get(i).shape()),
                    "type of a gradient");
        }
        return Jacobian.flat(gradients);
    }
}
