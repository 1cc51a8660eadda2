package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Backends;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.cpu.CpuBackendProvider;
import org.lazuli.spi.Backend;
import org.lazuli.spi.BackendProvider;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Checks the backend as the one that evaluates a program's arrays: from several threads, after it was closed, where it has to fall back, and when
/// something goes wrong.
final class RuntimeChecks {
    private static final int THREADS = 4;
    private static final int ROUNDS = 10;

    private final BackendProvider provider;
    private final Backend backend;

    RuntimeChecks(BackendProvider provider, Backend backend) {
        this.provider = provider;
        this.backend = backend;
    }

    List<Check> all() {
        return List.of(
                check("evaluation-threads", this::threads),
                check("evaluation-closed", this::closed),
                check("evaluation-errors", this::errors),
                check("fallback", this::fallback));
    }

    private static Check check(String name, Supplier<@Nullable Finding> body) {
        return new Check(BackendChecks.OPERATION, "", name, seed -> {
            Tally tally = new Tally();
            tally.ran();
            return tally.with(body.get());
        });
    }

    /// Some of everything: random bits, a product, a fused chain, a reduction.
    private static float[] program(int number) {
        Array x = Random.uniform(Shape.of(16, 16), Random.key(number));
        return x.matmul(x.transpose()).mul(0.1).tanh().add(number).sum(0).toFloatArray();
    }

    /// Several threads evaluate at once and get the bits that one gets.
    private @Nullable Finding threads() {
        List<float[]> alone = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            alone.add(program(i));
        }
        List<Throwable> thrown = java.util.Collections.synchronizedList(new ArrayList<>());
        List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    float[] again = program(number);
                    if (!Arrays.equals(alone.get(number), again)) {
                        wrong.add(Arrays.toString(again) + ", expected " + Arrays.toString(alone.get(number)));
                    }
                }
            });
            thread.setUncaughtExceptionHandler((where, e) -> thrown.add(e));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        String input = THREADS + " threads, each with a product, a chain and a sum of its own";
        if (!thrown.isEmpty()) {
            return Finding.thrown(thrown.getFirst(), "what one thread gets", input, "");
        }
        return wrong.isEmpty() ? null : Finding.of(wrong.getFirst(), "what one thread gets", input, "");
    }

    /// An array whose backend was closed cannot be read, and says so as on the reference; one that is made afterwards can.
    private @Nullable Finding closed() {
        String got = readAfterClose(provider);
        String expected = readAfterClose(CpuBackendProvider.plain()).replace("'cpu'", "'" + provider.name() + "'");
        if (!got.equals(expected)) {
            return Finding.of(got, expected, "an array that is read after its backend was closed", "");
        }
        float[] next = Ops.array(new float[] {1, 2}).add(1).toFloatArray();
        return Arrays.equals(next, new float[] {2, 3})
                ? null
                : Finding.of(Arrays.toString(next), "[2.0, 3.0]", "array(1, 2).add(1) after another was closed", "");
    }

    private static String readAfterClose(BackendProvider provider) {
        Array array;
        try (var _ = Backends.use(provider)) {
            array = Ops.array(new float[] {1, 2}).add(1).eval();
        }
        try {
            return "it reads " + Arrays.toString(array.toFloatArray());
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    /// What is refused when it runs is refused in the reference's words, and the next evaluation is right.
    private @Nullable Finding errors() {
        Map<String, Supplier<Array>> wrong = new TreeMap<>();
        wrong.put("take out of bounds", () -> Ops.arange(3).take(Ops.array(new int[] {0, 3}), 0));
        wrong.put("take below the start", () -> Ops.arange(3).take(Ops.array(new int[] {-4}), 0));
        wrong.put("take far out of bounds", () -> Ops.zeros(2, 3).take(Ops.array(new long[] {1L << 40}), 1));
        for (Map.Entry<String, Supplier<Array>> entry : wrong.entrySet()) {
            String got = problem(entry.getValue());
            String expected;
            try (var _ = Backends.use(CpuBackendProvider.plain())) {
                expected = problem(entry.getValue());
            }
            if (!got.equals(expected)) {
                return Finding.of(got, expected, entry.getKey(), "");
            }
            float[] next = Ops.array(new float[] {1, 2}).mul(3).toFloatArray();
            if (!Arrays.equals(next, new float[] {3, 6})) {
                return Finding.of(
                        Arrays.toString(next), "[3.0, 6.0]", "array(1, 2).mul(3) after " + entry.getKey(), "");
            }
        }
        return null;
    }

    private static String problem(Supplier<Array> body) {
        try {
            return "no exception, but " + Arrays.toString(body.get().toDoubleArray());
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    /// A kernel that the backend does not support runs on the reference and is counted; one that it supports is not.
    private @Nullable Finding fallback() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32)) {
            TensorSpec spec = new TensorSpec(dtype, Shape.of(2));
            boolean supported =
                    backend.supports(new Primitive.Scan(Primitive.ScanOp.SUM, 0, false, true), List.of(spec));
            Array operand = Ops.array(new double[] {2, 1}, dtype).eval();
            long before = Backends.current().fallbacks();
            double[] sums = operand.cumsum(0).toDoubleArray();
            boolean counted = Backends.current().fallbacks() > before;
            String input = "array(2, 1) of " + dtype + ", cumsum";
            if (!Arrays.equals(sums, new double[] {2, 3})) {
                return Finding.of(Arrays.toString(sums), "[2.0, 3.0]", input, "");
            }
            if (supported == counted) {
                return Finding.of(
                        (Backends.current().fallbacks() - before) + " fallbacks",
                        "supports() says " + (supported ? "yes: none" : "no: at least one"),
                        input,
                        "");
            }
        }
        return null;
    }
}
