package org.lazuli;

import java.util.function.Supplier;
import org.lazuli.ops.ArrayFormat;

/// How [Array#toString] prints floating point numbers.
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
        if (digits < DEFAULT_PRECISION) {
            throw new IllegalArgumentException("setPrecision: the number of digits must not be negative, got " + digits
                    + "; use Printing.DEFAULT_PRECISION to return to the default");
        }
        return ArrayFormat.setPrecision(digits);
    }

    /// Prints with this precision while `body` runs.
    public static <T> T withPrecision(int digits, Supplier<T> body) {
        int before = setPrecision(digits);
        try {
            return body.get();
        } finally {
            setPrecision(before);
        }
    }
}
