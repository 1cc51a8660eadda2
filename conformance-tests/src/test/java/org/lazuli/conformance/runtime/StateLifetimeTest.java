package org.lazuli.conformance.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Transforms;
import org.lazuli.conformance.Collected;
import org.lazuli.conformance.input.Refused;
import org.lazuli.function.Unary;
import org.lazuli.optimizers.Adam;
import org.lazuli.optimizers.MultiOptimizer;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.optimizers.Sgd;
import org.lazuli.spi.OutOfDeviceMemoryException;
import org.lazuli.tree.Tree;

/// What an optimizer keeps gives its memory back when other values have taken its place, without the garbage collector. It has run before anything
/// is measured, and all else is held, so that a collection in between would change no figure.
class StateLifetimeTest {
    private static final int SIZE = 1 << 16;
    private static final long BYTES = SIZE * (long) Float.BYTES;

    /// More than the numbers of steps and rates take.
    private static final long SCALARS = 1024;

    private WatchedBackend backend;
    private Array gradient;

    @BeforeEach
    void open() {
        backend = WatchedBackend.open();
        gradient = Ops.linspace(-1, 1, SIZE).eval();
    }

    @AfterEach
    void close() {
        backend.close();
    }

    /// Parameters of a run, all of which are held.
    private final class Run {
        final Optimizer optimizer;
        final List<Array> parameters = new ArrayList<>(List.of(Ops.zeros(SIZE).eval()));

        Run(Optimizer optimizer) {
            this.optimizer = optimizer;
        }

        Array step() {
            Array moved = optimizer
                    .applyGradients(tree(gradient), tree(parameters.getLast()))
                    .get("w")
                    .value();
            parameters.add(moved);
            return moved;
        }

        void steps(int count) {
            for (int i = 0; i < count; i++) {
                Ops.eval(step(), optimizer);
            }
        }

        /// The bytes by which active memory grows in a step.
        long growth() {
            long before = Collected.stats().active();
            steps(1);
            return Memory.active() - before;
        }
    }

    private static Tree<Array> tree(Array array) {
        return Tree.unflatten(Map.of("w", array));
    }

    private float[] expected(int steps) {
        Run run = new Run(new Adam(0.1));
        for (int i = 0; i < steps; i++) {
            run.step();
        }
        return run.parameters.getLast().toFloatArray();
    }

    @Test
    void aStepKeepsNothingOfTheStateBefore() {
        Run run = new Run(new Adam(0.1));
        run.steps(3);
        // The new parameters, a new step, and nothing for the averages.
        assertEquals(BYTES, run.growth(), SCALARS);
        assertArrayEquals(expected(4), run.parameters.getLast().toFloatArray());
    }

    @Test
    void severalOptimizersDoLikewise() {
        Run run = new Run(
                new MultiOptimizer(List.of(new Adam(0.1), new Sgd(0.1)), List.of((path, array) -> path.equals("w"))));
        run.steps(3);
        assertEquals(BYTES, run.growth(), SCALARS);
        assertArrayEquals(expected(4), run.parameters.getLast().toFloatArray());
    }

    @Test
    void stateThatWasGivenOutStays() {
        Run run = new Run(new Adam(0.1));
        run.steps(3);
        Array average = run.optimizer.state().get("w.m").value();
        float[] before = average.toFloatArray();
        assertEquals(3 * BYTES, run.growth(), SCALARS);
        run.steps(1);
        assertArrayEquals(before, average.toFloatArray());
        assertEquals(BYTES, run.growth(), SCALARS);
    }

    @Test
    void stateMayBeSetBackAndAgain() {
        Run run = new Run(new Adam(0.1));
        run.steps(2);
        Tree<Array> state = run.optimizer.state();
        run.steps(1);
        float[] third = run.parameters.getLast().toFloatArray();
        for (int again = 0; again < 2; again++) {
            run.optimizer.setState(state);
            run.parameters.add(run.parameters.get(2));
            run.steps(1);
            assertArrayEquals(third, run.parameters.getLast().toFloatArray());
        }
    }

    @Test
    void itStaysUntilAllThatNeedsItIsComputed() {
        Run run = new Run(new Adam(0.1));
        run.steps(2);
        run.step().eval();
        run.step().eval();
        Ops.eval(run.optimizer);
        run.step();
        run.step();
        run.steps(1);
        assertArrayEquals(expected(7), run.parameters.getLast().toFloatArray());
    }

    @Test
    void itStaysIfTheStepFails() {
        Run run = new Run(new Adam(0.1));
        run.steps(2);
        Memory.clearCache();
        long limit = Memory.setLimit(Memory.active() + BYTES);
        Array moved = run.step();
        Refused.with(OutOfDeviceMemoryException.class, () -> Ops.eval(moved, run.optimizer), "limit of");
        Memory.setLimit(limit);
        Ops.eval(moved, run.optimizer);
        run.steps(1);
        assertArrayEquals(expected(4), run.parameters.getLast().toFloatArray());
    }

    @Test
    void aScopeKeepsWhatItIsToldTo() {
        Run run = new Run(new Adam(0.1));
        run.steps(2);
        for (int i = 0; i < 2; i++) {
            try (var scope = Memory.scope()) {
                scope.keep(List.of(run.step(), run.optimizer));
            }
        }
        run.steps(1);
        assertArrayEquals(expected(5), run.parameters.getLast().toFloatArray());
    }

    @Test
    void compiledStepsDoLikewise() {
        Run run = new Run(new Adam(0.1));
        Unary step = Transforms.compile(
                (Array parameter) -> run.optimizer
                        .applyGradients(tree(gradient), tree(parameter))
                        .get("w")
                        .value(),
                run.optimizer);
        long before = 0;
        for (int i = 0; i < 5; i++) {
            before = Collected.stats().active();
            run.parameters.add(step.apply(run.parameters.getLast()));
            Ops.eval(run.parameters.getLast(), run.optimizer);
        }
        assertEquals(BYTES, Memory.active() - before, SCALARS);
        Array average = run.optimizer.state().get("w.m").value();
        float[] then = average.toFloatArray();
        run.parameters.add(step.apply(run.parameters.getLast()));
        Ops.eval(run.parameters.getLast(), run.optimizer);
        assertArrayEquals(then, average.toFloatArray());
        assertArrayEquals(expected(6), run.parameters.getLast().toFloatArray());
    }

    @Test
    void whatACompiledFunctionReturnsOfTheStateStays() {
        Run run = new Run(new Adam(0.1));
        run.optimizer.init(tree(run.parameters.getFirst()));
        var step = Transforms.compileList(
                in -> {
                    Array average = run.optimizer.state().get("w.m").value();
                    Array moved = run.optimizer
                            .applyGradients(tree(gradient), tree(in.getFirst()))
                            .get("w")
                            .value();
                    return List.of(
                            moved, average, run.optimizer.state().get("w.v").value());
                },
                run.optimizer);
        List<Array> first = List.of();
        List<Array> last = List.of(run.parameters.getFirst());
        for (int i = 0; i < 3; i++) {
            first = last;
            last = step.apply(List.of(last.getFirst()));
            Ops.eval(last, run.optimizer);
        }
        float[] average = first.get(1).toFloatArray();
        float[] squares = first.get(2).toFloatArray();
        Ops.eval(step.apply(List.of(last.getFirst())), run.optimizer);
        assertArrayEquals(average, first.get(1).toFloatArray());
        assertArrayEquals(squares, first.get(2).toFloatArray());
        assertArrayEquals(expected(3), last.getFirst().toFloatArray());
    }

    @Test
    void aStateOfOneArrayDoesLikewise() {
        Array total = Ops.zeros(SIZE).eval();
        long before = 0;
        for (int i = 0; i < 3; i++) {
            before = Collected.stats().active();
            Array last = total;
            total = Memory.replacing(List.of(last), () -> last.add(gradient));
            Memory.setExclusive(total, true);
            total.eval();
        }
        assertEquals(before, Memory.active());
        assertArrayEquals(gradient.mul(3).toFloatArray(), total.toFloatArray(), 1e-6f);
    }

    /// Keeps its last parameters, and a gradient.
    private static final class Keeping extends Optimizer {
        @Override
        protected void initSingle(Array parameter, Map<String, Array> state) {
            state.put("last", parameter);
        }

        @Override
        protected Array applySingle(Array gradient, Array parameter, Map<String, Array> state) {
            Array moved = parameter.sub(gradient).add(get(state, "last").mul(0.5));
            state.put("last", moved);
            state.put("gradient", gradient);
            return moved;
        }
    }

    @Test
    void whatOthersHoldTooStays() {
        Run run = new Run(new Keeping());
        run.steps(4);
        // Each step takes the gradient from one and a half times the parameter.
        float[] share = {0, -1, -2.5f, -4.75f, -8.125f};
        for (int i = 0; i < share.length; i++) {
            assertArrayEquals(
                    gradient.mul(share[i]).toFloatArray(), run.parameters.get(i).toFloatArray(), 1e-5f);
        }
    }
}
