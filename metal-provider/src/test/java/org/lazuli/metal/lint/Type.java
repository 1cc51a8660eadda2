package org.lazuli.metal.lint;

import java.util.List;
import java.util.Locale;

/// A type of Metal's language, as far as the lint can tell. What depends on a template's parameters is [Unknown], about
/// which no rule complains.
sealed interface Type {
    enum Scalar implements Type {
        VOID,
        BOOL,
        CHAR,
        UCHAR,
        SHORT,
        USHORT,
        INT,
        UINT,
        LONG,
        ULONG,
        HALF,
        BFLOAT,
        FLOAT;

        boolean floating() {
            return compareTo(HALF) >= 0;
        }

        boolean integer() {
            return compareTo(CHAR) >= 0 && compareTo(ULONG) <= 0;
        }

        boolean wide() {
            return this == LONG || this == ULONG;
        }

        /// The type that arithmetic on it has: small integers become `int`.
        Scalar promoted() {
            return compareTo(INT) < 0 ? INT : this;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record Vector(Scalar element, int size) implements Type {
        @Override
        public String toString() {
            return element.toString() + size;
        }
    }

    record SimdMatrix(Type element) implements Type {}

    record Atomic(Type value) implements Type {}

    record Pointer(Type target, Space space, boolean readOnly) implements Type {
        @Override
        public String toString() {
            return space + (readOnly ? " const " : " ") + target + "*";
        }
    }

    record ArrayOf(Type element) implements Type {}

    /// A structure of the text itself.
    record Struct(String name) implements Type {}

    /// An enumeration or another type of the library, known by name only.
    record Named(String name) implements Type {}

    enum Unknown implements Type {
        UNKNOWN
    }

    Unknown UNKNOWN = Unknown.UNKNOWN;

    /// The scalar that a type consists of, or null where it is no scalar and no vector.
    static Scalar element(Type type) {
        return switch (type) {
            case Scalar scalar -> scalar;
            case Vector vector -> vector.element;
            default -> null;
        };
    }

    static int size(Type type) {
        return type instanceof Vector vector ? vector.size : 1;
    }

    static boolean known(Type type) {
        return switch (type) {
            case Unknown _ -> false;
            case Pointer pointer -> known(pointer.target);
            case ArrayOf array -> known(array.element);
            case SimdMatrix matrix -> known(matrix.element);
            case Atomic atomic -> known(atomic.value);
            default -> true;
        };
    }

    /// The type with the given element and as many components as another has.
    static Type like(Type shape, Scalar element) {
        return shape instanceof Vector vector ? new Vector(element, vector.size) : element;
    }

    List<String> ELEMENTS = List.of(
            "bool", "char", "uchar", "short", "ushort", "int", "uint", "long", "ulong", "half", "bfloat", "float");

    /// The built-in type of a name, or null: `uint`, `half4`, `simdgroup_float8x8`, `atomic_uint`.
    static Type builtIn(String name) {
        var plain = name.startsWith("packed_") ? name.substring("packed_".length()) : name;
        for (var element : ELEMENTS) {
            var scalar = Scalar.valueOf(element.toUpperCase(Locale.ROOT));
            if (plain.equals(element)) {
                return scalar;
            }
            if (plain.length() == element.length() + 1 && plain.startsWith(element) && plain.endsWith("2")
                    || plain.equals(element + "3")
                    || plain.equals(element + "4")) {
                return new Vector(scalar, plain.charAt(plain.length() - 1) - '0');
            }
            if (name.equals("simdgroup_" + element + "8x8")) {
                return new SimdMatrix(scalar);
            }
            if (name.equals("atomic_" + element)) {
                return new Atomic(scalar);
            }
        }
        return switch (name) {
            case "void" -> Scalar.VOID;
            case "int8_t" -> Scalar.CHAR;
            case "uint8_t" -> Scalar.UCHAR;
            case "int16_t" -> Scalar.SHORT;
            case "uint16_t" -> Scalar.USHORT;
            case "int32_t" -> Scalar.INT;
            case "uint32_t" -> Scalar.UINT;
            case "int64_t", "ptrdiff_t" -> Scalar.LONG;
            case "uint64_t", "size_t" -> Scalar.ULONG;
            default -> null;
        };
    }
}
