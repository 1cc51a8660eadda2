package org.lazuli.conformance.laws;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.lazuli.conformance.laws.Rows.Row;
import org.opentest4j.AssertionFailedError;

/// Checks a law on samples inside a JUnit test, so that each instruction can be a test of its own with its own samples. jqwik draws and shrinks the
/// [Choices] that a sample is made of; the seed is a hash of the law's name.
final class Laws {
    private static final int CHOICES = 64;
    private static final int MAX_SHRINKS = 2000;

    private Laws() {}

    @FunctionalInterface
    interface Law {
        void check(Row row, Sample sample);
    }

    /// A test for each row, that a law holds on samples of it.
    static Stream<DynamicTest> each(String law, Map<String, Row> rows, int tries, Law check) {
        return rows.entrySet().stream().map(entry -> {
            String name = entry.getKey() + ": " + law;
            Row row = entry.getValue();
            return DynamicTest.dynamicTest(
                    name, () -> forAll(name, tries, row.samples(), sample -> check.check(row, sample)));
        });
    }

    /// Sequences of numbers for [Choices].
    static Arbitrary<List<Integer>> sequences(int length) {
        return Arbitraries.integers()
                .between(0, Choices.LARGEST)
                .withDistribution(RandomDistribution.uniform())
                .withoutEdgeCases()
                .list()
                .ofSize(length);
    }

    /// Checks that `law` throws on none of `tries` samples. The failure names the smallest sample found on which it does.
    static <S> void forAll(String name, int tries, Function<Choices, S> samples, Consumer<S> law) {
        JqwikSession.run(() -> {
            RandomGenerator<List<Integer>> generator = sequences(CHOICES).generator(1000);
            Random random = new Random(name.hashCode());
            for (int i = 0; i < tries; i++) {
                Shrinkable<List<Integer>> choices = generator.next(random);
                Throwable failure = failure(choices.value(), samples, law);
                if (failure != null) {
                    throw smallest(name, i, choices, failure, samples, law);
                }
            }
        });
    }

    private static <S> @Nullable Throwable failure(
            List<Integer> choices, Function<Choices, S> samples, Consumer<S> law) {
        try {
            law.accept(samples.apply(new Choices(choices)));
            return null;
        } catch (RuntimeException | AssertionError e) {
            return e;
        }
    }

    private static <S> AssertionFailedError smallest(
            String name,
            int number,
            Shrinkable<List<Integer>> found,
            Throwable failure,
            Function<Choices, S> samples,
            Consumer<S> law) {
        Shrinkable<List<Integer>> smallest = found;
        Throwable reason = failure;
        Iterator<Shrinkable<List<Integer>>> candidates = smallest.shrink().iterator();
        for (int i = 0; i < MAX_SHRINKS && candidates.hasNext(); i++) {
            Shrinkable<List<Integer>> candidate = candidates.next();
            Throwable next = failure(candidate.value(), samples, law);
            if (next != null && next.getClass() == reason.getClass()) {
                smallest = candidate;
                reason = next;
                candidates = smallest.shrink().iterator();
            }
        }
        String sample;
        try {
            sample = String.valueOf(samples.apply(new Choices(smallest.value())));
        } catch (RuntimeException | AssertionError e) {
            sample = "no sample can be made of the choices " + smallest.value();
        }
        return new AssertionFailedError(
                name + ", sample " + number + ", made as small as possible:\n  " + sample + "\n  " + reason, reason);
    }
}
