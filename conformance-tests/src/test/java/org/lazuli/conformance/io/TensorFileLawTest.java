package org.lazuli.conformance.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.io.Npy;
import org.lazuli.io.Npz;
import org.lazuli.io.Safetensors;
import org.lazuli.io.TensorFileException;
import org.lazuli.io.Tensors;

/// What is saved comes back, whatever it is; and what was damaged is refused with the one exception for it, without using more memory than a
/// file of its size calls for.
class TensorFileLawTest {
    private static Path directory = Path.of(".");

    /// An array as it is stored.
    record Stored(DType dtype, Shape shape, byte[] bytes) {
        Array array() {
            return Ops.array(MemorySegment.ofArray(bytes), dtype, shape);
        }

        void check(Array array) {
            assertEquals(dtype, array.dtype());
            assertEquals(shape, array.shape());
            byte[] loaded = new byte[bytes.length];
            array.copyTo(MemorySegment.ofArray(loaded));
            assertArrayEquals(bytes, loaded);
        }

        @Override
        public String toString() {
            return dtype + " " + shape + " " + Arrays.toString(bytes);
        }
    }

    @BeforeContainer
    static void create() throws IOException {
        directory = Files.createTempDirectory("lazuli");
    }

    @AfterContainer
    static void delete() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    @Provide
    Arbitrary<Stored> stored() {
        Arbitrary<List<Integer>> dims =
                Arbitraries.integers().between(0, 4).list().ofMaxSize(3);
        return Combinators.combine(Arbitraries.of(DType.class), dims, Arbitraries.longs())
                .as(TensorFileLawTest::stored);
    }

    private static Stored stored(DType dtype, List<Integer> dims, long seed) {
        Shape shape = Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
        byte[] bytes = new byte[shape.size() * dtype.bytes()];
        new Random(seed).nextBytes(bytes);
        if (dtype == DType.BOOL) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] &= 1;
            }
        }
        return new Stored(dtype, shape, bytes);
    }

    @Provide
    Arbitrary<Map<String, Stored>> named() {
        return Arbitraries.maps(Arbitraries.strings().ofMaxLength(8), stored()).ofMaxSize(4);
    }

    private static Map<String, Array> arrays(Map<String, Stored> named) {
        Map<String, Array> arrays = new LinkedHashMap<>();
        named.forEach((name, stored) -> arrays.put(name, stored.array()));
        return arrays;
    }

    @Property(tries = 200)
    void npyComesBack(@ForAll("stored") Stored stored) {
        Path file = directory.resolve("law.npy");
        Npy.save(file, stored.array());
        stored.check(Npy.load(file));
    }

    @Property(tries = 100)
    void npzComesBack(@ForAll("named") Map<String, Stored> named, @ForAll boolean compressed) {
        Path file = directory.resolve("law.npz");
        Map<String, Stored> wellNamed = new LinkedHashMap<>();
        // Names as a model has them: a zip archive cannot hold unpaired surrogates.
        named.values().forEach(stored -> wellNamed.put("layers." + wellNamed.size(), stored));
        if (compressed) {
            Npz.saveCompressed(file, arrays(wellNamed));
        } else {
            Npz.save(file, arrays(wellNamed));
        }
        Map<String, Array> loaded = Npz.load(file);
        assertEquals(wellNamed.keySet(), loaded.keySet());
        wellNamed.forEach((name, stored) -> stored.check(Objects.requireNonNull(loaded.get(name))));
    }

    @Property(tries = 200)
    void safetensorsComeBack(@ForAll("named") Map<String, Stored> named) {
        named.values().removeIf(stored -> stored.dtype() == DType.FLOAT64);
        named.keySet().removeIf(name -> !encodes(name));
        Path file = directory.resolve("law.safetensors");
        Map<String, String> metadata = new LinkedHashMap<>();
        named.keySet().forEach(name -> metadata.put(name, name));
        Safetensors.save(file, arrays(named), metadata);
        Tensors loaded = Safetensors.load(file);
        assertEquals(named.keySet(), loaded.arrays().keySet());
        named.forEach((name, stored) ->
                stored.check(Objects.requireNonNull(loaded.arrays().get(name))));
        assertEquals(metadata, loaded.metadata());
    }

    private static boolean encodes(String name) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(name);
    }

    @Property(tries = 2000)
    void damagedSafetensorsAreRefused(@ForAll long seed) throws IOException {
        Path file = directory.resolve("damaged.safetensors");
        byte[] bytes = sound(".safetensors", sound -> {
            Map<String, Array> arrays = new LinkedHashMap<>();
            arrays.put("layers.0.weight", Ops.arange(6).reshape(2, 3));
            arrays.put("bias", Ops.zeros(3));
            Safetensors.save(sound, arrays, Map.of("format", "mlx"));
        });
        int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        damage(file, bytes, 8 + header, new Random(seed));
        loadWithinMemory(file, () -> Ops.eval(Safetensors.load(file).arrays()));
    }

    @Property(tries = 1000)
    void damagedNpyIsRefused(@ForAll long seed) throws IOException {
        Path file = directory.resolve("damaged.npy");
        byte[] bytes = sound(".npy", sound -> Npy.save(sound, Ops.arange(6).reshape(2, 3)));
        damage(file, bytes, 128, new Random(seed));
        loadWithinMemory(file, () -> Ops.eval(Npy.load(file)));
    }

    @Property(tries = 1000)
    void damagedNpzIsRefused(@ForAll long seed) throws IOException {
        Path file = directory.resolve("damaged.npz");
        byte[] bytes =
                sound(".npz", sound -> Npz.saveCompressed(sound, Map.of("x", Ops.arange(6), "y", Ops.zeros(100))));
        damage(file, bytes, bytes.length, new Random(seed));
        loadWithinMemory(file, () -> Ops.eval(Npz.load(file)));
    }

    /// The bytes of a sound file, written once.
    private static byte[] sound(String suffix, Consumer<Path> save) throws IOException {
        Path file = directory.resolve("sound" + suffix);
        if (!Files.exists(file)) {
            save.accept(file);
        }
        return Files.readAllBytes(file);
    }

    /// Changes some bytes of the header, puts digits there, which make the worst lies, or cuts the file.
    private static void damage(Path file, byte[] bytes, int header, Random random) throws IOException {
        byte[] damaged = bytes.clone();
        switch (random.nextInt(4)) {
            case 0 -> damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            case 1 -> damaged[random.nextInt(header)] = (byte) random.nextInt();
            case 2 -> {
                int start = random.nextInt(header);
                Arrays.fill(damaged, start, Math.min(header, start + 1 + random.nextInt(20)), (byte)
                        ('0' + random.nextInt(10)));
            }
            default -> {
                for (int i = 0; i < damaged.length; i++) {
                    if (i < header && damaged[i] >= '0' && damaged[i] <= '9' && random.nextInt(3) == 0) {
                        damaged[i] = (byte) ('0' + random.nextInt(10));
                    }
                }
            }
        }
        Files.write(file, damaged);
    }

    /// Loads a file that may be damaged in a way that is not seen, such as a changed name.
    private static void loadWithinMemory(Path file, Runnable load) throws IOException {
        // Twice: the first time may load classes, which takes memory that is none of the file's matter.
        long used = Math.min(allocated(file, load), allocated(file, load));
        assertTrue(used < 1_000_000 + 2000 * Files.size(file), () -> "allocated " + used + " bytes");
    }

    private static long allocated(Path file, Runnable load) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            load.run();
        } catch (TensorFileException e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": "), e::getMessage);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
