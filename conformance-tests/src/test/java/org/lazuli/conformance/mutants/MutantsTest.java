package org.lazuli.conformance.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.lazuli.conformance.SuiteRun;
import org.lazuli.conformance.report.Outcome;
import org.lazuli.conformance.report.Report;
import org.lazuli.conformance.report.Result;

/// A backend that breaks one promise fails the checks of that promise and no other. Each runs on the operations that it breaks, on some that it does not,
/// and on the checks of the backend as a whole.
@DisabledIfSystemProperty(
        named = "lazuli.test.vector",
        matches = "off",
        disabledReason = "what judges is plain with and without vectors")
class MutantsTest {
    /// @param only what to run
    /// @param caught the checks that fail, `operation/dtype/check`, where `*` is any dtype
    private record Expectation(Supplier<? extends Mutant> mutant, String only, List<String> caught) {
        String name() {
            Mutant one = mutant.get();
            one.close();
            return one.device();
        }

        Report run() {
            return SuiteRun.of(Mutant.provider(mutant), "mutant-" + name(), "backend," + only, 1);
        }
    }

    private static Expectation of(Supplier<? extends Mutant> mutant, String only, String... caught) {
        return new Expectation(mutant, only, List.of(caught));
    }

    private static List<Expectation> expectations() {
        return List.of(
                of(
                        LayoutMutants.IgnoresStrides::new,
                        "Binary.SUBTRACT/float32,Copy/int8,Unary.REAL/complex64",
                        "Binary.SUBTRACT/float32/layouts",
                        "Binary.SUBTRACT/float32/vmap",
                        "Copy/int8/layouts",
                        "Unary.REAL/complex64/layouts"),
                of(
                        LayoutMutants.IgnoresOffsets::new,
                        "Binary.SUBTRACT/float32,Copy/int8",
                        "Binary.SUBTRACT/float32/layouts",
                        "Copy/int8/layouts"),
                of(
                        LayoutMutants.ClearsDonatedMemory::new,
                        "Binary.SUBTRACT/float32,Unary.NEGATIVE/int8,FusedElementwise/float32,Sort/int8",
                        "Binary.SUBTRACT/float32/in-place",
                        "Unary.NEGATIVE/int8/in-place",
                        "FusedElementwise/float32/in-place"),
                of(
                        ArithmeticMutants.WrongSine::new,
                        "Unary.SIN/float32,Unary.SIN/float16,Unary.COS/float32,FusedElementwise/float32",
                        "Unary.SIN/float32/values",
                        "Unary.SIN/float32/layouts",
                        "Unary.SIN/float32/special-values"),
                of(
                        ArithmeticMutants.DropsNan::new,
                        "Reduce.MAX/float32,Reduce.MAX/float64,Reduce.MIN/float32,Scan.MAX/float32",
                        "Reduce.MAX/float32/special-values"),
                of(
                        ArithmeticMutants.TruncatesBfloat16::new,
                        "Binary.MULTIPLY/bfloat16,Binary.MULTIPLY/float16,FusedElementwise/bfloat16",
                        "Binary.MULTIPLY/bfloat16/values",
                        "Binary.MULTIPLY/bfloat16/layouts"),
                of(
                        ArithmeticMutants.DividesByZero::new,
                        "Binary.FLOOR_DIVIDE/int32,Binary.FLOOR_DIVIDE/uint8,Binary.REMAINDER/int32",
                        "Binary.FLOOR_DIVIDE/int32/values",
                        "Binary.FLOOR_DIVIDE/int32/layouts"),
                of(
                        ArithmeticMutants.OtherRandomBits::new,
                        "RandomBits/uint8,RandomBits/uint16,RandomBits/uint32",
                        "RandomBits/*/values",
                        "RandomBits/*/layouts"),
                of(ArithmeticMutants.NotDeterministic::new, "MatMul/float32", "MatMul/float32/deterministic"),
                of(
                        ArithmeticMutants.LosesSignOfZero::new,
                        "Unary.NEGATIVE/float32,Unary.NEGATIVE/float64",
                        "Unary.NEGATIVE/float32/special-values"),
                of(
                        OrderMutants.UnstableArgSort::new,
                        "ArgSort/bool,ArgSort/float32,Sort/float32",
                        "ArgSort/*/values",
                        "ArgSort/*/layouts",
                        "ArgSort/*/special-values"),
                of(
                        OrderMutants.OffByOne::new,
                        "Gather/float32,Gather/bool,Scatter.SET/float32",
                        "Gather/*/index-errors"),
                of(
                        OrderMutants.OtherWords::new,
                        "Gather/float32,Scatter.SET/int8,Copy/float32",
                        "Gather/float32/index-errors",
                        "Scatter.SET/int8/index-errors"),
                of(
                        ContractMutants.PromisesTooMuch::new,
                        "Unary.SIN/complex64,Unary.EXP/float32,Copy/float32",
                        "Unary.SIN/complex64/*"),
                of(
                        ContractMutants.PromisesTooLittle::new,
                        "Unary.SIN/float32,Unary.SIN/complex64,Unary.COS/float32",
                        "Unary.SIN/*/refusal"),
                of(ContractMutants.Leaks::new, "Sort/float32,ArgSort/int8", "Sort/leaks"),
                of(ContractMutants.Miscounts::new, "Copy/float32", "backend/memory"),
                of(ContractMutants.IgnoresLimits::new, "Copy/float32", "backend/limits"),
                of(ContractMutants.OneThread::new, "Copy/float32", "backend/threads"),
                of(ContractMutants.StaysOpen::new, "Copy/float32", "backend/closed"),
                of(
                        ContractMutants.OneNan::new,
                        "Copy/float32,Copy/float64,Unary.EXP/float32",
                        "Copy/float32/values",
                        "Copy/float32/layouts",
                        "backend/float32/round-trip"),
                of(
                        ContractMutants.RefusesEmpty::new,
                        "Copy/int8,Unary.EXP/float16",
                        "Copy/int8/values",
                        "Unary.EXP/float16/values"));
    }

    private static String id(Result result) {
        return result.operation() + "/" + (result.dtype().isEmpty() ? "" : result.dtype() + "/") + result.check();
    }

    private static Set<String> failed(Report report) {
        return report.results(Outcome.FAILED).stream()
                .map(MutantsTest::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @TestFactory
    Stream<DynamicTest> eachIsCaughtByItsChecksAlone() {
        return expectations().stream()
                .map(expectation -> DynamicTest.dynamicTest(expectation.name(), () -> isCaught(expectation)));
    }

    private static void isCaught(Expectation expectation) {
        Report report = expectation.run();
        Set<String> expected = new TreeSet<>();
        for (String pattern : expectation.caught()) {
            Pattern ids = Pattern.compile(
                    Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("[^/]*")));
            Set<String> matching = report.results().stream()
                    .map(MutantsTest::id)
                    .filter(id -> ids.matcher(id).matches())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertFalse(matching.isEmpty(), "no check is called " + pattern);
            expected.addAll(matching);
        }
        assertEquals(String.join("\n", expected), String.join("\n", failed(report)));
        assertEquals(0, report.figures().untested());
        assertEquals(0, report.figures().knownGaps());
    }

    /// Without a mutation nothing is caught: on everything that the others run.
    @Test
    void whatIsSoundPasses() {
        String all = expectations().stream().map(Expectation::only).collect(Collectors.joining(","));
        Report report = SuiteRun.of(Mutant.provider(Sound::new), "mutant-Sound", "backend," + all, 1);
        assertEquals(Set.of(), failed(report));
        assertEquals(
                report.figures().cases(),
                report.figures().passed(),
                report.figures().toString());
    }

    private static final class Sound extends Mutant {}
}
