package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Binary;
import org.lazuli.io.Safetensors;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Nn;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.AdaDelta;
import org.lazuli.optimizers.Adafactor;
import org.lazuli.optimizers.Adagrad;
import org.lazuli.optimizers.Adam;
import org.lazuli.optimizers.AdamW;
import org.lazuli.optimizers.Adamax;
import org.lazuli.optimizers.Lion;
import org.lazuli.optimizers.MultiOptimizer;
import org.lazuli.optimizers.Muon;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.optimizers.RMSprop;
import org.lazuli.optimizers.Schedules;
import org.lazuli.optimizers.Sgd;
import org.lazuli.tree.Tree;

/// Optimizers: what holds for all of them, and what they refuse.
class OptimizersTest {
    @TempDir
    Path folder;

    private static Map<String, Supplier<Optimizer>> all() {
        Map<String, Supplier<Optimizer>> all = new LinkedHashMap<>();
        all.put("Sgd", () -> new Sgd(0.1));
        all.put(
                "Sgd with momentum",
                () -> new Sgd(
                        0.05,
                        Sgd.Options.DEFAULT
                                .withMomentum(0.9)
                                .withWeightDecay(1e-4)
                                .withNesterov(true)));
        all.put("RMSprop", () -> new RMSprop(0.01));
        all.put("Adagrad", () -> new Adagrad(0.1));
        all.put("AdaDelta", () -> new AdaDelta(10));
        all.put("Adam", () -> new Adam(0.01));
        all.put("Adam with correction", () -> new Adam(0.01, Adam.Options.DEFAULT.withBiasCorrection(true)));
        all.put("AdamW", () -> new AdamW(0.01));
        all.put("Adamax", () -> new Adamax(0.01));
        all.put("Lion", () -> new Lion(0.003));
        all.put("Adafactor", Adafactor::new);
        all.put(
                "Adafactor with momentum",
                () -> new Adafactor(
                        Schedules.cosineDecay(0.05, 1000),
                        Adafactor.Options.DEFAULT.withRelativeStep(false).withBeta1(0.9)));
        all.put("Muon", () -> new Muon(0.02));
        all.put(
                "MultiOptimizer",
                () -> new MultiOptimizer(
                        List.of(new Muon(Schedules.linearSchedule(0.03, 0.01, 100)), new AdamW(0.01)),
                        List.of((path, gradient) -> path.endsWith("weight"))));
        return all;
    }

    private static final Array X = Ops.linspace(-1, 1, 32).reshape(32, 1);
    private static final Array Y = X.square();

    private static Sequential model() {
        Random.seed(1);
        return new Sequential(new Linear(1, 16), new ReLU(), new Linear(16, 1));
    }

    private static double train(Sequential model, Optimizer optimizer, int steps) {
        var lossAndGrad = Nn.valueAndGrad(model, (x, y) -> Losses.mseLoss(model.apply(x), y));
        double loss = Double.NaN;
        for (int i = 0; i < steps; i++) {
            var step = lossAndGrad.apply(X, Y);
            optimizer.update(model, step.grads());
            Ops.eval(model, optimizer);
            loss = step.value().item();
        }
        return loss;
    }

    @TestFactory
    List<DynamicTest> learns() {
        return tests(make -> {
            Sequential model = model();
            Optimizer optimizer = make.get();
            double first = train(model, optimizer, 1);
            double last = train(model, optimizer, 200);
            assertTrue(last < first / 4, first + " to " + last);
            assertEquals(201, optimizer.step().itemLong());
        });
    }

    @Test
    void noOptimizerIsMissing() {
        Set<String> classes = new ClassFileImporter()
                .importPackages("org.lazuli.optimizers").stream()
                        .filter(type -> type.isAssignableTo(Optimizer.class)
                                && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet());
        assertEquals(
                classes,
                all().values().stream()
                        .map(make -> make.get().getClass().getSimpleName())
                        .collect(Collectors.toSet()));
    }

    @TestFactory
    List<DynamicTest> aTrajectoryGoesThroughAFile() {
        return tests(make -> {
            Sequential model = model();
            Optimizer optimizer = make.get();
            train(model, optimizer, 5);
            Path weights = folder.resolve("model.safetensors");
            Path state = folder.resolve("optimizer.safetensors");
            model.saveWeights(weights);
            Safetensors.save(state, optimizer.state().flatten());
            Sequential copy = new Sequential(new Linear(1, 16), new ReLU(), new Linear(16, 1));
            copy.loadWeights(weights);
            Optimizer restored = make.get();
            restored.setState(Tree.unflatten(Safetensors.load(state).arrays()));
            train(model, optimizer, 5);
            train(copy, restored, 5);
            var expected = model.parameters().flatten();
            copy.parameters()
                    .forEach((path, array) ->
                            assertTrue(array.arrayEqual(expected.get(path)).itemBoolean(), path));
        });
    }

    @Test
    void stateOfAnotherOptimizerIsRefused() {
        Optimizer one = new MultiOptimizer(
                List.of(new Sgd(0.1), new Adam(0.1)), List.of((path, gradient) -> path.contains("bias")));
        assertEquals(
                "MultiOptimizer: the state has no 'states.0': it was another optimizer's",
                assertThrows(IllegalArgumentException.class, () -> one.setState(new Adam(0.1).state()))
                        .getMessage());
        assertEquals(
                "MultiOptimizer: 1 optimizers need 0 filters, one for each but the last, not 1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new MultiOptimizer(List.of(new Sgd(0.1)), List.of((path, gradient) -> true)))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> new Adafactor(Adafactor.Options.DEFAULT.withRelativeStep(false)));
    }

    @Test
    void adafactorKeepsRowsAndColumns() {
        Optimizer optimizer = new Adafactor();
        optimizer.init(Tree.unflatten(Map.of("w", Ops.zeros(3, 4, 5), "b", Ops.zeros(6))));
        Map<String, Array> state = optimizer.state().flatten();
        assertEquals(Shape.of(3, 4), state.get("w.exp_avg_sq_row").shape());
        assertEquals(Shape.of(3, 5), state.get("w.exp_avg_sq_col").shape());
        assertEquals(Shape.of(6), state.get("b.exp_avg_sq").shape());
        assertThrows(IllegalStateException.class, optimizer::learningRate);
    }

    @Test
    void muonsStepsAreNearlyOrthogonal() {
        Random.seed(4);
        Array gradient = Random.normal(Shape.of(8, 5));
        Array zero = Ops.zeros(8, 5);
        Array step = new Muon(1, Muon.Options.DEFAULT.withWeightDecay(0))
                .applyGradients(Tree.leaf(gradient), Tree.leaf(zero))
                .value()
                .div(Math.sqrt(8.0 / 5));
        Array product = step.transpose().matmul(step);
        // The constants keep singular values within 0.7 and 1.2, of which these are the squares.
        Array diagonal = product.diagonal();
        assertTrue(diagonal.min().item() > 0.45 && diagonal.max().item() < 1.5, () -> "" + product);
        assertTrue(product.sub(diagonal.diag()).abs().max().item() < 0.45, () -> "" + product);
    }

    @TestFactory
    List<DynamicTest> stateThatIsSetContinuesAsIfNothingHappened() {
        return tests(make -> {
            Sequential model = model();
            Optimizer optimizer = make.get();
            train(model, optimizer, 5);
            Sequential copy = model();
            copy.update(model.parameters());
            Optimizer restored = make.get();
            restored.setState(optimizer.state());
            assertEquals(train(model, optimizer, 5), train(copy, restored, 5));
            assertEquals(
                    optimizer.state().flatten().keySet(),
                    restored.state().flatten().keySet());
        });
    }

    @TestFactory
    List<DynamicTest> compiledTrainingEqualsEager() {
        return tests(make -> {
            Sequential eager = model();
            double expected = train(eager, make.get(), 6);

            Sequential model = model();
            Optimizer optimizer = make.get();
            var lossAndGrad = Nn.valueAndGrad(model, (x, y) -> Losses.mseLoss(model.apply(x), y));
            Binary plain = (x, y) -> {
                var step = lossAndGrad.apply(x, y);
                optimizer.update(model, step.grads());
                return step.value();
            };
            Binary compiled = Transforms.compile(plain, model, optimizer);
            double loss = Double.NaN;
            for (int i = 0; i < 6; i++) {
                loss = compiled.apply(X, Y).item();
            }
            assertEquals(expected, loss, 1e-6);
            assertEquals(6, optimizer.step().itemLong());
            eager.parameters()
                    .forEach((path, weight) -> assertArrayEquals(
                            weight.toFloatArray(),
                            model.parameters().get(path).value().toFloatArray(),
                            1e-5f));
        });
    }

    @TestFactory
    List<DynamicTest> keepsTheTypeOfParameters() {
        return tests(make -> {
            for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64)) {
                Tree<Array> parameters = Tree.unflatten(Map.of("w", Ops.ones(Shape.of(3), dtype)));
                for (DType gradientType : List.of(dtype, DType.FLOAT32)) {
                    Tree<Array> gradients = Tree.unflatten(Map.of("w", Ops.ones(Shape.of(3), gradientType)));
                    Array moved = make.get()
                            .applyGradients(gradients, parameters)
                            .get("w")
                            .value();
                    assertEquals(dtype, moved.dtype());
                    assertTrue(moved.astype(DType.FLOAT32).max().item() <= 1);
                }
            }
        });
    }

    private interface Check {
        void accept(Supplier<Optimizer> make);
    }

    private static List<DynamicTest> tests(Check check) {
        return all().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> check.accept(entry.getValue())))
                .toList();
    }

    @Test
    void stateIsATreeLikeThatOfMlx() {
        Linear linear = new Linear(2, 1);
        Adam adam = new Adam(1e-3);
        adam.init(linear.trainableParameters());
        assertEquals(
                List.of("step", "learning_rate", "weight.m", "weight.v", "bias.m", "bias.v"),
                List.copyOf(adam.state().flatten().keySet()));
        assertEquals(DType.UINT64, adam.step().dtype());
        assertEquals(Shape.of(1, 2), adam.state().get("weight.m").value().shape());
    }

    @Test
    void onlyParametersWithAGradientMove() {
        Tree<Array> parameters = Tree.unflatten(new LinkedHashMap<>(Map.of("a", Ops.ones(1), "b", Ops.ones(1))));
        Tree<Array> moved = new Sgd(0.5).applyGradients(Tree.unflatten(Map.of("b", Ops.ones(1))), parameters);
        assertEquals(List.of("b"), List.copyOf(moved.flatten().keySet()));
        assertEquals(0.5, moved.get("b").value().item());
    }

    @Test
    void gradientsOfAnotherModelAreRefused() {
        Tree<Array> parameters = Tree.unflatten(Map.of("w", Ops.ones(2)));
        Sgd sgd = new Sgd(0.1);
        assertEquals(
                "applyGradients: there is a gradient for 'v', but no such parameter: pass gradients of this model",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> sgd.applyGradients(Tree.unflatten(Map.of("v", Ops.ones(2))), parameters))
                        .getMessage());
        assertEquals(
                "applyGradients: 'w' has shape (2), but its gradient has (3): pass gradients of this model",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> sgd.applyGradients(Tree.unflatten(Map.of("w", Ops.ones(3))), parameters))
                        .getMessage());
        assertEquals(0, sgd.step().itemLong());
        assertThrows(IllegalArgumentException.class, () -> sgd.init(Tree.unflatten(Map.of("step", Ops.ones(1)))));
    }

    @Test
    void schedulesSeeTheStepsTaken() {
        Sgd sgd = new Sgd(Schedules.stepDecay(1.0, 0.5, 2));
        Tree<Array> w = Tree.unflatten(Map.of("w", Ops.zeros(1)));
        float[] rates = new float[5];
        for (int i = 0; i < rates.length; i++) {
            sgd.applyGradients(w, w);
            rates[i] = (float) sgd.learningRate().item();
        }
        assertArrayEquals(new float[] {1, 1, 0.5f, 0.5f, 0.25f}, rates);
        sgd.setLearningRate(3);
        assertEquals(3, sgd.learningRate().item());
    }

    @Test
    void clipsTheNormOfAllGradientsTogether() {
        Tree<Array> grads = Tree.unflatten(
                new LinkedHashMap<>(Map.of("a", Ops.array(new float[] {3, 0}), "b", Ops.array(new float[] {4}))));
        var clipped = Optimizer.clipGradNorm(grads, 1.0);
        assertEquals(5, clipped.norm().item(), 1e-6);
        assertArrayEquals(
                new float[] {0.6f, 0}, clipped.grads().get("a").value().toFloatArray(), 1e-6f);
        assertArrayEquals(
                new float[] {4},
                Optimizer.clipGradNorm(grads, 10).grads().get("b").value().toFloatArray());
        assertEquals(0, Optimizer.clipGradNorm(Tree.empty(), 1.0).norm().item());
    }

    @Test
    void badOptionsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Sgd(0.1, Sgd.Options.DEFAULT.withNesterov(true)));
        assertThrows(IllegalArgumentException.class, () -> Adamax.Options.DEFAULT.withEps(-1));
        assertThrows(IllegalArgumentException.class, () -> RMSprop.Options.DEFAULT.withAlpha(-1));
        assertThrows(IllegalArgumentException.class, () -> Schedules.cosineDecay(1, 0));
        assertThrows(IllegalArgumentException.class, () -> Schedules.joinSchedules(List.of(), List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> Schedules.joinSchedules(List.of(Schedules.cosineDecay(1, 1)), List.of(1)));
    }

    @Test
    void tenThousandStepsTakeTheMemoryOfOneHundred() throws InterruptedException {
        Sequential model = model();
        Adam adam = new Adam(1e-3);
        train(model, adam, 100);
        long before = settled();
        train(model, adam, 9_900);
        assertEquals(before, settled());
    }

    /// The bytes that are active once what nobody reaches has been collected.
    private static long settled() throws InterruptedException {
        long active = Memory.active();
        for (int same = 0; same < 3; ) {
            System.gc();
            Thread.sleep(50);
            long now = Memory.active();
            same = now == active ? same + 1 : 0;
            active = now;
        }
        return active;
    }
}
