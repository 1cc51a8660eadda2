package org.lazuli.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.examples.digits.DigitsData;
import org.lazuli.train.Epoch;

/// The examples learn, in a few steps each.
class ExamplesTest {
    @TempDir
    Path out;

    @Test
    void theMlpOfTheGuideReadsDigits() {
        double accuracy = GuideMlp.run(4);
        assertTrue(accuracy > 0.75, "accuracy " + accuracy);
    }

    @Test
    void theConvNetLearnsAndGoesOnFromItsCheckpoint() throws Exception {
        List<Epoch> history = FashionConvNet.run(DigitsData.load(), 1, 64, out);
        assertTrue(history.getLast().metric("validation/loss") < 1.2, history.toString());
        assertTrue(history.getLast().metric("validation/accuracy") > 0.6, history.toString());

        List<Epoch> more = FashionConvNet.run(DigitsData.load(), 2, 64, out);
        assertEquals(history.getFirst(), more.getFirst());
        assertTrue(more.getLast().loss() < history.getLast().loss(), more.toString());
        try (var files = Files.list(out)) {
            assertEquals(
                    2,
                    files.filter(file -> file.toString().contains("tfevents")).count());
        }
    }

    @Test
    void theLstmLearnsHowCharactersFollow() {
        // A uniform guess is 4.09; the frequencies of the characters alone have an entropy of 3.02: it has to look
        // back.
        List<Epoch> history = CharLstm.run(32, 640, 2, 10);
        assertTrue(history.getLast().metric("validation/loss") < 2.75, history.toString());
    }

    @Test
    void theTransformerLearnsHowCharactersFollow() {
        List<Epoch> history = CharTransformer.run(32, 640, 4, 10);
        assertTrue(history.getLast().metric("validation/loss") < 2.75, history.toString());
    }

    @Test
    void gradientsOfExamplesFindWrongLabels() {
        double found = PerSampleGradients.run(3);
        assertTrue(found > 0.8, "found " + found);
    }

    @Test
    void adaptersLearnMoreThanTheLastLayer() {
        List<Double> accuracies = FineTuning.run(4, 20);
        assertTrue(accuracies.get(0) < 0.2, accuracies.toString());
        assertTrue(accuracies.get(1) > 0.4, accuracies.toString());
        assertTrue(accuracies.get(2) > accuracies.get(1), accuracies.toString());
    }

    @Test
    void quantizedNetworksAreSmallAndStillRead() {
        Map<String, QuantizedDigits.Quantized> results = QuantizedDigits.run(4, out);
        var whole = results.get("float32");
        var four = results.get("4 bits");
        assertTrue(whole.accuracy() > 0.9, results.toString());
        assertTrue(four.accuracy() > whole.accuracy() - 0.03, results.toString());
        assertTrue(four.bytes() < 0.2 * whole.bytes(), results.toString());
    }
}
