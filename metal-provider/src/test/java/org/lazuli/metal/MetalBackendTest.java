package org.lazuli.metal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.TensorSpec;

class MetalBackendTest {
    private final MetalBench bench = MetalBench.open();

    @AfterEach
    void close() {
        bench.assertNoLeaks();
        bench.close();
    }

    @Test
    void runsAKernel() {
        Shape shape = Shape.of(3, 1001);
        bench.assertSame(
                new Primitive.Binary(BinaryOp.ADD),
                new TensorSpec(DType.FLOAT32, shape),
                Placed.random(DType.FLOAT32, shape, 1),
                Placed.random(DType.FLOAT32, shape, 2));
        assertEquals(1, bench.metal.counters().dispatches());
    }

    @Test
    void saysThatItIsSimulated() {
        assertEquals("metal", bench.metal.name());
        assertTrue(bench.metal.device().endsWith("(simulated)"), bench.metal.device());
    }
}
