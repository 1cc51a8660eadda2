package org.lazuli.metal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.cpu.CpuBackendProvider;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Runs kernels on the Metal backend, on the simulated device, and compares them with the CPU backend's.
///
/// ```java
/// try (var bench = MetalBench.open()) {
///     bench.assertSame(new Binary(ADD), spec, Placed.random(FLOAT32, shape, 1), Placed.random(FLOAT32, shape, 2).transposed());
/// }
/// ```
public final class MetalBench implements AutoCloseable {
    public final MetalBackend metal;
    public final Backend cpu = new CpuBackendProvider().open();

    private MetalBench() {
        metal = new MetalBackendProvider().open();
    }

    /// Leaves the test undone if there is no simulated device.
    public static MetalBench open() {
        Simulator.require();
        return new MetalBench();
    }

    /// The tensor in this backend's memory.
    public static Tensor place(Backend backend, Placed placed) {
        DType dtype = placed.spec().dtype();
        int elements = placed.stored().length / dtype.bytes();
        Buffer buffer = backend.allocate(dtype, elements);
        backend.upload(MemorySegment.ofArray(placed.stored()), dtype, elements, buffer);
        return new Tensor(buffer, placed.spec(), placed.strides(), placed.offset());
    }

    public static Tensor output(Backend backend, TensorSpec spec) {
        return Tensor.contiguous(backend.allocate(spec.dtype(), spec.shape().size()), spec);
    }

    /// The tensor's elements in row-major order.
    public static byte[] read(Backend backend, Tensor tensor) {
        byte[] bytes = new byte[tensor.shape().size() * tensor.dtype().bytes()];
        backend.download(tensor, MemorySegment.ofArray(bytes));
        return bytes;
    }

    /// Runs a kernel and gives its outputs' elements.
    public static List<byte[]> run(Backend backend, Kernel kernel, List<TensorSpec> specs, Placed... inputs) {
        List<Tensor> operands = new ArrayList<>();
        List<Tensor> results = new ArrayList<>();
        try {
            for (Placed input : inputs) {
                operands.add(place(backend, input));
            }
            for (TensorSpec spec : specs) {
                results.add(output(backend, spec));
            }
            backend.run(kernel, operands, results, Stream.DEFAULT);
            backend.synchronize();
            return results.stream().map(result -> read(backend, result)).toList();
        } finally {
            operands.forEach(tensor -> backend.release(tensor.buffer()));
            results.forEach(tensor -> backend.release(tensor.buffer()));
        }
    }

    public byte[] onMetal(Kernel kernel, TensorSpec result, Placed... inputs) {
        return run(metal, kernel, List.of(result), inputs).getFirst();
    }

    public byte[] onCpu(Kernel kernel, TensorSpec result, Placed... inputs) {
        return run(cpu, kernel, List.of(result), inputs).getFirst();
    }

    /// Both backends give the same values; NaN is any NaN.
    public void assertSame(Kernel kernel, TensorSpec result, Placed... inputs) {
        assertClose(kernel, result, 0, inputs);
    }

    /// The backends' values differ by at most this many units in the last place of the result's dtype. A zero's sign counts if none may.
    public void assertClose(Kernel kernel, TensorSpec result, int ulps, Placed... inputs) {
        assertTrue(
                metal.supports(kernel, specs(inputs)), () -> kernel + " is not supported on " + List.of(specs(inputs)));
        assertClose(
                result.dtype(),
                ulps,
                onCpu(kernel, result, inputs),
                onMetal(kernel, result, inputs),
                kernel.toString());
    }

    public static List<TensorSpec> specs(Placed... inputs) {
        List<TensorSpec> specs = new ArrayList<>();
        for (Placed input : inputs) {
            specs.add(input.spec());
        }
        return specs;
    }

    public static void assertClose(DType dtype, int ulps, byte[] expected, byte[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        if (!dtype.isInexact()) {
            for (int i = 0; i < expected.length; i++) {
                int at = i;
                assertEquals(expected[i], actual[i], () -> what + " " + dtype + " at byte " + at);
            }
            return;
        }
        double[] wanted = Placed.decode(dtype, expected);
        double[] got = Placed.decode(dtype, actual);
        for (int i = 0; i < wanted.length; i++) {
            double w = wanted[i];
            double g = got[i];
            boolean near = Double.isNaN(w)
                    ? Double.isNaN(g)
                    : ulps == 0 ? Double.compare(w, g) == 0 : w == g || Math.abs(w - g) <= ulps * unit(dtype, w);
            int at = i;
            assertTrue(
                    near,
                    () -> what + " " + dtype + " at " + at + " is " + g + ", not " + w + ", off by "
                            + Math.abs(w - g) / unit(dtype, w) + " ulp");
        }
    }

    /// The distance of neighbours there.
    public static double unit(DType dtype, double value) {
        float rounded = (float) value;
        return switch (dtype) {
            case FLOAT16 -> Math.max(Math.ulp(rounded) * 0x1p13, 0x1p-24);
            case BFLOAT16 -> Math.ulp(rounded) * 0x1p16;
            case FLOAT64 -> Math.ulp(value);
            default -> Math.ulp(rounded);
        };
    }

    /// Nothing of what the test allocated is left.
    public void assertNoLeaks() {
        MemoryStats stats = metal.memory();
        assertEquals(0, stats.buffers(), "buffers that were not released");
    }

    @Override
    public void close() {
        metal.close();
        cpu.close();
    }
}
