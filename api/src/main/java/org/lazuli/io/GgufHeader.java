package org.lazuli.io;

import static org.lazuli.io.TensorFileException.DAMAGED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// The header of a GGUF file, checked against the size of the file: every array lies inside it, and none overlaps another.
record GgufHeader(List<Entry> entries, SequencedMap<String, Gguf.Value> metadata) {
    /// Of the types of metadata.
    static final int STRING = 8;

    static final int ARRAY = 9;

    private static final DType[] TYPES = {
        DType.UINT8,
        DType.INT8,
        DType.UINT16,
        DType.INT16,
        DType.UINT32,
        DType.INT32,
        DType.FLOAT32,
        DType.BOOL,
        null,
        null,
        DType.UINT64,
        DType.INT64,
        DType.FLOAT64
    };

    private static final int MAX_AXES = 8;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// One array: its bytes begin at `start`, counted from the beginning of the file.
    record Entry(String name, GgufType type, Shape shape, long start) {
        long bytes() {
            return type.bytes(shape);
        }
    }

    /// The format's code of a type of metadata.
    static int code(String key, DType dtype) {
        for (int code = 0; code < TYPES.length; code++) {
            if (TYPES[code] == dtype) {
                return code;
            }
        }
        throw new IllegalArgumentException(
                "gguf: metadata '" + key + "' is " + dtype + ", which GGUF does not have; use astype(DType.FLOAT32)");
    }

    static GgufHeader read(Path file, MemorySegment data) {
        return new Reader(file, data).read();
    }

    private static final class Reader {
        private final Path file;
        private final MemorySegment data;
        private long at;

        Reader(Path file, MemorySegment data) {
            this.file = file;
            this.data = data;
        }

        GgufHeader read() {
            if (data.byteSize() < Gguf.MAGIC.length + 20) {
                throw damaged("the file has " + data.byteSize() + " bytes, too few for GGUF");
            }
            if (data.asSlice(0, Gguf.MAGIC.length).mismatch(MemorySegment.ofArray(Gguf.MAGIC)) != -1) {
                throw new TensorFileException(
                        file, "the file does not begin with GGUF's magic number", "check its format");
            }
            at = Gguf.MAGIC.length;
            int version = integer("the version");
            if (version != 2 && version != 3) {
                throw new TensorFileException(
                        file,
                        "the file is GGUF version " + Integer.toUnsignedString(version),
                        "convert it to version 3, little-endian");
            }
            long arrays = number("the number of arrays");
            long values = number("the number of metadata");
            SequencedMap<String, Gguf.Value> metadata = new LinkedHashMap<>();
            for (long i = 0; i < values; i++) {
                String key = text("a key");
                if (metadata.putIfAbsent(key, value(key)) != null) {
                    throw damaged("there are two values for '" + key + "'");
                }
            }
            List<Entry> relative = new ArrayList<>();
            for (long i = 0; i < arrays; i++) {
                relative.add(entry());
            }
            return new GgufHeader(placed(relative, alignment(metadata)), metadata);
        }

        private int alignment(SequencedMap<String, Gguf.Value> metadata) {
            if (!(metadata.get("general.alignment") instanceof Gguf.Numbers(Array numbers))) {
                return Gguf.ALIGNMENT;
            }
            long alignment = numbers.size() == 1 && numbers.dtype().isInteger() ? numbers.toLongArray()[0] : 0;
            if (alignment < 1 || alignment > 1 << 20) {
                throw damaged("arrays cannot be aligned to " + numbers);
            }
            return (int) alignment;
        }

        /// The arrays with their places in the file, which are told from where the data begins.
        private List<Entry> placed(List<Entry> relative, int alignment) {
            long base = (at + alignment - 1) / alignment * alignment;
            List<Entry> entries = new ArrayList<>();
            for (Entry entry : relative) {
                long room = data.byteSize() - base;
                if (entry.start() > room || entry.bytes() > room - entry.start()) {
                    if (entry.bytes() > 0) {
                        throw damaged("array '" + entry.name() + "' of " + entry.bytes() + " bytes at "
                                + entry.start() + " reaches beyond the " + Math.max(room, 0) + " bytes of data");
                    }
                    entries.add(new Entry(entry.name(), entry.type(), entry.shape(), data.byteSize()));
                } else {
                    entries.add(new Entry(entry.name(), entry.type(), entry.shape(), base + entry.start()));
                }
            }
            List<Entry> sorted = new ArrayList<>(entries);
            sorted.removeIf(entry -> entry.bytes() == 0);
            sorted.sort(Comparator.comparingLong(Entry::start));
            for (int i = 1; i < sorted.size(); i++) {
                Entry before = sorted.get(i - 1);
                if (before.start() + before.bytes() > sorted.get(i).start()) {
                    throw damaged("array '" + sorted.get(i).name() + "' overlaps array '" + before.name() + "'");
                }
            }
            return entries;
        }

        private Entry entry() {
            String name = text("an array's name");
            int axes = integer("the number of axes");
            if (axes < 0 || axes > MAX_AXES) {
                throw damaged("array '" + name + "' has " + Integer.toUnsignedString(axes) + " axes");
            }
            int[] dims = new int[axes];
            for (int axis = axes - 1; axis >= 0; axis--) {
                long dim = number("a size of '" + name + "'");
                if (dim > Integer.MAX_VALUE) {
                    throw damaged("array '" + name + "' has an axis of " + dim + " elements");
                }
                dims[axis] = (int) dim;
            }
            Shape shape;
            try {
                shape = Shape.of(dims);
            } catch (IllegalArgumentException e) {
                throw new TensorFileException(file, "array '" + name + "': " + e.getMessage(), DAMAGED, e);
            }
            GgufType type = GgufType.of(file, name, integer("the type of '" + name + "'"), shape);
            return new Entry(name, type, shape, number("the place of '" + name + "'"));
        }

        private Gguf.Value value(String key) {
            int type = integer("the type of '" + key + "'");
            if (type == STRING) {
                return new Gguf.Text(text("'" + key + "'"));
            }
            if (type != ARRAY) {
                return new Gguf.Numbers(numbers(key, type, 1, Shape.SCALAR));
            }
            int elements = integer("the type of '" + key + "'");
            long count = number("the length of '" + key + "'");
            if (elements == STRING) {
                List<String> texts = new ArrayList<>();
                for (long i = 0; i < count; i++) {
                    texts.add(text("'" + key + "'"));
                }
                return new Gguf.Texts(texts);
            }
            if (count > Integer.MAX_VALUE) {
                throw damaged("'" + key + "' is said to have " + count + " elements");
            }
            return new Gguf.Numbers(numbers(key, elements, count, Shape.of((int) count)));
        }

        private Array numbers(String key, int type, long count, Shape shape) {
            DType dtype = type < 0 || type >= TYPES.length ? null : TYPES[type];
            if (dtype == null) {
                throw new TensorFileException(
                        file,
                        "metadata '" + key + "' is of type " + Integer.toUnsignedString(type),
                        "there is no such type, or lists of lists, which cannot be read");
            }
            byte[] bytes = take(count * dtype.bytes(), "'" + key + "'").toArray(ValueLayout.JAVA_BYTE);
            return Ops.array(
                    LittleEndian.elements(MemorySegment.ofArray(bytes), dtype, ByteOrder.LITTLE_ENDIAN), dtype, shape);
        }

        private String text(String what) {
            long length = number("the length of " + what);
            byte[] bytes = take(length, what).toArray(ValueLayout.JAVA_BYTE);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private int integer(String what) {
            return take(4, what).get(INT, 0);
        }

        /// A number that counts something and cannot be as large as the file is long and more.
        private long number(String what) {
            long number = take(8, what).get(LONG, 0);
            if (number < 0) {
                throw damaged(what + " is " + Long.toUnsignedString(number));
            }
            return number;
        }

        private MemorySegment take(long bytes, String what) {
            if (bytes > data.byteSize() - at) {
                throw damaged("the header ends inside " + what + ", which needs " + bytes + " bytes where "
                        + (data.byteSize() - at) + " are left");
            }
            MemorySegment taken = data.asSlice(at, bytes);
            at += bytes;
            return taken;
        }

        private TensorFileException damaged(String problem) {
            return new TensorFileException(file, problem, DAMAGED);
        }
    }
}
