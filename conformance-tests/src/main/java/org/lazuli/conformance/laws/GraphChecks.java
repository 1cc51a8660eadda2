package org.lazuli.conformance.laws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Transforms;
import org.lazuli.conformance.laws.Rows.Gradient;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.function.Nary;

/// What must hold of graphs that contain an instruction, evaluated on the backend in use: their values, derivatives of first and second
/// order and batched forms are those of the reference in float64, and compiled they give the same bits.
///
/// The float32 graph and the reference's float64 graph are made from the same choices and start from the same numbers.
public final class GraphChecks {
    /// Makes some results from a sample's operands; alike in either type.
    @FunctionalInterface
    private interface Computation {
        List<Array> apply(Sample sample, List<Array> operands);
    }

    private static final Map<String, Computation> AGAINST_REFERENCE = new TreeMap<>(Map.of(
            "graph", (sample, operands) -> sample.function().apply(operands),
            "vjp", GraphChecks::vjp,
            "jvp", GraphChecks::jvp,
            "second-order", GraphChecks::secondOrder));

    private GraphChecks() {}

    /// The instructions that there are samples of: all.
    public static Set<String> operations() {
        return Rows.INSTRUCTIONS.keySet();
    }

    /// The names of the checks.
    public static List<String> names() {
        List<String> names = new ArrayList<>(AGAINST_REFERENCE.keySet());
        names.add("vmap");
        names.add("compile");
        return names;
    }

    /// Runs a check on the sample that these choices make.
    ///
    /// @param real float32, or float64 on a backend that has it
    /// @return what is wrong, or null
    public static @Nullable Deviation check(String operation, String check, DType real, List<Integer> choices) {
        Row row = Rows.INSTRUCTIONS.get(operation);
        if (row == null) {
            throw new IllegalArgumentException("no samples of " + operation);
        }
        Sample sample = row.samples().apply(new Choices(choices, real)).ofSingles();
        // The bits of a number, which no gradient passes through, are not the same in another type; nor are those of
        // integers that are shown as
        // numbers in the end.
        boolean alike = row.gradient() == Gradient.STOPPED
                || sample.operands().stream().noneMatch(spec -> spec.dtype().isInexact());
        DType wide = alike ? real : DType.FLOAT64;
        return switch (check) {
            case "vmap" -> vmap(row, sample, choices, wide);
            case "compile" -> compile(sample);
            default -> {
                Computation computation = AGAINST_REFERENCE.get(check);
                if (computation == null) {
                    throw new IllegalArgumentException("no check is called " + check);
                }
                yield againstReference(row, sample, choices, wide, computation);
            }
        };
    }

    private static @Nullable Deviation againstReference(
            Row row, Sample sample, List<Integer> choices, DType wide, Computation computation) {
        List<Array> results = computation.apply(sample, sample.draw(0));
        Bounded bound = Bounded.of(results, unit(sample, wide));
        double[] expected = Reference.run(() -> {
            Sample exact = row.samples().apply(new Choices(choices, wide)).ofSingles();
            return Jacobian.flat(computation.apply(exact, exact.draw(0)));
        });
        return compare(bound, sample, expected, Jacobian.flat(results), 1);
    }

    private static @Nullable Deviation vmap(Row row, Sample sample, List<Integer> choices, DType wide) {
        Batch batch = batch(sample);
        List<Array> results = batch.map(sample.function()).apply(batch.operands());
        Bounded bound = Bounded.of(results, unit(sample, wide));
        double[] expected = Reference.run(() -> {
            Sample exact = row.samples().apply(new Choices(choices, wide)).ofSingles();
            Batch same = batch(exact);
            return Jacobian.flat(same.loop(exact.function()).apply(same.operands()));
        });
        return compare(bound, sample, expected, Jacobian.flat(results), batch.size());
    }

    private static Batch batch(Sample sample) {
        return Batch.of(sample.function(), sample.operands(), sample, new Random(sample.seed()));
    }

    /// The reference's error counts too where it computes in the same type.
    private static double unit(Sample sample, DType wide) {
        boolean same = sample.epsilon() == Sample.DOUBLE
                || sample.operands().stream().noneMatch(spec -> spec.dtype() == DType.FLOAT32)
                || wide == DType.FLOAT32;
        return sample.epsilon() * (same ? 2 : 1);
    }

    private static @Nullable Deviation compare(
            Bounded bound, Sample sample, double[] expected, double[] got, int copies) {
        double largest = Bounded.scale(sample.draw(0).stream().map(Numbers::of).toArray(double[][]::new));
        double scale = Bounded.scale(expected, new double[] {sample.sums() ? largest * largest : largest});
        int terms = sample.sums()
                ? copies
                        * sample.operands().stream()
                                .mapToInt(spec -> spec.shape().size())
                                .sum()
                : 0;
        return bound.compare(expected, got, terms, scale, sample + ": " + sample.draw(0));
    }

    /// Compiled, on two sets of operands, the function gives the bits that it gives without.
    private static @Nullable Deviation compile(Sample sample) {
        Nary function = in -> {
            List<Array> results = new ArrayList<>(sample.function().apply(in));
            results.addAll(sample.differentiable().isEmpty() ? List.of() : vjp(sample, in));
            return results;
        };
        Nary compiled = Transforms.compileList(function);
        for (int draw = 0; draw < 2; draw++) {
            List<Array> operands = sample.draw(draw);
            List<List<Long>> expected = Program.bits(function.apply(operands));
            List<List<Long>> got = Program.bits(compiled.apply(operands));
            if (!expected.equals(got)) {
                return new Deviation(
                        "the bits " + got + " when compiled",
                        expected + " when not",
                        "",
                        "the same bits",
                        sample + ": " + operands);
            }
        }
        return null;
    }

    // ---------------------------------------------------------------------------------------------- derivatives

    private static List<Array> vjp(Sample sample, List<Array> operands) {
        Nary function = ofDifferentiable(sample, operands);
        List<Array> primals = differentiable(sample, operands);
        if (primals.isEmpty()) {
            return List.of();
        }
        List<Array> cotangents = Sample.random(function.apply(primals), sample.seed() + 1);
        return Transforms.vjp(function, primals, cotangents).derivatives();
    }

    private static List<Array> jvp(Sample sample, List<Array> operands) {
        List<Array> primals = differentiable(sample, operands);
        if (primals.isEmpty()) {
            return List.of();
        }
        List<Array> tangents = Sample.random(primals, sample.seed() + 2);
        return Transforms.jvp(ofDifferentiable(sample, operands), primals, tangents)
                .derivatives();
    }

    /// The gradient, and the gradient of a random sum of its elements.
    private static List<Array> secondOrder(Sample sample, List<Array> operands) {
        List<Array> primals = differentiable(sample, operands);
        if (primals.isEmpty()) {
            return List.of();
        }
        Nary function = ofDifferentiable(sample, operands);
        List<Array> cotangents = Sample.random(function.apply(primals), sample.seed() + 1);
        Nary gradient = in -> Transforms.vjp(function, in, cotangents).derivatives();
        List<Array> results = new ArrayList<>(gradient.apply(primals));
        results.addAll(Transforms.vjp(gradient, primals, Sample.random(primals, sample.seed() + 3))
                .derivatives());
        return results;
    }

    private static List<Array> differentiable(Sample sample, List<Array> operands) {
        return sample.differentiable().stream().map(operands::get).toList();
    }

    /// The function of the operands that a gradient can flow to; the others are fixed.
    private static Nary ofDifferentiable(Sample sample, List<Array> operands) {
        return in -> {
            List<Array> all = new ArrayList<>(operands);
            for (int i = 0; i < in.size(); i++) {
                all.set(sample.differentiable().get(i), in.get(i));
            }
            return sample.function().apply(all);
        };
    }
}
