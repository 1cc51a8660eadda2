package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import java.util.List;
import org.lazuli.Array;

/// Compares results with the reference: dtype and shape exactly, integers exactly, floating point within a
/// tolerance, NaN where NaN is, equal infinities.
final class Comparison {

    private Comparison() {}

    /// @throws Mismatch with the first element that differs
    static void check(String part, List<Array> got, List<Tensor> expected, Tolerance tolerance) {
        if (got.size() != expected.size()) {
            throw new Mismatch(part, "got " + got.size() + " arrays, expected " + expected.size());
        }
        for (int i = 0; i < got.size(); i++) {
            check(got.size() == 1 ? part : part + " output " + i, got.get(i), expected.get(i), tolerance);
        }
    }

    /// @throws Mismatch with the first element that differs
    static void check(String part, Array got, Tensor expected, Tolerance tolerance) {
        if (got.dtype() != expected.dtype() || !got.shape().equals(expected.shape())) {
            throw new Mismatch(
                    part,
                    "got " + got.dtype() + " of shape " + got.shape() + ", expected " + expected.dtype() + " of shape "
                            + expected.shape());
        }
        check(part, Tensor.of(got), expected, tolerance);
    }

    /// @throws Mismatch if the two, or their texts, are not equal
    static void check(String part, Object got, Object expected) {
        if (!got.equals(expected)) {
            throw new Mismatch(part, "got " + got + ", expected " + expected);
        }
    }

    /// @throws Mismatch if the number differs by more than the tolerance allows
    static void check(String part, double got, JsonElement expected, Tolerance tolerance) {
        double value = Scalars.number(expected);
        if (!close(got, value, tolerance)) {
            throw new Mismatch(part, "got " + got + ", expected " + value + ", allowed " + tolerance.allowed(value));
        }
    }

    private static void check(String part, Tensor got, Tensor expected, Tolerance tolerance) {
        for (int i = 0; i < expected.size(); i++) {
            if (!equal(got, expected, i, tolerance)) {
                String allowed = expected.dtype().isInexact() && !tolerance.exact()
                        ? ", allowed " + tolerance.allowed(magnitude(expected, i))
                        : "";
                throw new Mismatch(
                        part,
                        "element " + expected.position(i) + ": got " + got.text(i) + ", expected " + expected.text(i)
                                + allowed);
            }
        }
    }

    private static boolean equal(Tensor got, Tensor expected, int i, Tolerance tolerance) {
        return switch (expected.dtype().category()) {
            case BOOL, SIGNED, UNSIGNED -> got.integer(i) == expected.integer(i);
            case FLOATING -> close(got.real(i), expected.real(i), tolerance);
            case COMPLEX -> closeComplex(got, expected, i, tolerance);
        };
    }

    /// A complex number is close if its distance is small; its special values agree part by part.
    private static boolean closeComplex(Tensor got, Tensor expected, int i, Tolerance tolerance) {
        double real = expected.real(i);
        double imaginary = expected.imaginary(i);
        if (tolerance.exact() || !Double.isFinite(real) || !Double.isFinite(imaginary)) {
            return close(got.real(i), real, tolerance) && close(got.imaginary(i), imaginary, tolerance);
        }
        return Math.hypot(got.real(i) - real, got.imaginary(i) - imaginary)
                <= tolerance.allowed(magnitude(expected, i));
    }

    private static boolean close(double got, double expected, Tolerance tolerance) {
        // Double.compare tells the zeros apart, and takes all NaN for equal.
        if (tolerance.exact() || !Double.isFinite(expected)) {
            return Double.compare(got, expected) == 0;
        }
        return Math.abs(got - expected) <= tolerance.allowed(expected);
    }

    private static double magnitude(Tensor tensor, int i) {
        return Math.hypot(tensor.real(i), tensor.imaginary(i));
    }
}
