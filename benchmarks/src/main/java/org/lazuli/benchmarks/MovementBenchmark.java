package org.lazuli.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What moves elements more than it computes: transposes, an embedding's rows and their gradient, casts to half
/// precision and back.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // by prepare()
public abstract class MovementBenchmark {
    private Array square;
    private Array heads;
    private Array table;
    private Array ids;
    private Array rows;
    private Array f16;
    private Array bf16;

    @Setup
    public void prepare() {
        square = Random.uniform(Shape.of(2048, 2048)).eval();
        heads = Random.uniform(Shape.of(8, 128, 8, 64)).eval();
        table = Random.uniform(Shape.of(50_000, 256)).eval();
        ids = Random.randint(0, 50_000, Shape.of(4096)).eval();
        rows = Random.uniform(Shape.of(4096, 256)).eval();
        f16 = rows.astype(DType.FLOAT16).eval();
        bf16 = rows.astype(DType.BFLOAT16).eval();
    }

    @Benchmark
    public Array transpose() {
        return square.transpose().contiguous().eval();
    }

    /// (batch, length, heads, depth) to (batch, heads, length, depth).
    @Benchmark
    public Array splitHeads() {
        return heads.transpose(0, 2, 1, 3).contiguous().eval();
    }

    @Benchmark
    public Array gatherRows() {
        return table.take(ids, 0).eval();
    }

    /// Copies the table, too.
    @Benchmark
    public Array scatterAddRows() {
        return table.at(ids).add(rows).eval();
    }

    @Benchmark
    public Array toFloat16() {
        return rows.astype(DType.FLOAT16).eval();
    }

    @Benchmark
    public Array fromFloat16() {
        return f16.astype(DType.FLOAT32).eval();
    }

    @Benchmark
    public Array toBfloat16() {
        return rows.astype(DType.BFLOAT16).eval();
    }

    @Benchmark
    public Array fromBfloat16() {
        return bf16.astype(DType.FLOAT32).eval();
    }

    /// Without the Vector API.
    @Fork(3)
    public static class Plain extends MovementBenchmark {}

    /// With the Vector API.
    @Fork(
            value = 3,
            jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public static class Vector extends MovementBenchmark {}
}
