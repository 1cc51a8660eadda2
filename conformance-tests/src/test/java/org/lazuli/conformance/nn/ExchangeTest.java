package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.conformance.input.Refused;
import org.lazuli.function.Unary;
import org.lazuli.nn.Communicator;
import org.lazuli.nn.Distributed;

/// Exchanges between ranks compute what one process would compute from all their arrays, and so do their gradients.
class ExchangeTest {
    /// A loss that ranks compute from one array each, and the same loss of all those arrays in one process.
    private record Law(String name, BiFunction<Array, Communicator, Array> ranks, Function<List<Array>, Array> whole) {}

    private static final List<Law> LAWS = List.of(
            new Law(
                    "allSum",
                    (x, group) -> loss(Distributed.allSum(x.square(), group)),
                    all -> loss(sum(all.stream().map(Array::square).toList()))),
            new Law(
                    "allGather",
                    (x, group) -> loss(Distributed.allGather(x.sin(), group)),
                    all -> loss(Ops.concatenate(all.stream().map(Array::sin).toList()))),
            new Law(
                    "allMax",
                    (x, group) -> loss(Distributed.allMax(x.square(), group)),
                    all -> loss(Ops.stack(all).square().max(0))),
            new Law(
                    "allMin",
                    (x, group) -> loss(Distributed.allMin(x.square(), group)),
                    all -> loss(Ops.stack(all).square().min(0))),
            // What each rank has a part of makes one loss by a sum.
            new Law(
                    "sumScatter",
                    (x, group) -> Distributed.allSum(
                            Distributed.sumScatter(x.exp(), group).square().sum(), group),
                    all -> sum(all.stream().map(Array::exp).toList()).square().sum()),
            // What all have the same of, and each uses in its own way.
            new Law(
                    "sumGradients",
                    (x, group) -> {
                        Array shared = Distributed.sumGradients(Distributed.allSum(x, group), group);
                        return Distributed.allSum(
                                shared.mul(group.rank() + 1).sin().sum(), group);
                    },
                    all -> sum(IntStream.range(0, all.size())
                            .mapToObj(i -> sum(all).mul(i + 1).sin().sum())
                            .toList())));

    private static Array sum(List<Array> all) {
        return all.stream().reduce(Array::add).orElseThrow();
    }

    private static Array loss(Array x) {
        return x.mul(Ops.arange(x.size()).reshape(x.shape()).cos()).sum();
    }

    private static Array input(int rank) {
        return Random.normal(Shape.of(12, 2), DType.FLOAT32, 0, 1, Random.key(rank))
                .astype(DType.FLOAT64);
    }

    private static Stream<DynamicTest> forEach(BiFunction<Law, Integer, Runnable> test) {
        return LAWS.stream()
                .flatMap(law -> Stream.of(1, 2, 3, 4)
                        .map(size -> DynamicTest.dynamicTest(
                                law.name() + " of " + size,
                                () -> test.apply(law, size).run())));
    }

    private static List<Array> inputs(int size) {
        return IntStream.range(0, size).mapToObj(ExchangeTest::input).toList();
    }

    @TestFactory
    Stream<DynamicTest> ranksComputeWhatOneProcessWould() {
        return forEach((law, size) -> () -> {
            Array expected = law.whole().apply(inputs(size));
            for (Array value : Ranks.run(
                    size, group -> law.ranks().apply(input(group.rank()), group).eval())) {
                assertClose(expected, value);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> theirGradientsAreThoseOfTheWhole() {
        return forEach((law, size) -> () -> {
            List<Array> gradients = Ranks.run(
                    size,
                    group -> Transforms.grad((Array x) -> law.ranks().apply(x, group))
                            .apply(input(group.rank()))
                            .eval());
            List<Array> expected = wholeGradients(law.whole(), inputs(size));
            for (int rank = 0; rank < size; rank++) {
                assertClose(expected.get(rank), gradients.get(rank));
            }
        });
    }

    /// Gradients of a loss that has a gradient in it.
    @TestFactory
    Stream<DynamicTest> soAreTheirSecondDerivatives() {
        return forEach((law, size) -> () -> {
            List<Array> gradients = Ranks.run(size, group -> {
                Unary first = Transforms.grad((Array x) -> law.ranks().apply(x, group));
                return Transforms.grad((Array x) ->
                                Distributed.allSum(first.apply(x).square().sum(), group))
                        .apply(input(group.rank()))
                        .eval();
            });
            List<Array> expected = wholeGradients(
                    all -> sum(wholeGradients(law.whole(), all).stream()
                            .map(gradient -> gradient.square().sum())
                            .toList()),
                    inputs(size));
            for (int rank = 0; rank < size; rank++) {
                assertClose(expected.get(rank), gradients.get(rank));
            }
        });
    }

    private static List<Array> wholeGradients(Function<List<Array>, Array> loss, List<Array> at) {
        return Transforms.valueAndGradList(
                        in -> List.of(loss.apply(in)),
                        IntStream.range(0, at.size()).toArray())
                .apply(at)
                .grads();
    }

    private static void assertClose(Array expected, Array actual) {
        assertEquals(expected.shape(), actual.shape());
        assertEquals(expected.dtype(), actual.dtype());
        double scale = Math.max(1, expected.abs().max().item());
        double difference = expected.sub(actual).abs().max().item();
        assertTrue(difference <= 1e-12 * scale, () -> difference + " between " + expected + "\nand " + actual);
    }

    @Test
    void equalElementsShareTheGradientOfTheLargest() {
        List<Array> gradients = Ranks.run(
                2,
                group -> Transforms.grad(
                                (Array x) -> Distributed.allMax(x, group).sum())
                        .apply(Ops.array(new float[] {1, group.rank()}))
                        .eval());
        assertArrayEquals(new float[] {0.5f, 0}, gradients.get(0).toFloatArray());
        assertArrayEquals(new float[] {0.5f, 1}, gradients.get(1).toFloatArray());
    }

    @Test
    void everyTypeGoesThrough() {
        for (DType dtype : DType.values()) {
            for (Array gathered : Ranks.run(
                    3,
                    group -> onlySum(group)
                            .allGather(Ops.array((float) (group.rank() % 2)).astype(dtype))
                            .eval())) {
                assertEquals(dtype, gathered.dtype());
                assertArrayEquals(
                        new float[] {0, 1, 0},
                        gathered.real().astype(DType.FLOAT32).toFloatArray());
            }
        }
    }

    /// What a user's communicator has that brings a sum and nothing else.
    private static Communicator onlySum(Communicator group) {
        return new Communicator() {
            @Override
            public int rank() {
                return group.rank();
            }

            @Override
            public int size() {
                return group.size();
            }

            @Override
            public Array allSum(Array x) {
                return group.allSum(x);
            }
        };
    }

    @Test
    void aSumIsEnoughForTheOthers() {
        Ranks.run(3, group -> {
            Array x = input(group.rank());
            Communicator plain = onlySum(group);
            assertClose(group.allGather(x), plain.allGather(x));
            assertClose(group.allMax(x), plain.allMax(x));
            assertClose(group.allMin(x), plain.allMin(x));
            assertClose(group.sumScatter(x), plain.sumScatter(x));
            Refused.with(UnsupportedOperationException.class, () -> plain.send(x, 0), "send", "no messages");
            Refused.with(UnsupportedOperationException.class, () -> plain.receive(0), "recv", "no messages");
            return 0;
        });
    }

    @Test
    void messagesArriveInTheirOrder() {
        List<Array> received = Ranks.run(3, group -> {
            int next = (group.rank() + 1) % 3;
            int previous = (group.rank() + 2) % 3;
            Array x = Ops.array(new float[] {group.rank(), 7});
            assertSame(x, Distributed.send(x, next, group));
            Distributed.send(x.mul(10), next, group);
            Array first = Distributed.recvLike(x, previous, group);
            Array second = Distributed.recv(Shape.of(2), DType.FLOAT32, previous, group);
            return first.add(second).eval();
        });
        for (int rank = 0; rank < 3; rank++) {
            assertArrayEquals(
                    new float[] {11 * ((rank + 2) % 3), 77}, received.get(rank).toFloatArray());
        }
    }

    @Test
    void aGroupOfOneExchangesNothing() {
        Array x = Ops.ones(2);
        for (Communicator one :
                List.of(Communicator.single(), Communicator.threads(1).getFirst())) {
            assertSame(x, Distributed.allSum(x, one));
            assertSame(x, Distributed.allMax(x, one));
            assertSame(x, Distributed.allMin(x, one));
            assertSame(x, Distributed.allGather(x, one));
            assertSame(x, Distributed.sumScatter(x, one));
            assertSame(x, Distributed.sumGradients(x, one));
            Refused.with(
                    IllegalArgumentException.class, () -> Distributed.send(x, 0, one), "send", "rank 0 of 1", "rank 0");
            Refused.with(IllegalArgumentException.class, () -> Distributed.recvLike(x, 1, one), "recv", "rank 0 of 1");
        }
        assertThrows(IllegalArgumentException.class, () -> Communicator.threads(0));
    }

    @Test
    void mistakesAreNamed() {
        Refused.with(
                IllegalArgumentException.class,
                () -> Ranks.run(2, group -> Distributed.allSum(Ops.ones(2 + group.rank()), group)),
                "allSum",
                "float32(2)",
                "float32(3)");
        Refused.with(
                IllegalArgumentException.class,
                () -> Ranks.run(2, group -> Distributed.sumScatter(Ops.ones(3), group)),
                "sumScatter",
                "(3)",
                "2 ranks");
        Refused.with(
                IllegalStateException.class,
                () -> Ranks.run(2, group -> {
                    if (group.rank() == 0) {
                        return Distributed.send(Ops.ones(3), 1, group);
                    }
                    return Distributed.recv(Shape.of(2), DType.FLOAT32, 0, group);
                }),
                "recv",
                "float32(3)",
                "float32(2)");
    }

    @Test
    void exchangesCannotBeTracedWithoutValues() {
        Array x = Ops.ones(2, 2);
        List<Unary> traced = new ArrayList<>();
        Communicator group = Communicator.threads(2).getFirst();
        Unary exchange = one -> Distributed.allSum(one, group);
        traced.add(Transforms.vmap(exchange));
        traced.add(Transforms.compile(exchange));
        for (Unary function : traced) {
            Refused.with(IllegalStateException.class, () -> function.apply(x).eval(), "allSum", "keep exchanges out");
        }
    }

    @Test
    void thereIsNoForwardDerivative() {
        Refused.with(
                UnsupportedOperationException.class,
                () -> Ranks.run(
                        2,
                        group -> Transforms.jvp(
                                        in -> List.of(Distributed.allSum(in.getFirst(), group)),
                                        List.of(Ops.ones(2)),
                                        List.of(Ops.ones(2)))
                                .derivatives()),
                "allSum",
                "forward derivative");
    }
}
