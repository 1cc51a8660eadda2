package org.lazuli.conformance.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Every public name of MLX 0.32.2 has a counterpart here or a reason why not, and the page that says so is current.
///
/// `mlx.txt` holds MLX's names by module, `lazuli.txt` what they are here.
class MlxNamesTest {
    private static final Path NAMES = Path.of("src/test/resources/names/mlx.txt");
    private static final Path TABLE = Path.of("src/test/resources/names/lazuli.txt");
    private static final Path PAGE = Path.of("../docs/mlx-names.md");

    /// How many are marked `?`: work in progress elsewhere. It may only shrink, and goes with the last of them.
    private static final int TO_COME = 91;

    private static NameTable table() throws IOException {
        return NameTable.parse(Files.readAllLines(TABLE));
    }

    private static Map<String, List<String>> mlx() throws IOException {
        Map<String, List<String>> modules = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        for (String line : Files.readAllLines(NAMES)) {
            if (line.startsWith("[")) {
                names = new ArrayList<>();
                modules.put(line.substring(1, line.length() - 1), names);
            } else {
                names.add(line);
            }
        }
        return modules;
    }

    @Test
    void noNameIsMissingAndNoneIsInvented() throws IOException {
        Map<String, List<String>> ours = new LinkedHashMap<>();
        table().modules()
                .forEach((module, entries) -> ours.put(
                        module, entries.stream().map(NameTable.Entry::name).toList()));
        assertEquals(mlx(), ours);
        assertEquals(582, mlx().values().stream().mapToInt(List::size).sum());
    }

    @Test
    void everyMemberExists() throws IOException {
        List<String> absent = new ArrayList<>();
        table().modules().forEach((module, entries) -> {
            for (NameTable.Entry entry : entries) {
                if (!entry.isExcused() && !entry.member().equals("?") && !entry.exists()) {
                    absent.add(module + "." + entry.name() + " = " + entry.member());
                }
            }
        });
        assertEquals(List.of(), absent);
    }

    @Test
    void whatIsToComeGetsLess() throws IOException {
        assertEquals(
                TO_COME,
                table().modules().values().stream()
                        .flatMap(List::stream)
                        .filter(entry -> entry.member().equals("?"))
                        .count());
    }

    @Test
    void everyExcuseSaysWhy() throws IOException {
        table().modules().values().stream()
                .flatMap(List::stream)
                .filter(NameTable.Entry::isExcused)
                .forEach(entry -> assertTrue(entry.note().length() > 20, entry::toString));
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        for (String member :
                List.of("Array.nosuch", "Nosuch", "Array.Abs", "array.abs", "DType.FLOAT8", "Array.wait", "?")) {
            assertFalse(new NameTable.Entry("x", member, "").exists(), member);
        }
        for (String member :
                List.of("Array.abs", "Array", "DType.FLOAT32", "nn.Linear", "Memory.Scope", "Index.newAxis")) {
            assertTrue(new NameTable.Entry("x", member, "").exists(), member);
        }
    }

    /// `-Dlazuli.names.renew` writes the page instead.
    @Test
    void thePageIsCurrent() throws IOException {
        String page = table().markdown();
        if (System.getProperty("lazuli.names.renew") != null) {
            Files.writeString(PAGE, page);
        }
        assertEquals(
                page,
                Files.readString(PAGE),
                "to renew it: mvn test -pl conformance-tests -am -Dtest=MlxNamesTest -Dlazuli.names.renew"
                        + " -Dsurefire.failIfNoSpecifiedTests=false");
    }
}
