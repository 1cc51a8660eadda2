package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.nn.Communicator;
import org.lazuli.nn.Nn;
import org.lazuli.tree.Tree;

/// Averages of gradients, with threads for processes.
class AveragingTest {
    private static final int SIZE = 3;

    /// Threads that exchange arrays through memory.
    private static final class Threads {
        private final CyclicBarrier barrier = new CyclicBarrier(SIZE);
        private final Array[] passed = new Array[SIZE];
        private final List<Integer> sizes = new ArrayList<>();

        Communicator member(int rank) {
            return new Communicator() {
                @Override
                public int rank() {
                    return rank;
                }

                @Override
                public int size() {
                    return SIZE;
                }

                @Override
                public Array allSum(Array x) {
                    passed[rank] = x.eval();
                    if (rank == 0) {
                        sizes.add(x.size());
                    }
                    await();
                    Array sum = passed[0].add(passed[1]).add(passed[2]).eval();
                    await();
                    return sum;
                }
            };
        }

        private void await() {
            try {
                barrier.await();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Tree<Array> gradients(int rank) {
        Map<String, Array> leaves = new LinkedHashMap<>();
        leaves.put("a.weight", Ops.full(Shape.of(2, 3), rank, DType.FLOAT32));
        leaves.put("a.half", Ops.array(new float[] {rank, 2 * rank}, DType.FLOAT16));
        leaves.put("b.0", Ops.array(new float[] {1, rank, rank * rank}));
        leaves.put("b.1", Ops.array((float) rank));
        return Tree.unflatten(leaves);
    }

    private static List<Integer> messages(long bytes) throws Exception {
        Threads threads = new Threads();
        try (ExecutorService pool = Executors.newFixedThreadPool(SIZE)) {
            List<Future<Tree<Array>>> averages = new ArrayList<>();
            for (int rank = 0; rank < SIZE; rank++) {
                Communicator member = threads.member(rank);
                averages.add(pool.submit(() -> Nn.averageGradients(gradients(member.rank()), member, bytes)));
            }
            for (Future<Tree<Array>> one : averages) {
                Map<String, Array> leaves = one.get().flatten();
                assertEquals(List.copyOf(gradients(0).flatten().keySet()), List.copyOf(leaves.keySet()));
                assertArrayEquals(
                        new float[] {1, 1, 1, 1, 1, 1}, leaves.get("a.weight").toFloatArray());
                assertEquals(Shape.of(2, 3), leaves.get("a.weight").shape());
                assertEquals(DType.FLOAT16, leaves.get("a.half").dtype());
                assertArrayEquals(
                        new float[] {1, 2},
                        leaves.get("a.half").astype(DType.FLOAT32).toFloatArray());
                assertArrayEquals(new float[] {1, 1, 5 / 3f}, leaves.get("b.0").toFloatArray());
                assertEquals(1, leaves.get("b.1").item());
            }
        }
        return threads.sizes;
    }

    @Test
    void allGetTheMean() throws Exception {
        assertEquals(List.of(10, 2), messages(1 << 20));
    }

    @Test
    void messagesAreAsLargeAsAsked() throws Exception {
        assertEquals(List.of(6, 3, 1, 2), messages(0));
        assertEquals(List.of(9, 1, 2), messages(25));
    }

    @Test
    void oneProcessHasItsOwn() {
        Tree<Array> gradients = gradients(1);
        assertSame(gradients, Nn.averageGradients(gradients, Communicator.single()));
        Array x = Ops.ones(2);
        assertSame(x, Communicator.single().allSum(x));
    }

    @Test
    void aSumOfAnotherShapeIsRefused() {
        Communicator broken = new Communicator() {
            @Override
            public int rank() {
                return 0;
            }

            @Override
            public int size() {
                return 2;
            }

            @Override
            public Array allSum(Array x) {
                return x.sum();
            }
        };
        assertEquals(
                "averageGradients: allSum was given float32(10) and returned float32(): it must keep type and shape",
                assertThrows(IllegalStateException.class, () -> Nn.averageGradients(gradients(1), broken))
                        .getMessage());
    }
}
