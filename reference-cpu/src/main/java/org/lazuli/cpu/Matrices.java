package org.lazuli.cpu;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.lazuli.DType;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;

/// Decompositions of batches of matrices. Each is computed in double, whatever its dtype, and rounded once.
///
/// A matrix that holds NaN or an infinity has no singular values or eigenvalues: all results are NaN.
final class Matrices {
    /// Work of about this many operations is one part.
    private static final long GRAIN = 200_000;

    private final Tensor input;
    private final Object elements;
    private final DType dtype;
    private final int rows;
    private final int columns;
    private final int batch;

    private Matrices(Tensor input) {
        this.input = input;
        this.elements = Widened.contiguous(input);
        this.dtype = input.dtype();
        this.rows = input.shape().dim(-2);
        this.columns = input.shape().dim(-1);
        int rank = input.shape().rank();
        this.batch = input.shape().slice(0, rank - 2).size();
    }

    private interface Work {
        void run(int number);
    }

    /// Runs `work` for every matrix. Of several that fail the first of the batch is told of, whichever thread met its own first.
    private void each(Work work) {
        long cost = Math.max(1, (long) rows * columns * Math.max(1, Math.min(rows, columns)) * 10);
        int together = (int) Math.max(1, Math.min(batch, GRAIN / cost));
        ConcurrentSkipListMap<Integer, ArithmeticException> failures = new ConcurrentSkipListMap<>();
        Workers.SHARED.run((batch + together - 1) / together, part -> {
            for (int i = part * together; i < Math.min(batch, (part + 1) * together); i++) {
                try {
                    work.run(i);
                } catch (ArithmeticException e) {
                    failures.put(i, e);
                    return;
                }
            }
        });
        if (!failures.isEmpty()) {
            throw failures.firstEntry().getValue();
        }
    }

    private Dense read(int number) {
        return Dense.read(elements, dtype, number, rows, columns);
    }

    /// Matrix `number` with both triangles as one says.
    private Dense readHermitian(int number, boolean upper) {
        Dense a = read(number);
        for (int i = 0; i < rows; i++) {
            a.set(i, i, a.re[i][i], 0);
            for (int j = i + 1; j < columns; j++) {
                if (upper) {
                    a.set(j, i, a.re[i][j], -a.imaginary(i, j));
                } else {
                    a.set(i, j, a.re[j][i], -a.imaginary(j, i));
                }
            }
        }
        return a;
    }

    private String place(int number) {
        return batch == 1 ? "the matrix" : "matrix " + number + " of the batch of shape " + input.shape();
    }

    static void run(Primitive.Several primitive, Tensor input, List<Tensor> outputs) {
        Matrices matrices = new Matrices(input);
        matrices.each(
                switch (primitive) {
                    case Primitive.Qr() -> i -> matrices.qr(i, outputs.get(0), outputs.get(1));
                    case Primitive.Svd(var vectors) -> i -> matrices.svd(i, vectors, outputs);
                    case Primitive.Eigh(boolean vectors, boolean upper) ->
                        i -> matrices.eigh(i, vectors, upper, outputs);
                    case Primitive.Eig(boolean vectors) -> i -> matrices.eig(i, vectors, outputs);
                    case Primitive.Lu() -> i -> matrices.lu(i, outputs);
                });
    }

    private void qr(int number, Tensor q, Tensor r) {
        Dense a = read(number);
        Reflection[] reflections = Reflection.triangularize(a);
        int k = reflections.length;
        Dense factor = Dense.identity(rows, k, a.isComplex());
        Reflection.multiply(reflections, factor);
        factor.write(q, number);
        a.write(r, number * k * columns, k, columns);
    }

    private void svd(int number, Primitive.Vectors vectors, List<Tensor> outputs) {
        Dense a = read(number);
        if (!a.isFinite()) {
            fillNan(number, outputs);
            return;
        }
        boolean wanted = vectors != Primitive.Vectors.NONE;
        SingularValues found = SingularValues.of(a, wanted, vectors == Primitive.Vectors.FULL);
        writeRow(found.values(), outputs.get(wanted ? 1 : 0), number);
        if (found.left() != null && found.right() != null) {
            found.left().write(outputs.get(0), number);
            found.right().write(outputs.get(2), number);
        }
    }

    private void eigh(int number, boolean vectors, boolean upper, List<Tensor> outputs) {
        Dense a = readHermitian(number, upper);
        if (!a.isFinite()) {
            fillNan(number, outputs);
            return;
        }
        HermitianEigen found = HermitianEigen.of(a, vectors);
        writeRow(found.values(), outputs.get(0), number);
        if (found.vectors() != null) {
            found.vectors().write(outputs.get(1), number);
        }
    }

    private void eig(int number, boolean vectors, List<Tensor> outputs) {
        Dense a = read(number);
        if (!a.isFinite()) {
            fillNan(number, outputs);
            return;
        }
        GeneralEigen found = GeneralEigen.of(a, vectors);
        found.values().write(outputs.get(0), number);
        if (found.vectors() != null) {
            found.vectors().transposed().write(outputs.get(1), number);
        }
    }

    private void lu(int number, List<Tensor> outputs) {
        Dense a = read(number);
        int[] pivots = new int[Math.min(rows, columns)];
        int[] order = new int[rows];
        LinearSystems.factor(a, pivots, order);
        a.write(outputs.get(0), number);
        System.arraycopy(pivots, 0, (int[]) Storage.array(outputs.get(1)), number * pivots.length, pivots.length);
        System.arraycopy(order, 0, (int[]) Storage.array(outputs.get(2)), number * rows, rows);
    }

    /// @throws ArithmeticException if a matrix is not positive definite
    static void cholesky(boolean upper, Tensor input, Tensor output) {
        Matrices matrices = new Matrices(input);
        matrices.each(number -> {
            Dense a = matrices.readHermitian(number, upper);
            int failed = LinearSystems.cholesky(a);
            if (failed >= 0) {
                throw new ArithmeticException("cholesky: " + matrices.place(number)
                        + " is not positive definite: step " + failed + " met the pivot " + a.re[failed][failed]
                        + "; add a small multiple of the identity, or use eigh");
            }
            (upper ? a : a.adjoint()).write(output, number);
        });
    }

    /// @throws ArithmeticException if a matrix has a zero on its diagonal
    static void solve(boolean upper, Tensor input, Tensor rightHandSide, Tensor output) {
        Matrices matrices = new Matrices(input);
        Object sides = Widened.contiguous(rightHandSide);
        int width = output.shape().dim(-1);
        matrices.each(number -> {
            Dense b = Dense.read(sides, matrices.dtype, number, matrices.rows, width);
            int zero = LinearSystems.solve(matrices.read(number), upper, b);
            if (zero >= 0) {
                throw new ArithmeticException("solve: " + matrices.place(number) + " is singular: element " + zero
                        + " of the diagonal of its triangle is 0; use pinv");
            }
            b.write(output, number);
        });
    }

    private void fillNan(int number, List<Tensor> outputs) {
        for (Tensor output : outputs) {
            int size = batch == 0 ? 0 : output.shape().size() / batch;
            Dense nan = new Dense(1, size, output.dtype().isComplex());
            nan.fill(Double.NaN);
            nan.write(output, number);
        }
    }

    private static void writeRow(double[] values, Tensor output, int number) {
        Dense row = new Dense(1, values.length, false);
        System.arraycopy(values, 0, row.re[0], 0, values.length);
        row.write(output, number);
    }
}
