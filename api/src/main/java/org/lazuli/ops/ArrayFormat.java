package org.lazuli.ops;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.graph.Evaluator;
import org.lazuli.graph.Graph;

/// Prints an array as MLX does: six significant digits, an axis of more than six elements as its first and last three.
public final class ArrayFormat {
    /// An axis longer than this is summarised.
    private static final int SHOWN = 6;

    private static final int EDGE = 3;
    private static final int SIGNIFICANT_DIGITS = 6;

    private static volatile int precision = -1;

    /// What holds on a thread while it prints with a precision of its own.
    private static final ThreadLocal<@Nullable Integer> THREAD_PRECISION = new ThreadLocal<>();

    private ArrayFormat() {}

    /// Sets the number of digits after the point; -1 for six significant digits.
    ///
    /// @return the previous setting
    public static int setPrecision(int digits) {
        int previous = precision;
        precision = digits;
        return previous;
    }

    /// Sets the number of digits for this thread; null for what holds elsewhere.
    ///
    /// @return the previous setting
    public static @Nullable Integer setThreadPrecision(@Nullable Integer digits) {
        Integer previous = THREAD_PRECISION.get();
        if (digits == null) {
            THREAD_PRECISION.remove();
        } else {
            THREAD_PRECISION.set(digits);
        }
        return previous;
    }

    /// The number of digits after the point on this thread; -1 for six significant digits.
    public static int precision() {
        Integer own = THREAD_PRECISION.get();
        return own == null ? precision : own;
    }

    public static String format(Array array) {
        if (!Graph.node(array).isEvaluated() && Evaluator.isTracing(array)) {
            return "array(<traced>, shape=" + array.shape() + ", dtype=" + array.dtype() + ")";
        }
        StringBuilder out = new StringBuilder("array(");
        append(out, Evaluator.read(array), array.dtype(), array.shape(), 0, 0);
        return out.append(", dtype=").append(array.dtype()).append(')').toString();
    }

    private static void append(StringBuilder out, Object data, DType dtype, Shape shape, int axis, int offset) {
        if (axis == shape.rank()) {
            out.append(element(data, dtype, offset));
            return;
        }
        int size = shape.dim(axis);
        int stride = shape.slice(axis + 1, shape.rank()).size();
        boolean innermost = axis == shape.rank() - 1;
        String separator = innermost ? ", " : ",\n" + " ".repeat("array(".length() + axis + 1);
        out.append('[');
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                out.append(separator);
            }
            if (size > SHOWN && i == EDGE) {
                out.append("...");
                i = size - EDGE - 1;
            } else {
                append(out, data, dtype, shape, axis + 1, offset + i * stride);
            }
        }
        out.append(']');
    }

    private static String element(Object data, DType dtype, int index) {
        return switch (dtype) {
            case BOOL -> HostData.longAt(data, dtype, index) != 0 ? "True" : "False";
            case UINT64 -> Long.toUnsignedString(HostData.longAt(data, dtype, index));
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> Long.toString(HostData.longAt(data, dtype, index));
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> number(HostData.doubleAt(data, dtype, index));
            case COMPLEX64 -> {
                double re = HostData.doubleAt(data, DType.FLOAT32, 2 * index);
                double im = HostData.doubleAt(data, DType.FLOAT32, 2 * index + 1);
                // As in MLX, negative zero and NaN have a plus in front of their own sign.
                yield number(re) + (im < 0 ? "" : "+") + number(im) + "j";
            }
        };
    }

    /// A number as C prints it with `%g`, or with `%.nf` where a precision is set.
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        boolean negative = Double.doubleToRawLongBits(value) < 0;
        String sign = negative ? "-" : "";
        BigDecimal magnitude = new BigDecimal(Math.abs(value));
        int digits = precision();
        if (digits >= 0) {
            return sign + magnitude.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        }
        if (magnitude.signum() == 0) {
            return sign + "0";
        }
        BigDecimal rounded = magnitude.round(new MathContext(SIGNIFICANT_DIGITS, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < SIGNIFICANT_DIGITS) {
            return sign + plain(rounded);
        }
        String mantissa = plain(rounded.movePointLeft(exponent));
        return sign
                + mantissa
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    private static String plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString();
    }
}
