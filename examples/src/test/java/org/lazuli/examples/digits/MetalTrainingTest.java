package org.lazuli.examples.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Backends;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.nn.Nn;
import org.lazuli.tree.Tree;

/// Training on the Metal backend, on a simulated device, goes as it does on the CPU.
class MetalTrainingTest {
    private static final String LIBRARY = "lazuli.metal.library";
    private static final int STEPS = 50;
    private static final int DISTURBED = 3;

    /// The bounds hold for the worst of all roundings. Those that happen partly cancel, and stay within this share of the bounds; so do the disturbances
    /// that the loss curve is measured by.
    private static final double SHARE = 1.0 / 128;

    /// A step on the CPU.
    ///
    /// @param parameters before it
    /// @param bounds of how far another backend may be off
    private record CpuStep(
            List<float[]> parameters, float loss, List<float[]> gradients, double lossBound, List<float[]> bounds) {}

    private static List<CpuStep> cpu;

    /// The largest distance so far from the CPU's losses, in runs whose gradients were disturbed by as much as rounding may.
    private static double[] sensitivity;

    @BeforeAll
    static void train() {
        String library = System.getProperty(LIBRARY, "");
        boolean there = !library.isEmpty() && Files.isReadable(Path.of(library));
        if (!there) {
            System.err.println("""
                    ************************************************************************************
                    Training on the Metal backend IS NOT TESTED: there is no software Metal device at
                      %s
                    The module metal-provider builds it with clang 19 and g++.
                    ************************************************************************************""".formatted(library));
        }
        Assumptions.assumeTrue(there, "no software Metal device at " + library);
        try (Backends.Scope _ = Backends.use("cpu")) {
            cpu = onCpu();
            sensitivity = new double[STEPS];
            for (int seed = 1; seed <= DISTURBED; seed++) {
                disturb(seed);
            }
        }
    }

    private static List<CpuStep> onCpu() {
        List<CpuStep> steps = new ArrayList<>();
        Course course = new Course();
        for (int i = 0; i < STEPS; i++) {
            LabelledImages batch = course.batch();
            List<float[]> parameters = course.parameters();
            RoundingBounds bounds = RoundingBounds.of(course.model, batch);
            List<float[]> limits = bounds.gradients().stream()
                    .map(bound -> bound.astype(DType.FLOAT32).toFloatArray())
                    .toList();
            List<List<float[]>> gradients = new ArrayList<>();
            float loss = course.learn(batch, grads -> {
                gradients.add(Course.elements(grads));
                return grads;
            });
            steps.add(new CpuStep(parameters, loss, gradients.getFirst(), bounds.loss(), limits));
        }
        return steps;
    }

    /// The same training on the CPU, but that each gradient is moved at random within [#SHARE] of its bounds.
    private static void disturb(int seed) {
        Course course = new Course();
        Array[] key = {Random.key(seed)};
        double largest = 0;
        for (int i = 0; i < STEPS; i++) {
            LabelledImages batch = course.batch();
            var bounds = RoundingBounds.of(course.model, batch).gradients().iterator();
            float loss = course.learn(
                    batch,
                    grads -> grads.map(gradient -> {
                        Array keys = Random.split(key[0]);
                        key[0] = keys.get(Index.at(0));
                        Array direction =
                                Random.uniform(-SHARE, SHARE, gradient.shape(), DType.FLOAT32, keys.get(Index.at(1)));
                        return gradient.add(bounds.next().astype(DType.FLOAT32).mul(direction));
                    }));
            largest = Math.max(largest, Math.abs((double) loss - cpu.get(i).loss()));
            sensitivity[i] = Math.max(sensitivity[i], largest);
        }
    }

    /// Step by step, from the parameters that the CPU had.
    @Test
    void lossAndGradientsAreTheCpusWithinRounding() {
        double closest = 0;
        double closestLoss = 0;
        try (Backends.Scope _ = Backends.use("metal")) {
            Course course = new Course();
            for (int i = 0; i < STEPS; i++) {
                CpuStep step = cpu.get(i);
                course.setParameters(step.parameters());
                Nn.Step metal = course.lossAndGradients(course.batch());
                Ops.eval(metal.value(), metal.grads());
                double off = Math.abs((double) metal.value().toFloatArray()[0] - step.loss());
                assertTrue(off <= step.lossBound(), "loss of step " + i + ": " + off + " > " + step.lossBound());
                closestLoss = Math.max(closestLoss, off / step.lossBound());
                closest = Math.max(closest, compare(step, metal.grads(), i));
            }
            assertEquals(0, Backends.current().fallbacks(), "kernels that ran on the reference");
        }
        assertTrue(closest <= SHARE, "gradients are off by " + closest + " of what rounding allows");
        assertTrue(closestLoss <= SHARE, "losses are off by " + closestLoss + " of what rounding allows");
        System.out.printf(
                "Over %d steps, losses are off by at most %.2g of what rounding allows, gradients by %.2g.%n",
                STEPS, closestLoss, closest);
    }

    /// @return the largest difference as a share of what is allowed
    private static double compare(CpuStep step, Tree<Array> gradients, int number) {
        double closest = 0;
        List<float[]> metal = Course.elements(gradients);
        for (int parameter = 0; parameter < metal.size(); parameter++) {
            float[] expected = step.gradients().get(parameter);
            float[] got = metal.get(parameter);
            float[] bound = step.bounds().get(parameter);
            assertEquals(expected.length, got.length);
            assertEquals(expected.length, bound.length);
            for (int i = 0; i < got.length; i++) {
                double off = Math.abs((double) got[i] - expected[i]);
                if (!(off <= bound[i])) {
                    throw new AssertionError("step " + number + ", parameter " + parameter + ", element " + i + ": "
                            + got[i] + ", on the CPU " + expected[i] + ", allowed is " + bound[i]);
                }
                closest = off == 0 ? closest : Math.max(closest, off / bound[i]);
            }
        }
        return closest;
    }

    /// A program of its own, which chooses the backend by the property.
    @Test
    void theLossCurveIsTheCpus() throws IOException, InterruptedException {
        List<String> lines = program();
        assertTrue(lines.getFirst().matches("metal: .*\\(simulated\\)"), lines.getFirst());
        assertEquals(1 + STEPS, lines.size());
        double closest = 0;
        double largest = 0;
        for (int i = 0; i < STEPS; i++) {
            double loss = Float.parseFloat(lines.get(1 + i));
            double off = Math.abs(loss - cpu.get(i).loss());
            double allowed = allowed(i);
            assertTrue(
                    off <= allowed,
                    "loss of step " + i + " is " + loss + ", on the CPU "
                            + cpu.get(i).loss() + ", allowed is " + allowed);
            closest = Math.max(closest, off / allowed);
            largest = Math.max(largest, off);
        }
        System.out.printf(
                "The loss falls from %s to %s in %d steps on %s: off by at most %.2g, which is %.3f of what is allowed; at the end %.2g is.%n",
                lines.get(1), lines.getLast(), STEPS, lines.getFirst(), largest, closest, allowed(STEPS - 1));
    }

    /// What allows anything shows nothing.
    @Test
    void theBoundsAreNarrow() {
        double fall = cpu.getFirst().loss() - cpu.getLast().loss();
        for (int i = 0; i < STEPS; i++) {
            double bound = cpu.get(i).lossBound();
            assertTrue(bound < 0.01 * fall, "step " + i + " may be off by " + bound);
            assertTrue(allowed(i) < 0.02 * fall, "step " + i + " may be off by " + allowed(i) + " in a run");
        }
        assertTrue(
                cpu.getLast().loss() < cpu.getFirst().loss() / 4,
                "it learns: " + cpu.getLast().loss());
    }

    /// How far the loss of a step may be off when every step before was as well.
    private static double allowed(int step) {
        return sensitivity[step] + SHARE * cpu.get(step).lossBound();
    }

    /// A mistake as small as a learning rate that is off by a hundredth does not pass.
    @Test
    void theBoundsNoticeASmallMistake() {
        try (Backends.Scope _ = Backends.use("cpu")) {
            Course mistaken = new Course(1.01 * Trainer.LEARNING_RATE);
            boolean noticed = false;
            for (int i = 0; i < STEPS; i++) {
                double off = Math.abs(mistaken.learn(mistaken.batch(), grads -> grads)
                        - cpu.get(i).loss());
                noticed |= off > allowed(i);
            }
            assertTrue(noticed, "every loss was within the bounds");
        }
    }

    private static List<String> program() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dlazuli.backend=metal",
                        "-D" + LIBRARY + "=" + System.getProperty(LIBRARY),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Course.class.getName(),
                        Integer.toString(STEPS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return Stream.of(output.split("\\R")).toList();
    }
}
