package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Transforms;

/// Arrays shared between threads, and evaluation in the background.
class ThreadsTest {
    @Test
    void manyThreadsMayEvaluateTheSameLazyArrays() {
        Array base = Ops.arange(64).astype(org.lazuli.DType.FLOAT32).reshape(8, 8);
        List<Array> shared = IntStream.range(0, 50)
                .mapToObj(i -> base.add(i).matmul(base).sum())
                .toList();
        double[] expected = IntStream.range(0, 50)
                .mapToDouble(i -> base.add(i).matmul(base).sum().item())
                .toArray();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<CompletableFuture<Void>> all = IntStream.range(0, 400)
                    .mapToObj(n -> CompletableFuture.runAsync(
                            () -> assertEquals(
                                    expected[n * 7 % 50], shared.get(n * 7 % 50).item()),
                            threads))
                    .toList();
            all.forEach(CompletableFuture::join);
        }
    }

    @Test
    void threadsTransformWithoutDisturbingEachOther() {
        Array x = Ops.array(new float[] {1, 2, 3});
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<CompletableFuture<Boolean>> all = IntStream.range(0, 200)
                    .mapToObj(n -> CompletableFuture.supplyAsync(
                            () -> {
                                Array plain = x.mul(n);
                                Array gradient = Transforms.grad(
                                                (Array y) -> y.square().sum().mul(n))
                                        .apply(x);
                                return gradient.sum().item() == 12.0 * n
                                        && plain.sum().item() == 6.0 * n;
                            },
                            threads))
                    .toList();
            assertTrue(all.stream().allMatch(CompletableFuture::join));
        }
    }

    @Test
    void asyncEvalComputesInTheBackground() {
        Array x = Ops.arange(1000).add(1);
        Ops.asyncEval(x, List.of(x.mul(2)));
        assertEquals(500_500, x.sum().itemLong());
    }

    @Test
    void anErrorInTheBackgroundComesToWhoeverReads() {
        Array bad = Ops.arange(3).take(Ops.array(new int[] {5}));
        Ops.asyncEval(bad);
        assertThrows(IndexOutOfBoundsException.class, bad::eval);
        assertThrows(IndexOutOfBoundsException.class, bad::toIntArray);
        assertArrayEquals(new int[] {0, 1, 2}, Ops.arange(3).toIntArray());
    }
}
