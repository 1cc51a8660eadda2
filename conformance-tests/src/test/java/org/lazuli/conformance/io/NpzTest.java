package org.lazuli.conformance.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lazuli.Ops.array;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.io.Npz;
import org.lazuli.io.TensorFileException;

class NpzTest {
    @TempDir
    Path directory;

    private static void assertRefused(Path file, String problem) {
        TensorFileException e = assertThrows(TensorFileException.class, () -> Ops.eval(Npz.load(file)));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith(file + ": ") && message.contains(problem), message);
    }

    @Test
    void theOrderAndTheNamesStay() {
        Path file = directory.resolve("test.npz");
        Map<String, Array> arrays = new LinkedHashMap<>();
        arrays.put("layers.0.weight", Ops.arange(6).reshape(2, 3));
        arrays.put("a", array(true));
        Npz.save(file, arrays);
        Map<String, Array> loaded = Npz.load(file);
        assertEquals(List.of("layers.0.weight", "a"), List.copyOf(loaded.keySet()));
        assertEquals(Shape.of(2, 3), loaded.values().iterator().next().shape());
    }

    @Test
    void theSameArraysGiveTheSameFile() throws IOException {
        Map<String, Array> arrays = Map.of("x", Ops.arange(10));
        for (String name : List.of("a.npz", "b.npz")) {
            Npz.saveCompressed(directory.resolve(name), arrays);
        }
        assertArrayEquals(
                Files.readAllBytes(directory.resolve("a.npz")), Files.readAllBytes(directory.resolve("b.npz")));
    }

    @Test
    void compressionMakesItSmaller() throws IOException {
        Map<String, Array> arrays = Map.of("x", Ops.zeros(10_000));
        Path stored = directory.resolve("stored.npz");
        Path compressed = directory.resolve("compressed.npz");
        Npz.save(stored, arrays);
        Npz.saveCompressed(compressed, arrays);
        assertTrue(Files.size(stored) > 40_000);
        assertTrue(Files.size(compressed) < 1_000);
        assertEquals(0, Npz.load(compressed).firstEntry().getValue().sum().item());
    }

    @Test
    void whatIsNoArchiveIsRefused() throws IOException {
        Path file = directory.resolve("test.npz");
        assertRefused(file, "there is no such file");
        Files.write(file, new byte[0]);
        assertRefused(file, "no zip archive");
        Npz.save(file, Map.of("x", Ops.arange(100)));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 30));
        assertRefused(file, "no zip archive");
    }

    @Test
    void aChangedByteIsFound() throws IOException {
        Path file = directory.resolve("test.npz");
        Npz.save(file, Map.of("x", Ops.arange(100)));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertRefused(file, "checksum");
    }

    @Test
    void anEntryThatIsNoArrayIsRefused() throws IOException {
        Path file = directory.resolve("test.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("readme.txt"));
            zip.write("There is no array in here.".getBytes(StandardCharsets.UTF_8));
        }
        assertRefused(file, "entry 'readme.txt' does not begin with npy's magic number");
    }

    @Test
    void anEntryThatClaimsToBeHugeIsRefused() throws IOException {
        Path file = directory.resolve("test.npz");
        Npz.saveCompressed(file, Map.of("x", Ops.arange(100)));
        byte[] bytes = Files.readAllBytes(file);
        // The size in the central directory, 24 bytes after its signature.
        for (int i = 0; i + 46 < bytes.length; i++) {
            if (bytes[i] == 'P' && bytes[i + 1] == 'K' && bytes[i + 2] == 1 && bytes[i + 3] == 2) {
                bytes[i + 26] = (byte) 0xFF;
                bytes[i + 27] = (byte) 0x7F;
            }
        }
        Files.write(file, bytes);
        assertRefused(file, "is said to be");
    }
}
