package org.lazuli.conformance.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.nn.Dropout;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Losses;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.Adam;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.optimizers.Sgd;
import org.lazuli.train.Batch;
import org.lazuli.train.Batches;
import org.lazuli.train.Dataset;
import org.lazuli.train.EarlyStopping;
import org.lazuli.train.Epoch;
import org.lazuli.train.Listener;
import org.lazuli.train.Metrics;
import org.lazuli.train.Progress;
import org.lazuli.train.Trainer;

class TrainerTest {
    /// Points inside a circle and outside.
    private static Dataset<Batch> circle(int count) {
        Array points = Random.uniform(-1, 1, Shape.of(count, 2), DType.FLOAT32, Random.key(3));
        return Dataset.of(points, points.square().sum(1).lt(0.6).astype(DType.INT32));
    }

    private static Sequential classifier() {
        Random.seed(0);
        return new Sequential(new Linear(2, 32), new ReLU(), new Linear(32, 2));
    }

    private static Trainer<Batch> trainer(Sequential model, Optimizer optimizer) {
        return new Trainer<>(
                model,
                optimizer,
                batch -> Losses.crossEntropy(model.apply(batch.inputs()), batch.targets())
                        .mean());
    }

    @Test
    void learns() {
        Sequential model = classifier();
        var trainer = trainer(model, new Adam(0.01))
                .validate(
                        new Batches<>(circle(600).slice(500, 600), 40),
                        b -> Map.of("accuracy", Metrics.accuracy(model.apply(b.inputs()), b.targets())));

        List<Epoch> history = trainer.fit(new Batches<>(circle(600).slice(0, 500), 32).shuffled(1), 15);

        assertEquals(15, history.size());
        assertTrue(history.getLast().loss() < 0.5 * history.getFirst().loss(), history.toString());
        assertTrue(history.getLast().metric("validation/accuracy") > 0.9, history.toString());
    }

    @Test
    void isTheLoopThatOneWouldWrite() {
        Sequential model = classifier();
        var optimizer = new Adam(0.01);
        var batches = new Batches<>(circle(50), 16).shuffled(4);
        var lossAndGrad = org.lazuli.nn.Nn.valueAndGrad(
                model, (x, y) -> Losses.crossEntropy(model.apply(x), y).mean());
        for (int epoch = 1; epoch <= 3; epoch++) {
            for (Batch batch : batches.epoch(epoch)) {
                var step = lossAndGrad.apply(batch.inputs(), batch.targets());
                optimizer.update(model, step.grads());
                Ops.eval(model, optimizer);
            }
        }
        Sequential other = classifier();

        trainer(other, new Adam(0.01)).fit(batches, 3);

        assertSameBits(model, other);
    }

    @Test
    void fitGoesOnWhereItStopped() {
        var batches = new Batches<>(circle(40), 16).shuffled(4);
        Sequential atOnce = classifier();
        trainer(atOnce, new Adam(0.01)).fit(batches, 4);
        Sequential twice = classifier();
        var trainer = trainer(twice, new Adam(0.01));

        trainer.fit(batches, 1);
        assertEquals(4, trainer.fit(batches, 4).size());

        assertSameBits(atOnce, twice);
    }

    static void assertSameBits(org.lazuli.nn.Module expected, org.lazuli.nn.Module actual) {
        Map<String, Array> others = actual.parameters().flatten();
        expected.parameters()
                .forEach((path, array) ->
                        assertArrayEquals(array.toFloatArray(), others.get(path).toFloatArray(), path));
    }

    // Gradients in parts

    /// Whole numbers and powers of two: every sum is exact, so parts must give the bits of the whole.
    @Property(tries = 20)
    void partsGiveTheStepOfTheWhole(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int parts) {
        Array x = Random.randint(-4, 5, Shape.of(16, 3), DType.INT32, Random.key(seed))
                .astype(DType.FLOAT32);
        Array y = Random.randint(-8, 9, Shape.of(16, 1), DType.INT32, Random.key(seed + 1))
                .astype(DType.FLOAT32);
        var batches = new Batches<>(Dataset.of(x, y), 16);
        int even = Integer.highestOneBit(parts);

        float[] whole = exactStep(batches, 1);

        assertArrayEquals(whole, exactStep(batches, even));
        // Shares that are no powers of two round, once in the factor, the product and each sum: 3 + parts roundings of
        // terms that are at most 2 * 9 * 4 * (4 * 3 + 8) in size.
        float bound = (3 + parts) * 0x1p-24f * 16 * 2 * 4 * (4 * 3 + 8);
        assertArrayEquals(whole, exactStep(batches, parts), bound);
    }

    private static float[] exactStep(Batches<Batch> batches, int parts) {
        Linear model = new Linear(3, 1, false);
        model.weight = Ops.array(new float[][] {{1, -2, 0}});
        new Trainer<Batch>(
                        model,
                        new Sgd(1),
                        b -> model.apply(b.inputs()).sub(b.targets()).square().mean())
                .microBatches(parts)
                .fit(batches, 1);
        return model.weight.toFloatArray();
    }

    @Test
    void partsCountByTheirExamples() {
        // Three examples in two parts of two and one: the mean of all three, not the mean of two means.
        Linear model = new Linear(1, 1, false);
        model.weight = Ops.array(new float[][] {{0}});
        var data = Dataset.of(Ops.ones(3, 1), Ops.array(new float[][] {{3}, {3}, {-3}}));

        List<Epoch> history = new Trainer<Batch>(
                        model,
                        new Sgd(0.5),
                        b -> model.apply(b.inputs()).sub(b.targets()).square().mean())
                .microBatches(2)
                .fit(new Batches<>(data, 3), 1);

        assertEquals(1, model.weight.item(), 1e-6);
        assertEquals(9, history.getLast().loss(), 1e-5);
    }

    @Test
    void gradientsCanBeChanged() {
        Linear model = new Linear(1, 1, false);
        model.weight = Ops.array(new float[][] {{0}});
        var data = Dataset.of(Ops.ones(1, 1), Ops.array(new float[][] {{100}}));

        new Trainer<Batch>(
                        model,
                        new Sgd(1),
                        b -> model.apply(b.inputs()).sub(b.targets()).square().mean())
                .gradients(grads -> Optimizer.clipGradNorm(grads, 1).grads())
                .fit(new Batches<>(data, 1), 1);

        assertEquals(1, model.weight.item(), 1e-5);
    }

    // Stopping

    private static List<Epoch> history(double... losses) {
        List<Epoch> history = new ArrayList<>();
        for (double loss : losses) {
            var metrics = new java.util.LinkedHashMap<String, Double>();
            metrics.put("loss", loss);
            history.add(new Epoch(history.size() + 1, metrics));
        }
        return history;
    }

    @Test
    void stopsWhenNothingImproves() {
        var stop = EarlyStopping.on("loss").withPatience(2);

        assertFalse(stop.test(history(3, 2, 2)));
        assertTrue(stop.test(history(3, 2, 2, 2.5)));
        assertFalse(stop.test(history(3, 2, 2, 1)));
        assertFalse(stop.test(history(3, 4, 2.9, 3)));
        assertTrue(stop.test(history(3, Double.NaN, Double.NaN)));
        assertTrue(stop.withMinDelta(0.5).test(history(3, 2.8, 2.6)));
        assertFalse(stop.withMinDelta(0.5).test(history(3, 2.8, 2.4)));
        assertTrue(stop.larger().test(history(1, 0.9, 1)));
        assertFalse(stop.larger().test(history(1, 2, 3)));
    }

    @Test
    void stopsARun() {
        Sequential model = classifier();
        // With a learning rate of 0 the loss stays as it is.
        var trainer = trainer(model, new Sgd(0))
                .stopWhen(EarlyStopping.on("loss").withPatience(3).withMinDelta(1e-3));
        var batches = new Batches<>(circle(20), 20);

        assertEquals(4, trainer.fit(batches, 100).size());
        assertEquals(4, trainer.fit(batches, 200).size());
    }

    @Test
    void aMissingMetricIsNamed() {
        var trainer = trainer(classifier(), new Sgd(0)).stopWhen(EarlyStopping.on("accuracy"));
        String message = assertThrows(IllegalArgumentException.class, () -> trainer.fit(new Batches<>(circle(4), 4), 2))
                .getMessage();
        assertTrue(message.contains("there is no metric 'accuracy', only [loss]"), message);
    }

    // Measuring and listening

    @Test
    void measuresTheMeanOverExamplesInEvaluationMode() {
        var inner = new Sequential(new Dropout(0.5));
        inner.eval();
        var model = new Sequential(new Dropout(0.9), inner);
        var data = Dataset.of(Ops.arange(10).astype(DType.FLOAT32).reshape(10, 1));
        var trainer = new Trainer<Array>(model, new Sgd(0), x -> x.mean());

        Map<String, Double> metrics = trainer.evaluate(
                new Batches<>(data, 4),
                x -> Map.of("each", model.apply(x), "mean", model.apply(x).mean()));

        assertEquals(Map.of("each", 4.5, "mean", 4.5), metrics);
        assertTrue(model.training());
        assertFalse(inner.training());
    }

    @Test
    void listenersHearEverythingInOrder() {
        List<String> heard = new ArrayList<>();
        var listener = new Listener() {
            @Override
            public void epochStarted(Progress progress) {
                heard.add("epoch " + progress.epoch() + "/" + progress.epochs());
            }

            @Override
            public void stepDone(Progress progress) {
                heard.add(progress.step() + "/" + progress.steps() + " " + progress.totalSteps());
            }

            @Override
            public void epochDone(Epoch epoch) {
                heard.add("done " + epoch.number() + " " + epoch.metrics().keySet());
            }

            @Override
            public void trainingDone(List<Epoch> history) {
                heard.add("all " + history.size());
            }
        };

        trainer(classifier(), new Sgd(0)).listen(listener).fit(new Batches<>(circle(5), 3), 2);

        assertEquals(
                List.of(
                        "epoch 1/2",
                        "1/2 1",
                        "2/2 2",
                        "done 1 [loss]",
                        "epoch 2/2",
                        "1/2 3",
                        "2/2 4",
                        "done 2 [loss]",
                        "all 2"),
                heard);
    }

    @Test
    void accuracyWantsLabelsForScores() {
        Array scores = Ops.array(new float[][] {{0, 1}, {1, 0}, {0, 1}});
        assertEquals(
                2 / 3.0,
                Metrics.accuracy(scores, Ops.array(new int[] {1, 1, 1})).mean().item(),
                1e-7);

        String message = assertThrows(
                        IllegalArgumentException.class, () -> Metrics.accuracy(scores, Ops.array(new int[] {1})))
                .getMessage();
        assertTrue(message.contains("the shapes are (3,2) and (1)"), message);
    }
}
