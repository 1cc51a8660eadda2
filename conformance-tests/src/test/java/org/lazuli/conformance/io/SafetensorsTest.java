package org.lazuli.conformance.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lazuli.Ops.array;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.io.Safetensors;
import org.lazuli.io.TensorFileException;
import org.lazuli.io.Tensors;

class SafetensorsTest {
    @TempDir
    Path directory;

    private Path write(String header, int dataBytes) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return write(ByteBuffer.allocate(8 + text.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array());
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("test.safetensors"), bytes);
    }

    private static void assertRefused(Path file, String problem) {
        TensorFileException e = assertThrows(TensorFileException.class, () -> Safetensors.load(file));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith(file + ": ") && message.contains(problem), message);
        assertEquals(file, e.file());
    }

    @Test
    void theHeaderIsAsTheReferenceWritesIt() throws IOException {
        Path file = directory.resolve("test.safetensors");
        Map<String, Array> arrays = new LinkedHashMap<>();
        arrays.put("b", array(new int[] {1, 2}));
        arrays.put("a", array(true));
        Safetensors.save(file, arrays, Map.of("k", "v\n\"", "a", "é"));
        String header = new String(Files.readAllBytes(file), 8, 150, StandardCharsets.UTF_8);
        String expected = "{\"__metadata__\":{\"a\":\"é\",\"k\":\"v\\n\\\"\"},"
                + "\"a\":{\"data_offsets\":[8,9],\"dtype\":\"BOOL\",\"shape\":[]},"
                + "\"b\":{\"data_offsets\":[0,8],\"dtype\":\"I32\",\"shape\":[2]}}";
        assertTrue(header.startsWith(expected), header);
        Tensors loaded = Safetensors.load(file);
        assertEquals(List.of("b", "a"), List.copyOf(loaded.arrays().keySet()));
        assertEquals(Map.of("k", "v\n\"", "a", "é"), loaded.metadata());
    }

    @Test
    void float64IsReadAndNotWritten() throws IOException {
        Path file = write("{\"x\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8);
        Array x = Safetensors.load(file).arrays().firstEntry().getValue();
        assertEquals(DType.FLOAT64, x.dtype());
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Safetensors.save(file, Map.of("x", x)));
        assertTrue(String.valueOf(e.getMessage()).startsWith("safetensors: 'x' is float64"));
    }

    @Test
    void theNameOfTheMetadataIsTaken() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Safetensors.save(directory.resolve("x"), Map.of("__metadata__", array(1))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | 0 | no JSON object",
                "{}} | 0 | no JSON",
                "{'x':1} | 0 | no JSON object",
                "{'x':{}} | 0 | 'dtype' is missing",
                "{'x':{'dtype':'F32'}} | 0 | 'shape' is missing",
                "{'x':{'dtype':'F32','shape':[1]}} | 4 | 'data_offsets' is missing",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0]}} | 4 | 1 elements instead of 2",
                "{'x':{'dtype':'F31','shape':[1],'data_offsets':[0,4]}} | 4 | dtype F31 is not supported",
                "{'x':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}} | 4 | no integer from 0",
                "{'x':{'dtype':'F32','shape':[1.0],'data_offsets':[0,4]}} | 4 | no integer from 0",
                "{'x':{'dtype':'F32','shape':[99999999999],'data_offsets':[0,4]}} | 4 | a size of 99999999999",
                "{'x':{'dtype':'F32','shape':[65536,65536],'data_offsets':[0,4]}} | 4 | at most 2147483647 elements",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | 4 | needs 8 bytes",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}} | 4 | needs 4 bytes",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 3 | exceed the 3 bytes",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[9223372036854775803,9223372036854775807]}} | 4 | exceed",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,99999999999999999999]}} | 4 | no integer from 0",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 5 | 1 bytes after",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[1,5]}} | 5 | 1 bytes between",
                "{'x':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'y':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}}"
                        + " | 3 | overlaps tensor 'x'",
                "{'x':{'dtype':'U8','shape':[0],'data_offsets':[0,0]},'x':{'dtype':'U8','shape':[0],'data_offsets':[0,0]}}"
                        + " | 0 | appears twice",
                "{'__metadata__':{'k':1}} | 0 | is no string",
                "{'__metadata__':[]} | 0 | __metadata__ is no JSON object",
            })
    void aHeaderThatLiesIsRefused(String header, int dataBytes, String problem) throws IOException {
        assertRefused(write(header.replace('\'', '"'), dataBytes), problem);
    }

    @Test
    void aHeaderThatIsNoTextIsRefused() throws IOException {
        assertRefused(write(new byte[] {1, 0, 0}), "too few");
        assertRefused(write(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 1}), "18446744073709551615 bytes long");
        assertRefused(write(new byte[] {3, 0, 0, 0, 0, 0, 0, 0, '{', (byte) 0xFF, '}'}), "not UTF-8");
        assertRefused(write("[".repeat(100_000), 0), "nest deeper");
        assertRefused(write("{\"x", 0), "ends inside a string");
        assertRefused(write("{\"\\x\":1}", 0), "unknown escape");
        assertRefused(write("{\"x\":01}", 0), "expected");
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        assertRefused(directory.resolve("none.safetensors"), "there is no such file");
    }

    @Test
    void whereNothingCanBeWrittenTheErrorSaysWhatToDo() {
        Map<String, Array> arrays = Map.of("x", array(1));
        TensorFileException e = assertThrows(
                TensorFileException.class, () -> Safetensors.save(directory.resolve("none/x.safetensors"), arrays));
        assertTrue(String.valueOf(e.getMessage()).contains("create the directory first"));
        assertThrows(TensorFileException.class, () -> Safetensors.save(directory, arrays));
    }

    @Test
    void aFailureWhileComputingLeavesTheOldFile() throws IOException {
        Path file = directory.resolve("test.safetensors");
        Safetensors.save(file, Map.of("x", array(1)));
        byte[] before = Files.readAllBytes(file);
        Array broken = Ops.arange(3).get(Index.take(array(new int[] {7})));
        assertThrows(IndexOutOfBoundsException.class, () -> Safetensors.save(file, Map.of("x", broken)));
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void aFailureWhileWritingLeavesTheOldFileAndNoOther() throws IOException {
        Path file = directory.resolve("test.safetensors");
        Safetensors.save(file, Map.of("x", array(1)));
        byte[] before = Files.readAllBytes(file);
        assertThrows(IllegalStateException.class, () -> Safetensors.save(file, new Breaking(), Map.of()));
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(List.of(file), files());
    }

    /// A map that can be looked through twice, for the header and for evaluation, and then no more.
    private static final class Breaking extends AbstractMap<String, Array> {
        private int looks;

        @Override
        public Set<Entry<String, Array>> entrySet() {
            if (++looks > 2) {
                throw new IllegalStateException("the disk is gone");
            }
            return Map.of("x", array(2), "y", array(3)).entrySet();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return new ArrayList<>(files.toList());
        }
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path file = directory.resolve("real.safetensors");
        Safetensors.save(file, Map.of("x", array(1)));
        Path link = Files.createSymbolicLink(directory.resolve("link.safetensors"), file);
        Safetensors.save(link, Map.of("x", array(2)));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(2, Safetensors.load(file).arrays().firstEntry().getValue().item());
    }
}
