package org.lazuli.conformance;

import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.jspecify.annotations.Nullable;
import org.lazuli.conformance.laws.Choices;

/// Tries inputs until one fails, and then makes it as small as it can. jqwik draws the [Choices] that an input is made of, and shrinks them.
final class Search {
    private static final int CHOICES = 96;
    private static final int MOST_SHRINKS = 400;

    private Search() {}

    /// Says what is wrong with the input that these choices make, or null.
    @FunctionalInterface
    interface Trial {
        @Nullable
        Finding run(Choices choices);
    }

    /// Tries `tries` inputs. The first choice of the i-th is `i` modulo `kinds`, so that each kind has its turn.
    static @Nullable Finding first(long seed, int tries, int kinds, Trial trial) {
        return first(seed, CHOICES, tries, kinds, trial);
    }

    /// [#first] of inputs that take `choices` choices.
    static @Nullable Finding first(long seed, int choices, int tries, int kinds, Trial trial) {
        AtomicReference<@Nullable Finding> result = new AtomicReference<>();
        JqwikSession.run(() -> {
            RandomGenerator<List<Integer>> generator = Arbitraries.integers()
                    .between(0, Choices.LARGEST)
                    .withDistribution(RandomDistribution.uniform())
                    .withoutEdgeCases()
                    .list()
                    .ofSize(choices)
                    .generator(1000);
            Random random = new Random(seed);
            for (int i = 0; i < tries; i++) {
                Shrinkable<List<Integer>> drawn = generator.next(random);
                while (drawn.value().getFirst() % kinds != i % kinds) {
                    drawn = generator.next(random);
                }
                Finding finding = attempt(drawn.value(), trial);
                if (finding != null) {
                    result.set(smallest(drawn, finding, trial));
                    return;
                }
            }
        });
        return result.get();
    }

    private static Finding smallest(Shrinkable<List<Integer>> found, Finding finding, Trial trial) {
        Finding smallest = finding;
        Iterator<Shrinkable<List<Integer>>> candidates = found.shrink().iterator();
        for (int i = 0; i < MOST_SHRINKS && candidates.hasNext(); i++) {
            Shrinkable<List<Integer>> candidate = candidates.next();
            Finding next = attempt(candidate.value(), trial);
            if (next != null && next.kind().equals(smallest.kind())) {
                smallest = next;
                candidates = candidate.shrink().iterator();
            }
        }
        return smallest;
    }

    /// What a trial throws is a finding.
    private static @Nullable Finding attempt(List<Integer> choices, Trial trial) {
        try {
            return trial.run(new Choices(choices));
        } catch (RuntimeException | AssertionError e) {
            return Finding.thrown(e, "no exception", "choices " + choices, "");
        }
    }
}
