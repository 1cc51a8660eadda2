package org.lazuli.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ComparisonTest {
    private static Result result(String benchmark, Map<String, String> parameters, double... forks) {
        return new Result(benchmark, parameters, forks, "ms/op", "m");
    }

    private static final Map<String, String> SGD = Map.of("optimization", "sgd");

    private static List<Result> steps() {
        return List.of(
                result("MlpStepBenchmark.Vector.eager", SGD, 2, 1, 4),
                result("MlpStepBenchmark.Vector.compiled", SGD, 1),
                result("MlpStepBenchmark.Plain.eager", SGD, 8),
                result("MlpStepBenchmark.Plain.compiled", SGD, 7),
                result("PyTorchMlpStep.eager", SGD, 3),
                result("TensorFlowMlpStep.graph", SGD, 5, 6, 7));
    }

    @Test
    void oneWorkloadIsOneLineAndEachWayAColumn() {
        List<Comparison.Row> rows = Comparison.of(steps());
        assertEquals(1, rows.size());
        assertEquals("MlpStep sgd", rows.getFirst().workload());
        assertEquals(
                List.of(
                        Comparison.Column.EAGER,
                        Comparison.Column.COMPILED,
                        Comparison.Column.PLAIN,
                        Comparison.Column.PYTORCH,
                        Comparison.Column.TENSORFLOW),
                Comparison.columns(rows));
        assertEquals(8, rows.getFirst().cells().get(Comparison.Column.PLAIN).median());
        assertEquals(3, rows.getFirst().bestPeer().orElseThrow().median());
        assertEquals(Optional.of(1.5), rows.getFirst().ratio(Comparison.Column.EAGER));
        assertEquals(Optional.of(3.0), rows.getFirst().ratio(Comparison.Column.COMPILED));
    }

    @Test
    void theTableShowsSpreadsAndRatios() {
        String[] lines = Comparison.table(Comparison.of(steps())).split("\n");
        assertEquals(3, lines.length);
        assertEquals(
                "| workload | unit | lazuli, eager | lazuli, compiled | lazuli, eager, without the Vector API | DJL + PyTorch | TensorFlow |"
                        + " best other / eager | best other / in a scope | best other / compiled |",
                lines[0]);
        assertEquals(
                lines[0].chars().filter(c -> c == '|').count(),
                lines[1].chars().filter(c -> c == '|').count());
        assertEquals(
                "| MlpStep sgd | ms/op | 2.00 (1.00 to 4.00) | 1.00 (1.00 to 1.00) | 8.00 (8.00 to 8.00) | 3.00 (3.00 to 3.00) |"
                        + " 6.00 (5.00 to 7.00) | 1.50 | – | 3.00 |",
                lines[2]);
    }

    @Test
    void whatLetsGoOfItsResultIsAColumn() {
        Map<String, String> none = Map.of();
        Comparison.Row row = Comparison.of(List.of(
                        result("NormalizationBenchmark.Vector.softmax", none, 2),
                        result("NormalizationBenchmark.Vector.softmaxInScope", none, 1),
                        result("OnnxRuntimeNormalization.softmax", none, 3)))
                .getFirst();
        assertEquals("Normalization softmax", row.workload());
        assertEquals(Optional.of(1.5), row.ratio(Comparison.Column.EAGER));
        assertEquals(Optional.of(3.0), row.ratio(Comparison.Column.SCOPE));
    }

    @Test
    void theFastestOfALibrarysWaysCounts() {
        Map<String, String> size = Map.of("size", "1000");
        Comparison.Row row = Comparison.of(List.of(
                        result("MultiplyAddBenchmark.Vector.eager", size, 1),
                        result("PyTorchMultiplyAdd.eager", size, 9),
                        result("PyTorchMultiplyAdd.inPlace", size, 4),
                        result("OnnxRuntimeMultiplyAdd.graph", size, 6)))
                .getFirst();
        assertEquals(4, row.cells().get(Comparison.Column.PYTORCH).median());
        assertEquals(Optional.of(4.0), row.ratio(Comparison.Column.EAGER));
        assertEquals(Optional.empty(), row.ratio(Comparison.Column.COMPILED));
    }

    @Test
    void methodsThatSayWhatIsDoneAreLinesOfTheirOwn() {
        List<Comparison.Row> rows = Comparison.of(List.of(
                result("NormalizationBenchmark.Vector.softmax", Map.of(), 1),
                result("NormalizationBenchmark.Vector.layerNorm", Map.of(), 2),
                result("NormalizationBenchmark.Plain.softmax", Map.of(), 3),
                result("Nd4jNormalization.softmax", Map.of(), 4),
                result("OnnxRuntimeNormalization.layerNorm", Map.of(), 5)));
        assertEquals(
                List.of("Normalization softmax", "Normalization layerNorm"),
                rows.stream().map(Comparison.Row::workload).toList());
        assertEquals(3, rows.getFirst().cells().get(Comparison.Column.PLAIN).median());
        assertFalse(rows.getLast().cells().containsKey(Comparison.Column.ND4J));
    }

    @Test
    void startsAndTheirMemoryAreCompared() {
        Map<String, String> vector = Map.of("program", "matmul", "loops", "vector");
        Map<String, String> plain = Map.of("program", "matmul", "loops", "plain");
        Map<String, String> program = Map.of("program", "matmul");
        List<Comparison.Row> rows = Comparison.of(List.of(
                result("StartupBenchmark.run", vector, 300),
                result("StartupBenchmark.run", plain, 200),
                result("OnnxRuntimeStartup.run", program, 380),
                result("StartupBenchmark.run:peakMegabytes", vector, 70),
                result("OnnxRuntimeStartup.run:peakMegabytes", program, 77)));
        assertEquals(
                List.of("Startup matmul", "Startup peakMegabytes matmul"),
                rows.stream().map(Comparison.Row::workload).toList());
        assertEquals(200, rows.getFirst().cells().get(Comparison.Column.PLAIN).median());
        assertEquals(Optional.of(1.1), rows.getLast().ratio(Comparison.Column.EAGER));
    }

    @Test
    void whatOnlyOneSideHasIsNoComparison() {
        assertEquals(List.of(), Comparison.of(List.of(result("ReductionBenchmark.Vector.sum", SGD, 1))));
        assertEquals(List.of(), Comparison.of(List.of(result("PyTorchMlpStep.eager", SGD, 1))));
    }

    @Test
    void unitsMustAgree() {
        List<Result> results = List.of(
                result("MlpStepBenchmark.Vector.eager", SGD, 1),
                new Result("PyTorchMlpStep.eager", SGD, new double[] {1}, "us/op", "m"));
        assertThrows(IllegalArgumentException.class, () -> Comparison.of(results));
    }

    @Test
    void theDrawingPutsFasterToTheLeft() throws Exception {
        Document svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(ComparisonChart.draw(Comparison.of(steps())))));
        var dots = svg.getElementsByTagName("circle");
        // Five of the legend, then the line's in the order of the columns.
        assertEquals(10, dots.getLength());
        double[] x = new double[5];
        for (int i = 0; i < 5; i++) {
            x[i] = Double.parseDouble(
                    dots.item(5 + i).getAttributes().getNamedItem("cx").getNodeValue());
        }
        assertTrue(x[1] < x[0] && x[0] < x[3] && x[3] < x[4] && x[4] < x[2]);
    }

    @Test
    void memoryAndAllocationAreReadBesideTheTime() {
        List<Result> results = Result.read("""
                [{"benchmark": "org.lazuli.benchmarks.StartupBenchmark.run", "jdkVersion": "25", "vmName": "VM",
                  "primaryMetric": {"scoreUnit": "ms/op", "rawData": [[3, 1, 2]]},
                  "secondaryMetrics": {"peakMegabytes": {"scoreUnit": "#", "rawData": [[70, 90, 80]]},
                                       "gc.count": {"scoreUnit": "counts", "rawData": [[1]]}}}]""");
        assertEquals(2, results.size());
        assertEquals("StartupBenchmark.run:peakMegabytes", results.getLast().benchmark());
        assertEquals(80, results.getLast().median());
        assertEquals("MB", results.getLast().unit());
        assertEquals(List.of(), GrowthChart.find(results));
    }

    @Test
    void librariesJoinOurGrowthCurves() {
        List<Result> results = List.of("16x16x16", "64x64x64", "256x256x256").stream()
                .flatMap(shape -> List.of(
                        result("MatmulShapesBenchmark.Vector.matmul", Map.of("shape", shape), 1),
                        result("PyTorchMatmulShapes.matmul", Map.of("shape", shape), 2))
                        .stream())
                .toList();
        List<GrowthChart.Curves> curves = GrowthChart.find(results);
        assertEquals(1, curves.size());
        assertEquals(
                List.of("PyTorch.matmul", "Vector.matmul"),
                List.copyOf(curves.getFirst().lines().keySet()));
    }

    @Test
    void thePageHasTheComparisonOnlyIfThereIsOne(@TempDir Path folder) throws IOException {
        Report.write(steps(), "a machine.", folder);
        String page = Files.readString(folder.resolve("README.md"));
        assertTrue(page.contains("| MlpStep sgd |"));
        assertTrue(page.contains("(Comparison.svg)"));
        assertTrue(Files.readString(folder.resolve("Comparison.svg")).startsWith("<svg"));
        Report.write(steps().subList(0, 4), "a machine.", folder);
        assertFalse(Files.readString(folder.resolve("README.md")).contains("Beside other libraries"));
    }
}
