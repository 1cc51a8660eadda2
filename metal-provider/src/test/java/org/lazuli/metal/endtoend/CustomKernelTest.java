package org.lazuli.metal.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.Backends;
import org.lazuli.DType;
import org.lazuli.Fast;
import org.lazuli.MathMode;
import org.lazuli.MetalKernel;
import org.lazuli.MetalKernel.Call;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.export.Export;
import org.lazuli.function.CustomFunction;
import org.lazuli.function.Unary;
import org.lazuli.metal.Simulator;
import org.lazuli.metal.objc.CompilationException;

/// Kernels that a user has written, on the simulated device. Their fallbacks give something else on purpose, so that a result says who computed it.
class CustomKernelTest {
    private Backends.Scope backend;
    private Opened opened;

    @BeforeEach
    void open() {
        Simulator.require();
        opened = new Opened();
        backend = Backends.use(opened);
    }

    @AfterEach
    void close() {
        if (backend != null) {
            backend.close();
        }
    }

    private static Array range(int... shape) {
        return Ops.arange(Shape.of(shape).size()).astype(DType.FLOAT32).reshape(shape);
    }

    private static MetalKernel.Fallback zeros() {
        return (in, call) -> java.util.stream.IntStream.range(
                        0, call.outputShapes().size())
                .mapToObj(i -> Ops.zeros(
                        call.outputShapes().get(i), call.outputDtypes().get(i)))
                .toList();
    }

    private static final MetalKernel SQUARE = Fast.metalKernel("square", List.of("x"), List.of("y"), """
                    uint i = thread_position_in_grid.x;
                    T value = x[i];
                    y[i] = value * value + T(OFFSET) + (NEGATE ? T(-100) : T(0));
            """, zeros());

    private static Array square(Array x, int offset, boolean negate) {
        return SQUARE.apply(
                        List.of(x),
                        Call.grid(x.size(), 1, 1)
                                .output(x.shape(), x.dtype())
                                .template("T", x.dtype())
                                .template("OFFSET", offset)
                                .template("NEGATE", negate))
                .get(0);
    }

    @Test
    void templateArgumentsAreTypesAndNumbers() {
        assertArrayEquals(new float[] {3, 4, 7, 12}, square(range(4), 3, false).toFloatArray());
        assertArrayEquals(new float[] {-97, -96, -93}, square(range(3), 3, true).toFloatArray());
        for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16, DType.INT32, DType.INT64)) {
            Array result = square(range(4).astype(dtype), 1, false);
            assertEquals(dtype, result.dtype());
            assertArrayEquals(
                    new float[] {1, 2, 5, 10}, result.astype(DType.FLOAT32).toFloatArray());
        }
    }

    @Test
    void aKernelIsCompiledOnceForAText() {
        square(range(4), 3, false).eval();
        long before = opened.metal().counters().compilations();
        square(range(2, 4), 3, false).eval();
        square(range(4).add(1), 3, false).eval();
        long adding = opened.metal().counters().compilations();
        assertTrue(adding <= before + 1, "the addition, at most");
        square(range(4), 4, false).eval();
        assertEquals(adding + 1, opened.metal().counters().compilations());
    }

    @Test
    void eachModeOfArithmeticIsCompiledForItself() {
        MetalKernel twice = Fast.metalKernel(
                "twice",
                List.of("x"),
                List.of("y"),
                "uint i = thread_position_in_grid.x; y[i] = x[i] + x[i];",
                zeros());
        assertEquals(MathMode.SAFE, twice.mathMode());
        Array x = range(3).eval();
        Call call = Call.grid(3, 1, 1).output(x.shape(), x.dtype());
        for (MathMode mode : MathMode.values()) {
            long before = opened.metal().counters().compilations();
            for (int i = 0; i < 2; i++) {
                assertArrayEquals(
                        new float[] {0, 2, 4},
                        twice.mathMode(mode).apply(List.of(x), call).get(0).toFloatArray());
            }
            assertEquals(before + 1, opened.metal().counters().compilations(), mode.toString());
        }
    }

    @Test
    void aVerboseCallPrintsTheWholeText() {
        MetalKernel one =
                Fast.metalKernel("one", List.of(), List.of("y"), "y[thread_position_in_grid.x] = 1;", zeros());
        Call call = Call.grid(2, 1, 1).output(Shape.of(2), DType.FLOAT32);
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            one.apply(List.of(), call).get(0).eval();
            assertEquals(0, printed.size());
            one.apply(List.of(), call.verbose(true)).get(0).eval();
        } finally {
            System.setOut(before);
        }
        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("Kernel one:") && text.contains("kernel void custom_one_"), text);
        assertTrue(text.contains("y[thread_position_in_grid.x] = 1;"), text);
    }

    @Test
    void inputsAreRowMajorOrGivenWithTheirStrides() {
        String body = """
                        uint i = thread_position_in_grid.x;
                        uint rest = i;
                        long place = 0;
                        for (int axis = x_ndim - 1; axis >= 0; --axis) {
                            place += long(rest % uint(x_shape[axis])) * x_strides[axis];
                            rest /= uint(x_shape[axis]);
                        }
                        y[i] = x[place];
                        flat[i] = x[i];
                """;
        MetalKernel copies = Fast.metalKernel("copies", List.of("x"), List.of("y", "flat"), body, zeros());
        Array x = range(2, 3).eval().transpose();
        Call call = Call.grid(6, 1, 1).output(x.shape(), x.dtype()).output(Shape.of(6), x.dtype());
        List<Array> contiguous = copies.apply(List.of(x), call);
        List<Array> strided = copies.ensureRowContiguous(false).apply(List.of(x), call);
        float[] expected = {0, 3, 1, 4, 2, 5};
        assertArrayEquals(expected, contiguous.get(0).toFloatArray());
        assertArrayEquals(expected, contiguous.get(1).toFloatArray());
        assertArrayEquals(expected, strided.get(0).toFloatArray());
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, strided.get(1).toFloatArray(), "as it lies in memory");
    }

    @Test
    void atomicOutputsBeginAtAValueAndCollect() {
        MetalKernel histogram = Fast.metalKernel("histogram", List.of("x"), List.of("counts"), """
                                uint i = thread_position_in_grid.x;
                                atomic_fetch_add_explicit(&counts[x[i]], 1, memory_order_relaxed);
                        """, zeros())
                .atomicOutputs(true);
        Array x = Ops.arange(1000).remainder(3);
        Call call = Call.grid(1000, 1, 1).threadgroup(64, 1, 1).output(Shape.of(4), DType.INT32);
        assertArrayEquals(
                new int[] {334, 333, 333, 0},
                histogram.apply(List.of(x), call.initValue(0)).get(0).toIntArray());
        assertArrayEquals(
                new int[] {344, 343, 343, 10},
                histogram.apply(List.of(x), call.initValue(10)).get(0).toIntArray());
    }

    @Test
    void anInitialValueFillsEveryDtype() {
        MetalKernel nothing = Fast.metalKernel("nothing", List.of(), List.of("y"), "", zeros());
        for (DType dtype : DType.values()) {
            if (dtype != DType.FLOAT64) {
                Array y = nothing.apply(
                                List.of(),
                                Call.grid(1, 1, 1).output(Shape.of(3), dtype).initValue(1))
                        .get(0);
                assertEquals(Ops.ones(3).astype(dtype).toString(), y.toString());
            }
        }
    }

    @Test
    void scalarsAreReferencesAndHeadersComeBefore() {
        MetalKernel scale = Fast.metalKernel("scale", List.of("x", "by"), List.of("y"), """
                                uint2 at = thread_position_in_grid.xy;
                                uint width = threads_per_grid.x;
                                y[at.y * width + at.x] = scaled(x[at.y * width + at.x], by) + float(thread_index_in_simdgroup * 0);
                        """, zeros())
                .header("float scaled(float x, float by) { return x * by; }");
        Array result = scale.apply(
                        List.of(range(2, 3), Ops.array(10f)),
                        Call.grid(3, 2, 1).threadgroup(2, 2, 1).output(Shape.of(2, 3), DType.FLOAT32))
                .get(0);
        assertArrayEquals(new float[] {0, 10, 20, 30, 40, 50}, result.toFloatArray());
    }

    /// Doubles, and says with a second result how often Java computed it.
    private static MetalKernel doubling(AtomicInteger calls) {
        return Fast.metalKernel(
                "doubling",
                List.of("x"),
                List.of("y"),
                "uint i = thread_position_in_grid.x; y[i] = 2 * x[i];",
                (in, call) -> {
                    calls.incrementAndGet();
                    return List.of(in.get(0).mul(3));
                });
    }

    private static Unary call(MetalKernel kernel) {
        return x -> kernel.apply(List.of(x), Call.grid(x.size(), 1, 1).output(x.shape(), x.dtype()))
                .get(0);
    }

    @Test
    void derivativesGoThroughTheFallbackOrARuleOfItsOwn() {
        Unary doubling = call(doubling(new AtomicInteger()));
        Array x = range(3);
        assertArrayEquals(new float[] {0, 2, 4}, doubling.apply(x).toFloatArray());
        assertArrayEquals(
                new float[] {3, 3, 3},
                Transforms.grad(in -> doubling.apply(in).sum()).apply(x).toFloatArray());
        assertArrayEquals(
                new float[] {0, 3, 6, 9, 12, 15},
                Transforms.vmap(doubling).apply(range(2, 3)).reshape(6).toFloatArray());
        CustomFunction own = CustomFunction.of(in -> List.of(doubling.apply(in.get(0))))
                .withVjp((primals, cotangents, outputs) -> List.of(doubling.apply(cotangents.get(0))));
        assertArrayEquals(
                new float[] {2, 2, 2},
                Transforms.grad(in -> own.apply(List.of(in)).get(0).sum())
                        .apply(x)
                        .toFloatArray());
    }

    @Test
    void aCallIsCompiledAndExported(@TempDir Path directory) {
        AtomicInteger calls = new AtomicInteger();
        Unary doubling = call(doubling(calls));
        Unary compiled = Transforms.compile((Array x) -> doubling.apply(x).add(1));
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(new float[] {1, 3, 5}, compiled.apply(range(3)).toFloatArray());
        }
        assertEquals(1, calls.get());
        Path file = directory.resolve("kernel.lzfn");
        Export.exportFunction(file, in -> List.of(doubling.apply(in.get(0))), List.of(range(3)));
        assertArrayEquals(
                new float[] {0, 2, 4},
                Export.importFunction(file).apply(range(3)).toFloatArray());
    }

    @Test
    void oneOfSeveralResultsIsEnough() {
        MetalKernel both = Fast.metalKernel(
                "both",
                List.of("x"),
                List.of("a", "b"),
                "uint i = thread_position_in_grid.x; a[i] = x[i] + 1; b[i] = x[i] - 1;",
                zeros());
        Supplier<List<Array>> run = () -> both.apply(
                List.of(range(3)),
                Call.grid(3, 1, 1).output(Shape.of(3), DType.FLOAT32).output(Shape.of(3), DType.FLOAT32));
        assertArrayEquals(new float[] {-1, 0, 1}, run.get().get(1).toFloatArray());
        List<Array> results = run.get();
        assertArrayEquals(new float[] {1, 2, 3}, results.get(0).toFloatArray());
        assertArrayEquals(new float[] {-1, 0, 1}, results.get(1).toFloatArray());
        Array sum = run.get().get(0).add(run.get().get(1));
        assertArrayEquals(new float[] {0, 2, 4}, sum.toFloatArray());
    }

    @Test
    void float64IsTheFallbacks() {
        Unary doubling = call(doubling(new AtomicInteger()));
        assertArrayEquals(
                new double[] {0, 3, 6},
                doubling.apply(range(3).astype(DType.FLOAT64)).toDoubleArray());
    }

    @Test
    void aBodyThatDoesNotCompileIsReported() {
        MetalKernel wrong = Fast.metalKernel("wrong", List.of(), List.of("y"), "y[0] = nonsense;", zeros());
        Array y = wrong.apply(List.of(), Call.grid(1, 1, 1).output(Shape.of(1), DType.FLOAT32))
                .get(0);
        String message = assertThrows(CompilationException.class, y::eval).getMessage();
        assertTrue(message.contains("custom_wrong_") && message.contains("nonsense"), message);
    }
}
