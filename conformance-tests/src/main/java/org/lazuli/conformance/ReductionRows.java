package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Choices;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.ArgReduceOp;
import org.lazuli.spi.Primitive.ReduceOp;
import org.lazuli.spi.Primitive.ScanOp;

/// Reductions, scans and sorting.
final class ReductionRows {
    private ReductionRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (ReduceOp op : ReduceOp.values()) {
            boolean ordered = op == ReduceOp.MAX || op == ReduceOp.MIN;
            Row row = new Row("Reduce." + op, ordered ? Row.REAL : Row.ALL, draw -> reduce(op, draw));
            rows.add(ordered ? row.withSpecial() : row);
        }
        for (ArgReduceOp op : ArgReduceOp.values()) {
            rows.add(ordered("ArgReduce." + op, axis -> new Primitive.ArgReduce(op, axis), 1));
        }
        for (ScanOp op : ScanOp.values()) {
            rows.add(new Row(
                    "Scan." + op,
                    switch (op) {
                        case SUM, PROD -> Row.ALL;
                        case MAX, MIN -> Row.REAL;
                        case LOGADDEXP -> Row.FLOATING;
                    },
                    draw -> scan(op, draw)));
        }
        rows.add(ordered("Sort", Primitive.Sort::new, 0));
        rows.add(ordered("ArgSort", Primitive.ArgSort::new, 0));
        return rows;
    }

    /// Some axes, `main` among them.
    static Ints axes(Choices choices, int rank, int main) {
        boolean[] chosen = new boolean[rank];
        for (int axis : choices.subset(rank)) {
            chosen[axis] = true;
        }
        chosen[main] = true;
        return Ints.of(IntStream.range(0, rank).filter(i -> chosen[i]).toArray());
    }

    private static Case reduce(ReduceOp op, Draw draw) {
        int rank = draw.choices.between(1, 3);
        int main = draw.choices.between(0, rank - 1);
        Shape shape = draw.shape(main, rank);
        Ints axes = axes(draw.choices, rank, main);
        boolean ordered = op == ReduceOp.MAX || op == ReduceOp.MIN;
        if (ordered && shape.dim(main) == 0) {
            shape = shape.with(main, 1);
        }
        Judge.Terms terms = (kernel, operands) -> operands.getFirst().size();
        return switch (op) {
            case SUM ->
                new Case(
                        new Primitive.Reduce(op, axes), List.of(draw.any(draw.dtype, shape)), Judge.sums(terms, false));
            case PROD ->
                new Case(new Primitive.Reduce(op, axes), List.of(factors(draw, shape)), Judge.products(terms, false));
            case MAX, MIN ->
                new Case(
                        new Primitive.Reduce(op, axes),
                        List.of(draw.anyOrSpecial(draw.dtype, shape)),
                        Judge.exact(false));
        };
    }

    /// Numbers near 1, so that products of thousands stay within range.
    private static HostTensor factors(Draw draw, Shape shape) {
        return draw.dtype.isComplex()
                ? draw.numbers(draw.dtype, shape, r -> 0.7071 * (r.nextBoolean() ? 1 : -1))
                : draw.dtype.isInexact()
                        ? draw.numbers(
                                draw.dtype, shape, r -> (0.995 + 0.01 * r.nextDouble()) * (r.nextInt(5) == 0 ? -1 : 1))
                        : draw.integers(draw.dtype, shape);
    }

    private static Case scan(ScanOp op, Draw draw) {
        int rank = draw.choices.between(1, 3);
        int axis = draw.choices.between(0, rank - 1);
        Shape shape = draw.shape(axis, rank);
        Kernel scan = new Primitive.Scan(op, axis, draw.choices.flag(), draw.choices.flag());
        Judge.Terms terms = (kernel, operands) -> operands.getFirst().shape().dim(axis);
        return switch (op) {
            case SUM -> new Case(scan, List.of(draw.any(draw.dtype, shape)), Judge.sums(terms, true));
            case PROD -> new Case(scan, List.of(factors(draw, shape)), Judge.products(terms, true));
            case MAX, MIN -> new Case(scan, List.of(draw.any(draw.dtype, shape)), Judge.exact(false));
            case LOGADDEXP -> new Case(scan, List.of(draw.any(draw.dtype, shape)), logSums(axis));
        };
    }

    /// Each step is a LOGADDEXP, within 10 ulps, of a partial result: no larger than the largest operand and the logarithm of how many there are. An
    /// error of a partial result is carried on with a factor of at most 1.
    private static Judge logSums(int axis) {
        return (oracle, kernel, operands) -> {
            HostTensor x = operands.getFirst();
            double[] numbers = oracle.wide(kernel, operands).getFirst().numbers();
            double[] allowed = new double[numbers.length];
            int n = x.shape().dim(axis);
            double largest = 0;
            for (double number : x.numbers()) {
                largest = Math.max(largest, Math.abs(number));
            }
            largest += Math.log(Math.max(n, 2));
            DType dtype = x.dtype();
            for (int i = 0; i < allowed.length; i++) {
                double step = 10 * Numbers.ulp(dtype == DType.FLOAT64 ? dtype : DType.FLOAT32, largest)
                        + Bounds.rounding(dtype, largest);
                allowed[i] = Double.isFinite(numbers[i]) ? n * step : 0;
            }
            return List.of(new Expected.Near(x.spec(), numbers, allowed, null, false));
        };
    }

    /// An operation along one axis that compares: few distinct values, so that some are equal, and NaN where special values are asked for.
    private static Row ordered(String name, IntFunction<Kernel> kernel, int least) {
        return new Row(name, Row.REAL, EnumSet.of(Draw.Kind.SPECIAL), false, draw -> {
            int rank = draw.choices.between(1, 3);
            int axis = draw.choices.between(0, rank - 1);
            Shape shape = draw.shape(axis, rank);
            shape = shape.with(axis, Math.max(least, shape.dim(axis)));
            HostTensor x = draw.kind == Draw.Kind.SPECIAL
                    ? draw.anyOrSpecial(draw.dtype, shape)
                    : draw.dtype.isInexact()
                            ? draw.numbers(draw.dtype, shape, r -> r.nextInt(-40, 40) / 4.0)
                            : draw.integers(draw.dtype, shape);
            return new Case(kernel.apply(axis), List.of(x), Judge.exact(false));
        });
    }
}
