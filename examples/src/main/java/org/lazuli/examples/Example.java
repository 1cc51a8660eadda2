package org.lazuli.examples;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.lazuli.Backends;
import org.lazuli.examples.digits.DataException;

/// Runs an example by its name.
public final class Example {
    private static final Map<String, Program> PROGRAMS = new LinkedHashMap<>();

    static {
        PROGRAMS.put("mlp", new Program("the multilayer perceptron of the guide, on digits", GuideMlp::main));
        PROGRAMS.put("fashion", new Program("a convolutional network on Fashion-MNIST, in DIR", FashionConvNet::main));
        PROGRAMS.put("lstm", new Program("a recurrent language model of characters", CharLstm::main));
        PROGRAMS.put("transformer", new Program("a transformer language model of characters", CharTransformer::main));
        PROGRAMS.put("per-sample", new Program("gradients of single examples, with vmap", PerSampleGradients::main));
        PROGRAMS.put("fine-tuning", new Program("frozen layers and low-rank adapters", FineTuning::main));
        PROGRAMS.put("quantization", new Program("size and accuracy of quantized weights", QuantizedDigits::main));
    }

    private Example() {}

    private record Program(String about, Main main) {}

    @FunctionalInterface
    private interface Main {
        void run(String... args);
    }

    public static void main(String[] args) {
        Program program = args.length == 0 ? null : PROGRAMS.get(args[0]);
        if (program == null) {
            System.err.println((args.length == 0 ? "Which example? " : "There is no example '" + args[0] + "'. ")
                    + "Start one with mvn -q -P example -Dexample=NAME, and -Ddata=DIR where it needs a directory.\n"
                    + PROGRAMS.entrySet().stream()
                            .map(entry -> "  %-14s%s"
                                    .formatted(entry.getKey(), entry.getValue().about()))
                            .collect(Collectors.joining("\n")));
            System.exit(2);
            return;
        }
        System.out.println("Backend " + Backends.current());
        long start = System.nanoTime();
        try {
            program.main().run(Arrays.copyOfRange(args, 1, args.length));
        } catch (DataException e) {
            System.err.println(args[0] + ": " + e.getMessage());
            System.exit(2);
        }
        System.out.printf("Done in %.0f s.%n", (System.nanoTime() - start) / 1e9);
    }
}
