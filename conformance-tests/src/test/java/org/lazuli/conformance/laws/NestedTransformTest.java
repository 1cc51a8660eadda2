package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Transforms;
import org.lazuli.function.Nary;

/// Transformations of transformations of random programs: products with the Hessian are the same in whichever order the modes nest, a batch of gradients is
/// the gradient of each, and a gradient is what it is without being checkpointed or compiled.
///
/// A step of a smooth program keeps values within -1 and 1, enlarges no error, and has second derivatives below 2. So a first derivative by all inputs,
/// along cotangents `c`, is at most the sum of `|c|`; a second one, along `v`, at most `2 steps max|v|` times that. Each is computed by as many
/// operations as the program has steps, of a few roundings each, and by sums of as many terms as a value has elements.
class NestedTransformTest {
    private static final int BATCH = 3;

    @Provide
    Arbitrary<Program> smooth() {
        return Laws.sequences(Programs.CHOICES).map(numbers -> Programs.smooth(new Choices(numbers)));
    }

    @Provide
    Arbitrary<Program> exact() {
        return Laws.sequences(Programs.CHOICES).map(numbers -> Programs.exact(new Choices(numbers)));
    }

    @Property(tries = 60, seed = "11")
    void theHessianIsTheSameInEveryOrderOfModes(@ForAll("smooth") Program program) {
        checkHessian(program);
    }

    @Property(tries = 60, seed = "12")
    void aBatchOfGradientsIsTheGradientOfEach(@ForAll("smooth") Program program) {
        checkBatchOfGradients(program);
    }

    @Property(tries = 60, seed = "13")
    void aBatchOfProgramsIsEachProgram(@ForAll("exact") Program program) {
        checkBatch(program);
    }

    @Property(tries = 60, seed = "14")
    void aGradientIsTheSameCheckpointedAndCompiled(@ForAll("smooth") Program program) {
        checkOtherWays(program);
    }

    @Property(tries = 2_000, seed = "15")
    @Tag("slow")
    void manyHessiansAreTheSameInEveryOrderOfModes(@ForAll("smooth") Program program) {
        checkHessian(program);
    }

    @Property(tries = 2_000, seed = "16")
    @Tag("slow")
    void manyBatchesOfGradientsAreTheGradientOfEach(@ForAll("smooth") Program program) {
        checkBatchOfGradients(program);
    }

    @Property(tries = 5_000, seed = "17")
    @Tag("slow")
    void manyBatchesOfProgramsAreEachProgram(@ForAll("exact") Program program) {
        checkBatch(program);
    }

    // ------------------------------------------------------------------------------------------------ the laws

    private static void checkHessian(Program program) {
        List<Array> inputs = program.draw(0);
        List<Array> direction = Sample.random(inputs, program.seed());
        List<Array> cotangents = Sample.random(program.run(inputs), program.seed() + 1);
        Nary gradient = gradient(program::run, cotangents);

        double[] reverseOverReverse =
                Jacobian.flat(Transforms.vjp(gradient, inputs, direction).derivatives());
        double[] forwardOverReverse =
                Jacobian.flat(Transforms.jvp(gradient, inputs, direction).derivatives());
        Nary slope = in -> {
            List<Array> tangents = Transforms.jvp(program::run, in, direction).derivatives();
            Array total = Ops.array(0.0);
            for (int i = 0; i < tangents.size(); i++) {
                total = total.add(tangents.get(i).mul(cotangents.get(i)).sum());
            }
            return List.of(total);
        };
        double[] reverseOverForward = Jacobian.flat(
                Transforms.vjp(slope, inputs, List.of(Ops.array(1.0))).derivatives());

        double largest =
                Arrays.stream(Jacobian.flat(direction)).map(Math::abs).max().orElse(0);
        double[] bounds = bounds(
                program, inputs, 2.0 * program.steps().size() * largest * norm(cotangents), reverseOverReverse.length);
        Near.check("forward over reverse", reverseOverReverse, forwardOverReverse, bounds);
        Near.check("reverse over forward", reverseOverReverse, reverseOverForward, bounds);
    }

    private static void checkBatchOfGradients(Program program) {
        List<List<Array>> examples = examples(program);
        List<Array> cotangents = Sample.random(program.run(examples.get(0)), program.seed() + 1);
        Nary gradient = gradient(program::run, cotangents);
        List<Array> mapped = vmap(gradient, examples.get(0).size()).apply(stacked(examples));
        for (int i = 0; i < BATCH; i++) {
            List<Array> inputs = examples.get(i);
            double[] one = Jacobian.flat(gradient.apply(inputs));
            Near.check(
                    "example " + i + " of vmap of grad",
                    one,
                    Jacobian.flat(example(mapped, i)),
                    bounds(program, inputs, norm(cotangents), one.length));
        }
    }

    private static void checkBatch(Program program) {
        List<List<Array>> examples = examples(program);
        List<Array> mapped = vmap(program::run, examples.get(0).size()).apply(stacked(examples));
        for (int i = 0; i < BATCH; i++) {
            assertEquals(
                    Program.bits(program.run(examples.get(i))),
                    Program.bits(example(mapped, i)),
                    "example " + i + " of vmap");
        }
    }

    private static void checkOtherWays(Program program) {
        List<Array> inputs = program.draw(0);
        List<Array> cotangents = Sample.random(program.run(inputs), program.seed() + 1);
        double[] expected = Jacobian.flat(gradient(program::run, cotangents).apply(inputs));
        double[] bounds = bounds(program, inputs, norm(cotangents), expected.length);
        Nary again = Transforms.checkpointList(program::run);
        Near.check(
                "checkpointed",
                expected,
                Jacobian.flat(gradient(again, cotangents).apply(inputs)),
                bounds);
        Nary compiled = Transforms.compileList(gradient(again, cotangents));
        for (int call = 0; call < 2; call++) {
            Near.check("checkpointed and compiled", expected, Jacobian.flat(compiled.apply(inputs)), bounds);
        }
    }

    // ------------------------------------------------------------------------------------------------- helpers

    private static Nary gradient(Nary function, List<Array> cotangents) {
        return in -> Transforms.vjp(function, in, cotangents).derivatives();
    }

    private static Nary vmap(Nary function, int arguments) {
        return Transforms.vmapList(function, new int[arguments]);
    }

    private static List<List<Array>> examples(Program program) {
        List<List<Array>> examples = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            examples.add(program.draw(i));
        }
        return examples;
    }

    private static List<Array> stacked(List<List<Array>> examples) {
        List<Array> arguments = new ArrayList<>();
        for (int argument = 0; argument < examples.get(0).size(); argument++) {
            int place = argument;
            arguments.add(Ops.stack(
                    examples.stream().map(example -> example.get(place)).toList()));
        }
        return arguments;
    }

    private static List<Array> example(List<Array> batch, int number) {
        return batch.stream().map(array -> array.get(Index.at(number))).toList();
    }

    /// The sum of all magnitudes.
    private static double norm(List<Array> arrays) {
        return Arrays.stream(Jacobian.flat(arrays)).map(Math::abs).sum();
    }

    /// For each of `count` derivatives the roundings of two computations of numbers of this magnitude.
    private static double[] bounds(Program program, List<Array> inputs, double magnitude, int count) {
        int elements =
                program.values(inputs).stream().mapToInt(Array::size).max().orElse(1);
        double ulps = 8.0 * program.steps().size() + elements;
        double[] bounds = new double[count];
        Arrays.fill(bounds, 2 * ulps * Sample.DOUBLE * magnitude);
        return bounds;
    }
}
