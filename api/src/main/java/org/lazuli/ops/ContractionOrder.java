package org.lazuli.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Searches an order of pairwise contractions that takes few operations.
///
/// Of up to [#SMALL] operands the one with the fewest is found, by way of the best order for every subset of them. Of more, the next
/// step is always the one after which the least has to be stored.
///
/// See: D. Smith and J. Gray, *opt_einsum: a Python package for optimizing contraction order for einsum-like expressions*, 2018.
final class ContractionOrder {
    private static final int SMALL = 10;

    private final int[] sizes;
    private final long output;

    private ContractionOrder(int[] sizes, long output) {
        this.sizes = sizes;
        this.output = output;
    }

    /// A step takes the operands at two positions out of the list and puts their result at its end.
    record Step(int first, int second) {}

    /// @param operations how many multiplications and additions all steps take
    /// @param scaling the largest number of indices that a step runs over
    record Order(List<Step> steps, double operations, int scaling) {}

    static Order of(Subscripts subscripts) {
        ContractionOrder search = new ContractionOrder(subscripts.sizes(), Subscripts.set(subscripts.output()));
        List<Long> terms = subscripts.inputs().stream().map(Subscripts::set).toList();
        return search.steps(terms, terms.size() <= SMALL ? search.optimal(terms) : null);
    }

    /// The number of operations that contract terms with these indices, all together, to `kept`.
    static double operations(int[] sizes, long indices, long kept, int terms) {
        int each = Math.max(1, terms - 1) + (indices != kept ? 1 : 0);
        return each * product(sizes, indices);
    }

    private static double product(int[] sizes, long indices) {
        double product = 1;
        for (long rest = indices; rest != 0; rest &= rest - 1) {
            product *= sizes[Long.numberOfTrailingZeros(rest)];
        }
        return product;
    }

    /// For each set of operands, as bits, that is contracted by itself, one of the two halves that it is contracted from; 0 for others.
    private int[] optimal(List<Long> terms) {
        int count = terms.size();
        int all = (1 << count) - 1;
        long[] of = new long[all + 1];
        for (int set = 1; set <= all; set++) {
            of[set] = of[set & (set - 1)] | terms.get(Integer.numberOfTrailingZeros(set));
        }
        long[] kept = new long[all + 1];
        double[] best = new double[all + 1];
        int[] split = new int[all + 1];
        for (int set = 1; set <= all; set++) {
            // What someone outside still needs. An operand alone is as it is.
            kept[set] = (set & (set - 1)) == 0 ? of[set] : of[set] & (of[all ^ set] | output);
            best[set] = (set & (set - 1)) == 0 ? 0 : Double.POSITIVE_INFINITY;
            int lowest = Integer.lowestOneBit(set);
            for (int half = (set - 1) & set; half > 0; half = (half - 1) & set) {
                if ((half & lowest) == 0) {
                    continue;
                }
                long indices = kept[half] | kept[set ^ half];
                double operations = best[half] + best[set ^ half] + operations(sizes, indices, kept[set], 2);
                if (operations < best[set]) {
                    best[set] = operations;
                    split[set] = half;
                }
            }
        }
        int[] tree = new int[all + 1];
        keep(all, split, tree);
        return tree;
    }

    private static void keep(int set, int[] split, int[] tree) {
        if ((set & (set - 1)) != 0) {
            tree[set] = split[set];
            keep(split[set], split, tree);
            keep(set ^ split[set], split, tree);
        }
    }

    /// The steps in order: of those that are possible, the one first after which the least has to be stored.
    ///
    /// @param split which steps there are; null if any pair may be contracted
    private Order steps(List<Long> terms, int @Nullable [] split) {
        List<Long> left = new ArrayList<>(terms);
        List<Integer> sets = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            sets.add(split == null ? 0 : 1 << i);
        }
        List<Step> steps = new ArrayList<>();
        double total = 0;
        int scaling = 0;
        while (left.size() > 1) {
            Step best = split == null ? next(left, pair -> true) : next(left, pair -> isStep(pair, sets, split));
            long indices = left.get(best.first) | left.get(best.second);
            long kept = kept(left, best);
            total += operations(sizes, indices, kept, 2);
            scaling = Math.max(scaling, Long.bitCount(indices));
            steps.add(best);
            left.remove(best.second);
            left.remove(best.first);
            left.add(kept);
            int second = sets.remove(best.second);
            sets.add(sets.remove(best.first) | second);
        }
        return new Order(steps, total, scaling);
    }

    private static boolean isStep(Step pair, List<Integer> sets, int[] split) {
        int first = sets.get(pair.first);
        int second = sets.get(pair.second);
        int half = split[first | second];
        return half == first || half == second;
    }

    private long kept(List<Long> left, Step pair) {
        long others = output;
        for (int i = 0; i < left.size(); i++) {
            others |= i == pair.first || i == pair.second ? 0 : left.get(i);
        }
        return (left.get(pair.first) | left.get(pair.second)) & others;
    }

    private Step next(List<Long> left, Predicate<Step> possible) {
        Step best = null;
        double bestRemoved = 0;
        double bestOperations = 0;
        boolean bestShares = false;
        for (int i = 0; i < left.size(); i++) {
            for (int j = i + 1; j < left.size(); j++) {
                Step pair = new Step(i, j);
                if (!possible.test(pair)) {
                    continue;
                }
                long kept = kept(left, pair);
                double removed = product(sizes, left.get(i)) + product(sizes, left.get(j)) - product(sizes, kept);
                double operations = operations(sizes, left.get(i) | left.get(j), kept, 2);
                // Outer products come last.
                boolean shares = (left.get(i) & left.get(j)) != 0;
                boolean better = best == null
                        || (shares && !bestShares)
                        || (shares == bestShares
                                && (removed > bestRemoved || (removed == bestRemoved && operations < bestOperations)));
                if (better) {
                    best = pair;
                    bestRemoved = removed;
                    bestOperations = operations;
                    bestShares = shares;
                }
            }
        }
        if (best == null) {
            throw new AssertionError("no pair of " + left.size() + " terms is a step");
        }
        return best;
    }
}
