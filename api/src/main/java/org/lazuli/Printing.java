package org.lazuli;

import java.util.function.Supplier;
import org.lazuli.ops.ArrayFormat;

/// How [Array#toString] prints floating point numbers.
///
/// ```java
/// Printing.setPrecision(2);                                                    // for the whole program
/// String text = Printing.withPrecision(4, () -> "loss " + loss);               // for one piece of code
/// ```
///
/// See also: MLX, `set_printoptions`.
public final class Printing {
    /// Six significant digits, in scientific notation where it is shorter: the default.
    public static final int DEFAULT_PRECISION = -1;

    private Printing() {}

    /// From now on prints this many digits after the decimal point, or as by default for [#DEFAULT_PRECISION].
    ///
    /// @return the precision until now
    public static int setPrecision(int digits) {
        check(digits, "setPrecision");
        return ArrayFormat.setPrecision(digits);
    }

    /// How many digits are printed now, on this thread.
    public static int precision() {
        return ArrayFormat.precision();
    }

    /// Prints with this precision while `body` runs, on this thread only.
    public static <T> T withPrecision(int digits, Supplier<T> body) {
        check(digits, "withPrecision");
        Integer before = ArrayFormat.setThreadPrecision(digits);
        try {
            return body.get();
        } finally {
            ArrayFormat.setThreadPrecision(before);
        }
    }

    private static void check(int digits, String name) {
        if (digits < DEFAULT_PRECISION) {
            throw new IllegalArgumentException(name + ": the number of digits must not be negative, got " + digits
                    + "; use Printing.DEFAULT_PRECISION to return to the default");
        }
    }
}
