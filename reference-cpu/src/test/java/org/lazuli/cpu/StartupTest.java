package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;

/// A small program starts little of the JDK: what is listed here took most of its time once.
class StartupTest {
    private static final String LOADED = "[class,load] ";

    /// Beginnings of names, each with what to do where such a class is loaded.
    private static final List<List<String>> UNWANTED = List.of(
            List.of("jdk.incubator.vector.", "vector kernels are found by name, where their module is there"),
            List.of("java.util.logging.", "ask for a logger when there is something to say"),
            List.of("java.util.regex.", "look at the characters"),
            List.of("java.util.stream.IntPipeline", "write a loop where every program passes"),
            List.of("java.util.stream.ReferencePipeline$StatelessOp", "write a loop where every program passes"),
            List.of("java.lang.foreign.Arena", "a few numbers go by Java arrays (HostArrays)"),
            List.of(
                    "java.lang.invoke.InnerClassLambdaMetafactory",
                    "a lambda is made at run time: of the JDK (Comparator's factories, ArrayDeque.addAll, sort of numbers), or ours,"
                            + " if build-tools/Desugar.java did not run, as it does with mvn process-classes"));

    @Test
    void smallProductStartsLittle() throws Exception {
        check("product");
    }

    @Test
    void gradientStartsLittle() throws Exception {
        check("gradient");
    }

    private static void check(String what) throws Exception {
        List<String> lines = run(what);
        assertTrue(lines.contains("48.0"), () -> String.join("\n", lines));
        List<String> classes = new ArrayList<>();
        for (String line : lines) {
            int at = line.indexOf(LOADED);
            if (at >= 0) {
                classes.add(line.substring(at + LOADED.length()));
            }
        }
        assertTrue(
                classes.stream().anyMatch(line -> line.startsWith("org.lazuli.cpu.MatrixProduct ")),
                () -> "no product in " + lines);
        List<String> found = new ArrayList<>();
        for (String line : classes) {
            for (List<String> unwanted : UNWANTED) {
                if (line.startsWith(unwanted.get(0))) {
                    found.add(line + ": " + unwanted.get(1));
                }
            }
            if (line.contains("$$Lambda/0x") || line.contains("$$TypeSwitch/0x")) {
                found.add(line);
            }
        }
        assertEquals(List.of(), found);
    }

    private static List<String> run(String what) throws IOException, InterruptedException, URISyntaxException {
        Path own = location(StartupTest.class);
        List<String> classPath = new ArrayList<>(List.of(
                own.resolveSibling("test-classes").toString(),
                own.resolveSibling("classes").toString(),
                location(DType.class).toString()));
        // For classes that are somewhere else. Opening jars has lambdas of its own.
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.endsWith(".jar")) {
                classPath.add(entry);
            }
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load",
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        "org.lazuli.cpu.SmallProgram",
                        what)
                .redirectErrorStream(true)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
        return lines;
    }

    private static Path location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
