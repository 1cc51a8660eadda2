package org.lazuli.examples.digits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.lazuli.Array;
import org.lazuli.Backends;
import org.lazuli.Random;
import org.lazuli.function.Unary;
import org.lazuli.nn.Module;

/// Trains two networks on handwritten digits, saves and loads their weights, and draws how it went. `--help` shows the
/// options.
public final class TrainDigits {
    private final Options options;
    private final Dataset data;

    private TrainDigits(Options options, Dataset data) {
        this.options = options;
        this.data = data;
    }

    public static void main(String[] args) throws IOException {
        try {
            run(args);
        } catch (IllegalArgumentException | DataException e) {
            System.err.println("TrainDigits: " + e.getMessage());
            System.exit(2);
        }
    }

    /// Does what the arguments say.
    ///
    /// @return what was learned
    static List<Result> run(String... args) throws IOException {
        Options options = Options.parse(args);
        if (options.help()) {
            System.out.print(Options.HELP);
            return List.of();
        }
        System.out.println("Backend " + Backends.current());
        Dataset data = options.data() == null ? DigitsData.load() : IdxFiles.load(options.data());
        return new TrainDigits(options, data).run();
    }

    /// What a network learned.
    ///
    /// @param network its name
    /// @param history how it went, epoch by epoch
    /// @param predicted the class that it gives in the end to each test image
    record Result(String network, List<Epoch> history, int[] predicted) {}

    private List<Result> run() throws IOException {
        long start = System.nanoTime();
        int height = data.train().height();
        int width = data.train().width();
        int classes = data.classes().size();
        System.out.printf(
                "%s: %d images of %d x %d pixels to learn from, ",
                data.name(), data.train().count(), height, width);
        System.out.printf("%d for the test%n", data.test().count());
        Files.createDirectories(options.out());

        List<Result> results = List.of(
                train("ConvNet", () -> new ConvNet(height, width, classes)),
                train("Mlp", () -> new Mlp(height, width, classes)));

        String problem = Plots.problem();
        if (problem == null) {
            draw(results);
        } else {
            System.out.println("\nThere are no plots: " + problem);
        }
        System.out.printf("Done in %.1f s.%n", (System.nanoTime() - start) / 1e9);
        return results;
    }

    /// Trains a network from the seed, and shows that its weights survive being saved and loaded.
    private <M extends Module & Unary> Result train(String name, Supplier<M> constructor) {
        Random.seed(options.seed());
        M model = constructor.get();
        int parameters =
                model.parameters().leaves().stream().mapToInt(Array::size).sum();
        System.out.printf("%n%s%n%,d parameters%n", model, parameters);

        var trainer = new Trainer<>(model, data);
        List<Epoch> history = trainer.train(name, options.epochs());
        Trainer.Score score = trainer.score(data.test());
        System.out.printf("%s: accuracy on the test images %.4f%n", name, score.accuracy());

        Path weights = file(name, ".safetensors");
        model.saveWeights(weights);
        M loaded = constructor.get();
        loaded.loadWeights(weights);
        Trainer.Score again = new Trainer<>(loaded, data).score(data.test());
        if (again.accuracy() != score.accuracy()) {
            throw new IllegalStateException("after loading " + weights + ", the accuracy is " + again.accuracy());
        }
        System.out.printf("Saved to %s; loaded again, its accuracy is %.4f.%n", weights, again.accuracy());
        return new Result(name, history, score.predicted());
    }

    private void draw(List<Result> results) throws IOException {
        Map<String, List<Epoch>> histories = new LinkedHashMap<>();
        results.forEach(result -> histories.put(result.network(), result.history()));
        Path curves = file("curves", ".png");
        Plots.curves(histories, curves);
        System.out.printf("%nThe curves are in %s.%n", curves);
        for (Result result : results) {
            Path picture = file(result.network(), "-misclassified.png");
            Plots.misclassified(result.network(), data.test(), result.predicted(), data.classes(), picture);
            System.out.printf("What %s got wrong is in %s.%n", result.network(), picture);
        }
    }

    private Path file(String name, String ending) {
        return options.out().resolve(name.toLowerCase(Locale.ROOT) + ending);
    }
}
