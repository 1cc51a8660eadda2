package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.conformance.Collected;
import org.lazuli.spi.MemoryStats;

/// Ten thousand training steps end with the memory of the hundredth, without `compile` and without scopes.
class TrainingMemoryTest {
    private static final int STEPS = 10_000;
    private static final int EARLY = 100;

    private WatchedBackend backend;

    @BeforeEach
    void open() {
        backend = WatchedBackend.open();
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private record Mlp(List<Array> weights, List<Array> biases) {
        static Mlp create() {
            return new Mlp(List.of(weight(4, 8), weight(8, 1)), List.of(Ops.zeros(8), Ops.zeros(1)));
        }

        private static Array weight(int in, int out) {
            return Random.normal(Shape.of(in, out), Random.key(in)).mul(0.3);
        }

        Array apply(Array x) {
            Array hidden = Ops.maximum(x.matmul(weights.get(0)).add(biases.get(0)), 0);
            return hidden.matmul(weights.get(1)).add(biases.get(1));
        }

        Mlp minus(Mlp gradient, double rate) {
            return new Mlp(minus(weights, gradient.weights, rate), minus(biases, gradient.biases, rate));
        }

        private static List<Array> minus(List<Array> parameters, List<Array> gradients, double rate) {
            return List.of(
                    parameters.get(0).sub(gradients.get(0).mul(rate)),
                    parameters.get(1).sub(gradients.get(1).mul(rate)));
        }
    }

    /// What is in memory after a number of steps.
    private record Figures(long active, long buffers) {
        static Figures now() {
            MemoryStats stats = Collected.stats();
            return new Figures(stats.active(), stats.buffers());
        }
    }

    /// A model after some steps, and the loss of the last one.
    private record Trained(Mlp model, Array loss) {
        Trained step(Array x, Array y) {
            var result = Transforms.<Mlp>valueAndGradTree(
                            m -> m.apply(x).sub(y).square().mean())
                    .apply(model);
            return new Trained(model.minus(result.grads(), 0.05), result.value());
        }
    }

    private static void train(boolean readLoss) {
        Array x = Random.normal(Shape.of(16, 4), Random.key(1)).eval();
        Array y = x.sum(1).reshape(16, 1).sin().eval();
        Trained trained = new Trained(Mlp.create(), Ops.array(0f));
        double first = Double.NaN;
        Figures early = null;
        for (int step = 1; step <= STEPS; step++) {
            trained = trained.step(x, y);
            if (readLoss) {
                assertTrue(trained.loss.item() < 100);
            }
            Ops.eval(trained);
            if (step == EARLY) {
                first = trained.loss.item();
                early = Figures.now();
            }
        }
        assertEquals(early, Figures.now(), "memory after " + STEPS + " steps and after " + EARLY);
        assertTrue(trained.loss.item() < first, "and it has learned");
    }

    @Test
    void trainingRunsInConstantMemory() {
        train(false);
    }

    @Test
    void trainingRunsInConstantMemoryIfTheLossIsReadAtEachStep() {
        train(true);
    }

    @Test
    void randomNumbersRunInConstantMemoryAfterTheirStateWasCompiled() {
        var compiled =
                Transforms.compile((Array x) -> Random.uniform(Shape.of(4)).add(x), Random.state());
        compiled.apply(Ops.array(0f)).eval();
        Figures early = null;
        for (int step = 1; step <= 1000; step++) {
            Random.normal(Shape.of(8)).eval();
            if (step == EARLY) {
                early = Figures.now();
                backend.forget();
            }
        }
        assertTrue(backend.kernels().size() < 900 * 20, () -> backend.kernels().size() + " kernels for 900 arrays");
        assertEquals(early, Figures.now());
        Random.seed(0);
    }
}
