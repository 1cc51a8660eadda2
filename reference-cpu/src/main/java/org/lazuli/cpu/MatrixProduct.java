package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Tensor;

/// Batches of matrix products. float16 and bfloat16 are multiplied and added up in float32; complex64 as four products
/// of real matrices.
final class MatrixProduct {
    /// Multiplications to a part for one thread, where several products are one.
    private static final long GRAIN = 1 << 19;

    /// Multiplications that are worth several threads.
    private static final long LARGE = 1 << 22;

    private final FloatGemm floats;

    private final @Nullable DoubleTiles doubles;

    /// @param vectors what large products of doubles are computed with; null for plain loops
    MatrixProduct(FloatGemm floats, @Nullable VectorSupport vectors) {
        this.floats = floats;
        this.doubles = vectors == null ? null : new DoubleTiles(vectors.micro());
    }

    void run(Tensor a, Tensor b, Tensor output) {
        int rank = output.shape().rank();
        int n = output.shape().dim(rank - 2);
        int m = output.shape().dim(rank - 1);
        int k = a.shape().dim(rank - 1);
        int batches = n * m == 0 ? 0 : output.shape().size() / (n * m);
        Layout batchA = Layout.of(a, Ints.range(0, rank - 2));
        Layout batchB = Layout.of(b, Ints.range(0, rank - 2));
        Planes x = Planes.of(a);
        Planes y = Planes.of(b);
        // Small products are shared out among the threads whole; a large one is cut into parts by itself.
        int grain = Math.clamp(GRAIN / Math.max((long) n * m * k, 1), 1, Math.max(batches, 1));
        boolean large = (long) n * m * k > LARGE;
        int parts = large ? 1 : (batches + grain - 1) / grain;
        int each = large ? batches : grain;
        Workers.SHARED.run(parts, part -> {
            for (int batch = part * each; batch < Math.min((part + 1) * each, batches); batch++) {
                int atA = x.direct() ? batchA.position(batch) : batch * n * k;
                int atB = y.direct() ? batchB.position(batch) : batch * k * m;
                multiply(n, m, k, x, atA, y, atB, output, batch * n * m);
            }
        });
    }

    private void multiply(int n, int m, int k, Planes x, int atA, Planes y, int atB, Tensor output, int at) {
        Object target = Storage.array(output);
        switch (output.dtype()) {
            case FLOAT32 -> floats.multiply(n, m, k, x.real(atA), y.real(atB), (float[]) target, at, m);
            case FLOAT64 -> {
                double[] c = (double[]) target;
                if (doubles != null && Math.min(n, m) > 1 && (long) n * m * k >= DoubleTiles.WORK) {
                    doubles.multiply(n, m, k, x.real(atA), y.real(atB), c, at, m);
                } else {
                    DoubleGemm.multiply(n, m, k, x.real(atA), y.real(atB), c, at, m);
                }
            }
            case FLOAT16, BFLOAT16 -> {
                float[] product = new float[n * m];
                floats.multiply(n, m, k, x.real(atA), y.real(atB), product, 0, m);
                Conversions.narrow(output.dtype(), product, target, at, n * m);
            }
            case COMPLEX64 -> {
                float[] c = (float[]) target;
                float[] first = new float[n * m];
                float[] second = new float[n * m];
                floats.multiply(n, m, k, x.real(atA), y.real(atB), first, 0, m);
                floats.multiply(n, m, k, x.imaginary(atA), y.imaginary(atB), second, 0, m);
                for (int i = 0; i < n * m; i++) {
                    c[2 * (at + i)] = first[i] - second[i];
                }
                floats.multiply(n, m, k, x.real(atA), y.imaginary(atB), first, 0, m);
                floats.multiply(n, m, k, x.imaginary(atA), y.real(atB), second, 0, m);
                for (int i = 0; i < n * m; i++) {
                    c[2 * (at + i) + 1] = first[i] + second[i];
                }
            }
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
                throw new UnsupportedOperationException("cpu: matmul is not defined for " + output.dtype());
        }
    }

    /// An operand as arrays of real numbers: its own storage where that is what it holds, else a copy in row-major
    /// order.
    private record Planes(Object array, boolean direct, int rowStride, int columnStride, boolean complex) {
        static Planes of(Tensor tensor) {
            int rank = tensor.shape().rank();
            DType dtype = tensor.dtype();
            if (Domain.isDirect(dtype)) {
                int rowStride = tensor.strides().get(rank - 2);
                int columnStride = tensor.strides().get(rank - 1);
                return new Planes(Storage.array(tensor), true, rowStride, columnStride, dtype == DType.COMPLEX64);
            }
            return new Planes(Widened.contiguous(tensor), false, tensor.shape().dim(rank - 1), 1, false);
        }

        Matrix real(int at) {
            return complex
                    ? new Matrix(array, 2 * at, 2 * rowStride, 2 * columnStride)
                    : new Matrix(array, at, rowStride, columnStride);
        }

        Matrix imaginary(int at) {
            return new Matrix(array, 2 * at + 1, 2 * rowStride, 2 * columnStride);
        }
    }
}
