package org.lazuli.conformance.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.io.TensorFileException;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Module;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.Adam;
import org.lazuli.optimizers.Sgd;
import org.lazuli.train.Batches;
import org.lazuli.train.Checkpoint;
import org.lazuli.train.Dataset;
import org.lazuli.train.EarlyStopping;
import org.lazuli.train.Epoch;
import org.lazuli.train.Listener;
import org.lazuli.train.Progress;
import org.lazuli.train.Trainer;
import org.lazuli.tree.Stateful;
import org.lazuli.tree.Tree;

class CheckpointTest {
    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("run.safetensors");
    }

    // Going on

    /// Ends a run like a power cut, but for the buffers of the file system.
    private static Listener dyingAt(long step) {
        return new Listener() {
            @Override
            public void stepDone(Progress progress) {
                if (progress.totalSteps() == step) {
                    throw new Dead();
                }
            }
        };
    }

    private static final class Dead extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Before the first checkpoint, between two in an epoch, at the end of an epoch before its checkpoint, after it, and at
    /// the very end. What the last one leaves is gone on from again and again.
    @Test
    void aRunThatDiesGoesOnToTheSameBits() {
        Path aloneFile = directory.resolve("alone.safetensors");
        Sequential alone = LongRun.run(aloneFile, new Listener() {});
        for (long step : new long[] {1, 8, LongRun.STEPS, LongRun.STEPS + 1, 50, LongRun.EPOCHS * LongRun.STEPS}) {
            assertThrows(Dead.class, () -> LongRun.run(file(), dyingAt(step)));
        }

        Sequential resumed = LongRun.run(file(), new Listener() {});

        TrainerTest.assertSameBits(alone, resumed);
        assertArrayEquals(bytes(aloneFile), bytes(file()));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Trainer<Array> small(Path file, double decay) {
        Random.seed(0);
        Linear model = new Linear(2, 1);
        return new Trainer<Array>(
                        model, new Sgd(decay), x -> model.apply(x).square().mean())
                .checkpoint(file);
    }

    private static Batches<Array> data() {
        return new Batches<>(Dataset.of(Random.normal(Shape.of(10, 2), Random.key(0))), 4).shuffled(0);
    }

    @Test
    void theHistoryIsKeptToTheBit() {
        List<Epoch> history = small(file(), 0.1).fit(data(), 3);

        assertEquals(history, small(file(), 0.1).fit(data(), 3));
        assertEquals(history, small(file(), 0.1).fit(data(), 5).subList(0, 3));
    }

    @Test
    void aRunThatStoppedEarlyStaysStopped() {
        var stop = EarlyStopping.on("loss").withMinDelta(1e-3);
        assertEquals(2, small(file(), 0).stopWhen(stop).fit(data(), 9).size());
        assertEquals(2, small(file(), 0).stopWhen(stop).fit(data(), 9).size());
    }

    @Test
    void keepsOtherStateToo() {
        class Count implements Stateful {
            Array count = Ops.array(0f);

            @Override
            public Tree<Array> state() {
                return Tree.map(Map.of("count", Tree.leaf(count)));
            }

            @Override
            public void setState(Tree<Array> state) {
                count = state.get("count").value();
            }
        }
        var count = new Count();
        small(file(), 0.1)
                .keep("steps", count)
                .listen(new Listener() {
                    @Override
                    public void stepDone(Progress progress) {
                        count.count = count.count.add(1);
                    }
                })
                .fit(data(), 2);
        var other = new Count();
        small(file(), 0.1).keep("steps", other).fit(data(), 2);

        assertEquals(6, other.count.item());
        assertThrows(IllegalArgumentException.class, () -> small(file(), 0.1).keep("model", other));
    }

    @Test
    void refusesAnotherRun() {
        small(file(), 0.1).fit(data(), 1);

        refuses("is of a run with other data", () -> small(file(), 0.1).fit(data().shuffled(1), 2));
        Linear wide = new Linear(3, 1);
        refuses(
                "'weight' of the model is float32 of shape (1,2) in it",
                () -> new Trainer<Array>(wide, new Sgd(0.1), x -> wide.apply(x).mean())
                        .checkpoint(file())
                        .fit(data(), 2));
        Linear plain = new Linear(2, 1, false);
        refuses(
                "the model has no [bias]",
                () -> new Trainer<Array>(
                                plain, new Sgd(0.1), x -> plain.apply(x).mean())
                        .checkpoint(file())
                        .fit(data(), 2));
        plain.saveWeights(file());
        refuses("it has the parts [weight]", () -> small(file(), 0.1).fit(data(), 2));
    }

    @Test
    void aDamagedFileIsAnErrorThatNamesIt() throws IOException {
        small(file(), 0.1).fit(data(), 1);
        Files.write(file(), java.util.Arrays.copyOf(Files.readAllBytes(file()), 200));

        String message = assertThrows(
                        TensorFileException.class, () -> small(file(), 0.1).fit(data(), 2))
                .getMessage();
        assertTrue(message.startsWith(file().toString()), message);
    }

    // By hand

    @Test
    void stateOfEveryTypeComesBack() {
        class All extends Module {
            public Array bits = Ops.array(new float[] {1.5f, Float.NaN, -0f});
            public Array exact = Ops.full(Shape.of(2, 3), Math.PI, DType.FLOAT64);
            public Array scalar = Ops.full(Shape.SCALAR, Math.E, DType.FLOAT64);
            public Array half = Ops.full(Shape.of(1, 2), 0.1, DType.BFLOAT16);
            public Array _hidden = Ops.arange(4);
        }
        var saved = new All();
        var optimizer = new Adam(0.1);
        optimizer.init(Tree.map(Map.of("a", Tree.leaf(Ops.ones(2)))));
        Random.seed(9);
        Checkpoint.save(
                file(), Map.of("model", saved, "optimizer", optimizer, "random", Random.state()), Map.of("note", "ü"));
        float next = Random.uniform(Shape.of(1)).toFloatArray()[0];
        var loaded = new All();
        loaded.setState(loaded.state().map(Ops::zerosLike));
        var other = new Adam(0.5);

        Map<String, String> notes =
                Checkpoint.load(file(), Map.of("model", loaded, "optimizer", other, "random", Random.state()));

        assertEquals(Map.of("note", "ü"), notes);
        Map<String, Array> states = loaded.state().flatten();
        saved.state().forEach((path, array) -> {
            assertEquals(array.dtype(), states.get(path).dtype(), path);
            assertEquals(array.shape(), states.get(path).shape(), path);
            assertEquals(array.toString(), states.get(path).toString(), path);
        });
        assertEquals(Math.E, loaded.scalar.item());
        assertEquals(
                optimizer.state().flatten().keySet(), other.state().flatten().keySet());
        assertEquals(0.1f, (float) other.learningRate().item());
        assertEquals(next, Random.uniform(Shape.of(1)).toFloatArray()[0]);
        assertNotEquals(next, Random.uniform(Shape.of(1)).toFloatArray()[0]);
    }

    @Test
    void nothingChangesWhenOnePartDoesNotFit() {
        Linear model = new Linear(2, 1);
        Checkpoint.save(file(), Map.of("a", model, "b", new Linear(2, 2)), Map.of());
        Linear a = new Linear(2, 1);
        Array before = a.weight;
        Map<String, Module> parts = new java.util.LinkedHashMap<>();
        parts.put("a", a);
        parts.put("b", new Linear(3, 2));

        refuses("'weight' of the b", () -> Checkpoint.load(file(), parts));
        assertEquals(before, a.weight);
        refuses("a part's name has no dots", () -> Checkpoint.save(file(), Map.of("a.b", model), Map.of()));
        assertThrows(TensorFileException.class, () -> Checkpoint.load(directory.resolve("none"), parts));
    }

    private static void refuses(String text, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(text), message);
    }
}
