package org.lazuli.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lazuli.Index.at;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.StreamSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.Backends;
import org.lazuli.Ops;
import org.lazuli.conformance.input.Refused;
import org.lazuli.spi.BackendProvider;

/// The generated project compiles without a warning, and is a backend at once.
class SkeletonTest {
    /// The checks of single kernels; the others run graphs, with the reference where the backend refuses.
    private static final Set<String> OF_KERNELS = Set.of(
            "values",
            "layouts",
            "special-values",
            "subnormals",
            "deterministic",
            "in-place",
            "index-errors",
            "refusal");

    @TempDir
    Path directory;

    private Compiled compile(Path project, boolean tests) throws IOException {
        List<Path> files = new Skeleton("com.example.gpu", "my-gpu", "1.2.3").write(project);
        List<Path> sources = files.stream()
                .filter(file -> file.toString().endsWith(".java"))
                .filter(file -> tests || !file.startsWith(project.resolve("src/test")))
                .toList();
        return Compiled.of(sources, project.resolve("src/main/resources"), project.resolve("target/classes"));
    }

    private static BackendProvider provider(Compiled compiled) {
        return StreamSupport.stream(
                        ServiceLoader.load(BackendProvider.class, compiled.loader())
                                .spliterator(),
                        false)
                .filter(provider -> provider.name().equals("my-gpu"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itIsFoundAndEverythingFallsBack() throws IOException {
        try (Compiled compiled = compile(directory, false);
                var _ = Backends.use(provider(compiled))) {
            assertEquals("my-gpu", Backends.current().name());
            Array x = Ops.array(new float[][] {{1, 2}, {3, 4}});
            assertArrayEquals(
                    new float[] {7, 15, 10, 22}, x.matmul(x).transpose().toFloatArray());
            assertEquals(1, Backends.current().fallbacks());
            assertArrayEquals(new float[] {9, 16}, x.get(at(-1)).square().toFloatArray());
        }
    }

    /// The generated test, run as Maven would: no kernel is supported, and everything else passes.
    @Test
    void theSuiteFindsEverythingUnsupportedAndNothingWrong() throws Exception {
        String tries = System.setProperty(Settings.TRIES, "0.1");
        try (Compiled compiled = compile(directory, true)) {
            SuiteRun.run(compiled.loader().loadClass("com.example.gpu.MyGpuConformanceTest"));
        } finally {
            if (tries == null) {
                System.clearProperty(Settings.TRIES);
            }
        }
        JsonObject report = JsonParser.parseString(Files.readString(Path.of("target/conformance/my-gpu.json")))
                .getAsJsonObject();
        assertEquals(0, report.get("failed").getAsInt());
        assertEquals(0, report.get("untested").getAsInt());
        assertEquals(0, report.get("knownGaps").getAsInt());
        assertTrue(report.get("unsupported").getAsInt() > 1000, "only " + report.get("unsupported"));
        for (JsonElement element : report.getAsJsonArray("results")) {
            JsonObject result = element.getAsJsonObject();
            boolean ofKernel = OF_KERNELS.contains(result.get("check").getAsString())
                    && !result.get("operation").getAsString().equals("programs");
            assertEquals(
                    ofKernel ? "unsupported" : "passed", result.get("outcome").getAsString(), result.toString());
        }
    }

    @Test
    void theProjectNamesItsDependencies() throws Exception {
        Path project = directory.resolve("project");
        new Skeleton("com.example.gpu", "my-gpu", "1.2.3").write(project);
        var pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(project.resolve("pom.xml").toFile());
        assertEquals(
                "com.example.gpu", pom.getElementsByTagName("groupId").item(0).getTextContent());
        assertEquals(
                "my-gpu-backend", pom.getElementsByTagName("artifactId").item(0).getTextContent());
        assertEquals("1.2.3", pom.getElementsByTagName("lazuli.version").item(0).getTextContent());
        assertEquals(
                "com.example.gpu.MyGpuProvider\n",
                Files.readString(
                        project.resolve("src/main/resources/META-INF/services/org.lazuli.spi.BackendProvider")));
        for (String text :
                new Skeleton("com.example.gpu", "my-gpu", "1.2.3").files().values()) {
            assertFalse(text.contains("@package@") || text.contains("@name@") || text.contains("@Name@"), text);
        }
    }

    @Test
    void namesThatCanNotBeAreRefused() {
        for (String name : List.of("", "Gpu", "my gpu", "1gpu", "-gpu", "gpu-")) {
            Refused.with(
                    IllegalArgumentException.class, () -> new Skeleton("com.example", name, "1"), "'" + name + "'");
        }
        Refused.with(IllegalArgumentException.class, () -> new Skeleton("com.example", "cpu", "1"), "reference");
        Refused.with(IllegalArgumentException.class, () -> new Skeleton("com/example", "gpu", "1"), "com/example");
        Refused.with(IllegalArgumentException.class, () -> new Skeleton("com.example", "gpu", " "), "version");
    }

    @Test
    void itOverwritesNothing() throws IOException {
        Path kept = directory.resolve("pom.xml");
        Files.writeString(kept, "mine");
        Skeleton skeleton = new Skeleton("com.example", "gpu", "1");
        var refused = assertThrows(IllegalStateException.class, () -> skeleton.write(directory));
        assertTrue(refused.getMessage().contains(kept.toString()), refused.getMessage());
        assertEquals("mine", Files.readString(kept));
        assertFalse(Files.exists(directory.resolve("src")), "and writes nothing else");
    }

    @Test
    void theCommandSaysWhatIsWrong() throws IOException {
        assertEquals("2: usage: Skeleton PACKAGE NAME DIRECTORY [LAZULI-VERSION]\n", command());
        assertTrue(command("com.example", "Gpu", directory.toString(), "1").startsWith("2: 'Gpu' is not"));
        String done = command("com.example", "gpu", directory.toString(), "1");
        assertTrue(done.startsWith("0: " + directory.resolve("pom.xml")), done);
        assertTrue(done.endsWith("cd " + directory + " && mvn test\n"), done);
    }

    private static String command(String... arguments) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int status = Skeleton.run(arguments, stream, stream);
        return status + ": " + bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
