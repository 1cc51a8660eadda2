package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.math.BigInteger;
import org.lazuli.Complex;

/// Numbers in manifests.
final class Scalars {

    private Scalars() {}

    /// A number, or a text that JSON has no number for: `inf`, `-inf`, `nan`.
    static double number(JsonElement json) {
        return switch (json.getAsString()) {
            case "inf", "Infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-Infinity" -> Double.NEGATIVE_INFINITY;
            case "nan", "NaN" -> Double.NaN;
            default -> json.getAsDouble();
        };
    }

    /// True if the number is written as an integer.
    static boolean isInteger(JsonElement json) {
        return json.isJsonPrimitive()
                && json.getAsJsonPrimitive().isNumber()
                && json.getAsString().matches("-?[0-9]+");
    }

    static boolean isPython(JsonElement json) {
        return json.isJsonObject() && json.getAsJsonObject().has("py");
    }

    /// The Java value of a Python scalar, or of a plain number or flag.
    static Object value(JsonElement json) {
        if (isPython(json)) {
            return python(json.getAsJsonObject());
        }
        if (json.getAsJsonPrimitive().isBoolean()) {
            return json.getAsBoolean();
        }
        return isInteger(json) ? integer(new BigInteger(json.getAsString())) : number(json);
    }

    /// The Java value of a Python scalar: an Integer if it fits, else a Long; a Double; a Boolean; a Complex.
    static Object python(JsonObject json) {
        JsonElement value = json.get("v");
        return switch (json.get("py").getAsString()) {
            case "int" -> integer(new BigInteger(value.getAsString()));
            case "float" -> number(value);
            case "bool" -> value.getAsBoolean();
            case "complex" -> new Complex((float) number(json.get("re")), (float) number(json.get("im")));
            default -> throw new IllegalStateException("no Python scalar is called " + json.get("py"));
        };
    }

    private static Object integer(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return value.intValue();
        }
        if (value.bitLength() <= Long.SIZE) {
            return value.longValue();
        }
        throw new Unmapped("integer " + value);
    }
}
