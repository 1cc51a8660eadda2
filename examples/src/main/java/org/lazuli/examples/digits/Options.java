package org.lazuli.examples.digits;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the command line says.
///
/// @param data where the files of another data set are, or null for the digits that come with the program
/// @param epochs how often to go over the training images
/// @param seed what the random numbers start from: the same seed gives the same networks
/// @param out where to write plots and weights
/// @param help whether only the help was asked for
record Options(@Nullable Path data, int epochs, long seed, Path out, boolean help) {
    static final String HELP = """
            Trains a convolutional network and a multilayer perceptron to read handwritten digits.

              --data DIR     use the four files of MNIST or Fashion-MNIST in DIR (*-ubyte or *-ubyte.gz)
              --epochs N     go over the images N times (30; with --data 5)
              --seed N       start the random numbers from N (0)
              --out DIR      write plots and weights to DIR (examples/target/digits)
              --help         show this and stop
            """;

    /// Reads the command line.
    ///
    /// @throws IllegalArgumentException if it cannot be understood
    static Options parse(String... args) {
        Path data = null;
        int epochs = 0;
        long seed = 0;
        Path out = Path.of("examples", "target", "digits");
        boolean help = false;
        for (int i = 0; i < args.length; i++) {
            String option = args[i];
            switch (option) {
                case "--data" -> data = Path.of(value(args, ++i));
                case "--epochs" -> epochs = (int) number(option, value(args, ++i), 1, 10_000);
                case "--seed" -> seed = number(option, value(args, ++i), 0, Long.MAX_VALUE);
                case "--out" -> out = Path.of(value(args, ++i));
                case "--help", "-h" -> help = true;
                default ->
                    throw new IllegalArgumentException(
                            "there is no option " + option + "; --help shows those there are");
            }
        }
        return new Options(data, epochs > 0 ? epochs : data == null ? 30 : 5, seed, out, help);
    }

    private static String value(String[] args, int at) {
        if (at >= args.length) {
            throw new IllegalArgumentException(args[at - 1] + " needs a value after it");
        }
        return args[at];
    }

    private static long number(String option, String value, long min, long max) {
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through: the error is the same.
        }
        throw new IllegalArgumentException(option + " needs a whole number"
                + (max == Long.MAX_VALUE ? " from " + min + " on" : " from " + min + " to " + max) + ", not '" + value
                + "'");
    }
}
