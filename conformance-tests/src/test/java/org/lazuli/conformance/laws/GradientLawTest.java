package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.lazuli.Array;
import org.lazuli.Transforms;
import org.lazuli.conformance.laws.Rows.Gradient;
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
        assertEquals(Instructions.names(), new TreeSet<>(Rows.ALL.keySet()));
    }

    @TestFactory
    Stream<DynamicTest> rowsUseTheirInstruction() {
        return each("uses its instruction", 3, (name, sample) -> {
            Set<String> used = Instructions.in(sample.function().apply(sample.draw(0)));
            assertTrue(used.contains(name), () -> name + " is not among " + used);
        });
    }

    @TestFactory
    Stream<DynamicTest> derivativesAreDifferences() {
        return each("derivatives are differences", TRIES, GradientLawTest::checkDerivatives);
    }

    @TestFactory
    Stream<DynamicTest> secondDerivativesAreDifferences() {
        return each("second derivatives are differences", TRIES / 2, GradientLawTest::checkSecondDerivatives);
    }

    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> derivativesAreDifferencesInManySamples() {
        return each("derivatives are differences in many samples", 40 * TRIES, GradientLawTest::checkDerivatives);
    }

    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> secondDerivativesAreDifferencesInManySamples() {
        return each(
                "second derivatives are differences in many samples",
                20 * TRIES,
                GradientLawTest::checkSecondDerivatives);
    }

    @FunctionalInterface
    private interface Law {
        void check(String name, Sample sample);
    }

    private static Stream<DynamicTest> each(String law, int tries, Law check) {
        return Instructions.names().stream()
                .map(name -> DynamicTest.dynamicTest(
                        name + ": " + law,
                        () -> Laws.forAll(
                                name + ": " + law,
                                tries,
                                Rows.of(name).samples(),
                                sample -> check.check(name, sample))));
    }

    private static void checkDerivatives(String name, Sample sample) {
        Problem problem = Problem.of(sample);
        if (problem.primals.isEmpty()) {
            return;
        }
        List<Array> outputs = problem.function.apply(problem.primals);
        List<Array> cotangents = random(outputs, sample.seed() + 1);
        List<Array> tangents = random(problem.primals, sample.seed() + 2);
        double[] vjp = derivatives(problem, cotangents);
        if (Rows.of(name).gradient() == Gradient.STOPPED) {
            assertTrue(
                    Arrays.stream(vjp).allMatch(value -> value == 0),
                    () -> "a stopped gradient is " + Arrays.toString(vjp));
            return;
        }
        Jacobian jacobian = problem.jacobian(KERNEL_ULPS);
        double[] ct = Jacobian.flat(cotangents);
        assertNear("the vjp", jacobian.transposed(ct, false), vjp, jacobian.transposed(ct, true));

        Transforms.Derivatives forward = Transforms.jvp(problem.function, problem.primals, tangents);
        double[] t = Jacobian.flat(tangents);
        double[] jvp = Jacobian.flat(forward.derivatives());
        assertNear("the jvp", jacobian.forward(t, jvp.length, false), jvp, jacobian.forward(t, jvp.length, true));

        // Both sides are sums of the same products, in another order and with a gradient's rounding in each.
        double bound =
                (ct.length + t.length + GRADIENT_ULPS) * sample.epsilon() * Math.max(jacobian.magnitude(ct, t), 1);
        assertNear(
                "<ct, jvp> and <vjp, t>",
                new double[] {Numbers.dot(ct, jvp)},
                new double[] {Numbers.dot(vjp, t)},
                new double[] {bound});
    }

    /// The first law again, for the function that gives the gradient.
    private static void checkSecondDerivatives(String name, Sample sample) {
        Problem problem = Problem.of(sample);
        if (problem.primals.isEmpty() || Rows.of(name).gradient() == Gradient.STOPPED) {
            return;
        }
        List<Array> cotangents = random(problem.function.apply(problem.primals), sample.seed() + 1);
        Nary gradient = in -> Transforms.vjp(problem.function, in, cotangents).derivatives();
        Problem second = new Problem(sample, gradient, problem.primals, problem.specs);
        List<Array> weights = random(problem.primals, sample.seed() + 3);
        double[] w = Jacobian.flat(weights);
        Jacobian jacobian = second.jacobian(GRADIENT_ULPS);
        assertNear(
                "the vjp of the vjp",
                jacobian.transposed(w, false),
                derivatives(second, weights),
                jacobian.transposed(w, true));
        double[] jvp =
                Jacobian.flat(Transforms.jvp(gradient, problem.primals, weights).derivatives());
        assertNear(
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

    private static List<Array> random(List<Array> like, long seed) {
        Random random = new Random(seed);
        return like.stream()
                .map(array -> {
                    int count = array.size() * (array.dtype().isComplex() ? 2 : 1);
                    double[] values = random.doubles(count, -1, 1).toArray();
                    return Sample.array(values, new TensorSpec(array.dtype(), array.shape()));
                })
                .toList();
    }

    private static void assertNear(String what, double[] expected, double[] actual, double[] bounds) {
        assertEquals(expected.length, actual.length, what + ": number of elements");
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(expected[i] - actual[i]);
            if (!(difference <= bounds[i])) {
                throw new AssertionError(what + ", element " + i + ": expected " + expected[i] + ", got " + actual[i]
                        + ", which differs by " + difference + "; the bound is " + bounds[i] + ". Expected all: "
                        + Arrays.toString(expected) + ", got " + Arrays.toString(actual));
            }
        }
    }
}
