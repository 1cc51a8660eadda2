package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.lazuli.DType;
import org.lazuli.Shape;

/// Reads the tensors of a family. The file is part of the corpus and taken to be sound.
final class TensorFile {

    private TensorFile() {}

    static Map<String, Tensor> read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        JsonObject header = JsonParser.parseString(new String(bytes, 8, length, StandardCharsets.UTF_8))
                .getAsJsonObject();
        Map<String, Tensor> result = new HashMap<>();
        for (Map.Entry<String, JsonElement> entry : header.entrySet()) {
            if (!entry.getKey().equals("__metadata__")) {
                result.put(entry.getKey(), tensor(entry.getValue().getAsJsonObject(), bytes, 8 + length));
            }
        }
        return result;
    }

    private static Tensor tensor(JsonObject json, byte[] file, int base) {
        DType dtype = dtype(json.get("dtype").getAsString());
        JsonArray offsets = json.getAsJsonArray("data_offsets");
        int start = base + offsets.get(0).getAsInt();
        int length = base + offsets.get(1).getAsInt() - start;
        MemorySegment bytes = Arena.ofAuto().allocate(Math.max(1, length), 8).asSlice(0, length);
        int word = dtype.isComplex() ? 4 : dtype.bytes();
        boolean swap = ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN;
        ByteBuffer target = bytes.asByteBuffer();
        for (int i = 0; i < length; i++) {
            int inWord = i % word;
            target.put(i, file[start + (swap ? i - inWord + word - 1 - inWord : i)]);
        }
        int[] dims = new int[json.getAsJsonArray("shape").size()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = json.getAsJsonArray("shape").get(i).getAsInt();
        }
        return new Tensor(dtype, Shape.of(dims), bytes);
    }

    private static DType dtype(String name) {
        return switch (name) {
            case "BOOL" -> DType.BOOL;
            case "U8" -> DType.UINT8;
            case "U16" -> DType.UINT16;
            case "U32" -> DType.UINT32;
            case "U64" -> DType.UINT64;
            case "I8" -> DType.INT8;
            case "I16" -> DType.INT16;
            case "I32" -> DType.INT32;
            case "I64" -> DType.INT64;
            case "F16" -> DType.FLOAT16;
            case "BF16" -> DType.BFLOAT16;
            case "F32" -> DType.FLOAT32;
            case "F64" -> DType.FLOAT64;
            case "C64" -> DType.COMPLEX64;
            default -> throw new IllegalArgumentException("no dtype is called " + name);
        };
    }
}
