package org.lazuli.train;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.Random;

/// A data set in batches, shuffled anew for each epoch if asked to.
///
/// The order is a function of the seed and the number of the epoch alone: it is the same in every run, on every
/// backend, whatever other random numbers are drawn, and wherever a run begins.
///
/// ```java
/// var batches = new Batches<>(data, 64).shuffled(0);
/// for (Batch batch : batches.epoch(1)) { … }
/// ```
///
/// @param <B> several examples together
public final class Batches<B> {
    private final Dataset<B> data;
    private final int batchSize;
    private final @Nullable Long seed;
    private final boolean whole;

    /// All examples in their order, the last batch being smaller if need be.
    ///
    /// @throws IllegalArgumentException if there are no examples, or the size is not positive
    public Batches(Dataset<B> data, int batchSize) {
        this(data, batchSize, null, false);
    }

    private Batches(Dataset<B> data, int batchSize, @Nullable Long seed, boolean whole) {
        if (data.size() <= 0 || batchSize <= 0) {
            throw new IllegalArgumentException(
                    "Batches: there must be examples, and a batch must have one at least, but there are " + data.size()
                            + " examples in batches of " + batchSize);
        }
        if (whole && data.size() < batchSize) {
            throw new IllegalArgumentException("Batches: no batch of " + batchSize + " is whole with " + data.size()
                    + " examples: choose a smaller batch");
        }
        this.data = data;
        this.batchSize = batchSize;
        this.seed = seed;
        this.whole = whole;
    }

    /// The same examples, in another order in each epoch.
    public Batches<B> shuffled(long seed) {
        return new Batches<>(data, batchSize, seed, whole);
    }

    /// Without the last batch of an epoch if it is smaller than the others.
    ///
    /// @throws IllegalArgumentException if no batch would be left
    public Batches<B> dropLast() {
        return new Batches<>(data, batchSize, seed, true);
    }

    /// The examples.
    public Dataset<B> data() {
        return data;
    }

    /// The number of examples in a batch; the last one may have fewer.
    public int batchSize() {
        return batchSize;
    }

    /// The number of batches in an epoch.
    public int count() {
        return whole ? data.size() / batchSize : Math.ceilDiv(data.size(), batchSize);
    }

    /// The order of the examples in an epoch: their numbers.
    ///
    /// @param epoch counts from 1
    public int[] order(int epoch) {
        if (epoch < 1) {
            throw new IllegalArgumentException("Batches: epochs count from 1, there is no epoch " + epoch);
        }
        if (seed == null) {
            return IntStream.range(0, data.size()).toArray();
        }
        // A key of the seed's that no other seed has, and so many steps from it: seed 1 is not seed 0 an epoch later.
        Array key = Random.split(Random.key(seed)).get(Index.at(0)).add(epoch);
        return Random.permutation(data.size(), key).toIntArray();
    }

    /// The numbers of the examples in each batch of an epoch.
    int[][] numbers(int epoch) {
        int[] order = order(epoch);
        int[][] numbers = new int[count()][];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Arrays.copyOfRange(order, i * batchSize, Math.min((i + 1) * batchSize, order.length));
        }
        return numbers;
    }

    /// The batches of an epoch.
    ///
    /// @param epoch counts from 1
    public Iterable<B> epoch(int epoch) {
        int[][] numbers = numbers(epoch);
        return () -> Arrays.stream(numbers).map(data::take).iterator();
    }

    /// What makes a run with these batches another run: for a checkpoint to compare.
    String description() {
        return data.size() + " examples in batches of " + batchSize
                + (whole ? ", the last one dropped if smaller" : "")
                + (seed == null ? ", in order" : ", shuffled with seed " + seed);
    }
}
