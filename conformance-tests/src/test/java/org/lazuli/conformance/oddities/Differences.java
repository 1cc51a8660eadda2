package org.lazuli.conformance.oddities;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.lazuli.Transforms.jvp;
import static org.lazuli.Transforms.vjp;

import java.util.ArrayList;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Nary;

/// Derivatives held against central differences, and vectorised functions against loops.
final class Differences {
    /// The error of (4 D(h/2) - D(h)) / 3 with h = 1e-3, for functions whose fifth derivative and values are of the order of 100 at most:
    /// 100 h⁴ / 480, and 3 roundoffs of 100 over h.
    private static final double BOUND = 1e-10;

    private static final double H = 1e-3;

    private Differences() {}

    /// Numbers between -1 and 1 that are nowhere equal or close to 0.
    static Array numbers(int... dims) {
        Shape shape = Shape.of(dims);
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
            // Multiples of the golden ratio spread evenly.
            double fraction = (i + 1) * 0.6180339887498949 % 1;
            values[i] = (0.1 + 0.9 * fraction) * (i % 2 == 0 ? 1 : -1);
        }
        return Ops.array(values, DType.FLOAT64).reshape(shape);
    }

    /// Checks `vjp` and `jvp` of a function of float64 arrays against central differences along a direction, for every operand.
    static void check(Nary function, Array... operands) {
        List<Array> primals = List.of(operands);
        List<Array> outputs = function.apply(primals);
        List<Array> cotangents = new ArrayList<>();
        for (Array output : outputs) {
            cotangents.add(numbers(output.shape().toArray()).mul(0.7));
        }
        List<Array> grads = vjp(function, primals, cotangents).derivatives();
        for (int i = 0; i < operands.length; i++) {
            assertEquals(operands[i].shape(), grads.get(i).shape(), "the gradient's shape");
            checkElements(function, primals, cotangents, i, grads.get(i));
            List<Array> tangents = new ArrayList<>();
            for (int k = 0; k < operands.length; k++) {
                Array direction = numbers(operands[k].shape().toArray());
                tangents.add(k == i ? direction : Ops.zerosLike(direction));
            }
            List<Array> forward = jvp(function, primals, tangents).derivatives();
            for (int o = 0; o < outputs.size(); o++) {
                assertEquals(outputs.get(o).shape(), forward.get(o).shape(), "the tangent's shape");
            }
            assertEquals(
                    inner(grads, tangents), inner(cotangents, forward), 1e-12 * 100, "a tangent against a cotangent");
        }
    }

    private static void checkElements(
            Nary function, List<Array> primals, List<Array> cotangents, int operand, Array grad) {
        double[] at = primals.get(operand).toDoubleArray();
        double[] slopes = grad.toDoubleArray();
        for (int e = 0; e < at.length; e++) {
            double coarse = difference(function, primals, cotangents, operand, e, H);
            double fine = difference(function, primals, cotangents, operand, e, H / 2);
            assertEquals((4 * fine - coarse) / 3, slopes[e], BOUND, "by element " + e + " of operand " + operand);
        }
    }

    private static double difference(
            Nary function, List<Array> primals, List<Array> cotangents, int operand, int element, double h) {
        double[] results = new double[2];
        for (int side = 0; side < 2; side++) {
            double[] moved = primals.get(operand).toDoubleArray();
            moved[element] += side == 0 ? -h : h;
            List<Array> others = new ArrayList<>(primals);
            others.set(
                    operand,
                    Ops.array(moved, DType.FLOAT64).reshape(primals.get(operand).shape()));
            results[side] = inner(function.apply(others), cotangents);
        }
        return (results[1] - results[0]) / (2 * h);
    }

    private static double inner(List<Array> a, List<Array> b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            sum += a.get(i).mul(b.get(i)).sum().item();
        }
        return sum;
    }

    /// Checks a vectorised function against a loop over the batch.
    ///
    /// @param in the axis of each operand that carries the batch; null for one that is the same for all
    static void checkLoop(Nary function, Array[] operands, Integer... in) {
        int[] axes = new int[in.length];
        int size = 0;
        for (int i = 0; i < axes.length; i++) {
            axes[i] = in[i] == null ? Transforms.NOT_MAPPED : in[i];
            size = in[i] == null ? size : operands[i].dim(in[i]);
        }
        List<Array> mapped = Transforms.vmapList(function, axes, 0).apply(List.of(operands));
        for (int b = 0; b < size; b++) {
            List<Array> one = new ArrayList<>();
            for (int i = 0; i < axes.length; i++) {
                one.add(in[i] == null ? operands[i] : operands[i].unstack(in[i]).get(b));
            }
            Array expected = function.apply(one).getFirst();
            Array actual = mapped.getFirst().unstack(0).get(b);
            assertEquals(expected.shape(), actual.shape());
            assertEquals(expected.dtype(), actual.dtype());
            double far = expected.size() == 0
                    ? 0
                    : expected.astype(DType.FLOAT64)
                            .sub(actual.astype(DType.FLOAT64))
                            .abs()
                            .max()
                            .item();
            assertEquals(0, far, expected.dtype().isInexact() ? 1e-12 : 0, "example " + b);
        }
    }
}
