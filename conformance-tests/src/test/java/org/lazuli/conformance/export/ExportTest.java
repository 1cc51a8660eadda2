package org.lazuli.conformance.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lazuli.Transforms.compile;
import static org.lazuli.Transforms.grad;
import static org.lazuli.Transforms.vmap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Fast;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;
import org.lazuli.export.Export;
import org.lazuli.export.ExportEvent;
import org.lazuli.export.ExportOptions;
import org.lazuli.export.Exporter;
import org.lazuli.export.FunctionFileException;
import org.lazuli.export.ImportedFunction;
import org.lazuli.function.CustomFunction;
import org.lazuli.function.Nary;
import org.lazuli.function.Unary;

/// Functions written to files do, when read, what they did.
class ExportTest {
    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("function.lzfn");
    }

    private static Array uniform(int... shape) {
        return Random.uniform(Shape.of(shape), Random.key(shape.length));
    }

    private static Unary layer(Array weight, Array bias) {
        return x -> Fast.layerNorm(x.matmul(weight).add(bias), null, bias, 1e-5).softmax(-1);
    }

    @Test
    void anImportedFunctionGivesWhatTheFunctionGave() {
        Array weight = uniform(3, 4);
        Unary layer = layer(weight, Ops.arange(4).astype(DType.FLOAT32));
        Export.exportFunction(file(), in -> List.of(layer.apply(in.get(0))), List.of(Ops.zeros(5, 3)));
        ImportedFunction imported = Export.importFunction(file());
        Array x = uniform(5, 3);
        assertArrayEquals(layer.apply(x).toFloatArray(), imported.apply(x).toFloatArray());
        assertEquals(List.of("(float32(5,3))"), imported.signatures());
    }

    @Test
    void anotherProcessGivesTheSameBits() throws IOException, InterruptedException {
        Unary layer = layer(uniform(3, 4), Ops.arange(4).astype(DType.FLOAT32));
        Export.exportFunction(file(), in -> List.of(layer.apply(in.get(0))), List.of(Ops.zeros(2, 3)));
        Array x = Ops.arange(6).astype(DType.FLOAT32).div(7).reshape(2, 3);
        List<String> expected = new ArrayList<>();
        // Softmax leaves its own gradient behind, so that is compared with the imported function here.
        Unary imported = Export.importFunction(file())::apply;
        for (Array result : List.of(
                layer.apply(x), grad(in -> imported.apply(in).square().sum()).apply(x))) {
            for (float value : result.toFloatArray()) {
                expected.add(Integer.toHexString(Float.floatToRawIntBits(value)));
            }
        }
        assertEquals(expected, OtherProcess.run(file()));
    }

    @Test
    void anImportedFunctionIsTransformedLikeAnyOther() {
        Nary function = in -> List.of(in.get(0).sin().mul(in.get(0)).sum());
        Export.exportFunction(file(), function, List.of(Ops.zeros(4)));
        ImportedFunction imported = Export.importFunction(file());
        Array x = uniform(4);
        Unary original = in -> function.apply(List.of(in)).get(0);
        assertArrayEquals(
                grad(original).apply(x).toFloatArray(),
                grad((Unary) imported::apply).apply(x).toFloatArray());
        Unary second = grad(in -> grad((Unary) imported::apply).apply(in).sum());
        assertArrayEquals(
                grad(in -> grad(original).apply(in).sum()).apply(x).toFloatArray(),
                second.apply(x).toFloatArray());
        Array batch = uniform(3, 4);
        assertArrayEquals(
                vmap(original).apply(batch).toFloatArray(),
                vmap((Unary) imported::apply).apply(batch).toFloatArray());
        Unary compiled = compile(vmap(grad((Unary) imported::apply)));
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(
                    vmap(grad(original)).apply(batch).toFloatArray(),
                    compiled.apply(batch).toFloatArray());
        }
    }

    @Test
    void severalTracesShareTheirConstants() throws IOException {
        Array weight = uniform(100, 100);
        Nary function = in -> List.of(in.get(0).matmul(weight));
        Export.exportFunction(file(), function, List.of(Ops.zeros(1, 100)));
        long one = Files.size(file());
        try (Exporter exporter = Export.exporter(file(), function)) {
            for (int rows = 1; rows <= 5; rows++) {
                exporter.add(List.of(Ops.zeros(rows, 100)));
            }
        }
        assertFalse(Files.size(file()) > one + 4 * 400, "the weight is there once");
        ImportedFunction imported = Export.importFunction(file());
        for (int rows = 1; rows <= 5; rows++) {
            Array x = uniform(rows, 100);
            assertArrayEquals(x.matmul(weight).toFloatArray(), imported.apply(x).toFloatArray());
        }
        String message = assertThrows(IllegalArgumentException.class, () -> imported.apply(Ops.zeros(6, 100)))
                .getMessage();
        assertTrue(message.contains("(float32(6,100))") && message.contains("(float32(5,100))"), message);
        assertThrows(
                IllegalArgumentException.class,
                () -> imported.apply(Ops.zeros(5, 100).astype(DType.FLOAT16)));
    }

    @Test
    void aSignatureIsTracedOnce() {
        Exporter exporter = Export.exporter(file(), in -> in);
        exporter.add(List.of(Ops.zeros(3)));
        Refused.with(
                IllegalArgumentException.class,
                () -> exporter.add(List.of(Ops.ones(3))),
                "already traced for (float32(3))");
        exporter.close();
        assertFalse(Files.exists(file()), "after a failure nothing is written");
        assertThrows(IllegalStateException.class, () -> exporter.add(List.of(Ops.ones(4))));
    }

    @Test
    void argumentsGoByNameAndMetadataIsKept() {
        Export.exportFunction(
                file(),
                (in, named) -> List.of(in.get(0).mul(named.get("scale")).add(named.get("bias"))),
                List.of(Ops.array(1f)),
                Map.of("scale", Ops.array(1f), "bias", Ops.array(1f)),
                ExportOptions.DEFAULT.metadata(Map.of("epochs", "5", "ß", "\"ü\"")));
        ImportedFunction imported = Export.importFunction(file());
        assertEquals(Map.of("epochs", "5", "ß", "\"ü\""), imported.metadata());
        assertEquals(List.of("(float32(), bias=float32(), scale=float32())"), imported.signatures());
        List<Array> results =
                imported.apply(List.of(Ops.array(3f)), Map.of("bias", Ops.array(1f), "scale", Ops.array(2f)));
        assertEquals(7, results.get(0).item());
        assertThrows(IllegalArgumentException.class, () -> imported.apply(List.of(Ops.array(3f))));
        assertThrows(
                IllegalArgumentException.class,
                () -> imported.apply(List.of(Ops.array(3f)), Map.of("bias", Ops.array(1f), "other", Ops.array(2f))));
    }

    @Test
    void aTraceThatFailsLeavesTheOldFile() throws IOException {
        Export.exportFunction(file(), in -> in, List.of(Ops.array(1f)));
        byte[] before = Files.readAllBytes(file());
        assertThrows(
                IllegalStateException.class,
                () -> Export.exportFunction(
                        file(), in -> List.of(Ops.array(in.get(0).item())), List.of(Ops.array(1f))));
        assertArrayEquals(before, Files.readAllBytes(file()));
        try (var files = Files.list(directory)) {
            assertEquals(List.of(file()), files.toList());
        }
    }

    @Test
    void rulesOfItsOwnAreLeftBehind() {
        CustomFunction custom = CustomFunction.of(
                        in -> List.of(in.get(0).mul(2), in.get(0).mul(3)))
                .withVjp((primals, cotangents, outputs) ->
                        List.of(cotangents.get(0).mul(100)));
        Nary function = in -> {
            List<Array> both = custom.apply(in);
            return List.of(both.get(0).add(both.get(1)).add(in.get(0)));
        };
        Export.exportFunction(file(), function, List.of(Ops.array(1f)));
        ImportedFunction imported = Export.importFunction(file());
        assertEquals(6, imported.apply(Ops.array(1f)).item());
        assertEquals(6, grad((Unary) imported::apply).apply(Ops.array(1f)).item());
    }

    @Test
    void aResultMayBeAnArgumentAConstantOrComeTwice() {
        Array constant = Ops.array(new float[] {1, 2}).eval();
        Export.exportFunction(
                file(), in -> List.of(in.get(1), constant, in.get(0), in.get(1)), List.of(Ops.array(1f), Ops.array(2)));
        List<Array> results = Export.importFunction(file()).apply(List.of(Ops.array(5f), Ops.array(7)));
        assertEquals(7, results.get(0).itemLong());
        assertArrayEquals(new float[] {1, 2}, results.get(1).toFloatArray());
        assertEquals(5, results.get(2).item());
        assertEquals(7, results.get(3).itemLong());
    }

    @Test
    void constantsOfEveryDtypeKeepTheirBits() {
        List<Array> constants = new ArrayList<>();
        for (DType dtype : DType.values()) {
            constants.add(Ops.array(new double[] {0, 1, 3}).astype(dtype).eval());
        }
        Export.exportFunction(file(), in -> constants, List.of());
        List<Array> results = Export.importFunction(file()).apply(List.of());
        for (int i = 0; i < constants.size(); i++) {
            assertEquals(constants.get(i).dtype(), results.get(i).dtype());
            assertEquals(constants.get(i).toString(), results.get(i).toString());
        }
    }

    @Test
    void partsAreToldInOrder() {
        Array weight = uniform(3, 2);
        List<ExportEvent> events = new ArrayList<>();
        Export.exportFunction(
                events::add, in -> List.of(in.get(0).matmul(weight).exp()), List.of(Ops.zeros(1, 3)));
        var x = new ExportEvent.Value("A", DType.FLOAT32, Shape.of(1, 3));
        var w = new ExportEvent.Value("B", DType.FLOAT32, Shape.of(3, 2));
        var product = new ExportEvent.Value("C", DType.FLOAT32, Shape.of(1, 2));
        var result = new ExportEvent.Value("D", DType.FLOAT32, Shape.of(1, 2));
        assertEquals(new ExportEvent.Arguments(List.of(x), Map.of()), events.get(0));
        assertEquals(Set.of(w), ((ExportEvent.Constants) events.get(1)).arrays().keySet());
        assertEquals(
                List.of(
                        new ExportEvent.Instruction("MatMul", Map.of(), List.of(x, w), List.of(product)),
                        new ExportEvent.Instruction("Exp", Map.of(), List.of(product), List.of(result)),
                        new ExportEvent.Results(List.of(result))),
                events.subList(2, events.size()));
    }

    @Test
    void whatCannotBeReadOrWrittenIsRefusedWithTheReason() {
        Refused.with(
                FunctionFileException.class,
                () -> Export.importFunction(directory.resolve("none")),
                "there is no such file; check the path");
        Refused.with(
                FunctionFileException.class,
                () -> Export.exportFunction(directory.resolve("none/f"), in -> in, List.of(Ops.array(1f))),
                "its directory does not exist; create the directory first");
    }
}
