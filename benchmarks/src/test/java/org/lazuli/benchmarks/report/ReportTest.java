package org.lazuli.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
    private static String entry(String name, String params, String raw) {
        return """
                {"benchmark": "org.lazuli.benchmarks.%s", "mode": "avgt", "forks": 3, "jvmArgs": ["--add-modules", "x"],
                 "jdkVersion": "25", "vmName": "VM", %s
                 "primaryMetric": {"score": 1.5E1, "scoreError": "NaN", "scoreUnit": "us/op", "rawData": %s}}""".formatted(name, params.isEmpty() ? "" : "\"params\": {" + params + "},", raw);
    }

    private static List<Result> curve() {
        StringBuilder json = new StringBuilder("[");
        for (int size : new int[] {10, 100, 1000}) {
            json.append(size > 10 ? "," : "")
                    .append(entry("Growth.Vector.sum", "\"size\": \"" + size + "\"", "[[" + size / 5 + ".5]]"))
                    .append(',')
                    .append(entry("Growth.Plain.sum", "\"size\": \"" + size + "\"", "[[" + size + "]]"));
        }
        return Result.read(json.append("]").toString());
    }

    /// One slow iteration and one slow process change nothing.
    @Test
    void theFigureIsTheMedianOfTheForksMedians() {
        Result result = Result.read("[" + entry("A.Vector.run", "", "[[1, 2, 90], [3, 4, 5], [70, 80, 90]]") + "]")
                .getFirst();
        assertEquals("A.Vector.run", result.benchmark());
        assertEquals(4, result.median());
        assertEquals(2, result.fastest());
        assertEquals(80, result.slowest());
        assertEquals("JDK 25, VM, --add-modules x", result.machine());
        assertEquals(2.5, Result.median(4, 1, 3, 2));
    }

    @Test
    void processesOfOneBenchmarkMayComeFromSeveralRuns() {
        String size = "\"size\": \"10\"";
        List<Result> runs = new ArrayList<>();
        for (String run : List.of("[[1], [8]]", "[[4]]")) {
            runs.addAll(
                    Result.read("[" + entry("A.Vector.run", size, run) + "," + entry("A.Vector.run", "", run) + "]"));
        }
        List<Result> joined = Result.joined(runs);
        assertEquals(2, joined.size());
        assertEquals(Map.of("size", "10"), joined.getFirst().parameters());
        assertArrayEquals(new double[] {1, 8, 4}, joined.getFirst().forks());
        Result seconds = new Result("A.run", Map.of(), new double[] {1}, "s/op", "m");
        Result micros = new Result("A.run", Map.of(), new double[] {1}, "us/op", "m");
        assertThrows(IllegalArgumentException.class, () -> Result.joined(List.of(seconds, micros)));
    }

    @Test
    void tablesHaveALineForEachResult() {
        List<Result> results = List.of(
                new Result("A.run", Map.of("n", "64"), new double[] {0.012345, 0.02, 0.01}, "ms/op", "m"),
                new Result("B.run", Map.of(), new double[] {1234.6}, "us/op", "m"));
        String[] lines = MarkdownTable.of(results).split("\n");
        assertEquals(4, lines.length);
        assertEquals("| A.run | n 64 | 0.0123 | 0.0100 to 0.0200 | 3 | ms/op |", lines[2]);
        assertEquals("| B.run |  | 1235 | 1235 to 1235 | 1 | us/op |", lines[3]);
    }

    @Test
    void whatGrowsIsDrawn() throws Exception {
        GrowthChart.Curves curves = GrowthChart.find(curve()).getFirst();
        assertEquals("Growth", curves.name());
        assertEquals(
                List.of("Plain.sum", "Vector.sum"), List.copyOf(curves.lines().keySet()));
        Document svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(GrowthChart.draw(curves))));
        assertEquals(2, svg.getElementsByTagName("polyline").getLength());
        String[] points = svg.getElementsByTagName("polyline")
                .item(0)
                .getAttributes()
                .getNamedItem("points")
                .getNodeValue()
                .split(" ");
        assertEquals(3, points.length);
        // On logarithmic axes, proportional growth is a straight line, upwards.
        double[] y = java.util.Arrays.stream(points)
                .mapToDouble(point -> Double.parseDouble(point.substring(point.indexOf(',') + 1)))
                .toArray();
        assertTrue(y[0] > y[1] && y[1] > y[2]);
        assertEquals(y[0] - y[1], y[1] - y[2], 0.2);
    }

    @Test
    void fewSizesAndNamesAreNoCurve() {
        assertEquals(List.of(), GrowthChart.find(curve().subList(0, 4)));
        List<Result> named = List.of("sgd", "adam", "lion").stream()
                .map(name -> new Result("A.run", Map.of("by", name), new double[] {1}, "ms/op", "m"))
                .toList();
        assertEquals(List.of(), GrowthChart.find(named));
    }

    @Test
    void twoNumbersOfThreadsAreACurve() {
        List<Result> threads = List.of("1", "2").stream()
                .map(number -> new Result("A.run", Map.of("threads", number), new double[] {1}, "ms/op", "m"))
                .toList();
        assertEquals(2, GrowthChart.find(threads).getFirst().lines().get("run").size());
    }

    @Test
    void sizesAreInOrderWhereverTheyWereMeasured(@TempDir Path folder) throws IOException {
        List<Result> measured = List.of("16x16x16", "256x10x256", "64x64x64").stream()
                .map(shape -> new Result("A.run", Map.of("shape", shape), new double[] {1}, "ms/op", "m"))
                .toList();
        Report.write(measured, "a machine.", folder);
        String page = Files.readString(folder.resolve("README.md"));
        assertTrue(page.indexOf("16x16x16") < page.indexOf("64x64x64"));
        assertTrue(page.indexOf("64x64x64") < page.indexOf("256x10x256"));
    }

    @Test
    void squareProductsAreACurveAndOthersAreNot() {
        List<Result> products = List.of("16x16x16", "64x64x64", "256x256x256", "256x10x256").stream()
                .map(shape -> new Result("A.run", Map.of("shape", shape), new double[] {1}, "ms/op", "m"))
                .toList();
        assertEquals(3, GrowthChart.find(products).getFirst().lines().get("run").size());
    }

    @Test
    void thePageNamesTheMachineAndShowsTheDrawings(@TempDir Path folder) throws IOException {
        Report.write(curve(), "a machine.", folder);
        String page = Files.readString(folder.resolve("README.md"));
        assertTrue(page.contains("a machine."));
        assertTrue(page.contains("JDK 25, VM, --add-modules x"));
        assertTrue(page.contains("(Growth.svg)"));
        assertTrue(Files.readString(folder.resolve("Growth.svg")).startsWith("<svg"));
        assertFalse(page.contains("null"));
    }

    @Test
    void whatIsNotFromJmhIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Result.read("{}"));
        assertThrows(IllegalArgumentException.class, () -> Result.read("[{}]"));
        assertThrows(IllegalArgumentException.class, () -> Result.read("[1"));
        assertThrows(IllegalArgumentException.class, () -> JsonReader.read("{\"a\" 1}"));
        assertThrows(IllegalArgumentException.class, () -> JsonReader.read("\"a"));
        assertThrows(IllegalArgumentException.class, () -> JsonReader.read("[1] 2"));
        assertThrows(IllegalArgumentException.class, () -> JsonReader.read("nonsense"));
        assertEquals(List.of("a\"\n\u00e9", true, -1.5), JsonReader.read("[\"a\\\"\\n\\u00e9\", true, -15e-1]"));
    }
}
