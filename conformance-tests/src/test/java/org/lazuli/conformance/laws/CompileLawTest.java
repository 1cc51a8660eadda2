package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Transforms;
import org.lazuli.function.Nary;

/// A compiled function gives the bits of the function, for every instruction, its gradient and its batched form; and transformations of a compiled
/// function are those of the function.
class CompileLawTest {
    private static final int TRIES = 4;

    @TestFactory
    Stream<DynamicTest> aCompiledFunctionIsTheFunction() {
        return Laws.each("compiled", Rows.ALL, TRIES, (row, sample) -> {
            check(
                    "compile",
                    sample.function(),
                    Transforms.compileList(sample.function()),
                    sample.draw(0),
                    sample.draw(1));
            Nary gradient = gradient(sample, sample.function());
            check("compile of grad", gradient, Transforms.compileList(gradient), sample.draw(0), sample.draw(1));
            Nary mapped = mapped(sample, sample.function());
            check("compile of vmap", mapped, Transforms.compileList(mapped), twice(sample, 0), twice(sample, 2));
        });
    }

    @TestFactory
    Stream<DynamicTest> aCompiledFunctionIsTransformedLikeTheFunction() {
        return Laws.each("transformed after compiling", Rows.ALL, TRIES / 2, (row, sample) -> {
            Nary compiled = Transforms.compileList(sample.function());
            compiled.apply(sample.draw(0));
            check("grad of compile", gradient(sample, sample.function()), gradient(sample, compiled), sample.draw(1));
            check("vmap of compile", mapped(sample, sample.function()), mapped(sample, compiled), twice(sample, 1));
        });
    }

    /// The gradients, by all operands that have one, of a sum of the results.
    private static Nary gradient(Sample sample, Nary function) {
        int[] argnums = sample.differentiable().stream().mapToInt(i -> i).toArray();
        Nary sum = in -> {
            Array total = Ops.array(0.0);
            for (Array result : function.apply(in)) {
                total = total.add((result.dtype().isComplex() ? result.real() : result).sum());
            }
            return List.of(total);
        };
        return argnums.length == 0 ? sum : Transforms.gradList(sum, argnums);
    }

    private static Nary mapped(Sample sample, Nary function) {
        return Transforms.vmapList(function, new int[sample.operands().size()]);
    }

    private static List<Array> twice(Sample sample, int from) {
        List<Array> result = new ArrayList<>();
        for (int i = 0; i < sample.operands().size(); i++) {
            result.add(Ops.stack(
                    List.of(sample.draw(from).get(i), sample.draw(from + 1).get(i))));
        }
        return result;
    }

    /// Checks that two functions give the same bits for each of several arguments.
    @SafeVarargs
    private static void check(String what, Nary expected, Nary actual, List<Array>... arguments) {
        for (List<Array> inputs : arguments) {
            assertEquals(Program.bits(expected.apply(inputs)), Program.bits(actual.apply(inputs)), what);
        }
    }
}
