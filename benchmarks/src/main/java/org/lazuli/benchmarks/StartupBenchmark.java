package org.lazuli.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// From the start of a process to the end of a program that does one thing, and the most memory that it had: see [ColdStart].
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 10)
@Fork(1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by JMH
public class StartupBenchmark {
    @Param({"matmul", "step"})
    public String program;

    @Param({"plain", "vector"})
    public String loops;

    @Benchmark
    public String run(PeakMemory memory) throws IOException, InterruptedException {
        ColdProcess process = ColdProcess.run(
                loops.equals("vector") ? List.of("--add-modules", "jdk.incubator.vector") : List.of(),
                "org.lazuli.benchmarks.ColdStart",
                program);
        memory.peakMegabytes = process.peakMegabytes();
        return process.text();
    }
}
