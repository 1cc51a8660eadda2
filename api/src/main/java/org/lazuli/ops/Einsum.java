package org.lazuli.ops;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.EinsumPath;
import org.lazuli.Shape;
import org.lazuli.graph.Region;

/// Sums of products over named indices.
///
/// Operands are contracted two at a time, in the order that [ContractionOrder] finds: indices that nobody else needs are summed first;
/// what is left is a product of batches of matrices, or, if no index disappears, of elements.
public final class Einsum {
    private Einsum() {}

    /// An array and the index of each of its axes, each index once.
    private record Term(Array array, int[] indices) {
        long set() {
            return Subscripts.set(indices);
        }

        int axis(int index) {
            for (int axis = 0; axis < indices.length; axis++) {
                if (indices[axis] == index) {
                    return axis;
                }
            }
            throw new IllegalStateException("index " + index + " is not among " + Arrays.toString(indices));
        }

        /// The axes in the order of these indices, all of which it has.
        Term ordered(int[] order) {
            return new Term(
                    order.length == 0
                            ? array
                            : Shapes.transpose(
                                    array, Arrays.stream(order).map(this::axis).toArray()),
                    order);
        }
    }

    /// The order in which [#of] contracts.
    public static EinsumPath path(String text, List<Array> operands) {
        Subscripts subscripts = Subscripts.of(text, operands, "einsumPath");
        long all = 0;
        for (int[] input : subscripts.inputs()) {
            all |= Subscripts.set(input);
        }
        int count = operands.size();
        double naive =
                ContractionOrder.operations(subscripts.sizes(), all, all & Subscripts.set(subscripts.output()), count);
        ContractionOrder.Order order = ContractionOrder.of(subscripts);
        List<List<Integer>> steps = count == 1
                ? List.of(List.of(0))
                : order.steps().stream()
                        .map(step -> List.of(step.first(), step.second()))
                        .toList();
        String info = "  Complete contraction:  " + text + "\n"
                + "         Naive scaling:  " + Long.bitCount(all) + "\n"
                + "     Optimized scaling:  " + (count == 1 ? Long.bitCount(all) : order.scaling()) + "\n"
                + "      Naive FLOP count:  " + whole(naive) + "\n"
                + "  Optimized FLOP count:  " + whole(count == 1 ? naive : order.operations()) + "\n";
        return new EinsumPath(steps, info);
    }

    private static String whole(double number) {
        return new BigDecimal(number).toBigInteger().toString();
    }

    /// The products of all operands, summed over the indices that the result does not have.
    public static Array of(String text, List<Array> operands) {
        Subscripts subscripts = Subscripts.of(text, operands, "einsum");
        return Region.own(() -> {
            DType dtype = operands.get(0).dtype();
            for (Array operand : operands) {
                dtype = DType.promote(dtype, operand.dtype());
            }
            List<Term> terms = new ArrayList<>();
            for (int i = 0; i < operands.size(); i++) {
                Array operand = Elementwise.cast(operands.get(i), dtype);
                terms.add(withoutRepeated(
                        diagonal(new Term(operand, subscripts.inputs().get(i))), subscripts.sizes()));
            }
            long output = Subscripts.set(subscripts.output());
            for (ContractionOrder.Step step : ContractionOrder.of(subscripts).steps()) {
                Term second = terms.remove(step.second());
                Term first = terms.remove(step.first());
                long needed = output;
                for (Term term : terms) {
                    needed |= term.set();
                }
                terms.add(contract(first, second, needed, text));
            }
            return summed(terms.getFirst(), output).ordered(subscripts.output()).array();
        });
    }

    /// An index that an operand has several times stays once: the diagonal.
    private static Term diagonal(Term term) {
        int[] indices = term.indices;
        for (int second = 1; second < indices.length; second++) {
            for (int first = 0; first < second; first++) {
                if (indices[first] == indices[second]) {
                    int[] left = new int[indices.length - 1];
                    int next = 0;
                    for (int axis = 0; axis < indices.length; axis++) {
                        if (axis != first && axis != second) {
                            left[next++] = indices[axis];
                        }
                    }
                    left[next] = indices[first];
                    return diagonal(new Term(Diagonals.diagonal(term.array, 0, first, second), left));
                }
            }
        }
        return term;
    }

    /// An axis of size 1 whose index is longer elsewhere goes: products repeat it anyway.
    private static Term withoutRepeated(Term term, int[] sizes) {
        int[] gone = axes(term, axis -> term.array.dim(axis) == 1 && sizes[term.indices[axis]] != 1);
        return new Term(
                Shapes.squeeze(term.array, gone),
                Arrays.stream(term.indices)
                        .filter(index -> term.array.dim(term.axis(index)) != 1 || sizes[index] == 1)
                        .toArray());
    }

    private static int[] axes(Term term, IntPredicate condition) {
        return IntStream.range(0, term.indices.length).filter(condition).toArray();
    }

    private static Term summed(Term term, long needed) {
        int[] gone = axes(term, axis -> !has(needed, term.indices[axis]));
        if (gone.length == 0) {
            return term;
        }
        return new Term(term.array.sum(Axes.of(gone)), select(term.indices, needed));
    }

    private static boolean has(long set, int index) {
        return (set >>> index & 1) != 0;
    }

    private static int[] select(int[] indices, long set) {
        return Arrays.stream(indices).filter(index -> has(set, index)).toArray();
    }

    private static int[] join(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    private static Term contract(Term first, Term second, long needed, String text) {
        Term a = summed(first, needed | second.set());
        Term b = summed(second, needed | first.set());
        int[] contracted = select(a.indices, b.set() & ~needed);
        int[] batch = select(a.indices, b.set() & needed);
        int[] left = select(a.indices, ~b.set());
        int[] right = select(b.indices, ~a.set());
        int[] result = join(batch, left, right);
        if (contracted.length == 0) {
            Array rows = a.ordered(join(batch, left)).array;
            Array columns = b.ordered(join(batch, right)).array;
            Shape outer = columns.shape().slice(0, batch.length);
            Shape between = Shape.SCALAR;
            for (int i = 0; i < left.length; i++) {
                between = between.concat(Shape.of(1));
            }
            Shape spread = outer.concat(between).concat(columns.shape().slice(batch.length, columns.ndim()));
            Shape wide = rows.shape();
            for (int i = 0; i < right.length; i++) {
                wide = wide.concat(Shape.of(1));
            }
            return new Term(Shapes.reshape(rows, wide).mul(Shapes.reshape(columns, spread)), result);
        }
        if (!a.array.dtype().isInexact()) {
            throw new IllegalArgumentException("einsum: \"" + text + "\" contracts arrays of " + a.array.dtype()
                    + ", which needs floating point or complex operands; convert with astype(FLOAT32)");
        }
        Array rows = matrices(a, batch, left, contracted);
        Array columns = matrices(b, batch, contracted, right);
        Array product = rows.matmul(columns);
        Shape shape = a.ordered(join(batch, left, contracted))
                .array
                .shape()
                .slice(0, batch.length + left.length)
                .concat(b.ordered(join(batch, contracted, right))
                        .array
                        .shape()
                        .slice(batch.length + contracted.length, b.indices.length));
        return new Term(Shapes.reshape(product, shape), result);
    }

    /// Matrices whose rows are the indices `rows` and whose columns are the indices `columns`.
    private static Array matrices(Term term, int[] batch, int[] rows, int[] columns) {
        Array ordered = term.ordered(join(batch, rows, columns)).array;
        Shape shape = ordered.shape();
        int middle = batch.length + rows.length;
        return Shapes.reshape(
                ordered,
                shape.slice(0, batch.length)
                        .concat(Shape.of(
                                shape.slice(batch.length, middle).size(),
                                shape.slice(middle, shape.rank()).size())));
    }
}
