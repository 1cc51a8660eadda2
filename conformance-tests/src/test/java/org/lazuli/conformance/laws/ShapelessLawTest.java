package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.CompileOptions;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.export.Export;
import org.lazuli.export.ExportOptions;
import org.lazuli.export.ImportedFunction;
import org.lazuli.function.Nary;
import org.lazuli.spi.TensorSpec;

/// A function that was compiled for all sizes does for every shape what the function does: it gives the same bits, or fails as well. Whatever the
/// function asks of the sizes.
class ShapelessLawTest {
    private static final int TRIES = 3;
    private static final int SHAPES = 4;

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> aFunctionCompiledForAllSizesIsTheFunction() {
        return Laws.each("compiled for all sizes", Rows.ALL, TRIES, (row, sample) -> check(sample, sample.function()));
    }

    @TestFactory
    Stream<DynamicTest> soIsItsGradient() {
        return Laws.each("gradient, compiled for all sizes", Rows.ALL, TRIES, (row, sample) -> {
            if (!sample.differentiable().isEmpty()) {
                int[] argnums =
                        sample.differentiable().stream().mapToInt(i -> i).toArray();
                check(
                        sample,
                        Transforms.gradList(
                                in -> List.of(total(sample.function().apply(in))), argnums));
            }
        });
    }

    private static Array total(List<Array> results) {
        Array total = Ops.array(0.0);
        for (Array result : results) {
            total = total.add((result.dtype().isComplex() ? result.real() : result).sum());
        }
        return total;
    }

    /// Exported for all sizes it is the function too, or is refused because it might be another.
    @TestFactory
    Stream<DynamicTest> soIsOneThatWasExportedForAllSizes() {
        return Laws.each("exported for all sizes", Rows.ALL, 1, (row, sample) -> {
            Path file = directory.resolve("function");
            Nary function = sample.function();
            Export.exportFunction(file, function, sample.draw(0), ExportOptions.SHAPELESS);
            ImportedFunction imported = Export.importFunction(file);
            assertEquals(
                    result(function, sample.draw(1)), result(imported, sample.draw(1)), "the shapes of the sample");
            Random random = new Random(sample.seed());
            for (int i = 0; i < SHAPES; i++) {
                List<Array> inputs = resized(sample.operands(), random);
                Object given = result(imported, inputs);
                if (given != null && !(findsPositions(sample) && inputs.stream().anyMatch(x -> x.size() == 0))) {
                    assertEquals(
                            result(function, inputs),
                            given,
                            () -> "shapes " + inputs.stream().map(Array::shape).toList());
                }
            }
        });
    }

    private static boolean findsPositions(Sample sample) {
        return Instructions.in(sample.function().apply(sample.draw(0))).stream()
                .anyMatch(name -> name.startsWith("ArgReduce."));
    }

    private static void check(Sample sample, Nary function) {
        Nary compiled = Transforms.compileList(function, CompileOptions.SHAPELESS);
        assertEquals(result(function, sample.draw(0)), result(compiled, sample.draw(0)), "the shapes of the sample");
        boolean findsPositions = findsPositions(sample);
        Random random = new Random(sample.seed());
        for (int i = 0; i < SHAPES; i++) {
            List<Array> inputs = resized(sample.operands(), random);
            // The operation refuses an axis without elements; of the bare instruction nothing is promised there.
            if (findsPositions && inputs.stream().anyMatch(x -> x.size() == 0)) {
                continue;
            }
            assertEquals(
                    result(function, inputs),
                    result(compiled, inputs),
                    () -> "shapes " + inputs.stream().map(Array::shape).toList());
        }
        assertEquals(result(function, sample.draw(1)), result(compiled, sample.draw(1)), "the sample's again");
    }

    /// The bits, or null if the function fails.
    private static @Nullable Object result(Nary function, List<Array> inputs) {
        try {
            return Program.bits(function.apply(inputs));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    /// Arrays of the operands' types and ranks, where each size has become another: the same one wherever it is.
    private static List<Array> resized(List<TensorSpec> operands, Random random) {
        int[] sizes = new int[64];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = random.nextInt(4) == 0 ? i : random.nextInt(5);
        }
        List<Array> arrays = new ArrayList<>();
        for (TensorSpec spec : operands) {
            int[] dims = spec.shape().toArray();
            for (int axis = 0; axis < dims.length; axis++) {
                dims[axis] = sizes[Math.min(dims[axis], sizes.length - 1)];
            }
            Shape shape = Shape.of(dims);
            Array values = Ops.arange(shape.size()).reshape(shape);
            arrays.add(
                    spec.dtype().isInexact()
                            ? values.astype(DType.FLOAT32).add(1).div(4).astype(spec.dtype())
                            : values.remainder(2).astype(spec.dtype()));
        }
        return arrays;
    }
}
