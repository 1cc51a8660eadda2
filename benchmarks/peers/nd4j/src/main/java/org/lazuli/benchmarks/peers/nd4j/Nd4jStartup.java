package org.lazuli.benchmarks.peers.nd4j;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lazuli.benchmarks.ColdProcess;
import org.lazuli.benchmarks.PeakMemory;
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

/// From the start of a process to the end of [Nd4jColdStart], as in `StartupBenchmark`.
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 10)
@Fork(1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by JMH
public class Nd4jStartup {
    @Param("matmul")
    public String program;

    @Benchmark
    public String run(PeakMemory memory) throws IOException, InterruptedException {
        ColdProcess process = ColdProcess.run(List.of(), "org.lazuli.benchmarks.peers.nd4j.Nd4jColdStart");
        memory.peakMegabytes = process.peakMegabytes();
        return process.text();
    }
}
