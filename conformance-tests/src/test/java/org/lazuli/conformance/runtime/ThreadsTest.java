package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Printing;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Unary;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Nn;
import org.lazuli.optimizers.Sgd;

/// Arrays shared between threads, and evaluation in the background.
class ThreadsTest {
    @Test
    void manyThreadsMayEvaluateTheSameLazyArrays() {
        Array base = Ops.arange(64).astype(DType.FLOAT32).reshape(8, 8);
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

    /// Runs `work` for each number on many threads at once, and checks that it gives what one thread got.
    private static void sameOnManyThreads(int count, IntFunction<float[]> work) {
        List<float[]> expected = IntStream.range(0, count).mapToObj(work).toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> all = IntStream.range(0, 4 * count)
                    .mapToObj(n -> CompletableFuture.runAsync(
                            () -> assertArrayEquals(expected.get(n % count), work.apply(n % count)), threads))
                    .toList();
            all.forEach(CompletableFuture::join);
        }
    }

    @Test
    void oneCompiledFunctionServesManyThreads() {
        Array shared = Ops.arange(12).astype(DType.FLOAT32).reshape(3, 4);
        Unary compiled = Transforms.compile(
                (Array x) -> x.mul(2).add(shared.get(Index.at(1))).tanh().sum(0));
        Unary gradient = Transforms.compile(Transforms.grad((Array x) -> x.exp().sum()));
        sameOnManyThreads(20, n -> {
            Array x = shared.mul(0.01 * n).get(Index.to(1 + n % 3));
            return Ops.concatenate(List.of(compiled.apply(x), gradient.apply(x).flatten()))
                    .toFloatArray();
        });
    }

    @Test
    void aModelOnEachThreadTrainsAsAlone() {
        sameOnManyThreads(6, n -> {
            Random.seed(n);
            Linear model = new Linear(3, 1);
            Sgd optimizer = new Sgd(0.1);
            Array x = Random.normal(Shape.of(8, 3));
            Array y = x.sum(1).reshape(8, 1);
            var step = Nn.valueAndGrad(
                    model,
                    (Array in, Array out) -> model.apply(in).sub(out).square().mean());
            for (int i = 0; i < 5; i++) {
                optimizer.update(model, step.apply(x, y).grads());
                Ops.eval(model.parameters(), optimizer.state());
            }
            return model.weight.flatten().toFloatArray();
        });
    }

    @Test
    void eachThreadHasItsRandomState() {
        Random.seed(7);
        float[] mine = Random.uniform(Shape.of(4)).toFloatArray();
        float[] next = Random.uniform(Shape.of(4)).toFloatArray();
        Random.seed(7);
        assertArrayEquals(mine, Random.uniform(Shape.of(4)).toFloatArray());
        sameOnManyThreads(10, n -> {
            Random.seed(n);
            return Ops.concatenate(List.of(Random.uniform(Shape.of(3)), Random.normal(Shape.of(3))))
                    .toFloatArray();
        });
        Random.seed(7);
        Random.uniform(Shape.of(4));
        onAThreadOfItsOwn(() -> Random.uniform(Shape.of(9)).eval());
        assertArrayEquals(next, Random.uniform(Shape.of(4)).toFloatArray(), "another thread's draws do not count");
    }

    @Test
    void threadsThatAreNotSeededDrawDifferentNumbers() {
        Set<List<Integer>> keys = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 50; i++) {
            onAThreadOfItsOwn(() -> {
                int[] words = Random.state().state().leaves().get(0).toIntArray();
                keys.add(List.of(words[0], words[1]));
            });
        }
        assertEquals(50, keys.size());
    }

    @Test
    void aCompiledFunctionCapturesTheStateOfItsCaller() {
        Unary noisy = Transforms.compile((Array x) -> x.add(Random.uniform(x.shape())), Random.state());
        Array x = Ops.zeros(3);
        sameOnManyThreads(10, n -> {
            Random.seed(n);
            return Ops.concatenate(List.of(noisy.apply(x), noisy.apply(x), Random.uniform(Shape.of(3))))
                    .toFloatArray();
        });
        Random.seed(3);
        float[] twice = Ops.concatenate(List.of(Random.uniform(Shape.of(3)), Random.uniform(Shape.of(3))))
                .toFloatArray();
        Random.seed(3);
        assertArrayEquals(
                twice, Ops.concatenate(List.of(noisy.apply(x), noisy.apply(x))).toFloatArray());
    }

    @Test
    void scopesBelongToThreads() {
        sameOnManyThreads(12, n -> {
            try (var scope = Memory.scope()) {
                Array x = Ops.arange(10 + n).astype(DType.FLOAT32);
                Array kept = scope.keep(x.mul(n).sum());
                Ops.eval(kept, x.exp());
                return new float[] {(float) kept.item(), Float.parseFloat(number(n))};
            }
        });
    }

    /// A number as printed with `n % 4` digits by this thread alone.
    private static String number(int n) {
        String text = Printing.withPrecision(n % 4, () -> Ops.array(n / 7.0).toString());
        return text.substring("array(".length(), text.indexOf(','));
    }

    @Test
    void readersAndWritersOfTheSameArraysAgree() {
        Array base = Ops.arange(1000).astype(DType.FLOAT32);
        List<Array> chain = new ArrayList<>(List.of(base));
        for (int i = 0; i < 40; i++) {
            chain.add(chain.getLast().mul(0.5).add(1));
        }
        double[] expected =
                chain.stream().mapToDouble(x -> x.add(0).sum().item()).toArray();
        sameOnManyThreads(40, n -> new float[] {(float) (chain.get(n).sum().item() - expected[n])});
    }

    private static void onAThreadOfItsOwn(Runnable work) {
        try {
            Thread.ofVirtual().start(work).join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
