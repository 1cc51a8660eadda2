package org.lazuli.conformance.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;
import org.lazuli.Shape;
import org.lazuli.io.Gguf;
import org.lazuli.io.TensorFileException;

class GgufTest {
    @TempDir
    Path directory;

    /// A file of one array, `x.weight` of shape (2,64), in blocks with these bytes.
    private Path file(int type, byte[] data) throws IOException {
        byte[] name = "x.weight".getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(96 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3).putLong(1).putLong(0);
        out.putLong(name.length).put(name);
        out.putInt(2).putLong(64).putLong(2).putInt(type).putLong(0);
        out.position(96).put(data);
        return Files.write(directory.resolve("blocks.gguf"), out.array());
    }

    /// Four blocks, and what their elements are by the definition: `d * (q - offset) + m`.
    private static double[] elements(int type, byte[] data) {
        int size = data.length / 4;
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        double[] result = new double[128];
        for (int block = 0; block < 4; block++) {
            int at = block * size;
            double d = Float.float16ToFloat(in.getShort(at));
            double m = type == 3 ? Float.float16ToFloat(in.getShort(at + 2)) : 0;
            int quants = at + (type == 3 ? 4 : 2);
            for (int i = 0; i < 32; i++) {
                int q = type == 8
                        ? in.get(quants + i)
                        : (in.get(quants + i % 16) >> (i < 16 ? 0 : 4) & 15) - (type == 2 ? 8 : 0);
                result[block * 32 + i] = d * q + m;
            }
        }
        return result;
    }

    @Test
    void blocksBecomePackedMatricesOfTheSameValues() throws IOException {
        for (int type : new int[] {2, 3, 8}) {
            int size = type == 2 ? 18 : type == 3 ? 20 : 34;
            byte[] data = new byte[4 * size];
            new java.util.Random(type).nextBytes(data);
            ByteBuffer scales = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
            for (int block = 0; block < 4; block++) {
                // Powers of two, so that the bias is exact.
                scales.putShort(block * size, Float.floatToFloat16(1f / (8 << block)));
                if (type == 3) {
                    scales.putShort(block * size + 2, Float.floatToFloat16(-1.5f * block));
                }
            }
            Map<String, Array> arrays = Gguf.load(file(type, data)).arrays();
            assertEquals(List.of("x.weight", "x.scales", "x.biases"), List.copyOf(arrays.keySet()));
            Quantized w = new Quantized(
                    Objects.requireNonNull(arrays.get("x.weight")),
                    Objects.requireNonNull(arrays.get("x.scales")),
                    arrays.get("x.biases"),
                    Quantization.AFFINE.withGroupSize(32).withBits(type == 8 ? 8 : 4));
            assertEquals(Shape.of(2, 64), w.shape());
            assertArrayEquals(
                    elements(type, data),
                    Ops.dequantize(w, DType.FLOAT32).astype(DType.FLOAT64).toDoubleArray());
        }
    }

    @Test
    void whatIsSavedComesBack() {
        Path file = directory.resolve("model.gguf");
        Map<String, Array> arrays = new LinkedHashMap<>();
        arrays.put("a", Ops.arange(6).reshape(2, 3));
        arrays.put("empty", Ops.zeros(0, 3));
        arrays.put("scalar", Ops.array(2.5f));
        arrays.put("half", Ops.arange(5).astype(DType.FLOAT16));
        Map<String, Gguf.Value> metadata = new LinkedHashMap<>();
        metadata.put("general.name", new Gguf.Text("zwölf"));
        metadata.put("tokens", new Gguf.Texts(List.of("", "a", "b c")));
        metadata.put("flags", new Gguf.Numbers(Ops.array(new boolean[] {true, false})));
        metadata.put("count", new Gguf.Numbers(Ops.array(7L, DType.UINT64)));
        Gguf.save(file, arrays, metadata);
        Gguf.Contents loaded = Gguf.load(file);
        assertEquals(List.copyOf(arrays.keySet()), List.copyOf(loaded.arrays().keySet()));
        arrays.forEach((name, array) -> {
            Array again = Objects.requireNonNull(loaded.arrays().get(name));
            assertEquals(array.dtype(), again.dtype());
            assertTrue(array.arrayEqual(again).itemBoolean(), name);
        });
        assertEquals(
                List.copyOf(metadata.keySet()), List.copyOf(loaded.metadata().keySet()));
        assertEquals(metadata.get("general.name"), loaded.metadata().get("general.name"));
        assertEquals(metadata.get("tokens"), loaded.metadata().get("tokens"));
        assertEquals("array(7, dtype=uint64)", numbers(loaded, "count"));
        assertEquals("array([True, False], dtype=bool)", numbers(loaded, "flags"));
    }

    private static String numbers(Gguf.Contents contents, String key) {
        return contents.metadata().get(key) instanceof Gguf.Numbers(Array numbers) ? numbers.toString() : "";
    }

    @Test
    void otherBlocksAreRefused() throws IOException {
        Path file = file(14, new byte[1024]);
        TensorFileException e = assertThrows(TensorFileException.class, () -> Gguf.load(file));
        assertTrue(String.valueOf(e.getMessage()).contains("'x.weight' is of type 14"), e.getMessage());
    }

    @Test
    void dataBeyondTheEndIsRefused() throws IOException {
        Path file = file(8, new byte[4 * 34 - 1]);
        TensorFileException e = assertThrows(TensorFileException.class, () -> Gguf.load(file));
        assertTrue(String.valueOf(e.getMessage()).contains("reaches beyond"), e.getMessage());
    }
}
