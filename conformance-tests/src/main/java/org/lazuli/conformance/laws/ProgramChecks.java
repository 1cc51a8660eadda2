package org.lazuli.conformance.laws;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Transforms;

/// Whole programs of random steps, evaluated on the backend in use: values and derivatives are those of the reference.
public final class ProgramChecks {
    private ProgramChecks() {}

    /// The names of the checks.
    public static List<String> names() {
        return List.of("exact", "values", "vjp", "jvp");
    }

    /// Runs a check on the program that these choices make.
    ///
    /// @param real the type of the numbers in programs of real numbers
    /// @return what is wrong, or null
    public static @Nullable Deviation check(String check, DType real, List<Integer> choices) {
        return switch (check) {
            case "exact" -> exact(choices);
            case "values" -> smooth(choices, real, ProgramChecks::values);
            case "vjp" -> smooth(choices, real, ProgramChecks::vjp);
            case "jvp" -> smooth(choices, real, ProgramChecks::jvp);
            default -> throw new IllegalArgumentException("no check is called " + check);
        };
    }

    /// Integers and truth values: bit for bit.
    private static @Nullable Deviation exact(List<Integer> choices) {
        Program program = Programs.exact(new Choices(choices));
        List<List<Long>> got = Program.bits(program.run(program.draw(0)));
        List<List<Long>> expected = Reference.run(() -> Program.bits(program.run(program.draw(0))));
        return expected.equals(got)
                ? null
                : new Deviation(got.toString(), expected.toString(), "", "the same bits", program.toString());
    }

    @FunctionalInterface
    private interface Computation {
        List<Array> apply(Program program, List<Array> inputs);
    }

    /// The steps keep values within -1 and 1 and enlarge no error, so the roundings of all steps add up; a derivative is a product of as many
    /// factors as there are steps, each of which has that error.
    private static @Nullable Deviation smooth(List<Integer> choices, DType real, Computation computation) {
        Function<DType, Program> draw = type -> Programs.smooth(new Choices(choices, type));
        Program program = draw.apply(real);
        List<Array> inputs = program.draw(0);
        List<Array> results = computation.apply(program, inputs);
        Bounded steps = Bounded.of(results, real == DType.FLOAT64 ? 2 * Sample.DOUBLE : Sample.SINGLE);
        Bounded bound = new Bounded(steps.ulps() * (1 + program.steps().size()), steps.epsilon());
        double[] expected = Reference.run(() -> {
            Program exact = draw.apply(DType.FLOAT64);
            return Jacobian.flat(computation.apply(exact, exact.draw(0)));
        });
        int terms = program.values(inputs).stream().mapToInt(Array::size).max().orElse(0);
        return bound.compare(expected, Jacobian.flat(results), terms, Bounded.scale(expected), program.toString());
    }

    private static List<Array> values(Program program, List<Array> inputs) {
        return program.run(inputs);
    }

    private static List<Array> vjp(Program program, List<Array> inputs) {
        List<Array> cotangents = Sample.random(program.run(inputs), program.seed() + 1);
        return Transforms.vjp(program::run, inputs, cotangents).derivatives();
    }

    private static List<Array> jvp(Program program, List<Array> inputs) {
        List<Array> tangents = Sample.random(inputs, program.seed() + 2);
        return Transforms.jvp(program::run, inputs, tangents).derivatives();
    }
}
