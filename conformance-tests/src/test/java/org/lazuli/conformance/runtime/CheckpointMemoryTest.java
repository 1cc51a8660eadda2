package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lazuli.Transforms.checkpoint;
import static org.lazuli.Transforms.compile;
import static org.lazuli.Transforms.grad;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// A checkpoint keeps less: the gradient of a deep chain holds the values between its parts, and those of one part at a time.
class CheckpointMemoryTest {
    private static final int PARTS = 8;
    private static final int STEPS = 8;
    private static final int N = 64;

    /// The bytes of one matrix.
    private static final long MATRIX = 4L * N * N;

    private WatchedBackend backend;

    @BeforeEach
    void open() {
        backend = WatchedBackend.open();
    }

    @AfterEach
    void close() {
        backend.close();
    }

    /// Products, whose gradients need every value on the way, and which no fusion makes one.
    private static Unary part(Array weight) {
        return x -> {
            Array y = x;
            for (int i = 0; i < STEPS; i++) {
                y = y.matmul(weight).tanh();
            }
            return y;
        };
    }

    private static Unary chain(Unary part) {
        return x -> {
            Array y = x;
            for (int i = 0; i < PARTS; i++) {
                y = part.apply(y);
            }
            return y.sum();
        };
    }

    private static Array matrix() {
        return Ops.arange(N * N)
                .astype(DType.FLOAT32)
                .sin()
                .div(8)
                .reshape(N, N)
                .eval();
    }

    /// The most that a gradient's evaluation has beyond what there was before.
    private static long peak(Unary gradient, Array x) {
        gradient.apply(x).eval();
        Memory.clearCache();
        Memory.resetPeak();
        long before = Memory.active();
        gradient.apply(x).eval();
        return Memory.peak() - before;
    }

    @Test
    void aChainOfCheckpointsNeedsThePartsInsteadOfTheWhole() {
        Unary part = part(matrix());
        Array x = matrix();
        Unary plain = grad(chain(part));
        Unary kept = grad(chain(checkpoint(part)));
        assertArrayEquals(plain.apply(x).toFloatArray(), kept.apply(x).toFloatArray());
        long whole = peak(plain, x);
        long parts = peak(kept, x);
        assertTrue(whole >= PARTS * STEPS * MATRIX, whole / MATRIX + " matrices: a chain keeps a value for each step");
        assertTrue(
                parts <= (PARTS + 2L * STEPS + 6) * MATRIX,
                parts / MATRIX + " matrices: one for each part, and those of one part and its gradient");
    }

    @Test
    void soDoesTheCompiledGradient() {
        Unary part = part(matrix());
        Array x = matrix();
        long whole = peak(compile(grad(chain(part))), x);
        long parts = peak(compile(grad(chain(checkpoint(part)))), x);
        assertTrue(2 * parts < whole, parts / MATRIX + " matrices with checkpoints, " + whole / MATRIX + " without");
    }

    @Test
    void checkpointsNest() {
        Unary part = part(matrix());
        Array x = matrix();
        Unary two = in -> part.apply(part.apply(in));
        Unary outer =
                checkpoint((Array in) -> checkpoint(part).apply(checkpoint(part).apply(in)));
        assertArrayEquals(
                grad(in -> two.apply(in).sum()).apply(x).toFloatArray(),
                grad(in -> outer.apply(in).sum()).apply(x).toFloatArray());
    }
}
