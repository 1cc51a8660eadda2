package org.lazuli.io;

import static org.lazuli.io.TensorFileException.DAMAGED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.Shape;

/// The header of a safetensors file, checked against the size of the file: every array lies inside the file, has exactly the bytes that its
/// shape needs, and together they cover the data without overlap and without holes.
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {

    static final String METADATA = "__metadata__";

    private static final int LENGTH_BYTES = 8;

    /// The format's own limit for the header.
    private static final long MAX_HEADER = 100_000_000;

    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// One array: its bytes begin at `start`, counted from the beginning of the file.
    record Entry(String name, DType dtype, Shape shape, long start) {
        long bytes() {
            return (long) shape.size() * dtype.bytes();
        }
    }

    /// The format's name of a dtype.
    ///
    /// @return null if the format as MLX writes it has none
    static @Nullable String name(DType dtype) {
        return switch (dtype) {
            case BOOL -> "BOOL";
            case UINT8 -> "U8";
            case UINT16 -> "U16";
            case UINT32 -> "U32";
            case UINT64 -> "U64";
            case INT8 -> "I8";
            case INT16 -> "I16";
            case INT32 -> "I32";
            case INT64 -> "I64";
            case FLOAT16 -> "F16";
            case BFLOAT16 -> "BF16";
            case FLOAT32 -> "F32";
            case COMPLEX64 -> "C64";
            case FLOAT64 -> null;
        };
    }

    /// The dtype of this name in the format; 8-bit floating point is read as its bits.
    private static @Nullable DType dtype(String name) {
        for (DType dtype : DType.values()) {
            if (name.equals(name(dtype))) {
                return dtype;
            }
        }
        return switch (name) {
            case "F64" -> DType.FLOAT64;
            case "F8_E4M3", "F8_E8M0" -> DType.UINT8;
            default -> null;
        };
    }

    static SafetensorsHeader read(Path file, MemorySegment data) {
        return new Reader(file, data).read();
    }

    /// Reads and checks one header.
    private record Reader(Path file, MemorySegment data) {

        SafetensorsHeader read() {
            if (data.byteSize() < LENGTH_BYTES) {
                throw damaged("the file has " + data.byteSize() + " bytes, too few for a safetensors file");
            }
            long length = data.get(LENGTH, 0);
            if (length < 2 || length > data.byteSize() - LENGTH_BYTES) {
                throw damaged("the header is said to be " + Long.toUnsignedString(length) + " bytes long in a file of "
                        + data.byteSize());
            }
            if (length > MAX_HEADER) {
                throw damaged("the header is " + length + " bytes long; safetensors allows " + MAX_HEADER);
            }
            if (!(parse(length) instanceof Json.Obj(var members))) {
                throw damaged("the header is no JSON object");
            }
            List<Entry> entries = new ArrayList<>();
            Map<String, String> metadata = Map.of();
            for (var member : members.entrySet()) {
                if (member.getKey().equals(METADATA)) {
                    metadata = metadata(member.getValue());
                } else {
                    entries.add(entry(member.getKey(), member.getValue(), LENGTH_BYTES + length));
                }
            }
            entries.sort(Comparator.comparingLong(Entry::start).thenComparingLong(Entry::bytes));
            checkCover(entries, LENGTH_BYTES + length);
            return new SafetensorsHeader(List.copyOf(entries), metadata);
        }

        private Json parse(long length) {
            byte[] bytes = data.asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
            try {
                return Json.parse(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString());
            } catch (CharacterCodingException e) {
                throw new TensorFileException(file, "the header is not UTF-8", DAMAGED, e);
            } catch (Json.SyntaxException e) {
                throw new TensorFileException(file, "the header is no JSON: " + e.getMessage(), DAMAGED, e);
            }
        }

        private Map<String, String> metadata(Json json) {
            if (json instanceof Json.Null) {
                return Map.of();
            }
            if (!(json instanceof Json.Obj(var members))) {
                throw damaged(METADATA + " is no JSON object");
            }
            Map<String, String> result = new LinkedHashMap<>();
            members.forEach((name, value) -> {
                if (!(value instanceof Json.Str(String text))) {
                    throw damaged(METADATA + ": '" + name + "' is no string");
                }
                result.put(name, text);
            });
            return result;
        }

        private Entry entry(String name, Json json, long base) {
            if (!(json instanceof Json.Obj(var members))) {
                throw damaged("tensor '" + name + "': its description is no JSON object");
            }
            if (!(members.get("dtype") instanceof Json.Str(String dtypeName))) {
                throw damaged("tensor '" + name + "': 'dtype' is missing or no string");
            }
            DType dtype = dtype(dtypeName);
            if (dtype == null) {
                throw new TensorFileException(
                        file,
                        "tensor '" + name + "': dtype " + dtypeName + " is not supported",
                        "convert the tensor to a dtype that lazuli has, such as F32, when writing the file");
            }
            Shape shape = shape(name, members.get("shape"));
            long[] offsets = integers(name, "data_offsets", members.get("data_offsets"));
            if (offsets.length != 2) {
                throw damaged("tensor '" + name + "': 'data_offsets' has " + offsets.length + " elements instead of 2");
            }
            Entry entry = new Entry(name, dtype, shape, base + Math.min(offsets[0], data.byteSize()));
            String range = "(" + offsets[0] + ", " + offsets[1] + ")";
            if (offsets[1] < offsets[0] || offsets[1] - offsets[0] != entry.bytes()) {
                throw damaged("tensor '" + name + "': offsets " + range + " where " + dtype + " of shape " + shape
                        + " needs " + entry.bytes() + " bytes");
            }
            if (offsets[1] > data.byteSize() - base) {
                throw damaged("tensor '" + name + "': offsets " + range + " exceed the " + (data.byteSize() - base)
                        + " bytes of data in the file");
            }
            return entry;
        }

        private Shape shape(String name, @Nullable Json json) {
            long[] dims = integers(name, "shape", json);
            int[] result = new int[dims.length];
            for (int i = 0; i < dims.length; i++) {
                if (dims[i] > Integer.MAX_VALUE) {
                    throw damaged("tensor '" + name + "': a size of " + dims[i] + " in its shape");
                }
                result[i] = (int) dims[i];
            }
            try {
                return Shape.of(result);
            } catch (IllegalArgumentException e) {
                throw new TensorFileException(file, "tensor '" + name + "': " + e.getMessage(), DAMAGED, e);
            }
        }

        private long[] integers(String name, String key, @Nullable Json json) {
            if (!(json instanceof Json.Arr(var elements))) {
                throw damaged("tensor '" + name + "': '" + key + "' is missing or no list");
            }
            long[] result = new long[elements.size()];
            for (int i = 0; i < result.length; i++) {
                result[i] = integer(elements.get(i));
                if (result[i] < 0) {
                    throw damaged("tensor '" + name + "': '" + key
                            + "' holds something that is no integer from 0 to 9223372036854775807");
                }
            }
            return result;
        }

        /// The integer, or -1 where there is none, or one that is negative or too large.
        private static long integer(Json json) {
            if (json instanceof Json.Num(String text)) {
                try {
                    return Math.max(-1, Long.parseLong(text));
                } catch (NumberFormatException e) {
                    return -1;
                }
            }
            return -1;
        }

        private void checkCover(List<Entry> sorted, long base) {
            long covered = base;
            String last = "the header";
            for (Entry entry : sorted) {
                if (entry.start() < covered) {
                    throw damaged("tensor '" + entry.name() + "' overlaps " + last);
                }
                if (entry.start() > covered) {
                    throw damaged((entry.start() - covered) + " bytes between " + last + " and tensor '" + entry.name()
                            + "' belong to no tensor");
                }
                covered += entry.bytes();
                last = "tensor '" + entry.name() + "'";
            }
            if (covered != data.byteSize()) {
                throw damaged((data.byteSize() - covered) + " bytes after " + last + " belong to no tensor");
            }
        }

        private TensorFileException damaged(String problem) {
            return new TensorFileException(file, problem, DAMAGED);
        }
    }
}
