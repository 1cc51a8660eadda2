package org.lazuli;

/// The element type of an [Array].
///
/// There are fourteen, as in MLX. Floating point data defaults to [#FLOAT32], integers to [#INT32].
/// When two types meet, [#promote] decides the type of the result; a Java number is *weak* and never
/// widens the type of the array it meets.
///
/// See also: MLX, *Data Types*.
public enum DType {
    BOOL("bool", 1, Category.BOOL),
    UINT8("uint8", 1, Category.UNSIGNED),
    UINT16("uint16", 2, Category.UNSIGNED),
    UINT32("uint32", 4, Category.UNSIGNED),
    UINT64("uint64", 8, Category.UNSIGNED),
    INT8("int8", 1, Category.SIGNED),
    INT16("int16", 2, Category.SIGNED),
    INT32("int32", 4, Category.SIGNED),
    INT64("int64", 8, Category.SIGNED),
    FLOAT16("float16", 2, Category.FLOATING),
    BFLOAT16("bfloat16", 2, Category.FLOATING),
    FLOAT32("float32", 4, Category.FLOATING),
    FLOAT64("float64", 8, Category.FLOATING),
    COMPLEX64("complex64", 8, Category.COMPLEX);

    /// The kind of number an element is.
    public enum Category {
        BOOL,
        UNSIGNED,
        SIGNED,
        FLOATING,
        COMPLEX
    }

    private static final DType[][] PROMOTION = promotionTable();

    private final String text;
    private final int bytes;
    private final Category category;

    DType(String text, int bytes, Category category) {
        this.text = text;
        this.bytes = bytes;
        this.category = category;
    }

    /// The size of one element in bytes.
    public int bytes() {
        return bytes;
    }

    public Category category() {
        return category;
    }

    /// True for the signed and unsigned integers; [#BOOL] is not an integer.
    public boolean isInteger() {
        return category == Category.SIGNED || category == Category.UNSIGNED;
    }

    /// True for the unsigned integers.
    public boolean isUnsigned() {
        return category == Category.UNSIGNED;
    }

    /// True for the real floating point types.
    public boolean isFloating() {
        return category == Category.FLOATING;
    }

    /// True for [#COMPLEX64].
    public boolean isComplex() {
        return category == Category.COMPLEX;
    }

    /// True for floating point and complex types: those that a gradient can flow through.
    public boolean isInexact() {
        return isFloating() || isComplex();
    }

    /// The type of the result when `a` and `b` meet: the smallest type that holds both, with the
    /// exceptions of JAX and MLX (`uint64` with a signed integer gives `float32`, an integer never widens a
    /// floating point type).
    public static DType promote(DType a, DType b) {
        return PROMOTION[a.ordinal()][b.ordinal()];
    }

    /// The type of this name, such as `"float32"`.
    ///
    /// @throws IllegalArgumentException if there is none
    public static DType named(String name) {
        for (DType dtype : values()) {
            if (dtype.text.equals(name)) {
                return dtype;
            }
        }
        throw new IllegalArgumentException("no dtype is called '" + name + "'");
    }

    /// MLX's name of the type: `float32`, `bool`, ….
    @Override
    public String toString() {
        return text;
    }

    private static DType[][] promotionTable() {
        DType[] all = values();
        DType[][] table = new DType[all.length][all.length];
        for (DType a : all) {
            for (DType b : all) {
                table[a.ordinal()][b.ordinal()] = a.ordinal() <= b.ordinal() ? join(a, b) : join(b, a);
            }
        }
        return table;
    }

    /// The promotion of two types given in the order of declaration.
    private static DType join(DType a, DType b) {
        if (a == b || a == BOOL) {
            return b;
        }
        if (b == COMPLEX64) {
            return COMPLEX64;
        }
        if (b.isFloating()) {
            return a == FLOAT16 && b == BFLOAT16 ? FLOAT32 : b;
        }
        if (a.category == b.category) {
            return b;
        }
        // An unsigned integer with a signed one: the smallest signed type that holds both.
        if (a.bytes < b.bytes) {
            return b;
        }
        return switch (a) {
            case UINT8 -> INT16;
            case UINT16 -> INT32;
            case UINT32 -> INT64;
            default -> FLOAT32;
        };
    }
}
