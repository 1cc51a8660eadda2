package org.lazuli.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lazuli.Array;
import org.lazuli.Ops;

/// The GGUF format: named arrays and typed metadata in one file, with which language models for llama.cpp are distributed.
///
/// Arrays quantized as Q4_0, Q4_1 or Q8_0 are read without loss as what [Ops#quantize] makes with [org.lazuli.Quantization#AFFINE] in groups of 32,
/// in 4, 4 and 8 bits: for `x.weight` there are then `x.weight`, the packed elements, `x.scales` and `x.biases`. Those in blocks with several scales, Q2_K
/// to Q6_K, and those of five bits, Q5_0 and Q5_1, become float16; MLX does so with Q2_K, Q4_K and Q6_K and refuses the others.
///
/// ```java
/// Gguf.Contents model = Gguf.load(Path.of("model.gguf"));
/// var w = new Quantized(
///         model.arrays().get("output.weight"),
///         model.arrays().get("output.scales"),
///         model.arrays().get("output.biases"),
///         Quantization.AFFINE.withGroupSize(32));
/// ```
///
/// See also: MLX, *Saving and Loading Arrays*; the [specification of GGUF](https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
public final class Gguf {
    static final byte[] MAGIC = {'G', 'G', 'U', 'F'};
    static final int ALIGNMENT = 32;

    private static final int VERSION = 3;

    private Gguf() {}

    /// What a file holds, in its order.
    public record Contents(SequencedMap<String, Array> arrays, SequencedMap<String, Value> metadata) {
        public Contents {
            arrays = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(arrays));
            metadata = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metadata));
        }
    }

    /// A value of the metadata.
    public sealed interface Value {}

    /// A text.
    public record Text(String text) implements Value {}

    /// Several texts, such as a vocabulary.
    public record Texts(List<String> texts) implements Value {
        public Texts {
            texts = List.copyOf(texts);
        }
    }

    /// A number or boolean, of shape (), or several, of shape (n).
    public record Numbers(Array numbers) implements Value {}

    /// Opens a file. Metadata is read at once, the data of arrays when it is first needed.
    ///
    /// @throws TensorFileException if there is no such file, if it is damaged, or if an array is quantized in another way
    public static Contents load(Path file) {
        return DataFile.open(file, (data, bytes) -> {
            GgufHeader header = GgufHeader.read(file, bytes);
            SequencedMap<String, Array> arrays = new LinkedHashMap<>();
            for (GgufHeader.Entry entry : header.entries()) {
                for (var array : GgufType.arrays(entry, data).entrySet()) {
                    if (arrays.putIfAbsent(array.getKey(), array.getValue()) != null) {
                        throw new TensorFileException(
                                file, "has two arrays called '" + array.getKey() + "'", TensorFileException.DAMAGED);
                    }
                }
            }
            return new Contents(arrays, header.metadata());
        });
    }

    /// Writes arrays in the order of the map, evaluating them.
    ///
    /// @throws IllegalArgumentException if an array is none of float32, float16, int8, int16 and int32
    /// @throws TensorFileException if the file cannot be written; a file that was there before is then unchanged
    public static void save(Path file, Map<String, Array> arrays) {
        save(file, arrays, Map.of());
    }

    /// Writes arrays in the order of the map, evaluating them, with metadata.
    ///
    /// @throws IllegalArgumentException if an array is none of float32, float16, int8, int16 and int32, or metadata is complex64, half precision, or
    ///     has more than one axis
    /// @throws TensorFileException if the file cannot be written; a file that was there before is then unchanged
    public static void save(Path file, Map<String, Array> arrays, Map<String, Value> metadata) {
        byte[] header = header(arrays, metadata);
        Ops.eval(arrays.values().toArray());
        TensorFile.write(file, out -> {
            out.write(header);
            long at = 0;
            for (Array array : arrays.values()) {
                // Only between arrays: nothing follows the last one.
                pad(at, out);
                at = aligned(at);
                try (Arena arena = Arena.ofConfined()) {
                    TensorFile.write(LittleEndian.bytes(array, arena), out);
                }
                at += array.nbytes();
            }
        });
    }

    private static long aligned(long at) {
        return (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static void pad(long at, OutputStream out) throws IOException {
        out.write(new byte[(int) (aligned(at) - at)]);
    }

    private static byte[] header(Map<String, Array> arrays, Map<String, Value> metadata) {
        Output out = new Output();
        out.bytes.writeBytes(MAGIC);
        out.integer(VERSION, 4);
        out.integer(arrays.size(), 8);
        out.integer(metadata.size(), 8);
        metadata.forEach((key, value) -> {
            out.text(key);
            out.value(key, value);
        });
        long offset = 0;
        for (var entry : arrays.entrySet()) {
            Array array = entry.getValue();
            out.text(entry.getKey());
            out.integer(array.ndim(), 4);
            for (int axis = array.ndim() - 1; axis >= 0; axis--) {
                out.integer(array.dim(axis), 8);
            }
            out.integer(GgufType.code(entry.getKey(), array.dtype()), 4);
            offset = aligned(offset);
            out.integer(offset, 8);
            offset += array.nbytes();
        }
        if (!arrays.isEmpty()) {
            out.bytes.writeBytes(new byte[(int) (aligned(out.bytes.size()) - out.bytes.size())]);
        }
        return out.bytes.toByteArray();
    }

    /// Little-endian bytes of what a header is made of.
    private static final class Output {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void integer(long value, int count) {
            byte[] all = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array();
            bytes.write(all, 0, count);
        }

        void text(String text) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            integer(encoded.length, 8);
            bytes.writeBytes(encoded);
        }

        void value(String key, Value value) {
            switch (value) {
                case Text(String text) -> {
                    integer(GgufHeader.STRING, 4);
                    text(text);
                }
                case Texts(List<String> texts) -> {
                    integer(GgufHeader.ARRAY, 4);
                    integer(GgufHeader.STRING, 4);
                    integer(texts.size(), 8);
                    texts.forEach(this::text);
                }
                case Numbers(Array numbers) -> {
                    int code = GgufHeader.code(key, numbers.dtype());
                    if (numbers.ndim() > 1) {
                        throw new IllegalArgumentException("gguf: metadata '" + key + "' has shape " + numbers.shape()
                                + ": GGUF has numbers and lists of numbers; flatten it");
                    }
                    if (numbers.ndim() == 1) {
                        integer(GgufHeader.ARRAY, 4);
                        integer(code, 4);
                        integer(numbers.size(), 8);
                    } else {
                        integer(code, 4);
                    }
                    numbers(numbers);
                }
            }
        }

        private void numbers(Array numbers) {
            try (Arena arena = Arena.ofConfined()) {
                TensorFile.write(LittleEndian.bytes(numbers.eval(), arena), bytes);
            } catch (IOException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }
}
