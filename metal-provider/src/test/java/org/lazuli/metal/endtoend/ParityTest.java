package org.lazuli.metal.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lazuli.conformance.parity.ParityRunner;
import org.lazuli.metal.Simulator;
import org.lazuli.metal.SimulatorLog;

/// The recorded results of MLX for neural networks, on the simulated device, within the bounds that the CPU backend keeps too.
@Tag("slow")
class ParityTest {
    private static final Path CORPUS = Path.of("../conformance-tests/src/test/resources/parity");
    private static final Pattern TOTAL = Pattern.compile("total: (\\d+) passed, 0 failed, (\\d+) unsupported");

    /// The device's dispatches so far; it says nothing before it is opened.
    private static long counted;

    @BeforeEach
    void simulated() {
        Simulator.require();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "activations",
                "init",
                "layers",
                "losses",
                "module_tree",
                "nn_value_and_grad",
                "optimizers",
                "schedules"
            })
    void everyCaseOfTheFamilyPasses(String family) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int status = ParityRunner.run(
                List.of(CORPUS.toString(), "--family", family, "--backend", "metal"),
                new PrintStream(bytes, true, StandardCharsets.UTF_8));
        String output = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(0, status, output);
        Matcher total = TOTAL.matcher(output);
        assertTrue(total.find(), output);
        int passed = Integer.parseInt(total.group(1));
        assertTrue(passed > 20 && passed > 10 * Integer.parseInt(total.group(2)), output);
        // It was the device that computed.
        long now = SimulatorLog.counter("dispatches");
        long dispatches = now - counted;
        counted = now;
        assertTrue(dispatches > passed, () -> dispatches + " dispatches for\n" + output);
    }
}
