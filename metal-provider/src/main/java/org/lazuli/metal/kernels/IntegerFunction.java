package org.lazuli.metal.kernels;

import java.util.Locale;

/// What the integers of the library do and the operators of MSL do not: dividing by zero gives 0, shifting by too much shifts everything out, and
/// nothing that overflows is left to the compiler.
enum IntegerFunction {
    NEGATIVE("""
            static inline TYPE NAME(TYPE x) {
                return TYPE(WIDE(0) - WIDE(x));
            }
            """),
    ABS("""
            static inline TYPE NAME(TYPE x) {
                return x < 0 ? TYPE(WIDE(0) - WIDE(x)) : x;
            }
            """),
    SIGN("""
            static inline TYPE NAME(TYPE x) {
                return x > 0 ? TYPE(1) : x < 0 ? TYPE(-1) : TYPE(0);
            }
            """),
    DIVIDE("""
            static inline TYPE NAME(TYPE a, TYPE b) {
                if (b == 0) {
                    return TYPE(0);
                }
                return b == TYPE(-1) ? TYPE(WIDE(0) - WIDE(a)) : TYPE(a / b);
            }
            """, """
            static inline TYPE NAME(TYPE a, TYPE b) {
                return b == 0 ? TYPE(0) : TYPE(a / b);
            }
            """),
    REMAINDER("""
            static inline TYPE NAME(TYPE a, TYPE b) {
                if (b == 0 || b == TYPE(-1)) {
                    return TYPE(0);
                }
                TYPE r = TYPE(a % b);
                return r != 0 && (r < 0) != (b < 0) ? TYPE(r + b) : r;
            }
            """, """
            static inline TYPE NAME(TYPE a, TYPE b) {
                return b == 0 ? TYPE(0) : TYPE(a % b);
            }
            """),
    POWER("""
            static inline TYPE NAME(TYPE base, TYPE exponent) {
                if (exponent < 0) {
                    return base == 1 ? TYPE(1) : base != TYPE(-1) ? TYPE(0) : (exponent & 1) == 0 ? TYPE(1) : TYPE(-1);
                }
                WIDE result = 1;
                WIDE factor = WIDE(base);
                for (WIDE rest = WIDE(exponent); rest != 0; rest >>= 1) {
                    if ((rest & 1) != 0) {
                        result *= factor;
                    }
                    factor *= factor;
                }
                return TYPE(result);
            }
            """, """
            static inline TYPE NAME(TYPE base, TYPE exponent) {
                WIDE result = 1;
                WIDE factor = WIDE(base);
                for (WIDE rest = WIDE(exponent); rest != 0; rest >>= 1) {
                    if ((rest & 1) != 0) {
                        result *= factor;
                    }
                    factor *= factor;
                }
                return TYPE(result);
            }
            """),
    LEFT_SHIFT("""
            static inline TYPE NAME(TYPE a, TYPE b) {
                return b >= 0 && b < BITS ? TYPE(WIDE(a) << WIDE(b)) : TYPE(0);
            }
            """, """
            static inline TYPE NAME(TYPE a, TYPE b) {
                return b < BITS ? TYPE(WIDE(a) << WIDE(b)) : TYPE(0);
            }
            """),
    /// A shift by all the bits leaves the sign.
    RIGHT_SHIFT("""
            static inline TYPE NAME(TYPE a, TYPE b) {
                return TYPE(a >> (b >= 0 && b < BITS ? b : TYPE(BITS - 1)));
            }
            """, """
            static inline TYPE NAME(TYPE a, TYPE b) {
                return b < BITS ? TYPE(a >> b) : TYPE(0);
            }
            """);

    private final String signed;
    private final String unsigned;

    IntegerFunction(String text) {
        this(text, text);
    }

    IntegerFunction(String signed, String unsigned) {
        this.signed = signed;
        this.unsigned = unsigned;
    }

    String functionName(String type) {
        return name().toLowerCase(Locale.ROOT) + "_" + type;
    }

    /// Its definition for this type.
    String text(String type) {
        return (type.startsWith("u") ? unsigned : signed)
                .replace("NAME", functionName(type))
                .replace("TYPE", type)
                .replace("WIDE", type.endsWith("long") ? "ulong" : "uint")
                .replace("BITS", Integer.toString(8 * bytes(type)));
    }

    private static int bytes(String type) {
        return switch (type) {
            case "char", "uchar" -> 1;
            case "short", "ushort" -> 2;
            case "int", "uint" -> 4;
            default -> 8;
        };
    }
}
