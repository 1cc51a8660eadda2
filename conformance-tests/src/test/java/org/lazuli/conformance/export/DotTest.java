package org.lazuli.conformance.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.Ops;
import org.lazuli.export.Export;

/// The text that draws a graph.
class DotTest {
    @Test
    void aGraphIsDrawnFromWhatHasValuesToWhatIsAskedFor(@TempDir Path directory) throws IOException {
        Array x = Ops.array(new float[] {1, 2}).eval();
        Array y = Ops.array(new float[] {3, 4}).eval();
        Array product = x.mul(y);
        Array total = product.add(x).sum(Axes.of(0).keepDims());
        String expected = """
                digraph {
                  { rank=source; "x"; "A"; }
                  i0 [shape=box, label="Multiply"]
                  "x" -> i0
                  "A" -> i0
                  i0 -> "B"
                  i1 [shape=box, label="Add"]
                  "B" -> i1
                  "x" -> i1
                  i1 -> "C"
                  i2 [shape=box, label="ReduceSum\\naxes=[0]"]
                  "C" -> i2
                  i2 -> "the \\"total\\""
                  "x" [label="x\\nfloat32(2)"]
                  "A" [label="A\\nfloat32(2)"]
                  "B" [label="B\\nfloat32(2)"]
                  "C" [label="C\\nfloat32(2)"]
                  "the \\"total\\"" [label="the \\"total\\"\\nfloat32(1)"]
                }
                """;
        Map<String, Array> names = Map.of("x", x, "the \"total\"", total);
        assertEquals(expected, Export.exportToDot(names));
        Path file = directory.resolve("graph.dot");
        Export.exportToDot(file, names);
        assertEquals(expected, Files.readString(file));
    }

    @Test
    void whatHasItsValueStandsAlone() {
        Array x = Ops.array(1f).add(Ops.array(2f)).eval();
        assertEquals("""
                digraph {
                  { rank=source; "A"; }
                  "A" [label="A\\nfloat32()"]
                }
                """, Export.exportToDot(x));
    }
}
