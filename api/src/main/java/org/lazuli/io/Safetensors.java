package org.lazuli.io;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;

/// The safetensors format: named arrays and a dictionary of texts in one file.
///
/// ```java
/// Safetensors.save(path, Map.of("weight", weight), Map.of("epochs", "5"));
/// Tensors tensors = Safetensors.load(path);
/// Array weight = tensors.arrays().get("weight");
/// ```
///
/// See also: MLX, *Saving and Loading Arrays*.
public final class Safetensors {

    private Safetensors() {}

    /// Opens a file: its arrays in the order in which their data lies in it. The data is read when it is first needed. 8-bit floating point,
    /// which is no dtype here, is read as `uint8`.
    ///
    /// @throws TensorFileException if there is no such file, or if it is damaged
    public static Tensors load(Path file) {
        return DataFile.open(file, (data, bytes) -> {
            SafetensorsHeader header = SafetensorsHeader.read(file, bytes);
            SequencedMap<String, Array> arrays = new LinkedHashMap<>();
            for (SafetensorsHeader.Entry entry : header.entries()) {
                arrays.put(
                        entry.name(),
                        data.array(entry.start(), entry.dtype(), entry.shape(), ByteOrder.LITTLE_ENDIAN));
            }
            return new Tensors(arrays, header.metadata());
        });
    }

    /// Writes arrays in the order of the map, evaluating them.
    ///
    /// @throws IllegalArgumentException if an array is `float64`, which MLX's safetensors do not hold
    /// @throws TensorFileException if the file cannot be written; a file that was there before is then unchanged
    public static void save(Path file, Map<String, Array> arrays) {
        save(file, arrays, Map.of());
    }

    /// Writes arrays in the order of the map, evaluating them, with texts about them.
    ///
    /// @throws IllegalArgumentException if an array is `float64`, which MLX's safetensors do not hold
    /// @throws TensorFileException if the file cannot be written; a file that was there before is then unchanged
    public static void save(Path file, Map<String, Array> arrays, Map<String, String> metadata) {
        byte[] header = header(arrays, metadata).getBytes(StandardCharsets.UTF_8);
        Ops.eval(arrays.values().toArray());
        TensorFile.write(file, out -> {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            out.write(header);
            for (Array array : arrays.values()) {
                write(array, out);
            }
        });
    }

    private static void write(Array array, OutputStream out) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            TensorFile.write(LittleEndian.bytes(array, arena), out);
        }
    }

    /// The header as MLX writes it: names in alphabetical order, no white space, `null` for no metadata.
    private static String header(Map<String, Array> arrays, Map<String, String> metadata) {
        Map<String, String> members = new TreeMap<>();
        members.put(SafetensorsHeader.METADATA, metadata.isEmpty() ? "null" : texts(metadata));
        long offset = 0;
        for (var entry : arrays.entrySet()) {
            Array array = entry.getValue();
            String member = "{\"data_offsets\":[" + offset + "," + (offset + array.nbytes()) + "],\"dtype\":\""
                    + dtype(entry.getKey(), array.dtype()) + "\",\"shape\":" + shape(array) + "}";
            if (members.putIfAbsent(entry.getKey(), member) != null) {
                throw new IllegalArgumentException("safetensors: no array can be called '" + SafetensorsHeader.METADATA
                        + "', the name that the format gives to its metadata: choose another");
            }
            offset += array.nbytes();
        }
        return object(members);
    }

    private static String dtype(String name, DType dtype) {
        String text = SafetensorsHeader.name(dtype);
        if (text == null) {
            throw new IllegalArgumentException("safetensors: '" + name + "' is " + dtype
                    + ", which MLX's safetensors do not hold: save it as npz, or as astype(DType.FLOAT32)");
        }
        return text;
    }

    private static String shape(Array array) {
        StringBuilder result = new StringBuilder("[");
        for (int dim : array.shape().toArray()) {
            result.append(result.length() == 1 ? "" : ",").append(dim);
        }
        return result.append(']').toString();
    }

    private static String texts(Map<String, String> metadata) {
        Map<String, String> members = new TreeMap<>();
        metadata.forEach((name, text) -> {
            StringBuilder quoted = new StringBuilder();
            Json.quote(text, quoted);
            members.put(name, quoted.toString());
        });
        return object(members);
    }

    /// An object whose values are JSON already.
    private static String object(Map<String, String> members) {
        StringBuilder result = new StringBuilder("{");
        members.forEach((name, value) -> {
            if (result.length() > 1) {
                result.append(',');
            }
            Json.quote(name, result);
            result.append(':').append(value);
        });
        return result.append('}').toString();
    }
}
