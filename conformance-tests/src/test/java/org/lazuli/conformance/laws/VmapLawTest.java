package org.lazuli.conformance.laws;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.lazuli.Array;
import org.lazuli.Transforms;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.function.Nary;
import org.lazuli.spi.TensorSpec;

/// A mapped function is a loop over the batch, for every instruction, whichever operands carry the batch and along whichever axes; also a mapped function
/// that is mapped again, a mapped gradient, and the gradient of a mapped function.
class VmapLawTest {
    private static final int TRIES = 12;
    private static final double KERNEL_ULPS = 4;
    private static final double GRADIENT_ULPS = 64;

    @TestFactory
    Stream<DynamicTest> aMappedFunctionIsALoop() {
        return Laws.each("vmap is a loop", Rows.ALL, TRIES, VmapLawTest::checkVmap);
    }

    @TestFactory
    Stream<DynamicTest> aFunctionMappedTwiceIsTwoLoops() {
        return Laws.each("vmap of vmap is two loops", Rows.ALL, TRIES / 2, VmapLawTest::checkNested);
    }

    @TestFactory
    Stream<DynamicTest> aMappedGradientIsALoopOfGradients() {
        return Laws.each("vmap of grad is a loop", Rows.ALL, TRIES / 2, VmapLawTest::checkPerSampleGradients);
    }

    @TestFactory
    Stream<DynamicTest> theGradientOfAMappedFunctionIsTheGradientOfALoop() {
        return Laws.each("grad of vmap is the gradient of a loop", Rows.ALL, TRIES / 2, VmapLawTest::checkGradient);
    }

    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> allOfTheseInManySamples() {
        return Laws.each("vmap in many samples", Rows.ALL, 5 * TRIES, (row, sample) -> {
            checkVmap(row, sample);
            checkNested(row, sample);
            checkPerSampleGradients(row, sample);
            checkGradient(row, sample);
        });
    }

    private static void checkVmap(Row row, Sample sample) {
        Batch batch = Batch.of(sample.function(), sample.operands(), sample, new Random(sample.seed()));
        List<Array> actual = batch.map(sample.function()).apply(batch.operands());
        Near.check("vmap", sample, batch.loop(sample.function()).apply(batch.operands()), actual, KERNEL_ULPS, 1);
    }

    private static void checkNested(Row row, Sample sample) {
        Random random = new Random(sample.seed());
        Batch inner = Batch.of(sample.function(), sample.operands(), sample, random);
        List<TensorSpec> specs = inner.operands().stream()
                .map(array -> new TensorSpec(array.dtype(), array.shape()))
                .toList();
        Nary loop = inner.loop(sample.function());
        Batch outer = Batch.of(loop, specs, number -> inner.drawn(sample, number), random);
        Near.check(
                "vmap of vmap",
                sample,
                outer.loop(loop).apply(outer.operands()),
                outer.map(inner.map(sample.function())).apply(outer.operands()),
                KERNEL_ULPS,
                1);
    }

    private static void checkPerSampleGradients(Row row, Sample sample) {
        if (sample.differentiable().isEmpty()) {
            return;
        }
        Nary gradient = in -> gradient(sample, sample.function(), in, 5);
        Batch batch = Batch.of(gradient, sample.operands(), sample, new Random(sample.seed()));
        Near.check(
                "vmap of grad",
                sample,
                batch.loop(gradient).apply(batch.operands()),
                batch.map(gradient).apply(batch.operands()),
                GRADIENT_ULPS,
                1);
    }

    private static void checkGradient(Row row, Sample sample) {
        if (sample.differentiable().isEmpty()) {
            return;
        }
        Batch batch = Batch.of(sample.function(), sample.operands(), sample, new Random(sample.seed()));
        Near.check(
                "grad of vmap",
                sample,
                gradient(sample, batch.loop(sample.function()), batch.operands(), 6),
                gradient(sample, batch.map(sample.function()), batch.operands(), 6),
                GRADIENT_ULPS,
                batch.size());
    }

    /// The gradients of a random sum of all results, by every operand that has one.
    private static List<Array> gradient(Sample sample, Nary function, List<Array> operands, long seed) {
        List<Integer> chosen = sample.differentiable();
        Nary reduced = in -> {
            List<Array> all = new ArrayList<>(operands);
            for (int i = 0; i < chosen.size(); i++) {
                all.set(chosen.get(i), in.get(i));
            }
            return function.apply(all);
        };
        List<Array> primals = chosen.stream().map(operands::get).toList();
        List<Array> cotangents = Sample.random(function.apply(operands), seed);
        return Transforms.vjp(reduced, primals, cotangents).derivatives();
    }
}
