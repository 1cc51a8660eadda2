package org.lazuli.metal.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.lazuli.metal.objc.Selector;

/// The device has the methods that the backend sends, and none that Metal does not have.
class ImplementedSelectorsTest implements OnSimulator {
    /// Methods of every object that the declarations of Metal leave out.
    private static final Set<String> OF_EVERY_OBJECT = Set.of("class");

    /// Selectors of the device, each after `-` or `+`.
    private static Set<String> implemented() {
        try (var gpu = SimulatedGpu.open()) {
            return Arrays.stream(gpu.implementedSelectors().split("\n"))
                    .map(line -> line.split("\t"))
                    .map(words -> words[1] + words[2])
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void allOfThemAreMetals() throws IOException {
        Set<String> declared;
        try (var table = ImplementedSelectorsTest.class.getResourceAsStream("/org/lazuli/metal/abi/selectors.tsv")) {
            declared = new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t"))
                    .filter(words -> words.length > 2)
                    .map(words -> words[2])
                    .collect(Collectors.toSet());
        }
        assertTrue(declared.size() > 500, "the table was read");
        List<String> invented = implemented().stream()
                .map(selector -> selector.substring(1))
                .filter(selector -> !declared.contains(selector) && !OF_EVERY_OBJECT.contains(selector))
                .sorted()
                .toList();
        assertEquals(List.of(), invented);
    }

    @Test
    void allThatTheBackendSendsAreThere() {
        Set<String> implemented = implemented();
        List<String> missing = Arrays.stream(Selector.values())
                .map(s -> (s.kind() == Selector.Kind.CLASS ? "+" : "-") + s.selector())
                .filter(selector -> !implemented.contains(selector))
                .sorted()
                .toList();
        assertEquals(List.of(), missing);
    }
}
