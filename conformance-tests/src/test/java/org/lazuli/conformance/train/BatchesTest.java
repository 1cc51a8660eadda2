package org.lazuli.conformance.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.train.Batch;
import org.lazuli.train.Batches;
import org.lazuli.train.Dataset;

/// Data sets, and the order in which they are gone through.
class BatchesTest {
    private static Dataset<Array> numbers(int count) {
        return Dataset.of(Ops.arange(count));
    }

    private static List<int[]> values(Iterable<Array> batches) {
        List<int[]> values = new ArrayList<>();
        batches.forEach(batch -> values.add(batch.toIntArray()));
        return values;
    }

    @Property(tries = 40)
    void everyExampleComesOnceInAnEpoch(
            @ForAll @IntRange(min = 1, max = 60) int count,
            @ForAll @IntRange(min = 1, max = 70) int size,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int epoch) {
        var batches = new Batches<>(numbers(count), size).shuffled(seed);

        List<int[]> values = values(batches.epoch(epoch));

        assertEquals(batches.count(), values.size());
        assertEquals(Math.ceilDiv(count, size), values.size());
        values.subList(0, values.size() - 1).forEach(batch -> assertEquals(size, batch.length));
        int[] all = values.stream().flatMapToInt(Arrays::stream).toArray();
        assertArrayEquals(batches.order(epoch), all);
        assertArrayEquals(
                IntStream.range(0, count).toArray(), Arrays.stream(all).sorted().toArray());
    }

    @Property(tries = 20)
    void theOrderDependsOnSeedAndEpochAlone(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 1000) int epoch, @ForAll long elsewhere) {
        Random.seed(1);
        int[] order = new Batches<>(numbers(50), 7).shuffled(seed).order(epoch);
        Random.seed(elsewhere);
        Random.uniform(Shape.of(3));

        assertArrayEquals(order, new Batches<>(numbers(50), 50).shuffled(seed).order(epoch));
        assertFalse(Arrays.equals(
                order, new Batches<>(numbers(50), 7).shuffled(seed).order(epoch + 1)));
        assertFalse(Arrays.equals(
                order, new Batches<>(numbers(50), 7).shuffled(seed + 1).order(epoch)));
        // An epoch later is not a seed later.
        assertFalse(Arrays.equals(
                new Batches<>(numbers(50), 7).shuffled(seed + 1).order(epoch),
                new Batches<>(numbers(50), 7).shuffled(seed).order(epoch + 1)));
    }

    @Test
    void drawsNoGlobalRandomNumbers() {
        Random.seed(5);
        float expected = Random.uniform(Shape.of(1)).toFloatArray()[0];
        Random.seed(5);
        new Batches<>(numbers(20), 3).shuffled(8).order(2);

        assertEquals(expected, Random.uniform(Shape.of(1)).toFloatArray()[0]);
    }

    @Test
    void withoutASeedTheOrderIsThatOfTheData() {
        List<int[]> values = values(new Batches<>(numbers(5), 2).epoch(9));

        assertArrayEquals(new int[] {0, 1}, values.get(0));
        assertArrayEquals(new int[] {2, 3}, values.get(1));
        assertArrayEquals(new int[] {4}, values.get(2));
        assertEquals(2, values(new Batches<>(numbers(5), 2).dropLast().epoch(9)).size());
    }

    @Test
    void rowsOfArraysStayTogether() {
        Dataset<Batch> data = Dataset.of(Ops.arange(6).reshape(3, 2), Ops.array(new int[] {7, 8, 9}));

        Batch batch = data.take(2, 0);

        assertArrayEquals(new int[] {4, 5, 0, 1}, batch.inputs().toIntArray());
        assertArrayEquals(new int[] {9, 7}, batch.targets().toIntArray());
    }

    @Test
    void examplesThatAreMadeAreStacked() {
        record Example(Array x, Map<String, Array> more) {}
        Dataset<Example> data =
                Dataset.of(4, i -> new Example(Ops.array(new int[] {i, -i}), Map.of("y", Ops.array(i * i))));

        Example batch = data.take(3, 1);

        assertEquals(Shape.of(2, 2), batch.x().shape());
        assertArrayEquals(new int[] {3, -3, 1, -1}, batch.x().toIntArray());
        assertArrayEquals(new int[] {9, 1}, batch.more().get("y").toIntArray());
    }

    @Test
    void mapsAndSlicesBatches() {
        Dataset<Array> data = numbers(10).slice(4, 8).map(array -> array.mul(10));

        assertEquals(4, data.size());
        assertArrayEquals(new int[] {70, 40}, data.take(3, 0).toIntArray());
        assertThrows(IndexOutOfBoundsException.class, () -> data.take(4));
        assertThrows(IndexOutOfBoundsException.class, () -> numbers(10).slice(4, 11));
    }

    @Test
    void refusesWhatIsNoDataSet() {
        refuses("different numbers of examples", () -> Dataset.of(Ops.zeros(3, 2), Ops.zeros(4)));
        refuses("one array is a scalar", () -> Dataset.of(Ops.array(1f)));
        refuses("there is no array", () -> Dataset.of("text"));
        refuses("there are 3 examples in batches of 0", () -> new Batches<>(numbers(3), 0));
        refuses("no batch of 4 is whole with 3 examples", () -> new Batches<>(numbers(3), 4).dropLast());
        refuses("there is no epoch 0", () -> new Batches<>(numbers(3), 2).order(0));
        refuses("no examples were asked for", () -> numbers(3).take());
    }

    private static void refuses(String text, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(text), message);
    }
}
