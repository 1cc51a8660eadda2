package org.lazuli.cpu;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Tensor;

/// Attention, a block of queries at a time: their scores against all keys, which stay in the cache, the shares that softmax makes of them, and
/// the mean of the values by these shares.
final class Attention {
    /// Scores to a block at most, so that they fit the second-level cache.
    private static final int SCORES = 1 << 16;

    /// Queries to a block at most, and at least, but for the last block: enough for the matrix products to be worth packing the keys.
    private static final int MOST_QUERIES = 128;

    private static final int LEAST_QUERIES = 32;

    /// The scores that a thread works on.
    private static final ThreadLocal<float[][]> BUFFER = ThreadLocal.withInitial(() -> new float[1][0]);

    private static final RowLoops PLAIN = new RowLoops();

    private final FloatGemm floats;
    private final RowLoops fast;

    /// @param vectors what large operands are computed with; null for plain loops
    Attention(FloatGemm floats, @Nullable VectorSupport vectors) {
        this.floats = floats;
        this.fast = vectors == null ? PLAIN : vectors.rows();
    }

    void run(Accelerated.Attention kernel, List<Tensor> in, Tensor output) {
        Operand q = Operand.of(in.get(0));
        Operand k = Operand.of(in.get(1));
        Operand v = Operand.of(in.get(2));
        Mask mask = in.size() > 3 ? Mask.of(in.get(3)) : null;
        int heads = in.get(0).shape().dim(1);
        int shared = heads / in.get(1).shape().dim(1);
        int queries = in.get(0).shape().dim(2);
        int block = queries(in.get(1).shape().dim(2));
        int blocks = (queries + block - 1) / block;
        int matrices = in.get(0).shape().dim(0) * heads;
        Call call = new Call(kernel, in, mask, output);
        float[] result = output.dtype() == DType.FLOAT32
                ? (float[]) Storage.array(output)
                : new float[output.shape().size()];
        Workers.SHARED.run(matrices * blocks, part -> {
            int matrix = part / blocks;
            int first = part % blocks * block;
            int count = Math.min(block, queries - first);
            int example = matrix / heads;
            int head = matrix % heads;
            call.block(
                    q.matrix(example, head).from(first),
                    k.matrix(example, head / shared).transposed(),
                    v.matrix(example, head / shared),
                    matrix * queries + first,
                    first,
                    count,
                    result);
        });
        if (output.dtype() != DType.FLOAT32) {
            Conversions.narrow(
                    output.dtype(),
                    result,
                    Storage.array(output),
                    0,
                    output.shape().size());
        }
    }

    /// What is the same for all blocks.
    private final class Call {
        private final Accelerated.Attention kernel;
        private final @Nullable Mask mask;
        private final RowLoops loops;
        private final float lowest;
        private final int size;
        private final int queries;
        private final int keys;
        private final int width;

        Call(Accelerated.Attention kernel, List<Tensor> in, @Nullable Mask mask, Tensor output) {
            this.kernel = kernel;
            this.mask = mask;
            queries = in.get(0).shape().dim(2);
            size = in.get(0).shape().dim(3);
            keys = in.get(1).shape().dim(2);
            width = output.shape().dim(3);
            loops = (long) in.get(0).shape().size() / size * keys < VectorSupport.SHORTEST ? PLAIN : fast;
            lowest = switch (output.dtype()) {
                case FLOAT16 -> -65504;
                case BFLOAT16 -> BrainFloats.toFloat((short) 0xFF7F);
                default -> -Float.MAX_VALUE;
            };
        }

        /// @param row the number of the first query among those of all heads and examples
        void block(Matrix q, Matrix k, Matrix v, int row, int first, int count, float[] result) {
            // Without a mask, what no query of the block sees need not be computed.
            int last = first + count - 1 + keys - queries;
            boolean bounded = kernel.causal() && mask == null && first + keys - queries >= 0;
            int seen = bounded ? Math.min(last + 1, keys) : keys;
            // Rows have the room that loops need.
            int room = fast.room(seen);
            float[] scores = buffer(count * room);
            floats.multiply(count, seen, size, q, k, scores, 0, room);
            for (int i = 0; i < count; i++) {
                int at = i * room;
                loops.scale(scores, at, seen, kernel.scale());
                if (mask != null) {
                    mask.apply(scores, at, row + i, seen, lowest);
                }
                int limit = first + i + keys - queries + 1;
                if (kernel.causal() && limit < seen) {
                    Arrays.fill(scores, at + Math.max(limit, 0), at + seen, lowest);
                }
                RowKernels.softmax(loops, scores, at, scores, at, seen, 1);
            }
            floats.multiply(count, width, seen, new Matrix(scores, 0, room, 1), v, result, row * width, width);
        }
    }

    /// How many queries make a block.
    static int queries(int keys) {
        return Math.clamp(SCORES / keys, LEAST_QUERIES, MOST_QUERIES);
    }

    private static float[] buffer(int length) {
        float[][] buffer = BUFFER.get();
        if (buffer[0].length < length) {
            buffer[0] = new float[length];
        }
        return buffer[0];
    }

    /// The matrices of an operand, one for each example and head.
    record Operand(float[] array, int offset, Ints strides) {
        static Operand of(Tensor tensor) {
            return tensor.dtype() == DType.FLOAT32
                    ? new Operand((float[]) Storage.array(tensor), tensor.offset(), tensor.strides())
                    : new Operand((float[]) Widened.contiguous(tensor), 0, Tensor.rowMajor(tensor.shape()));
        }

        Matrix matrix(int example, int head) {
            int at = offset + example * strides.get(0) + head * strides.get(1);
            return new Matrix(array, at, strides.get(2), strides.get(3));
        }
    }

    /// What is added to the scores, or which of them count: rows of the size of the scores'.
    private record Mask(TileReader reader, boolean shown) {
        static Mask of(Tensor tensor) {
            return new Mask(new TileReader(tensor), tensor.dtype() == DType.BOOL);
        }

        void apply(float[] scores, int at, int row, int n, float lowest) {
            TileReader own = new TileReader(reader);
            if (shown) {
                int[] seen = new int[n];
                own.read(row * n, n, seen);
                for (int i = 0; i < n; i++) {
                    scores[at + i] = seen[i] != 0 ? scores[at + i] : lowest;
                }
            } else {
                float[] added = new float[n];
                own.read(row * n, n, added);
                for (int i = 0; i < n; i++) {
                    scores[at + i] += added[i];
                }
            }
        }
    }
}
