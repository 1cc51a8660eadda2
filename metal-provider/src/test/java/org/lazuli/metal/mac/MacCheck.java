package org.lazuli.metal.mac;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.lazuli.metal.MetalBackendProvider;
import org.lazuli.metal.MetalConformanceTest;
import org.lazuli.metal.objc.AutoreleasePool;
import org.lazuli.metal.objc.CompilationException;
import org.lazuli.metal.objc.CompileOptions;
import org.lazuli.metal.objc.Device;
import org.lazuli.metal.objc.Function;
import org.lazuli.metal.objc.Library;
import org.lazuli.metal.texts.KernelTexts;
import org.lazuli.spi.Availability;

/// What whoever has a Mac runs: `mvn -q -P mac-check`. It compiles every kernel with Apple's compiler, runs the conformance suite on the device, and
/// writes one report, `target/mac-check/report.txt`, to send back.
///
/// Where there is no Metal device it says why and exits with 1. A simulated device that `lazuli.metal.library` names will do to try the program, and
/// the report says that it was one.
public final class MacCheck {
    private static final int KERNELS_A_LINE = 25;
    private static final int CHECKS_A_LINE = 500;

    private final StringBuilder report = new StringBuilder();
    private final int kernels;
    private final PrintStream progress;

    private MacCheck(int kernels, PrintStream progress) {
        this.kernels = kernels;
        this.progress = progress;
    }

    public static void main(String[] args) {
        System.exit(run(Path.of("target", "mac-check"), Integer.MAX_VALUE, System.out));
    }

    /// @param folder where the report goes
    /// @param kernels how many kernels to compile at most, from all over their list
    /// @return 0 if everything compiled and passed
    static int run(Path folder, int kernels, PrintStream progress) {
        return new MacCheck(kernels, progress).check(folder);
    }

    private int check(Path folder) {
        say("lazuli mac-check");
        for (String property : new String[] {"os.name", "os.version", "os.arch", "java.vendor", "java.version"}) {
            say(property + ": " + System.getProperty(property));
        }
        say("processors: " + Runtime.getRuntime().availableProcessors());
        if (new MetalBackendProvider().availability() instanceof Availability.Unavailable(String reason)) {
            say("The Metal backend is not available: " + reason);
            write(folder);
            return 1;
        }
        if (System.getProperty(MetalBackendProvider.LIBRARY_PROPERTY) != null) {
            say("This is a simulated device: what follows says nothing about Apple hardware.");
        }
        int broken = compile();
        long failed = conformance();
        say("");
        say(broken == 0 && failed == 0 ? "Everything compiled and passed." : "Please send this report back.");
        write(folder);
        return broken == 0 && failed == 0 ? 0 : 1;
    }

    /// Compiles every text, and says how many do not.
    private int compile() {
        Map<String, String> failures = new TreeMap<>();
        Map<String, String> texts = new TreeMap<>(KernelTexts.all());
        int step = Math.ceilDiv(texts.size(), kernels);
        int[] place = new int[1];
        texts.keySet().removeIf(name -> place[0]++ % step != 0);
        try (AutoreleasePool _ = AutoreleasePool.push();
                Device device = Device.systemDefault();
                CompileOptions options = new CompileOptions()) {
            say("device: " + device.name() + ", " + device.architecture());
            int done = 0;
            for (Map.Entry<String, String> text : texts.entrySet()) {
                try (Library library = device.newLibrary(text.getValue(), options);
                        Function function = library.newFunction(text.getKey())) {
                    if (function == null) {
                        failures.put(text.getKey(), "its source has no function of this name");
                    } else {
                        device.newPipeline(function).close();
                    }
                } catch (CompilationException e) {
                    failures.put(text.getKey(), e.getMessage());
                }
                done++;
                if (done % KERNELS_A_LINE == 0 || done == texts.size()) {
                    progress.println(
                            "compiled " + done + " of " + texts.size() + " kernels, " + failures.size() + " failed");
                }
            }
        }
        say("");
        say("kernels: " + texts.size() + " compiled, " + failures.size() + " of them failed");
        failures.forEach((name, problem) -> say("- " + name + ": " + problem));
        return failures.size();
    }

    /// Runs the conformance suite, and says how many of its tests failed.
    private long conformance() {
        Counter counter = new Counter();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(MetalConformanceTest.class))
                                .build(),
                        counter);
        say("");
        say("conformance: " + counter.finished + " checks, " + counter.failed + " failed");
        say(counter.problems.toString());
        Path markdown = Path.of("target", "conformance", "metal.md");
        if (Files.isReadable(markdown)) {
            report.append(read(markdown));
        }
        return counter.failed + (counter.finished == 0 ? 1 : 0);
    }

    private final class Counter implements TestExecutionListener {
        private long finished;
        private long failed;
        private final StringBuilder problems = new StringBuilder();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            boolean failure = result.getStatus() != TestExecutionResult.Status.SUCCESSFUL;
            if (failure) {
                failed++;
                problems.append("- ").append(test.getDisplayName()).append(": ");
                problems.append(result.getThrowable()
                        .map(Throwable::toString)
                        .orElse(result.getStatus().toString()));
                problems.append('\n');
            }
            if (test.isTest()) {
                finished++;
                if (finished % CHECKS_A_LINE == 0) {
                    progress.println("ran " + finished + " checks, " + failed + " failed");
                }
            }
        }
    }

    private void say(String line) {
        progress.println(line);
        report.append(line).append('\n');
    }

    private void write(Path folder) {
        try {
            Files.createDirectories(folder);
            Path file = Files.writeString(folder.resolve("report.txt"), report);
            progress.println("The report is " + file.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
