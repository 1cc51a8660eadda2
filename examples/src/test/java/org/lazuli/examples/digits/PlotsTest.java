package org.lazuli.examples.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotsTest {
    @TempDir
    Path directory;

    @BeforeAll
    static void fontsAreThere() {
        assumeTrue(Plots.problem() == null, Plots::problem);
    }

    private Path file() {
        return directory.resolve("picture.png");
    }

    private BufferedImage picture() throws IOException {
        BufferedImage picture = ImageIO.read(file().toFile());
        assertNotNull(picture, "not a picture");
        return picture;
    }

    private static long inked(BufferedImage picture) {
        int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        return Arrays.stream(pixels)
                .filter(pixel -> (pixel & 0xffffff) != 0xffffff)
                .count();
    }

    @Test
    void drawsCurves() throws IOException {
        List<Epoch> one =
                List.of(new Epoch(1, 1.5, 1.2, 0.6), new Epoch(2, 0.5, 0.4, 0.9), new Epoch(3, 0.2, 0.3, 0.97));
        List<Epoch> two =
                List.of(new Epoch(1, 1.7, 1.4, 0.5), new Epoch(2, 0.6, 0.5, 0.8), new Epoch(3, 0.3, 0.4, 0.96));

        Plots.curves(Map.of("ConvNet", one, "Mlp", two), file());

        assertTrue(picture().getWidth() > 1000);
        assertTrue(inked(picture()) > 5_000);
    }

    @Test
    void drawsCurvesOfOneEpochWithoutLoss() throws IOException {
        Plots.curves(Map.of("Mlp", List.of(new Epoch(1, 0, 0, 1))), file());

        assertTrue(inked(picture()) > 1_000);
    }

    @Test
    void drawsOnlyTheImagesThatAreWrong() throws IOException {
        LabelledImages images = DigitsData.load().test();
        int[] right = images.labels().toIntArray();
        List<String> classes =
                IntStream.range(0, 10).mapToObj(Integer::toString).toList();

        Plots.misclassified("Mlp", images, right, classes, file());
        long none = inked(picture());

        int[] predicted = right.clone();
        predicted[3] = (predicted[3] + 1) % 10;
        Plots.misclassified("Mlp", images, predicted, classes, file());
        assertTrue(inked(picture()) > none + 5_000);

        int height = picture().getHeight();
        int[] allWrong = Arrays.stream(right).map(label -> (label + 1) % 10).toArray();
        Plots.misclassified("Mlp", images, allWrong, classes, file());
        assertEquals(40 / 8, Math.round((picture().getHeight() - 76) / (double) (height - 76)), "rows");
    }
}
