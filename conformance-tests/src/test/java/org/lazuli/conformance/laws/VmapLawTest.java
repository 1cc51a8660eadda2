package org.lazuli.conformance.laws;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.Ops;
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
        return Rows.each("vmap is a loop", Rows.ALL, TRIES, VmapLawTest::checkVmap);
    }

    @TestFactory
    Stream<DynamicTest> aFunctionMappedTwiceIsTwoLoops() {
        return Rows.each("vmap of vmap is two loops", Rows.ALL, TRIES / 2, VmapLawTest::checkNested);
    }

    @TestFactory
    Stream<DynamicTest> aMappedGradientIsALoopOfGradients() {
        return Rows.each("vmap of grad is a loop", Rows.ALL, TRIES / 2, VmapLawTest::checkPerSampleGradients);
    }

    @TestFactory
    Stream<DynamicTest> theGradientOfAMappedFunctionIsTheGradientOfALoop() {
        return Rows.each("grad of vmap is the gradient of a loop", Rows.ALL, TRIES / 2, VmapLawTest::checkGradient);
    }

    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> allOfTheseInManySamples() {
        return Rows.each("vmap in many samples", Rows.ALL, 5 * TRIES, (row, sample) -> {
            checkVmap(row, sample);
            checkNested(row, sample);
            checkPerSampleGradients(row, sample);
            checkGradient(row, sample);
        });
    }

    private static void checkVmap(Row row, Sample sample) {
        Batch batch = Batch.of(sample.function(), sample.operands(), sample, new Random(sample.seed()));
        List<Array> actual = batch.map(sample.function()).apply(batch.operands);
        Near.check("vmap", sample, batch.loop(sample.function()).apply(batch.operands), actual, KERNEL_ULPS, 1);
    }

    private static void checkNested(Row row, Sample sample) {
        Random random = new Random(sample.seed());
        Batch inner = Batch.of(sample.function(), sample.operands(), sample, random);
        List<TensorSpec> specs = inner.operands.stream()
                .map(array -> new TensorSpec(array.dtype(), array.shape()))
                .toList();
        Nary loop = inner.loop(sample.function());
        Batch outer = Batch.of(loop, specs, number -> inner.drawn(sample, number), random);
        Near.check(
                "vmap of vmap",
                sample,
                outer.loop(loop).apply(outer.operands),
                outer.map(inner.map(sample.function())).apply(outer.operands),
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
                batch.loop(gradient).apply(batch.operands),
                batch.map(gradient).apply(batch.operands),
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
                gradient(sample, batch.loop(sample.function()), batch.operands, 6),
                gradient(sample, batch.map(sample.function()), batch.operands, 6),
                GRADIENT_ULPS,
                batch.size);
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

    /// Draws the operands of one example.
    @FunctionalInterface
    private interface Examples {
        List<Array> draw(int number);
    }

    /// Operands of which some carry a batch, and where.
    private record Batch(int size, int[] inAxes, int[] outAxes, List<Array> operands) {

        static Batch of(Nary function, List<TensorSpec> specs, Sample sample, Random random) {
            return of(function, specs, sample::draw, random);
        }

        static Batch of(Nary function, List<TensorSpec> specs, Examples examples, Random random) {
            int size = 1 + random.nextInt(3);
            int[] inAxes = new int[specs.size()];
            int must = random.nextInt(specs.size());
            for (int i = 0; i < inAxes.length; i++) {
                int rank = specs.get(i).shape().rank() + 1;
                inAxes[i] = i == must || random.nextBoolean() ? random.nextInt(-rank, rank) : Transforms.NOT_MAPPED;
            }
            int[] outAxes = function.apply(examples.draw(0)).stream()
                    .mapToInt(output -> random.nextInt(-output.ndim() - 1, output.ndim() + 1))
                    .toArray();
            Batch batch = new Batch(size, inAxes, outAxes, List.of());
            return new Batch(size, inAxes, outAxes, batch.stack(examples, 0));
        }

        /// The operands of a batch whose first example is number `from * size`.
        private List<Array> stack(Examples examples, int from) {
            List<List<Array>> drawn = IntStream.range(from * size, (from + 1) * size)
                    .mapToObj(examples::draw)
                    .toList();
            List<Array> result = new ArrayList<>();
            for (int i = 0; i < inAxes.length; i++) {
                int operand = i;
                result.add(
                        inAxes[i] == Transforms.NOT_MAPPED
                                ? drawn.get(0).get(i)
                                : Ops.stack(
                                        drawn.stream().map(d -> d.get(operand)).toList(), inAxes[i]));
            }
            return result;
        }

        /// Another batch in the same places.
        List<Array> drawn(Sample sample, int number) {
            return stack(sample::draw, number);
        }

        Nary map(Nary function) {
            return Transforms.vmapList(function, inAxes, outAxes);
        }

        /// What the mapped function must be the same as.
        Nary loop(Nary function) {
            return in -> {
                List<List<Array>> results = new ArrayList<>();
                for (int b = 0; b < size; b++) {
                    List<Array> example = new ArrayList<>();
                    for (int i = 0; i < inAxes.length; i++) {
                        example.add(
                                inAxes[i] == Transforms.NOT_MAPPED
                                        ? in.get(i)
                                        : in.get(i).moveaxis(inAxes[i], 0).get(Index.at(b)));
                    }
                    results.add(function.apply(example));
                }
                List<Array> stacked = new ArrayList<>();
                for (int i = 0; i < outAxes.length; i++) {
                    int output = i;
                    stacked.add(
                            Ops.stack(results.stream().map(r -> r.get(output)).toList(), outAxes[i]));
                }
                return stacked;
            };
        }
    }
}
