package org.lazuli.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The same work with the machine to itself, and beside another process that keeps one processor busy, which should cost at most half the speed: no thread may wait
/// for one that has lost its processor longer than it takes to get one again.
///
/// The neighbour goes wherever the system puts it (`free`), or stays on the last processor (`pinned`, on Linux, by `taskset`).
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 2)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class BusyNeighbourBenchmark {
    @Param({"none", "free", "pinned"})
    public String neighbour;

    private Process busy;
    private Array large;
    private Array small;
    private Array vector;

    @Setup
    public void prepare() throws IOException {
        Random.seed(0);
        large = Random.uniform(Shape.of(1024, 1024));
        small = Random.uniform(Shape.of(128, 128));
        vector = Random.uniform(Shape.of(1 << 16));
        Ops.eval(large, small, vector);
        if (!neighbour.equals("none")) {
            busy = start();
        }
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>();
        if (neighbour.equals("pinned")) {
            int last = Runtime.getRuntime().availableProcessors() - 1;
            command.addAll(List.of("taskset", "-c", Integer.toString(last)));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), "org.lazuli.benchmarks.BusyLoop"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader reader = process.inputReader();
        String line = reader.readLine();
        if (!"busy".equals(line)) {
            process.destroy();
            throw new IllegalStateException("the neighbour does not start: " + line);
        }
        return process;
    }

    @TearDown
    public void end() {
        if (busy != null) {
            busy.destroy();
        }
    }

    @Benchmark
    public Array largeMatmul() {
        return large.matmul(large).eval();
    }

    /// So short that a thread which waits for another one's turn would be a thousand times as long about it.
    @Benchmark
    public Array smallMatmul() {
        return small.matmul(small).eval();
    }

    @Benchmark
    public Array softmax() {
        return large.softmax(-1).eval();
    }

    @Benchmark
    public Array exp() {
        return vector.exp().eval();
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends BusyNeighbourBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends BusyNeighbourBenchmark {}
}
