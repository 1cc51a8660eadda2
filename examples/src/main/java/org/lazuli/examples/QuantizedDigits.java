package org.lazuli.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lazuli.Quantization;
import org.lazuli.examples.digits.Dataset;
import org.lazuli.examples.digits.DigitsData;
import org.lazuli.nn.Nn;
import org.lazuli.nn.Sequential;
import org.lazuli.train.Batch;

/// Quantizes a trained network: what is left of its size, and of its accuracy?
///
/// Expect less than a third of the size in 8 bits and a sixth in 4, both without a loss, and that 2 bits begin to be too few.
public final class QuantizedDigits {
    private QuantizedDigits() {}

    public static void main(String... args) {
        run(15, Path.of("examples", "target", "quantization"));
    }

    /// A network's accuracy on the test images, and the bytes of its file.
    record Quantized(double accuracy, long bytes) {}

    static Map<String, Quantized> run(int epochs, Path out) {
        Dataset digits = DigitsData.load();
        Batch test = Dense.rows(digits.test());
        Sequential trained = Dense.network(Dense.pixels(digits));
        Dense.train(trained, Dense.rows(digits.train()), epochs);

        Map<String, Quantized> results = new LinkedHashMap<>();
        results.put("float32", measure("float32", trained, test, out));
        var weights = trained.parameters();
        for (int bits : new int[] {8, 4, 3, 2}) {
            Sequential model = Dense.network(Dense.pixels(digits));
            model.update(weights);
            Nn.quantize(model, Quantization.AFFINE.withBits(bits));
            results.put(bits + " bits", measure(bits + " bits", model, test, out));
        }
        return results;
    }

    private static Quantized measure(String name, Sequential model, Batch test, Path out) {
        Path file = out.resolve(name.replace(' ', '-') + ".safetensors");
        try {
            Files.createDirectories(out);
            model.saveWeights(file);
            var result = new Quantized(Dense.accuracy(model, test), Files.size(file));
            System.out.printf("%-8s %,9d bytes, accuracy %.4f%n", name, result.bytes(), result.accuracy());
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e + "; check the rights and the space on the disk", e);
        }
    }
}
