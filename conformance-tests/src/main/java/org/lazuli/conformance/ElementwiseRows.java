package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.TensorSpec;

/// The instructions that work element by element.
///
/// Bounds are in units in the last place of float32. They are those of the *Metal Shading Language Specification*, table "Accuracy of
/// single-precision floating-point operations and functions", with fast math disabled; for what that lacks (`expm1`, `log1p`, `erf`), of the *OpenCL
/// Specification*, section "Relative error as ULPs", embedded profile; the larger where they differ by less than a factor of two. Where neither has a
/// function, the comment derives the bound.
final class ElementwiseRows {
    /// Draws one element of a floating point operand, or of all operands together.
    @FunctionalInterface
    private interface Point {
        double[] draw(Random random);
    }

    private final List<Row> rows = new ArrayList<>();

    private ElementwiseRows() {}

    static List<Row> rows() {
        ElementwiseRows table = new ElementwiseRows();
        for (UnaryOp op : UnaryOp.values()) {
            table.unary(op);
        }
        for (BinaryOp op : BinaryOp.values()) {
            table.binary(op);
        }
        table.others();
        return table.rows;
    }

    private void unary(UnaryOp op) {
        switch (op) {
            case ABS -> unary(op, Row.ALL, in(-100, 100), 0);
            case SIGN -> unary(op, Row.ALL, in(-100, 100), 0);
            case NEGATIVE -> unary(op, EnumSet.complementOf(EnumSet.of(DType.BOOL)), in(-100, 100), 0);
            case CONJUGATE, REAL, IMAG -> unary(op, Row.ALL, in(-100, 100), 0);
            case SQRT -> unary(op, Row.INEXACT, in(0, 1e4), 0.5);
            case RSQRT -> unary(op, Row.INEXACT, in(1e-3, 1e4), 2);
            case EXP -> unary(op, Row.INEXACT, in(-80, 80), 4);
            case EXPM1 -> unary(op, Row.INEXACT, in(-10, 10), 4);
            case LOG, LOG2, LOG10 -> unary(op, Row.INEXACT, in(1e-3, 100), 4);
            case LOG1P -> unary(op, Row.INEXACT, in(-0.9, 100), 4);
            case SIN, COS -> unary(op, Row.INEXACT, in(-20, 20), 4);
            case TAN -> unary(op, Row.INEXACT, in(-20, 20), 6);
            case ARCSIN, ARCCOS -> unary(op, Row.INEXACT, in(-1, 1), 4);
            case ARCTAN -> unary(op, Row.INEXACT, in(-100, 100), 5);
            case SINH, COSH -> unary(op, Row.INEXACT, in(-10, 10), 4);
            case TANH -> unary(op, Row.INEXACT, in(-12, 12), 5);
            case ARCSINH -> unary(op, Row.INEXACT, in(-100, 100), 4);
            case ARCCOSH -> unary(op, Row.INEXACT, in(1, 100), 4);
            case ARCTANH -> unary(op, Row.INEXACT, in(-0.99, 0.99), 5);
            case ERF -> unary(op, Row.FLOATING, in(-4, 4), 16);
            // M. Giles, "Approximating the erfinv function" (2010): the polynomial for single precision is within
            // 3.5e-7 relative, 6 ulps at
            // most; its logarithm and its evaluation add two.
            case ERFINV -> unary(op, Row.FLOATING, in(-0.99, 0.99), 8);
            // 1 / (1 + exp(-x)): the error of exp, which counts at most as much in the sum, and two roundings.
            case SIGMOID -> unary(op, Row.INEXACT, in(-30, 30), 6);
            case FLOOR, CEIL, TRUNC -> unary(op, Row.REAL, in(-100, 100), 0);
            case ROUND ->
                unary(
                        op,
                        Row.ALL,
                        r -> new double[] {r.nextBoolean() ? r.nextInt(-9, 9) + 0.5 : 200 * r.nextDouble() - 100},
                        0);
            case LOGICAL_NOT -> unary(op, Row.ALL, r -> new double[] {r.nextBoolean() ? 0 : r.nextGaussian()}, 0);
            case BITWISE_INVERT -> unary(op, EnumSet.complementOf(EnumSet.copyOf(Row.INEXACT)), in(0, 1), 0);
        }
    }

    private void binary(BinaryOp op) {
        switch (op) {
            case ADD, SUBTRACT, MULTIPLY -> binary(op, Row.ALL, pair(-100, 100), 0.5);
            case DIVIDE -> binary(op, Row.ALL, r -> new double[] {200 * r.nextDouble() - 100, awayFromZero(r)}, 0.5);
            // Away from whole quotients, where the rounding of the quotient decides.
            case FLOOR_DIVIDE -> binary(op, Row.REAL, ElementwiseRows::quotient, 0);
            // The remainder of the magnitudes is exact; the divisor may be added, which rounds once.
            case REMAINDER -> binary(op, Row.REAL, ElementwiseRows::quotient, 1, (at, result) -> Math.abs(at[1]));
            case POWER ->
                binary(op, Row.ALL, r -> new double[] {0.1 + 10 * r.nextDouble(), 8 * r.nextDouble() - 4}, 16);
            case MAXIMUM, MINIMUM, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL ->
                binary(
                        op,
                        Row.ALL,
                        r -> {
                            double x = r.nextInt(-4, 5);
                            return new double[] {x, r.nextInt(3) == 0 ? x : 8 * r.nextDouble() - 4};
                        },
                        0);
            case ARCTAN2 -> binary(op, Row.FLOATING, pair(-10, 10), 6);
            // max + log1p(exp(-d)) with d = |x - y|: both functions are within 4 ulps, the rounding of d counts
            // d·exp(-d) < 1/2 ulp, and the sum
            // rounds once. The second term is at most log 2, which is what the error is relative to where the terms
            // cancel.
            case LOGADDEXP ->
                binary(op, Row.INEXACT, pair(-10, 10), 10, (at, result) -> Math.max(Math.abs(result), Math.log(2)));
            case BITWISE_AND, BITWISE_OR, BITWISE_XOR ->
                binary(op, EnumSet.complementOf(EnumSet.copyOf(Row.INEXACT)), pair(0, 1), 0);
            case LEFT_SHIFT, RIGHT_SHIFT -> {
                Set<DType> integers = EnumSet.complementOf(EnumSet.copyOf(Row.INEXACT));
                integers.remove(DType.BOOL);
                binary(op, integers, pair(0, 1), 0);
            }
        }
    }

    private void others() {
        rows.add(new Row("Select", Row.ALL, EnumSet.of(Draw.Kind.SPECIAL), true, draw -> {
            Shape shape = draw.shape();
            HostTensor condition = draw.any(DType.BOOL, shape);
            return new Case(
                    new Primitive.Select(),
                    List.of(condition, draw.anyOrSpecial(draw.dtype, shape), draw.anyOrSpecial(draw.dtype, shape)),
                    Judge.exact(true));
        }));
        rows.add(new Row("Cast", Row.ALL, EnumSet.of(Draw.Kind.SPECIAL), true, ElementwiseRows::cast));
        rows.add(new Row("Constant", Row.ALL, draw -> {
            HostTensor value = draw.anyBits(draw.dtype, Shape.SCALAR);
            return new Case(new Primitive.Constant(draw.dtype, value.bits(0)), List.of(), Judge.exact(true));
        }));
        rows.add(new Row("Iota", EnumSet.complementOf(EnumSet.of(DType.BOOL)), draw -> {
            // No further than the dtype counts.
            int most = draw.dtype == DType.INT8 ? 128 : draw.dtype == DType.UINT8 ? 256 : Integer.MAX_VALUE;
            return new Case(new Primitive.Iota(draw.dtype, draw.size(most)), List.of(), Judge.bits());
        }));
    }

    /// To any dtype. Numbers go to integers only where they are defined: finite, and wrapped if too large.
    private static Case cast(Draw draw) {
        List<DType> targets = List.of(DType.values());
        DType target = draw.choices.of(targets);
        Shape shape = draw.shape();
        boolean whole = !target.isInexact() && target != DType.BOOL;
        HostTensor from = draw.dtype.isInexact()
                ? whole
                        ? draw.numbers(draw.dtype, shape, r -> 2000 * r.nextDouble() - (target.isUnsigned() ? 0 : 1000))
                        : draw.anyOrSpecial(draw.dtype, shape)
                : draw.integers(draw.dtype, shape);
        return new Case(new Primitive.Cast(target), List.of(from), (oracle, kernel, operands) -> {
            HostTensor plain = oracle.same(kernel, operands).getFirst();
            if (!target.isFloating() || draw.dtype.isComplex()) {
                return Judge.exact(true).expect(oracle, kernel, operands);
            }
            // Rounded once; a 64-bit integer by way of float32 or float64 twice.
            double[] numbers = new double[plain.size()];
            double[] allowed = new double[numbers.length];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = operands.getFirst().number(i);
                double ulps = draw.dtype.isInexact() || target == DType.FLOAT64 ? 0 : 0.5;
                allowed[i] = Bounds.ulps(target, numbers[i], ulps, numbers[i]);
                allowed[i] = Math.max(allowed[i], Bounds.rounding(target, numbers[i]));
            }
            return List.of(new Expected.Near(plain.spec(), numbers, allowed, null, true));
        });
    }

    // ------------------------------------------------------------------------------------------------- drawing

    private void unary(UnaryOp op, Set<DType> dtypes, Point point, double ulps) {
        Judge judge = ulps == 0 ? Judge.exact(true) : Judge.ulps(ulps, (at, result) -> Math.abs(result));
        rows.add(new Row("Unary." + op, dtypes, kinds(ulps), true, draw -> {
            Shape shape = draw.shape();
            HostTensor x = switch (draw.dtype.category()) {
                case FLOATING ->
                    draw.kind == Draw.Kind.ORDINARY
                            ? points(draw, shape, point, 1).getFirst()
                            : draw.numbers(draw.dtype, shape, r -> pick(draw, r));
                case COMPLEX -> complex(draw, shape);
                default -> draw.integers(draw.dtype, shape);
            };
            // A modulus is a square root of a sum of squares, and not exact.
            boolean modulus = draw.dtype.isComplex() && (op == UnaryOp.ABS || op == UnaryOp.SIGN);
            return new Case(
                    new Primitive.Unary(op),
                    List.of(x),
                    modulus ? Judge.ulps(1, (at, result) -> Math.abs(result)) : judge);
        }));
    }

    private void binary(BinaryOp op, Set<DType> dtypes, Point points, double ulps) {
        binary(op, dtypes, points, ulps, (at, result) -> Math.abs(result));
    }

    private void binary(BinaryOp op, Set<DType> dtypes, Point points, double ulps, Judge.Magnitude magnitude) {
        boolean ordered = op == BinaryOp.MAXIMUM || op == BinaryOp.MINIMUM;
        Judge judge = ulps == 0 ? Judge.exact(!ordered) : Judge.ulps(ulps, magnitude);
        rows.add(new Row("Binary." + op, dtypes, kinds(ulps), true, draw -> {
            Shape shape = draw.shape();
            List<HostTensor> operands = switch (draw.dtype.category()) {
                case FLOATING ->
                    draw.kind == Draw.Kind.ORDINARY
                            ? points(draw, shape, points, 2)
                            : List.of(
                                    draw.numbers(draw.dtype, shape, r -> pick(draw, r)),
                                    draw.numbers(draw.dtype, shape, r -> pick(draw, r)));
                case COMPLEX -> List.of(complex(draw, shape), complex(draw, shape));
                default -> List.of(draw.integers(draw.dtype, shape), second(op, draw, shape));
            };
            return new Case(new Primitive.Binary(op), operands, judge);
        }));
    }

    /// Subnormal numbers where arithmetic is exact or rounded correctly; a function of one is checked on special values alone.
    private static Set<Draw.Kind> kinds(double ulps) {
        return ulps == 0.5 ? EnumSet.of(Draw.Kind.SPECIAL, Draw.Kind.SUBNORMAL) : EnumSet.of(Draw.Kind.SPECIAL);
    }

    private static double pick(Draw draw, Random random) {
        double[] special = draw.special(draw.dtype);
        return special[random.nextInt(special.length)];
    }

    /// The second operand of an operation on integers.
    private static HostTensor second(BinaryOp op, Draw draw, Shape shape) {
        int bits = 8 * draw.dtype.bytes();
        return switch (op) {
            case LEFT_SHIFT, RIGHT_SHIFT -> draw.numbers(draw.dtype, shape, r -> r.nextInt(bits));
            case POWER -> draw.numbers(draw.dtype, shape, r -> r.nextInt(draw.dtype == DType.BOOL ? 2 : 7));
            default -> draw.integers(draw.dtype, shape);
        };
    }

    private static List<HostTensor> points(Draw draw, Shape shape, Point points, int count) {
        double[][] values = new double[count][shape.size()];
        for (int i = 0; i < shape.size(); i++) {
            double[] drawn = points.draw(draw.random());
            for (int k = 0; k < count; k++) {
                values[k][i] = drawn[k];
            }
        }
        List<HostTensor> operands = new ArrayList<>();
        for (double[] operand : values) {
            operands.add(HostTensor.of(new TensorSpec(draw.dtype, shape), operand));
        }
        return operands;
    }

    /// In the first quadrant, away from every branch cut and pole.
    private static HostTensor complex(Draw draw, Shape shape) {
        double[] values = new double[2 * shape.size()];
        for (int i = 0; i < values.length; i += 2) {
            values[i] = 0.3 + 0.9 * draw.random().nextDouble();
            values[i + 1] = 0.2 + 0.7 * draw.random().nextDouble();
        }
        return HostTensor.of(new TensorSpec(draw.dtype, shape), values);
    }

    private static Point in(double low, double high) {
        return r -> new double[] {low + (high - low) * r.nextDouble()};
    }

    private static Point pair(double low, double high) {
        return r -> new double[] {low + (high - low) * r.nextDouble(), low + (high - low) * r.nextDouble()};
    }

    private static double awayFromZero(Random random) {
        return (0.3 + 20 * random.nextDouble()) * (random.nextBoolean() ? 1 : -1);
    }

    private static double[] quotient(Random random) {
        double divisor = (0.5 + 4 * random.nextDouble()) * (random.nextBoolean() ? 1 : -1);
        return new double[] {divisor * (random.nextInt(-6, 7) + 0.2 + 0.6 * random.nextDouble()), divisor};
    }
}
