package org.lazuli.conformance.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.lazuli.Transforms.compile;
import static org.lazuli.Transforms.grad;
import static org.lazuli.Transforms.vmap;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.CompileOptions;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;
import org.lazuli.export.Export;
import org.lazuli.export.ExportOptions;
import org.lazuli.export.Exporter;
import org.lazuli.export.ImportedFunction;
import org.lazuli.function.CustomFunction;
import org.lazuli.function.Nary;
import org.lazuli.function.Unary;

/// A function that was exported for all sizes serves those for which it does the same, and no others.
class ShapelessExportTest {
    private static final int[][] SHAPES = {{2, 3}, {5, 3}, {64, 3}, {7, 3}, {2, 3}};

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("function.lzfn");
    }

    private static Array uniform(int... shape) {
        return Random.uniform(Shape.of(shape), Random.key(shape[0]));
    }

    private ImportedFunction export(Unary function, Array example) {
        Export.exportFunction(
                file(), in -> List.of(function.apply(in.get(0))), List.of(example), ExportOptions.SHAPELESS);
        return Export.importFunction(file());
    }

    @Test
    void oneTraceServesEveryBatch() {
        Array weight = uniform(3, 4);
        Unary model = x ->
                x.matmul(weight).sub(x.mean()).softmax(-1).reshape(-1).square().add(x.sum());
        ImportedFunction imported = export(model, Ops.zeros(2, 3));
        for (int[] shape : SHAPES) {
            Array x = uniform(shape);
            assertEquals(model.apply(x).shape(), imported.apply(x).shape());
            assertArrayEquals(model.apply(x).toFloatArray(), imported.apply(x).toFloatArray());
        }
    }

    @Test
    void theSignatureSaysWhichSizesAreOpen() {
        assertEquals(
                List.of("(float32(?,?))"), export(x -> x.exp(), Ops.zeros(2, 3)).signatures());
        assertEquals(
                List.of("(float32(?,3))"),
                export(x -> x.mul(x.dim(1)), Ops.zeros(2, 3)).signatures());
    }

    @Test
    void aSizeThatTheFunctionAskedForIsTheOnlyOne() {
        ImportedFunction imported = export(x -> x.mul(x.dim(1)), Ops.zeros(2, 3));
        assertArrayEquals(new float[] {3, 3, 3}, imported.apply(Ops.ones(1, 3)).toFloatArray());
        Refused.with(
                IllegalArgumentException.class,
                () -> imported.apply(Ops.ones(2, 4)),
                "was not exported for the arguments (float32(2,4)) but for (float32(?,3))");
        assertThrows(IllegalArgumentException.class, () -> imported.apply(Ops.ones(3)));
        assertThrows(
                IllegalArgumentException.class,
                () -> imported.apply(Ops.ones(2, 3).astype(DType.FLOAT16)));
    }

    @Test
    void sizesThatWereAlikeInTheExampleMayDiffer() {
        Nary function = in -> List.of(
                in.get(0).reshape(-1), in.get(1).reshape(-1), Ops.zerosLike(in.get(0)), Ops.zerosLike(in.get(1)));
        List<Array> alike = List.of(Ops.zeros(2, 3), Ops.zeros(2, 3));
        Export.exportFunction(file(), function, alike, ExportOptions.SHAPELESS);
        List<Array> results = Export.importFunction(file()).apply(List.of(uniform(4, 5), uniform(1, 7)));
        assertEquals(
                List.of(Shape.of(20), Shape.of(7), Shape.of(4, 5), Shape.of(1, 7)),
                results.stream().map(Array::shape).toList());
    }

    @Test
    void anImportedFunctionOfAllSizesIsTransformedLikeAnyOther() {
        Unary function = x -> x.sin().mul(x).sum(Axes.of(-1)).exp().sum();
        ImportedFunction imported = export(function, Ops.zeros(2, 3));
        Unary same = imported::apply;
        for (int[] shape : SHAPES) {
            Array x = uniform(shape);
            assertArrayEquals(
                    grad(function).apply(x).toFloatArray(), grad(same).apply(x).toFloatArray());
            Array batch = Ops.stack(List.of(x, x.mul(2)));
            assertArrayEquals(
                    vmap(grad(function)).apply(batch).toFloatArray(),
                    compile(vmap(grad(same))).apply(batch).toFloatArray());
        }
        AtomicInteger traces = new AtomicInteger();
        Unary compiled = compile(
                x -> {
                    traces.incrementAndGet();
                    return same.apply(x);
                },
                CompileOptions.SHAPELESS);
        for (int[] shape : SHAPES) {
            Array x = uniform(shape);
            assertArrayEquals(
                    function.apply(x).toFloatArray(), compiled.apply(x).toFloatArray());
        }
        assertEquals(4, traces.get(), "which graph an imported function has, its sizes decide");
    }

    @Test
    void rulesAreLeftBehindAndSizesFoundAgain() {
        CustomFunction custom = CustomFunction.of(
                        in -> List.of(in.get(0).reshape(-1).mul(2)))
                .withVjp((primals, cotangents, outputs) -> List.of(Ops.zerosLike(primals.get(0))));
        Unary function = x -> Ops.concatenate(
                        List.of(custom.apply(List.of(x)).get(0), x.transpose().reshape(-1)))
                .cumsum(0);
        ImportedFunction imported = export(function, Ops.zeros(2, 3));
        for (int[] shape : SHAPES) {
            Array x = uniform(shape);
            assertArrayEquals(
                    function.apply(x).toFloatArray(), imported.apply(x).toFloatArray());
        }
    }

    @Test
    void tracesOfBothKindsAndNamesGoTogether() {
        Exporter exporter = Export.exporter(
                file(),
                (in, named) -> List.of(in.get(0).mul(named.get("scale"))),
                ExportOptions.DEFAULT.metadata(Map.of("name", "scale")).shapeless(true));
        exporter.add(List.of(Ops.zeros(2, 3)), Map.of("scale", Ops.array(1f)));
        exporter.add(List.of(Ops.zeros(2)), Map.of("scale", Ops.array(1f)));
        Refused.with(
                IllegalArgumentException.class,
                () -> exporter.add(List.of(Ops.zeros(9, 9)), Map.of("scale", Ops.array(1f))),
                "already traced for (float32(?,?), scale=float32())");
        exporter.close();
        Exporter again = Export.exporter(
                file(),
                (in, named) -> List.of(in.get(0).mul(named.get("scale"))),
                ExportOptions.DEFAULT.metadata(Map.of("name", "scale")).shapeless(true));
        again.add(List.of(Ops.zeros(2, 3)), Map.of("scale", Ops.array(1f)));
        again.add(List.of(Ops.zeros(2)), Map.of("scale", Ops.array(1f)));
        again.close();
        ImportedFunction imported = Export.importFunction(file());
        assertEquals(
                List.of("(float32(?,?), scale=float32())", "(float32(?), scale=float32())"), imported.signatures());
        assertEquals(Map.of("name", "scale"), imported.metadata());
        Array five = Ops.array(5f);
        assertEquals(
                Shape.of(4, 4),
                imported.apply(List.of(Ops.ones(4, 4)), Map.of("scale", five))
                        .get(0)
                        .shape());
        assertArrayEquals(
                new float[] {5, 5, 5},
                imported.apply(List.of(Ops.ones(3)), Map.of("scale", five))
                        .get(0)
                        .toFloatArray());
    }
}
