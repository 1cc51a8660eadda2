package org.lazuli.conformance.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Transforms;
import org.lazuli.export.Export;
import org.lazuli.export.ImportedFunction;
import org.lazuli.function.Unary;

/// A program of its own, which reads a function of an array of shape (2,3) and prints the bits of its result and of a gradient.
final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] args) {
        ImportedFunction function = Export.importFunction(Path.of(args[0]));
        Array x = Ops.arange(6).astype(DType.FLOAT32).div(7).reshape(2, 3);
        Unary gradient = Transforms.grad(in -> function.apply(in).square().sum());
        for (Array result : List.of(function.apply(x), gradient.apply(x))) {
            for (float value : result.toFloatArray()) {
                System.out.println(Integer.toHexString(Float.floatToRawIntBits(value)));
            }
        }
    }

    /// What the program prints when another JVM runs it.
    static List<String> run(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor());
        return lines;
    }
}
