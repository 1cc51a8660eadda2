package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.optimizers.Adam;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.Kernel;
import org.lazuli.tree.Tree;

/// Fused kernels that do not need each other's results are handed over together.
class IndependentKernelsTest {
    private static final List<Shape> SHAPES =
            List.of(Shape.of(40, 300), Shape.of(300), Shape.of(3, 5, 7), Shape.of(1), Shape.of(50_000));

    private static Tree<Array> arrays(int seed) {
        Map<String, Array> arrays = new LinkedHashMap<>();
        for (int i = 0; i < SHAPES.size(); i++) {
            arrays.put("p" + i, Random.normal(SHAPES.get(i), Random.key(10 * seed + i)));
        }
        return Tree.unflatten(arrays);
    }

    /// As many steps as make a chain a loop of its own.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOptimizerUpdatesAllParametersInOnePass(boolean biasCorrection) {
        Adam together = new Adam(0.01, Adam.Options.DEFAULT.withBiasCorrection(biasCorrection));
        Adam alone = new Adam(0.01, Adam.Options.DEFAULT.withBiasCorrection(biasCorrection));
        Tree<Array> moved = arrays(1);
        Tree<Array> expected = arrays(1);
        try (var backend = WatchedBackend.open()) {
            for (int step = 0; step < 40; step++) {
                Tree<Array> gradients = arrays(2 + step);
                Ops.eval(gradients, moved, expected);
                moved = together.applyGradients(gradients, moved);
                backend.forget();
                Ops.eval(moved, together);
                assertUpdatedTogether(backend);

                expected = alone.applyGradients(gradients, expected);
                expected.forEach((_, parameter) -> parameter.eval());
                Ops.eval(alone);
                Tree<Array> one = expected;
                moved.forEach((path, parameter) ->
                        assertArrayEquals(one.get(path).value().toFloatArray(), parameter.toFloatArray()));
            }
        }
    }

    /// The last group has a kernel for each parameter, with three results: the parameter and the two averages. The step's number may be in it too.
    private static void assertUpdatedTogether(WatchedBackend backend) {
        int count = backend.groups().getLast();
        List<Kernel> last = backend.kernels().reversed().subList(0, count);
        assertEquals(
                SHAPES.size(),
                last.stream().filter(IndependentKernelsTest::isUpdate).count());
        assertEquals(
                SHAPES.size(),
                backend.kernels().stream()
                        .filter(IndependentKernelsTest::isUpdate)
                        .count());
    }

    private static boolean isUpdate(Kernel kernel) {
        return kernel instanceof FusedElementwise fused && fused.outputs().size() == 3;
    }

    @Test
    void whatNeedsAResultWaitsForIt() {
        try (var backend = WatchedBackend.open()) {
            Array x = Ops.arange(6).astype(DType.FLOAT32).eval();
            Array a = x.mul(2).add(1);
            Array c = a.mul(a).sub(x);
            Array d = a.sub(3).mul(x);
            Array e = x.square().add(x);
            Ops.eval(a, c, d, e);
            assertEquals(List.of(3), backend.groups());
            assertEquals(4, backend.count(FusedElementwise.class));
            assertArrayEquals(new float[] {1, 8, 23, 46, 77, 116}, c.toFloatArray());
            assertArrayEquals(new float[] {-0.0f, 0, 4, 12, 24, 40}, d.toFloatArray());
            assertArrayEquals(new float[] {0, 2, 6, 12, 20, 30}, e.toFloatArray());
        }
    }

    /// The memory of what several kernels read is none's to write to.
    @Test
    void operandsThatAreSharedAreNotOverwritten() {
        try (var backend = WatchedBackend.open()) {
            Array x = Random.normal(Shape.of(1000), Random.key(1)).eval();
            Array m = x.reshape(10, 100).transpose().matmul(x.reshape(10, 100));
            Array first = m.mul(2).add(1);
            Array second = m.mul(3).sub(1);
            Ops.eval(first, second);
            assertEquals(List.of(2), backend.groups());
            float[] product =
                    x.reshape(10, 100).transpose().matmul(x.reshape(10, 100)).toFloatArray();
            float[] a = first.toFloatArray();
            float[] b = second.toFloatArray();
            for (int i = 0; i < product.length; i++) {
                assertEquals(product[i] * 2 + 1, a[i]);
                assertEquals(product[i] * 3 - 1, b[i]);
            }
        }
    }
}
