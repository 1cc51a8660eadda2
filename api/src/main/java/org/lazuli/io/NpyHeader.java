package org.lazuli.io;

import static org.lazuli.io.TensorFileException.DAMAGED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;

/// The header of an npy file: a magic number, a version, and a Python dictionary with the dtype, the order and the shape.
///
/// @param start where the data begins
/// @param columnMajor true if the first axis runs fastest
record NpyHeader(DType dtype, ByteOrder order, boolean columnMajor, Shape shape, long start) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /// NumPy aligns the data to this.
    private static final int ALIGNMENT = 64;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    long bytes() {
        return (long) shape.size() * dtype.bytes();
    }

    /// The shape in which the elements lie one after another.
    Shape stored() {
        return columnMajor ? reversed(shape) : shape;
    }

    /// The array of this shape, of one of the stored shape.
    Array oriented(Array stored) {
        return columnMajor ? stored.transpose() : stored;
    }

    private static Shape reversed(Shape shape) {
        int[] dims = shape.toArray();
        for (int low = 0, high = dims.length - 1; low < high; low++, high--) {
            int kept = dims[low];
            dims[low] = dims[high];
            dims[high] = kept;
        }
        return Shape.of(dims);
    }

    /// How many bytes tell how long the header is.
    static final int PREFIX = 12;

    /// Where the data begins.
    ///
    /// @param what the file, or the entry of an archive, for messages
    /// @param data its first bytes, [#PREFIX] if there are so many
    /// @param size how many bytes there are in all
    static long start(Path file, String what, MemorySegment data, long size) {
        if (data.byteSize() < 10) {
            throw damaged(file, what + " has " + data.byteSize() + " bytes, too few for npy");
        }
        if (data.asSlice(0, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) != -1) {
            throw new TensorFileException(file, what + " does not begin with npy's magic number", "check its format");
        }
        int version = data.get(ValueLayout.JAVA_BYTE, 6);
        if (version < 1 || version > 3) {
            throw new TensorFileException(
                    file, what + " is npy version " + version, "save it again as version 1, 2 or 3");
        }
        int prefix = version == 1 ? 10 : 12;
        if (data.byteSize() < prefix) {
            throw damaged(file, what + " ends inside its header");
        }
        long length =
                version == 1 ? Short.toUnsignedLong(data.get(SHORT, 8)) : Integer.toUnsignedLong(data.get(INT, 8));
        if (length > size - prefix) {
            throw damaged(
                    file,
                    what + ": the header is said to be " + length + " bytes long where " + (size - prefix)
                            + " are left");
        }
        return prefix + length;
    }

    /// Reads the header of these bytes, and checks that as many follow as it promises.
    ///
    /// @param data the first bytes: the header, or more
    /// @param size how many bytes there are in all
    static NpyHeader read(Path file, String what, MemorySegment data, long size) {
        long start = start(file, what, data, size);
        int version = data.get(ValueLayout.JAVA_BYTE, 6);
        int prefix = version == 1 ? 10 : 12;
        String text = new String(
                data.asSlice(prefix, start - prefix).toArray(ValueLayout.JAVA_BYTE),
                version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        NpyHeader header = new Dictionary(file, what, text).read(start);
        long left = size - header.start;
        if (left != header.bytes()) {
            throw damaged(
                    file,
                    what + ": " + left + " bytes of data where " + header.dtype + " of shape " + header.shape
                            + " needs " + header.bytes());
        }
        return header;
    }

    /// The header as NumPy writes it, in row-major order.
    static byte[] write(DType dtype, Shape shape) {
        StringBuilder text =
                new StringBuilder("{'descr': '").append(descr(dtype)).append("', 'fortran_order': False, 'shape': (");
        int[] dims = shape.toArray();
        for (int i = 0; i < dims.length; i++) {
            text.append(i == 0 ? "" : " ").append(dims[i]).append(i == dims.length - 1 && i > 0 ? "" : ",");
        }
        text.append("), }");
        int unpadded = MAGIC.length + 4 + text.length() + 1;
        text.repeat(" ", (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT).append('\n');
        byte[] result = new byte[MAGIC.length + 4 + text.length()];
        MemorySegment segment = MemorySegment.ofArray(result);
        segment.copyFrom(MemorySegment.ofArray(MAGIC));
        segment.set(ValueLayout.JAVA_BYTE, 6, (byte) 1);
        segment.set(SHORT, 8, (short) text.length());
        segment.asSlice(10).copyFrom(MemorySegment.ofArray(text.toString().getBytes(StandardCharsets.ISO_8859_1)));
        return result;
    }

    /// NumPy's code of a dtype. It has none for bfloat16, which MLX writes as two bytes without meaning.
    private static String descr(DType dtype) {
        String order = dtype.bytes() == 1 ? "|" : "<";
        return order + code(dtype) + dtype.bytes();
    }

    private static char code(DType dtype) {
        return switch (dtype.category()) {
            case BOOL -> 'b';
            case UNSIGNED -> 'u';
            case SIGNED -> 'i';
            case FLOATING -> dtype == DType.BFLOAT16 ? 'V' : 'f';
            case COMPLEX -> 'c';
        };
    }

    private static @Nullable DType dtype(String code) {
        for (DType dtype : DType.values()) {
            if (code.equals(code(dtype) + String.valueOf(dtype.bytes()))) {
                return dtype;
            }
        }
        return null;
    }

    private static TensorFileException damaged(Path file, String problem) {
        return new TensorFileException(file, problem, DAMAGED);
    }

    /// Reads the dictionary: three keys, in any order.
    private static final class Dictionary {
        private final Path file;
        private final String what;
        private final String text;
        private int at;

        private @Nullable String descr;
        private @Nullable Boolean columnMajor;
        private @Nullable Shape shape;

        Dictionary(Path file, String what, String text) {
            this.file = file;
            this.what = what;
            this.text = text;
        }

        NpyHeader read(long start) {
            expect('{');
            while (!accept('}')) {
                entry();
                if (!accept(',')) {
                    expect('}');
                    break;
                }
            }
            space();
            if (at < text.length() || descr == null || columnMajor == null || shape == null) {
                throw malformed();
            }
            char first = descr.isEmpty() ? ' ' : descr.charAt(0);
            DType dtype = "<>|=".indexOf(first) < 0 ? null : dtype(descr.substring(1));
            if (dtype == null) {
                throw new TensorFileException(
                        file,
                        what + ": dtype '" + descr + "' is not supported",
                        "convert the array to a dtype that lazuli has, such as '<f4', when writing the file");
            }
            ByteOrder order = first == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            return new NpyHeader(dtype, order, columnMajor, shape, start);
        }

        private void entry() {
            String key = string();
            expect(':');
            switch (key) {
                case "descr" -> {
                    require(descr == null);
                    descr = string();
                }
                case "fortran_order" -> {
                    require(columnMajor == null);
                    columnMajor = word().equals("True");
                }
                case "shape" -> {
                    require(shape == null);
                    shape = tuple();
                }
                default -> throw malformed();
            }
        }

        private String string() {
            space();
            char quote = peek();
            require(quote == '\'' || quote == '"');
            int end = text.indexOf(quote, at + 1);
            require(end >= 0);
            String result = text.substring(at + 1, end);
            at = end + 1;
            return result;
        }

        private String word() {
            space();
            for (String word : List.of("True", "False")) {
                if (text.startsWith(word, at)) {
                    at += word.length();
                    return word;
                }
            }
            throw malformed();
        }

        private Shape tuple() {
            expect('(');
            List<Integer> dims = new ArrayList<>();
            while (!accept(')')) {
                dims.add(integer());
                if (!accept(',')) {
                    expect(')');
                    break;
                }
            }
            try {
                return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
            } catch (IllegalArgumentException e) {
                throw new TensorFileException(file, what + ": " + e.getMessage(), DAMAGED, e);
            }
        }

        private int integer() {
            space();
            int start = at;
            while (peek() >= '0' && peek() <= '9') {
                at++;
            }
            try {
                return Integer.parseInt(text, start, at, 10);
            } catch (NumberFormatException e) {
                throw malformed();
            }
        }

        private void expect(char c) {
            require(accept(c));
        }

        private boolean accept(char c) {
            space();
            if (peek() != c) {
                return false;
            }
            at++;
            return true;
        }

        private void space() {
            while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : 0;
        }

        private void require(boolean condition) {
            if (!condition) {
                throw malformed();
            }
        }

        private TensorFileException malformed() {
            return damaged(file, what + ": its header is not npy's: " + text.strip());
        }
    }
}
