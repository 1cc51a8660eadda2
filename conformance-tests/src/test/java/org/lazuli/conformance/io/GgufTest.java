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
        return file(type, 64, data);
    }

    private Path file(int type, int columns, byte[] data) throws IOException {
        byte[] name = "x.weight".getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(96 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3).putLong(1).putLong(0);
        out.putLong(name.length).put(name);
        out.putInt(2).putLong(columns).putLong(2).putInt(type).putLong(0);
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

    // ------------------------------------------------------------------------------- blocks that become float16

    private static final Map<Integer, Integer> BYTES = Map.of(6, 22, 7, 24, 10, 84, 11, 110, 12, 144, 13, 176, 14, 210);

    /// Where a block of each type has its numbers in float16.
    private static final Map<Integer, int[]> SCALES = Map.of(
            6, new int[] {0},
            7, new int[] {0, 2},
            10, new int[] {80, 82},
            11, new int[] {108},
            12, new int[] {0, 2},
            13, new int[] {0, 2},
            14, new int[] {208});

    /// Element `i` of the block that begins at `at`, by the definition of its type.
    private static float element(int type, ByteBuffer in, int at, int i) {
        int[] scales = Objects.requireNonNull(SCALES.get(type));
        float d = Float.float16ToFloat(in.getShort(at + scales[0]));
        float m = scales.length == 1 ? 0 : Float.float16ToFloat(in.getShort(at + scales[1]));
        int half = i / 128;
        int quarter = i % 128 / 32;
        int l = i % 32;
        int group = i / 32;
        switch (type) {
            case 6, 7 -> {
                int from = at + 2 * scales.length;
                int low = in.get(from + 4 + i % 16) >> (i < 16 ? 0 : 4) & 15;
                int q = low | (in.getInt(from) >> i & 1) << 4;
                return type == 6 ? d * (q - 16) : d * q + m;
            }
            case 10 -> {
                int scale = in.get(at + i / 16) & 0xff;
                int q = in.get(at + 16 + half * 32 + l) >> 2 * quarter & 3;
                return d * (scale & 15) * q - m * (scale >> 4);
            }
            case 11 -> {
                int k = i / 16;
                int low = in.get(at + 96 + k % 8) >> (k < 8 ? 0 : 4) & 15;
                int scale = (low | (in.get(at + 104 + k % 4) >> 2 * (k / 4) & 3) << 4) - 32;
                int q = (in.get(at + 32 + half * 32 + l) >> 2 * quarter & 3)
                        - ((in.get(at + l) >> group & 1) == 1 ? 0 : 4);
                return d * scale * q;
            }
            case 12, 13 -> {
                int s = at + 4;
                int scale = group < 4
                        ? in.get(s + group) & 63
                        : in.get(s + group + 4) & 15 | (in.get(s + group - 4) >> 6 & 3) << 4;
                int minimum = group < 4
                        ? in.get(s + group + 4) & 63
                        : in.get(s + group + 4) >> 4 & 15 | (in.get(s + group) >> 6 & 3) << 4;
                int elements = at + (type == 12 ? 16 : 48);
                int q = in.get(elements + group / 2 * 32 + l) >> 4 * (group % 2) & 15;
                q += type == 12 ? 0 : (in.get(at + 16 + l) >> group & 1) << 4;
                return d * scale * q - m * minimum;
            }
            default -> {
                int low = in.get(at + half * 64 + quarter % 2 * 32 + l) >> (quarter < 2 ? 0 : 4) & 15;
                int q = (low | (in.get(at + 128 + half * 32 + l) >> 2 * quarter & 3) << 4) - 32;
                return d * in.get(at + 192 + i / 16) * q;
            }
        }
    }

    @Test
    void otherBlocksBecomeNumbersOfTheSameValues() throws IOException {
        for (int type : BYTES.keySet()) {
            int size = Objects.requireNonNull(BYTES.get(type));
            int elements = type < 10 ? 32 : 256;
            int blocks = 2 * 512 / elements;
            byte[] data = new byte[blocks * size];
            new java.util.Random(type).nextBytes(data);
            ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
            float[] expected = new float[2 * 512];
            for (int block = 0; block < blocks; block++) {
                for (int place : Objects.requireNonNull(SCALES.get(type))) {
                    in.putShort(block * size + place, Float.floatToFloat16(0.013f * (block - 1.5f) + 0.001f * place));
                }
                for (int i = 0; i < elements; i++) {
                    float exact = element(type, in, block * size, i);
                    expected[block * elements + i] = Float.float16ToFloat(Float.floatToFloat16(exact));
                }
            }
            Map<String, Array> arrays = Gguf.load(file(type, 512, data)).arrays();
            assertEquals(List.of("x.weight"), List.copyOf(arrays.keySet()));
            Array values = Objects.requireNonNull(arrays.get("x.weight"));
            assertEquals(DType.FLOAT16, values.dtype());
            assertEquals(Shape.of(2, 512), values.shape());
            assertArrayEquals(expected, values.astype(DType.FLOAT32).toFloatArray(), "type " + type);
        }
    }

    @Test
    void rowsThatAreNoBlocksAreRefused() throws IOException {
        Path file = file(12, 128, new byte[144]);
        TensorFileException e = assertThrows(TensorFileException.class, () -> Gguf.load(file));
        assertTrue(String.valueOf(e.getMessage()).contains("cannot consist of blocks of 256"), e.getMessage());
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
        Path file = file(16, new byte[1024]);
        TensorFileException e = assertThrows(TensorFileException.class, () -> Gguf.load(file));
        assertTrue(String.valueOf(e.getMessage()).contains("'x.weight' is of type 16, IQ2_XXS"), e.getMessage());
    }

    @Test
    void dataBeyondTheEndIsRefused() throws IOException {
        Path file = file(8, new byte[4 * 34 - 1]);
        TensorFileException e = assertThrows(TensorFileException.class, () -> Gguf.load(file));
        assertTrue(String.valueOf(e.getMessage()).contains("reaches beyond"), e.getMessage());
    }
}
