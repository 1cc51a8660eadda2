package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.Transforms.ValueAndGrads;
import org.lazuli.conformance.Collected;
import org.lazuli.conformance.input.Refused;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// How long values stay in memory, and how often they are computed.
class LifetimeTest {
    private static final Primitive.Elementwise EXP = new Primitive.Unary(UnaryOp.EXP);
    private static final Primitive.Elementwise MULTIPLY = new Primitive.Binary(BinaryOp.MULTIPLY);

    private WatchedBackend backend;

    @BeforeEach
    void open() {
        backend = WatchedBackend.open();
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static Array matrix(int n) {
        return Ops.arange(n * n)
                .astype(org.lazuli.DType.FLOAT32)
                .div(n * n)
                .reshape(n, n)
                .eval();
    }

    /// A loss with intermediate values that the gradient needs again, and gradients by both arguments.
    private static ValueAndGrads lossAndGradients(Array w, Array x) {
        return Transforms.valueAndGradList(
                        in -> {
                            Array hidden = in.get(1).matmul(in.get(0)).exp();
                            return List.of(hidden.matmul(in.get(0)).exp().mean());
                        },
                        0,
                        1)
                .apply(List.of(w, x));
    }

    // ------------------------------------------------------------------------------------- order of evaluation

    @Test
    void aLossReadBeforeItsGradientsCostsNothingTwice() {
        Array w = matrix(8);
        Array x = matrix(8);
        backend.forget();
        ValueAndGrads together = lossAndGradients(w, x);
        Ops.eval(together.value(), together.grads());
        long products = backend.count(Primitive.MatMul.class);
        long exponentials = backend.count(EXP);
        assertEquals(2, exponentials);

        backend.forget();
        ValueAndGrads apart = lossAndGradients(w, x);
        apart.value().item();
        apart.grads().get(1).eval();
        apart.grads().get(0).eval();
        assertEquals(products, backend.count(Primitive.MatMul.class));
        assertEquals(exponentials, backend.count(EXP));
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(
                    together.grads().get(i).toFloatArray(), apart.grads().get(i).toFloatArray());
        }
    }

    @Test
    void onceEverythingIsReadNoTemporaryStays() {
        Array w = matrix(8);
        Array x = matrix(8);
        long before = Collected.stats().buffers();
        ValueAndGrads result = lossAndGradients(w, x);
        result.value().item();
        assertTrue(Memory.stats().buffers() > before + 1, "what the gradients need is kept until then");
        Ops.eval(result.grads());
        assertEquals(before + 3, Memory.stats().buffers(), "the loss and two gradients, without any collection");
        assertEquals(3, result.grads().size() + 1);
    }

    @Test
    void aGradientAloneLeavesNothingElseBehind() {
        Array w = matrix(8);
        long before = Collected.stats().buffers();
        Array gradient = Transforms.grad(
                        (Array x) -> x.matmul(w).exp().matmul(x).exp().mean())
                .apply(w);
        gradient.eval();
        assertEquals(before + 1, Memory.stats().buffers(), "without any collection");
        Array next = gradient.add(1);
        next.eval();
        assertEquals(before + 2, Memory.stats().buffers());
    }

    @Test
    void gradientsThatNobodyReadsGoAway() {
        Array w = matrix(8);
        Array x = matrix(8);
        MemoryStats before = Collected.stats();
        for (int i = 0; i < 50; i++) {
            lossAndGradients(w, x).value().item();
        }
        assertEquals(before.buffers(), Collected.stats().buffers());
        assertEquals(before.active(), Collected.stats().active());
        assertEquals(w.shape(), x.shape());
    }

    @Test
    void anEvaluatedArrayIsNotComputedAgain() {
        Array x = matrix(4);
        Array y = x.exp();
        Array z = y.add(1);
        z.eval();
        backend.forget();
        Ops.eval(y, z, y.mul(2), z.sum());
        assertEquals(0, backend.count(EXP), "y is an ordinary array: it was kept when z was computed");
    }

    @Test
    void cheapStepsOfAnExpressionTakeNoMemoryUnlessSomebodyComesBack() {
        Array x = matrix(4);
        Ops.eval(x);
        long before = Collected.stats().buffers();
        Array y = x.mul(3);
        Array z = y.add(1);
        z.eval();
        assertEquals(before + 1, Memory.stats().buffers(), "z alone, though y is held");
        backend.forget();
        Array w = y.add(2);
        w.eval();
        assertEquals(before + 3, Memory.stats().buffers(), "y was met again, so that somebody holds it");
        assertEquals(1, backend.count(MULTIPLY));
        Ops.eval(y, y.add(3));
        assertEquals(1, backend.count(MULTIPLY), "it is not computed a third time");
        assertArrayEquals(x.mul(3).add(2).toFloatArray(), w.toFloatArray());
    }

    @Test
    void largeArraysThatAreDroppedAreUsedAgainLongBeforeTheMemoryIsFull() {
        Array x = Ops.zeros(Shape.of(1 << 21), DType.FLOAT32);
        Ops.eval(x);
        long before = Collected.stats().active();
        Memory.resetPeak();
        for (int i = 0; i < 400; i++) {
            x.add(i).eval();
        }
        long share = Memory.stats().memoryLimit() / 4;
        assertTrue(
                Memory.stats().peak() - before <= Math.max(share, x.nbytes() * 2) + x.nbytes(),
                () -> "peak " + Memory.stats().peak() + " of 400 arrays of " + x.nbytes() + " bytes");
    }

    @Test
    void equalExpressionsAreComputedOnce() {
        Array x = matrix(4);
        backend.forget();
        Array sum = x.exp().add(x.exp()).add(x.add(1).exp()).add(x.add(1).exp());
        sum.eval();
        assertEquals(2, backend.count(EXP));
    }

    @Test
    void whatIsNotAskedForIsNotComputed() {
        Array x = matrix(4);
        backend.forget();
        Array unread = x.exp();
        x.add(1).eval();
        assertEquals(0, backend.count(EXP));
        assertEquals(Shape.of(4, 4), unread.shape());
    }

    // --------------------------------------------------------------------------------------- released and donated

    @Test
    void temporariesOfARegionLeaveNothingBehind() {
        Array x = matrix(8);
        long before = Collected.stats().buffers();
        Array y = Memory.owning(
                () -> x.exp().matmul(x).cumsum(0).matmul(x).sort(1).sum());
        y.eval();
        assertEquals(before + 1, Memory.stats().buffers());
    }

    @Test
    void aChainOfKernelsWorksInTwoBuffers() {
        Array x = matrix(64);
        Memory.resetPeak();
        long before = Memory.active();
        Array y = Memory.owning(() -> {
            Array value = x;
            for (int i = 0; i < 30; i++) {
                value = value.cumsum(i % 2).mul(0.01);
            }
            return value;
        });
        y.eval();
        assertTrue(
                Memory.peak() - before <= 2 * 64 * 64 * Float.BYTES,
                () -> "peak of " + (Memory.peak() - before) + " bytes for a chain on " + 64 * 64 * Float.BYTES);
    }

    @Test
    void anElementwiseKernelTakesOverTheMemoryOfItsOperand() {
        Array x = matrix(16);
        backend.forget();
        Array y = Memory.owning(() -> x.cumsum(0).exp());
        y.eval();
        assertEquals(1, backend.allocations(), "one buffer for the sums, none for the exponentials");
        assertArrayEquals(x.cumsum(0).exp().toFloatArray(), y.toFloatArray());
    }

    @Test
    void memoryThatSomeoneStillLooksAtIsNotTakenOver() {
        Array x = matrix(4);
        float[] expected = x.toFloatArray();
        List<Array> results = Memory.owning(() -> {
            Array sums = x.cumsum(0);
            Array view = sums.get(Index.at(0));
            Array turned = sums.transpose();
            return List.of(sums.exp(), view, turned.add(sums), sums.exp().add(turned));
        });
        Ops.eval(results);
        Array sums = x.cumsum(0).eval();
        assertArrayEquals(sums.exp().toFloatArray(), results.get(0).toFloatArray());
        assertArrayEquals(sums.get(Index.at(0)).toFloatArray(), results.get(1).toFloatArray());
        assertArrayEquals(
                sums.transpose().add(sums).toFloatArray(), results.get(2).toFloatArray());
        assertArrayEquals(
                sums.exp().add(sums.transpose()).toFloatArray(), results.get(3).toFloatArray());
        assertArrayEquals(expected, x.toFloatArray());
    }

    @Test
    void aViewKeepsItsBufferAlive() {
        Array first = matrix(32).get(Index.at(0)).eval();
        Collected.stats();
        for (int i = 0; i < 20; i++) {
            matrix(32).add(5).eval();
        }
        assertEquals(31f / 1024, first.toFloatArray()[31]);
    }

    @Test
    void anUnreachableArrayGivesItsBufferBack() {
        long before = Collected.stats().active();
        List<Array> held = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            held.add(Ops.ones(1000).add(i).eval());
        }
        assertTrue(Memory.active() >= before + 10 * 4000);
        assertEquals(10, held.size());
        held.clear();
        assertEquals(before, Collected.stats().active());
    }

    @Test
    void ofManyArraysThoseThatNobodyReachesGiveTheirBuffersBack() {
        long before = Collected.stats().buffers();
        List<Array> held = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            held.add(Ops.ones(3).add(i).eval());
        }
        assertEquals(before + 3000, Collected.stats().buffers());
        for (int divisor : new int[] {2, 3, 5}) {
            held.removeIf(array -> array.toFloatArray()[0] % divisor != 0);
            assertEquals(before + held.size(), Collected.stats().buffers());
            held.add(Ops.ones(3).mul(30).eval());
        }
        assertEquals(3000 / 30 + 3, held.size());
        for (Array array : held) {
            assertEquals(0, array.sum().item() % 90);
        }
    }

    @Test
    void aFailedEvaluationLeavesNothingBehind() {
        Array x = matrix(4);
        Array indices = Ops.array(new int[] {0, 9});
        long before = Collected.stats().buffers();
        Array bad = x.exp().take(indices, 0).add(1);
        assertThrows(IndexOutOfBoundsException.class, bad::eval);
        assertEquals(before, Memory.stats().buffers());
        assertThrows(IndexOutOfBoundsException.class, bad::eval, "and again");
        assertArrayEquals(x.exp().toFloatArray(), x.exp().add(0).toFloatArray());
    }

    @Test
    void whatFailsOnTheDeviceAfterItWasEncodedLeavesNothingBehind() {
        Array x = matrix(4);
        long before = Collected.stats().buffers();
        Array y = x.exp().matmul(x);
        backend.failAtSynchronize(new IllegalStateException("the device failed"));
        Refused.with(IllegalStateException.class, y::eval, "the device failed");
        assertEquals(before, Memory.stats().buffers(), "without any collection");
        assertArrayEquals(x.exp().matmul(x).toFloatArray(), y.toFloatArray(), "and again, it works");
    }

    @Test
    void aFailureOnTheDeviceIsNotFoundInALaterEvaluation() {
        Array x = matrix(4);
        Array bad = x.exp().take(Ops.array(new int[] {9}), 0);
        backend.failAtSynchronize(new IllegalStateException("the device failed too"));
        IndexOutOfBoundsException thrown = assertThrows(IndexOutOfBoundsException.class, bad::eval);
        assertEquals("the device failed too", thrown.getSuppressed()[0].getMessage());
        x.add(1).eval();
    }

    // ------------------------------------------------------------------------------------------------- smuggled

    @Test
    void anArrayThatLeavesATransformationByTheBackDoorIsComputedAgain() {
        Array w = matrix(4);
        Array[] smuggled = new Array[1];
        Array gradient = Transforms.grad((Array x) -> {
                    Array hidden = x.matmul(w).exp();
                    smuggled[0] = hidden;
                    return hidden.sum();
                })
                .apply(w);
        gradient.eval();
        backend.forget();
        assertArrayEquals(w.matmul(w).exp().toFloatArray(), smuggled[0].toFloatArray());
        assertTrue(backend.count(Primitive.MatMul.class) >= 1);
        assertArrayEquals(
                w.matmul(w).exp().add(1).toFloatArray(), smuggled[0].add(1).toFloatArray());
    }

    @Test
    void anArrayReadInsideATransformationKeepsItsValue() {
        Array w = matrix(4);
        List<Double> read = new ArrayList<>();
        List<Array> held = new ArrayList<>();
        Array gradient = Transforms.grad((Array x) -> {
                    Array loss = x.square().sum();
                    read.add(loss.item());
                    held.add(loss);
                    return loss.mul(2);
                })
                .apply(w);
        assertArrayEquals(w.mul(4).toFloatArray(), gradient.toFloatArray());
        assertEquals(w.square().sum().item(), read.getFirst());
        assertEquals(read.getFirst(), held.getFirst().item());
    }

    @Test
    void lossesReadInsideATransformationDoNotKeepItsGraph() {
        Array w = matrix(32);
        List<Array> losses = new ArrayList<>();
        MemoryStats before = Collected.stats();
        for (int i = 0; i < 20; i++) {
            Array fresh = w.add(i).eval();
            Transforms.grad((Array x) -> {
                        Array loss = x.matmul(x).sum();
                        loss.item();
                        losses.add(loss);
                        return loss;
                    })
                    .apply(fresh)
                    .eval();
        }
        assertEquals(
                before.buffers() + losses.size(), Collected.stats().buffers(), "one buffer for each loss that is held");
    }

    // ---------------------------------------------------------------------------------------------------- scope

    @Test
    void aScopeLetsGoOfWhatIsNotKept() {
        Array x = matrix(8);
        long before = Collected.stats().buffers();
        Array kept;
        Array dropped;
        try (var scope = Memory.scope()) {
            dropped = x.exp().eval();
            kept = scope.keep(dropped.sum());
            kept.eval();
            x.add(1).eval();
            assertTrue(Memory.stats().buffers() > before + 1);
        }
        assertEquals(before + 1, Memory.stats().buffers());
        assertEquals(x.exp().sum().item(), kept.item());
        Refused.with(IllegalStateException.class, dropped::toFloatArray, "float32(8,8)", "scope", "scope.keep(");
    }

    @Test
    void whatAScopeKeepsMayBeUnevaluatedOrAViewOfWhatItDrops() {
        Array x = matrix(8);
        Array lazy;
        Array view;
        try (var scope = Memory.scope()) {
            Array y = x.exp();
            lazy = scope.keep(y.add(1));
            view = scope.keep(x.mul(2).eval().get(Index.at(1)));
        }
        assertArrayEquals(x.exp().add(1).toFloatArray(), lazy.toFloatArray());
        assertArrayEquals(x.mul(2).get(Index.at(1)).toFloatArray(), view.toFloatArray());
    }

    @Test
    void anExceptionClosesAScopeToo() {
        long before = Collected.stats().buffers();
        assertThrows(IllegalStateException.class, () -> {
            try (var scope = Memory.scope()) {
                scope.keep(List.of());
                matrix(8).exp().eval();
                throw new IllegalStateException("on purpose");
            }
        });
        assertEquals(before, Memory.stats().buffers());
        Array after = Ops.ones(3).add(1);
        after.eval();
        assertEquals(6, after.sum().item());
    }

    @Test
    void scopesAndTransformationsNest() {
        Array x = matrix(8);
        long before = Collected.stats().buffers();
        Array result;
        try (var outer = Memory.scope()) {
            Array gradient;
            try (var inner = Memory.scope()) {
                gradient =
                        inner.keep(Transforms.grad((Array a) -> a.exp().sum()).apply(x));
                gradient.eval();
            }
            result = outer.keep(gradient.add(1));
            result.eval();
        }
        assertEquals(before + 1, Memory.stats().buffers());
        assertArrayEquals(x.exp().add(1).toFloatArray(), result.toFloatArray());
    }
}
