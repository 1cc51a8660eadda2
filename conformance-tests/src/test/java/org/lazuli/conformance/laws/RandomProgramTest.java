package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.lazuli.Array;
import org.lazuli.CompileOptions;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Transforms;
import org.lazuli.function.Nary;

/// Programs of 3 to 30 random steps give the same bits however they are evaluated; and gradients through them are differences.
class RandomProgramTest {
    @Provide
    Arbitrary<Program> elementwise() {
        return Laws.sequences(Programs.CHOICES).map(numbers -> Programs.elementwise(new Choices(numbers)));
    }

    @Provide
    Arbitrary<Program> mixed() {
        return Laws.sequences(Programs.CHOICES).map(numbers -> Programs.mixed(new Choices(numbers)));
    }

    @Provide
    Arbitrary<Program> smooth() {
        return Laws.sequences(Programs.CHOICES).map(numbers -> Programs.smooth(new Choices(numbers)));
    }

    @Property(tries = 300, seed = "1")
    void elementwiseProgramsGiveOneResult(@ForAll("elementwise") Program program) {
        checkEveryWay(program);
    }

    @Property(tries = 300, seed = "2")
    void mixedProgramsGiveOneResult(@ForAll("mixed") Program program) {
        checkEveryWay(program);
    }

    @Property(tries = 150, seed = "3")
    void gradientsAreDifferences(@ForAll("smooth") Program program) {
        checkGradient(program);
    }

    @Property(tries = 10_000, seed = "4")
    @Tag("slow")
    void manyElementwiseProgramsGiveOneResult(@ForAll("elementwise") Program program) {
        checkEveryWay(program);
    }

    @Property(tries = 10_000, seed = "5")
    @Tag("slow")
    void manyMixedProgramsGiveOneResult(@ForAll("mixed") Program program) {
        checkEveryWay(program);
    }

    @Property(tries = 5_000, seed = "6")
    @Tag("slow")
    void manyGradientsAreDifferences(@ForAll("smooth") Program program) {
        checkGradient(program);
    }

    private static void checkEveryWay(Program program) {
        List<Array> inputs = program.draw(0);
        List<List<Long>> untouched = Program.bits(inputs);
        List<List<Long>> expected = Program.bits(program.runStepByStep(inputs));

        assertEquals(expected, Program.bits(program.run(inputs)), "evaluated at once");

        List<Array> held = program.values(inputs);
        Array middle = held.get(new Random(program.seed()).nextInt(held.size()));
        Ops.eval(middle);
        List<List<Long>> middleBefore = Program.bits(List.of(middle));
        List<Array> outputs = program.outputs().stream().map(held::get).toList();
        assertEquals(expected, Program.bits(outputs), "evaluated from a step in the middle on");
        assertEquals(middleBefore, Program.bits(List.of(middle)), "the step in the middle, afterwards");

        List<Array> backwards = new ArrayList<>(program.values(inputs));
        Collections.reverse(backwards);
        Ops.eval(backwards);
        Collections.reverse(backwards);
        assertEquals(
                expected,
                Program.bits(program.outputs().stream().map(backwards::get).toList()),
                "all values kept");

        assertEquals(expected, Program.bits(Memory.owning(() -> program.run(inputs))), "temporaries let go");

        int[] traced = new int[1];
        Nary compiled = Transforms.compileList(in -> {
            traced[0]++;
            return program.run(in);
        });
        assertEquals(expected, Program.bits(compiled.apply(inputs)), "compiled");
        assertEquals(
                Program.bits(program.runStepByStep(program.draw(1))),
                Program.bits(compiled.apply(program.draw(1))),
                "compiled, on other values");
        assertEquals(1, traced[0], "number of traces");
        Nary shapeless = Transforms.compileList(program::run, CompileOptions.SHAPELESS);
        assertEquals(expected, Program.bits(shapeless.apply(inputs)), "compiled for all sizes");
        assertEquals(untouched, Program.bits(inputs), "the inputs, afterwards");
    }

    /// The derivative in a random direction, by reverse and forward mode, against central differences. See [Jacobian] for the bound; the roundings of all
    /// steps add up, since none enlarges an error.
    private static void checkGradient(Program program) {
        List<Array> inputs = program.draw(0);
        List<Array> direction = Sample.random(inputs, program.seed());
        List<Array> cotangents = Sample.random(program.run(inputs), program.seed() + 1);
        double[] t = Jacobian.flat(direction);
        double[] ct = Jacobian.flat(cotangents);
        double reverse = Numbers.dot(
                t,
                Jacobian.flat(Transforms.vjp(program::run, inputs, cotangents).derivatives()));
        double forward = Numbers.dot(
                ct,
                Jacobian.flat(Transforms.jvp(program::run, inputs, direction).derivatives()));

        double h = Math.cbrt(Sample.DOUBLE);
        double coarse = difference(program, inputs, direction, ct, h);
        double fine = difference(program, inputs, direction, ct, h / 2);
        double expected = (4 * fine - coarse) / 3;
        int elements =
                program.values(inputs).stream().mapToInt(Array::size).max().orElse(1);
        double ulps = 4.0 * program.steps().size() + elements;
        double bound = Math.abs(fine - coarse) + 3 * ulps * Sample.DOUBLE * ct.length / h;
        Near.check("the derivative by vjp", new double[] {expected}, new double[] {reverse}, new double[] {bound});
        Near.check("the derivative by jvp", new double[] {expected}, new double[] {forward}, new double[] {bound});
    }

    private static double difference(
            Program program, List<Array> inputs, List<Array> direction, double[] ct, double h) {
        double above = Numbers.dot(ct, Jacobian.flat(program.run(moved(inputs, direction, h))));
        double below = Numbers.dot(ct, Jacobian.flat(program.run(moved(inputs, direction, -h))));
        return (above - below) / (2 * h);
    }

    private static List<Array> moved(List<Array> inputs, List<Array> direction, double h) {
        List<Array> result = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            result.add(inputs.get(i).add(direction.get(i).mul(h)));
        }
        return result;
    }
}
