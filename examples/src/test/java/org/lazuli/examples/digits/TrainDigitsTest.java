package org.lazuli.examples.digits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.Backends;
import org.lazuli.Random;

class TrainDigitsTest {
    @TempDir
    Path out;

    /// What the program prints.
    private String output(String... args) throws IOException {
        PrintStream before = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            TrainDigits.run(args);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    @Tag("slow")
    void bothNetworksLearnToReadDigits() throws IOException {
        for (TrainDigits.Result result : TrainDigits.run("--out", out.toString())) {
            double accuracy = result.history().getLast().testAccuracy();
            assertTrue(
                    accuracy >= (result.network().equals("ConvNet") ? 0.97 : 0.95), result.network() + ": " + accuracy);
        }
    }

    @Test
    void saysWhereItRunsAndWritesEverything() throws IOException {
        String printed = output("--epochs", "1", "--out", out.toString());

        assertTrue(printed.startsWith("Backend " + Backends.current() + System.lineSeparator()), printed);
        assertTrue(printed.contains("ConvNet  1/1 100% [="), printed);
        assertTrue(printed.contains("Mlp  1/1 100% [="), printed);
        for (String weights : List.of("convnet.safetensors", "mlp.safetensors")) {
            assertTrue(Files.size(out.resolve(weights)) > 10_000, weights);
        }
        String problem = Plots.problem();
        if (problem == null) {
            for (String picture : List.of("curves.png", "convnet-misclassified.png", "mlp-misclassified.png")) {
                assertNotNull(ImageIO.read(out.resolve(picture).toFile()), picture);
            }
        } else {
            assertTrue(printed.contains("There are no plots: " + problem), printed);
        }
    }

    @Test
    void savedWeightsGiveTheSameOutputs() {
        Random.seed(1);
        var model = new ConvNet(8, 8, 10);
        Path file = out.resolve("weights.safetensors");
        model.saveWeights(file);
        var loaded = new ConvNet(8, 8, 10);
        Array images = DigitsData.load().test().inputs();
        model.eval();
        loaded.eval();

        loaded.loadWeights(file);

        assertArrayEquals(
                model.apply(images).toFloatArray(), loaded.apply(images).toFloatArray());
    }

    @Test
    void theSameSeedGivesTheSameNetwork() throws IOException {
        List<TrainDigits.Result> first = TrainDigits.run("--epochs", "1", "--seed", "5", "--out", out.toString());
        List<TrainDigits.Result> second = TrainDigits.run("--epochs", "1", "--seed", "5", "--out", out.toString());

        for (int i = 0; i < 2; i++) {
            assertEquals(first.get(i).history(), second.get(i).history());
        }
    }

    @Test
    void showsItsOptions() throws IOException {
        assertEquals(Options.HELP, output("--help"));
    }

    @Test
    void refusesADirectoryWithoutData() {
        var error = assertThrows(DataException.class, () -> TrainDigits.run("--data", out.toString()));

        assertTrue(error.toString().contains("there is no file train-images-idx3-ubyte"), error.toString());
    }
}
