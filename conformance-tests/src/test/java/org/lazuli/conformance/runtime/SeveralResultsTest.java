package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Backends;
import org.lazuli.Linalg;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Unary;
import org.lazuli.spi.Primitive;

/// Instructions that have several results run once, whoever asks for which of them.
class SeveralResultsTest {
    private static Array matrix() {
        return Random.normal(Shape.of(3, 3), Random.key(3)).eval();
    }

    @Test
    void factorsAreComputedTogether() {
        try (var backend = WatchedBackend.open()) {
            Linalg.Qr qr = Linalg.qr(matrix());
            qr.r().eval();
            qr.q().eval();
            assertEquals(1, backend.count(Primitive.Qr.class));
        }
    }

    @Test
    void aFactorIsComputedAlone() {
        try (var backend = WatchedBackend.open()) {
            Array x = matrix();
            assertArrayEquals(Linalg.qr(x).r().toFloatArray(), Linalg.qr(x).r().toFloatArray());
            assertEquals(2, backend.count(Primitive.Qr.class));
        }
    }

    @Test
    void equalDecompositionsAreOne() {
        try (var backend = WatchedBackend.open()) {
            Array x = matrix();
            Linalg.Svd one = Linalg.svd(x);
            Linalg.Svd other = Linalg.svd(x);
            one.s().add(other.s()).add(other.u().sum()).eval();
            assertEquals(1, backend.count(Primitive.Svd.class));
        }
    }

    @Test
    void systemsOfOneMatrixShareItsFactors() {
        try (var backend = WatchedBackend.open()) {
            Array x = matrix();
            Ops.eval(
                    Linalg.inv(x),
                    Linalg.solve(x, Ops.ones(3)),
                    Linalg.slogdet(x).logabsdet());
            assertEquals(1, backend.count(Primitive.Lu.class));
        }
    }

    @Test
    void aGradientUsesTheFactorsOfItsValue() {
        try (var backend = WatchedBackend.open()) {
            var function = Transforms.valueAndGrad((Unary) x -> Linalg.qr(x).r().sum());
            var result = function.apply(matrix());
            result.value().eval();
            result.grad().eval();
            assertEquals(1, backend.count(Primitive.Qr.class));
        }
    }

    @Test
    void allResultsComeBackFromTheReference() {
        Array x = matrix();
        Linalg.Svd expected = Linalg.svd(x);
        float[] u = expected.u().toFloatArray();
        float[] s = expected.s().toFloatArray();
        try (var _ = WatchedBackend.supporting(kernel -> !(kernel instanceof Primitive.Several))) {
            Linalg.Svd svd = Linalg.svd(x);
            assertArrayEquals(u, svd.u().toFloatArray());
            assertArrayEquals(s, svd.s().toFloatArray());
            assertEquals(1, Backends.current().fallbacks());
        }
    }

    @Test
    void resultsThatNobodyReadsAreLetGo() {
        try (var _ = WatchedBackend.open()) {
            Array x = Ops.array(new float[][] {{2, 1, 0}, {1, 3, 1}, {0, 1, 4}});
            long bytes = Memory.active();
            Unary values = Transforms.compile((Unary) a -> Linalg.svd(a).s());
            Array s = values.apply(x).eval();
            // Three numbers take as little as nine do; the vectors would take as much again each.
            assertEquals(2 * bytes, Memory.active());
            assertEquals(s.shape(), Shape.of(x.dim(0)));
        }
    }
}
