package org.lazuli.conformance.laws;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Transforms;
import org.lazuli.function.Nary;
import org.lazuli.spi.TensorSpec;

/// Operands of which some carry a batch, and where.
///
/// @param size how many examples it has
/// @param inAxes the axis of each operand that numbers the examples, or [Transforms#NOT_MAPPED]
/// @param outAxes the same for the results
record Batch(int size, int[] inAxes, int[] outAxes, List<Array> operands) {
    /// Draws the operands of one example.
    @FunctionalInterface
    interface Examples {
        List<Array> draw(int number);
    }

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
                            : Ops.stack(drawn.stream().map(d -> d.get(operand)).toList(), inAxes[i]));
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
                stacked.add(Ops.stack(results.stream().map(r -> r.get(output)).toList(), outAxes[i]));
            }
            return stacked;
        };
    }
}
