package org.lazuli.conformance.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.io.Gguf;
import org.lazuli.io.Npy;
import org.lazuli.io.Npz;
import org.lazuli.io.Safetensors;
import org.lazuli.io.TensorFileException;

/// The data of an array is read when it is first needed, from the file as it was.
class LazyReadingTest {
    private static final int SIZE = 100_000;

    @TempDir
    Path directory;

    private record Format(String name, Writer save, Function<Path, Array> load) {
        interface Writer {
            void write(Path file, Array array);
        }
    }

    private static Array x(Map<String, Array> arrays) {
        return Objects.requireNonNull(arrays.get("x"));
    }

    private Stream<DynamicTest> each(ThrowingConsumer test) {
        return Stream.of(
                        new Format("npy", Npy::save, Npy::load),
                        new Format("npz", (file, a) -> Npz.save(file, Map.of("x", a)), f -> x(Npz.load(f))),
                        new Format(
                                "safetensors",
                                (file, a) -> Safetensors.save(file, Map.of("x", a)),
                                f -> x(Safetensors.load(f).arrays())),
                        new Format(
                                "gguf",
                                (file, a) -> Gguf.save(file, Map.of("x", a)),
                                f -> x(Gguf.load(f).arrays())))
                .map(format -> DynamicTest.dynamicTest(format.name(), () -> test.accept(format)));
    }

    private interface ThrowingConsumer {
        void accept(Format format) throws IOException;
    }

    private static Array counted(int from) {
        return Ops.arange(from, from + SIZE).astype(DType.FLOAT32);
    }

    @TestFactory
    Stream<DynamicTest> loadingReadsNoData() {
        return each(format -> {
            Path file = directory.resolve("lazy." + format.name());
            format.save().write(file, counted(0));
            System.gc();
            long before = Memory.active();
            Array loaded = format.load().apply(file);
            assertTrue(Memory.active() - before < SIZE, "no memory is taken yet");
            assertEquals(Shape.of(SIZE), loaded.shape());
            Array half = loaded.mul(0.5);
            assertEquals(SIZE - 1, half.get(org.lazuli.Index.at(-1)).item() * 2);
        });
    }

    @TestFactory
    Stream<DynamicTest> aFileThatIsReplacedGivesWhatItHeld() {
        return each(format -> {
            Path file = directory.resolve("replaced." + format.name());
            format.save().write(file, counted(0));
            Array old = format.load().apply(file);
            format.save().write(file, counted(7));
            assertArrayEquals(counted(0).toFloatArray(), old.toFloatArray());
            assertArrayEquals(
                    counted(7).toFloatArray(), format.load().apply(file).toFloatArray());
        });
    }

    @Test
    void aFileThatWasCutIsRefusedWhenItIsRead() throws IOException {
        Path file = directory.resolve("cut.npy");
        Npy.save(file, counted(0));
        Array loaded = Npy.load(file);
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.truncate(1000);
        }
        TensorFileException e = assertThrows(TensorFileException.class, loaded::eval);
        assertTrue(String.valueOf(e.getMessage()).contains("shorter"), e.getMessage());
    }

    @Test
    void aSourceIsAskedOnceAndAgainOnlyIfItFailed() {
        AtomicInteger calls = new AtomicInteger();
        Array x = Ops.array(DType.FLOAT32, Shape.of(3), arena -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
            }
            return java.lang.foreign.MemorySegment.ofArray(new float[] {1, 2, 3});
        });
        Array sum = x.mul(2).sum();
        assertEquals(0, calls.get());
        assertThrows(IllegalStateException.class, sum::eval);
        assertEquals(12, sum.item());
        assertEquals(6, x.sum().item());
        assertEquals(2, calls.get());
    }
}
