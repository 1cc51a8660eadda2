package org.lazuli.conformance.laws;

import static org.lazuli.conformance.laws.Rows.Gradient.DERIVATIVE;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.graph.Graph;
import org.lazuli.ops.Elementwise;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.TensorSpec;

/// Samples of the instructions that work element by element, and of those that make arrays of nothing.
final class ElementwiseRows {
    /// Draws one element of each operand.
    @FunctionalInterface
    private interface Point {
        double[] draw(Random random);
    }

    private final Map<String, Row> rows = new TreeMap<>();

    private ElementwiseRows() {}

    static Map<String, Row> rows() {
        ElementwiseRows table = new ElementwiseRows();
        table.unary();
        table.binary();
        table.others();
        return table.rows;
    }

    // ---------------------------------------------------------------------------------------------- operations

    private void unary() {
        for (UnaryOp op : UnaryOp.values()) {
            switch (op) {
                case ABS, SIGN -> both(op, r -> new double[] {awayFromZero(r)});
                case NEGATIVE -> both(op, in(-2, 2));
                case CONJUGATE, REAL, IMAG -> unary(op, DType.COMPLEX64, complex(1));
                case SQRT, RSQRT, LOG, LOG2, LOG10 -> both(op, in(0.2, 3));
                case LOG1P -> both(op, in(-0.6, 2));
                case EXP, SIN, COS, ARCTAN, SINH, COSH, TANH, ARCSINH -> both(op, in(-2, 2));
                case SIGMOID -> unary(op, in(-3, 3));
                case EXPM1, ERF -> unary(op, in(-2, 2));
                case TAN -> both(op, in(-1.2, 1.2));
                case ARCSIN, ARCCOS, ARCTANH -> both(op, in(-0.8, 0.8));
                case ARCCOSH -> both(op, in(1.3, 3));
                case ERFINV -> unary(op, in(-0.8, 0.8));
                case FLOOR, CEIL, TRUNC -> unary(op, between(0.2, 0.8));
                case ROUND -> unary(op, between(-0.3, 0.3));
                case LOGICAL_NOT -> unary(op, DType.BOOL, truth());
                case BITWISE_INVERT -> unary(op, DType.INT32, whole(-9, 9));
            }
        }
    }

    private void binary() {
        for (BinaryOp op : BinaryOp.values()) {
            switch (op) {
                case ADD, SUBTRACT, MULTIPLY -> both(op, r -> new double[] {uniform(r, -2, 2), uniform(r, -2, 2)});
                case DIVIDE -> both(op, r -> new double[] {uniform(r, -2, 2), awayFromZero(r)});
                case POWER -> both(op, r -> new double[] {uniform(r, 0.3, 2.5), uniform(r, -2, 2)});
                case FLOOR_DIVIDE, REMAINDER ->
                    binary(op, r -> {
                        double divisor = awayFromZero(r);
                        return new double[] {divisor * (r.nextInt(-3, 4) + uniform(r, 0.2, 0.8)), divisor};
                    });
                case MAXIMUM, MINIMUM, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL ->
                    binary(op, r -> {
                        double first = uniform(r, -2, 2);
                        return new double[] {first, first + awayFromZero(r)};
                    });
                case ARCTAN2 -> binary(op, r -> new double[] {uniform(r, -2, 2), uniform(r, 0.3, 2)});
                case LOGADDEXP -> binary(op, r -> new double[] {uniform(r, -2, 2), uniform(r, -2, 2)});
                case BITWISE_AND, BITWISE_OR, BITWISE_XOR ->
                    integers(op, r -> new double[] {r.nextInt(16), r.nextInt(16)});
                case LEFT_SHIFT, RIGHT_SHIFT ->
                    binary(op, DType.INT32, r -> new double[] {r.nextInt(16), r.nextInt(4)});
            }
        }
    }

    private void others() {
        put("Select", choices -> {
            DType dtype = choices.of(List.of(choices.real(), DType.COMPLEX64));
            Point value = dtype.isComplex() ? complex(1) : in(-2, 2);
            return sample(
                    choices, new Primitive.Select(), List.of(DType.BOOL, dtype, dtype), List.of(truth(), value, value));
        });
        put("Cast", choices -> {
            DType from = choices.of(List.of(choices.real(), DType.FLOAT32, DType.COMPLEX64, DType.INT32, DType.BOOL));
            DType to = choices.of(List.of(DType.values()));
            Point value = switch (from) {
                case INT32 -> whole(0, 9);
                case BOOL -> truth();
                case COMPLEX64 -> r -> new double[] {0.3 + r.nextInt(4) + 0.4 * r.nextDouble(), uniform(r, -1, 1)};
                // Positive and between the integers, away from the jumps of a conversion to integers.
                default -> r -> new double[] {0.3 + r.nextInt(4) + 0.4 * r.nextDouble()};
            };
            double epsilon = switch (to) {
                case FLOAT16 -> 0x1p-11;
                case BFLOAT16 -> 0x1p-8;
                case FLOAT32, COMPLEX64 -> Sample.SINGLE;
                default -> Sample.DOUBLE;
            };
            Sample sample = sample(choices, new Primitive.Cast(to), List.of(from), List.of(value));
            return sample.withEpsilon(Math.max(sample.epsilon(), epsilon));
        });
        put("Constant", choices -> {
            double value = choices.between(-3, 3) / 2.0;
            DType real = choices.real();
            long bits = real == DType.FLOAT32
                    ? Integer.toUnsignedLong(Float.floatToRawIntBits((float) value))
                    : Double.doubleToRawLongBits(value);
            return added(choices, new Primitive.Constant(real, bits));
        });
        put("Iota", choices -> added(choices, new Primitive.Iota(choices.real(), choices.between(0, 4))));
    }

    /// What an instruction without operands makes, added to an operand, so that there is something to differentiate and to batch.
    private static Sample added(Choices choices, Primitive primitive) {
        Shape made = Graph.apply(primitive).shape();
        Shape shape = Shape.of(choices.dims(0, 2, 1, 3)).concat(made);
        return new Sample(
                "x + " + primitive,
                List.of(new TensorSpec(choices.real(), shape)),
                r -> new double[][] {fill(shape.size(), in(-2, 2), r)},
                in -> List.of(in.get(0).add(Graph.apply(primitive))),
                choices.seed());
    }

    // ------------------------------------------------------------------------------------------------- samples

    private void both(UnaryOp op, Point real) {
        put(
                "Unary." + op,
                choices -> choices.flag()
                        ? sample(choices, new Primitive.Unary(op), List.of(DType.COMPLEX64), List.of(complex(1)))
                        : sample(choices, new Primitive.Unary(op), List.of(choices.real()), List.of(real)));
    }

    private void unary(UnaryOp op, Point point) {
        put(
                "Unary." + op,
                choices -> sample(choices, new Primitive.Unary(op), List.of(choices.real()), List.of(point)));
    }

    private void unary(UnaryOp op, DType dtype, Point point) {
        put("Unary." + op, choices -> sample(choices, new Primitive.Unary(op), List.of(dtype), List.of(point)));
    }

    private void both(BinaryOp op, Point real) {
        put(
                "Binary." + op,
                choices -> choices.flag()
                        ? sample(
                                choices,
                                new Primitive.Binary(op),
                                List.of(DType.COMPLEX64, DType.COMPLEX64),
                                List.of(complex(1), complex(1)))
                        : joint(choices, new Primitive.Binary(op), choices.real(), real));
    }

    private void binary(BinaryOp op, Point points) {
        put("Binary." + op, choices -> joint(choices, new Primitive.Binary(op), choices.real(), points));
    }

    private void binary(BinaryOp op, DType dtype, Point points) {
        put("Binary." + op, choices -> joint(choices, new Primitive.Binary(op), dtype, points));
    }

    private void integers(BinaryOp op, Point points) {
        put(
                "Binary." + op,
                choices ->
                        joint(choices, new Primitive.Binary(op), choices.flag() ? DType.UINT8 : DType.INT64, points));
    }

    private void put(String name, java.util.function.Function<Choices, Sample> samples) {
        rows.put(name, new Row(DERIVATIVE, samples));
    }

    /// Operands drawn independently.
    private static Sample sample(Choices choices, Primitive primitive, List<DType> dtypes, List<Point> points) {
        Shape shape = Shape.of(choices.dims(0, 3, 0, 3));
        return new Sample(
                primitive.toString(),
                specs(dtypes, shape),
                r -> points.stream().map(point -> fill(shape.size(), point, r)).toArray(double[][]::new),
                in -> List.of(inexact(Graph.apply(primitive, in.toArray(new Array[0])), choices.real())),
                choices.seed());
    }

    /// Two operands whose elements are drawn together.
    private static Sample joint(Choices choices, Primitive primitive, DType dtype, Point pairs) {
        Shape shape = Shape.of(choices.dims(0, 3, 0, 3));
        return new Sample(
                primitive.toString(),
                specs(List.of(dtype, dtype), shape),
                r -> {
                    double[][] values = new double[2][shape.size()];
                    for (int i = 0; i < shape.size(); i++) {
                        double[] pair = pairs.draw(r);
                        values[0][i] = pair[0];
                        values[1][i] = pair[1];
                    }
                    return values;
                },
                in -> List.of(inexact(Graph.apply(primitive, in.get(0), in.get(1)), choices.real())),
                choices.seed());
    }

    private static List<TensorSpec> specs(List<DType> dtypes, Shape shape) {
        List<TensorSpec> specs = new ArrayList<>();
        dtypes.forEach(dtype -> specs.add(new TensorSpec(dtype, shape)));
        return specs;
    }

    /// Truth values and integers as numbers.
    static Array inexact(Array x, DType real) {
        return x.dtype().isInexact() ? x : Elementwise.cast(x, real);
    }

    // -------------------------------------------------------------------------------------------------- values

    private static double[] fill(int size, Point point, Random random) {
        return java.util.stream.IntStream.range(0, size)
                .mapToObj(i -> point.draw(random))
                .flatMapToDouble(java.util.Arrays::stream)
                .toArray();
    }

    private static double uniform(Random random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    private static double awayFromZero(Random random) {
        return uniform(random, 0.3, 2) * (random.nextBoolean() ? 1 : -1);
    }

    private static Point in(double low, double high) {
        return r -> new double[] {uniform(r, low, high)};
    }

    /// An integer plus something between `low` and `high`.
    private static Point between(double low, double high) {
        return r -> new double[] {r.nextInt(-3, 4) + uniform(r, low, high)};
    }

    private static Point whole(int low, int high) {
        return r -> new double[] {r.nextInt(low, high + 1)};
    }

    private static Point truth() {
        return r -> new double[] {r.nextInt(2)};
    }

    /// Complex numbers in the first quadrant, away from every branch cut and pole.
    private static Point complex(double scale) {
        return r -> new double[] {scale * uniform(r, 0.3, 1.2), scale * uniform(r, 0.2, 0.9)};
    }
}
