package org.lazuli.nn;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.lazuli.Quantization;

/// Values as MLX prints them, in Python's notation.
final class Repr {
    private Repr() {}

    static String of(boolean value) {
        return value ? "True" : "False";
    }

    /// The shortest digits that give the number back: `0.5`, `1e-05`, `1e+16`.
    static String of(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String text = digits.toPlainString();
            return text.contains(".") ? text : text + ".0";
        }
        String all = digits.unscaledValue().abs().toString();
        String mantissa = all.length() == 1 ? all : all.charAt(0) + "." + all.substring(1);
        String sign = value < 0 ? "-" : "";
        return sign
                + mantissa
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    static String of(Quantization how) {
        return "group_size=" + how.groupSize() + ", bits=" + how.bits() + ", mode=" + how.mode();
    }

    /// A tuple: `(3, 3)`, `(2,)`.
    static String of(List<Integer> values) {
        String text = values.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return "(" + text + (values.size() == 1 ? ",)" : ")");
    }
}
