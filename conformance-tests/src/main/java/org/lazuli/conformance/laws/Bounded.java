package org.lazuli.conformance.laws;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;

/// How far the results of a graph may be from the exact ones: every instruction adds the error that it may have on its own, relative to the
/// largest number that occurs.
///
/// @param ulps what the instructions add up to, in units of roundoff
/// @param epsilon the unit of roundoff
record Bounded(double ulps, double epsilon) {

    /// The bound of a graph that is not evaluated yet.
    static Bounded of(List<Array> results, double epsilon) {
        double[] ulps = new double[1];
        Instructions.each(results, primitive -> ulps[0] += ulps(primitive));
        return new Bounded(ulps[0], epsilon);
    }

    /// What an instruction may be off, in units of roundoff, each of which is half a unit in the last place. Functions have the bounds of the
    /// Metal Shading Language Specification, *Numerical Compliance*, for float32 with fast math off; those that it lacks have 4 units in the last
    /// place. A sum's terms are counted by whoever knows them.
    private static double ulps(Primitive primitive) {
        return switch (primitive) {
            case Primitive.View view -> view instanceof Primitive.Fallback(Accelerated _, int _) ? 8 : 0;
            case Primitive.Unary(UnaryOp op) ->
                switch (op) {
                    case TAN -> 12;
                    case ARCSIN, ARCCOS, ARCTAN, TANH, ARCTANH -> 10;
                    case ABS, NEGATIVE, SIGN, CONJUGATE, REAL, IMAG, FLOOR, CEIL, TRUNC, ROUND -> 0;
                    default -> 8;
                };
            case Primitive.Binary(BinaryOp op) ->
                switch (op) {
                    case POWER -> 32;
                    case ARCTAN2, LOGADDEXP -> 12;
                    case DIVIDE -> 5;
                    default -> 2;
                };
            // Of matrices of a few rows, each of whose elements takes part in some ten operations for every row.
            case Primitive.Several _, Primitive.Cholesky _, Primitive.TriangularSolve _ -> 64;
            case Primitive.Compute _ -> 2;
        };
    }

    /// The first number that is further from `expected` than it may be, or null.
    ///
    /// @param terms how many terms sums have; 0 if there are none
    /// @param scale the largest magnitude that occurs
    @Nullable
    Deviation compare(double[] expected, double[] got, int terms, double scale, String input) {
        if (expected.length != got.length) {
            return new Deviation(got.length + " numbers", expected.length + " numbers", "", "", input);
        }
        double allowed = (ulps + 2 * terms) * epsilon * scale * Math.max(1, terms);
        for (int i = 0; i < got.length; i++) {
            double error = Math.abs(got[i] - expected[i]);
            if (!(error <= allowed)) {
                return new Deviation(
                        "number " + i + " is " + got[i] + ", of " + Arrays.toString(got),
                        expected[i] + ", of " + Arrays.toString(expected),
                        String.valueOf(error),
                        allowed + ": " + ulps + " units of roundoff of all instructions and " + terms
                                + " terms, at a magnitude of " + scale,
                        input);
            }
        }
        return null;
    }

    /// The largest magnitude among these, and at least 1.
    static double scale(double[]... numbers) {
        return Arrays.stream(numbers)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .filter(Double::isFinite)
                .reduce(1, Math::max);
    }
}
