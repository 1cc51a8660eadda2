package org.lazuli.cpu;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Tensor;

/// The gradients of attention by queries, keys and values. The shares are computed again, a block of queries at a time, and stay in the cache
/// together with their cotangents, so that of the scores nothing goes to memory.
///
/// The heads that share keys and values are one part of the work, which adds up its own sums in order.
final class AttentionGradient {
    private static final RowLoops PLAIN = new RowLoops();

    /// What each thread works in, by use.
    private static final ThreadLocal<float[][]> BUFFERS = ThreadLocal.withInitial(() -> new float[5][0]);

    private static final int SHARES = 0;
    private static final int SLOPES = 1;
    private static final int TERM = 2;
    private static final int BY_KEYS = 3;
    private static final int BY_VALUES = 4;

    private final FloatGemm floats;
    private final RowLoops fast;

    /// @param vectors what large operands are computed with; null for plain loops
    AttentionGradient(FloatGemm floats, @Nullable VectorSupport vectors) {
        this.floats = floats;
        this.fast = vectors == null ? PLAIN : vectors.rows();
    }

    void run(Accelerated.AttentionGradient kernel, List<Tensor> in, Tensor output) {
        int size = output.shape().size();
        float[] result = output.dtype() == DType.FLOAT32 ? (float[]) Storage.array(output) : new float[size];
        Call call = new Call(kernel, in, result);
        Workers.SHARED.run(call.examples * call.groups, part -> call.run(part / call.groups, part % call.groups));
        if (output.dtype() != DType.FLOAT32) {
            Conversions.narrow(output.dtype(), result, Storage.array(output), 0, size);
        }
    }

    private static float[] buffer(int use, int length) {
        float[][] buffers = BUFFERS.get();
        if (buffers[use].length < length) {
            buffers[use] = new float[length];
        }
        return buffers[use];
    }

    /// What is the same for all parts.
    private final class Call {
        private final Accelerated.AttentionGradient kernel;
        private final Attention.Operand q;
        private final Attention.Operand k;
        private final Attention.Operand v;
        private final Attention.Operand g;
        private final float[] result;
        private final RowLoops loops;
        final int examples;
        final int groups;
        private final int heads;
        private final int queries;
        private final int keys;
        private final int size;
        private final int width;

        Call(Accelerated.AttentionGradient kernel, List<Tensor> in, float[] result) {
            this.kernel = kernel;
            this.result = result;
            q = Attention.Operand.of(in.get(0));
            k = Attention.Operand.of(in.get(1));
            v = Attention.Operand.of(in.get(2));
            g = Attention.Operand.of(in.get(3));
            examples = in.get(0).shape().dim(0);
            heads = in.get(0).shape().dim(1);
            queries = in.get(0).shape().dim(2);
            size = in.get(0).shape().dim(3);
            groups = in.get(1).shape().dim(1);
            keys = in.get(1).shape().dim(2);
            width = in.get(2).shape().dim(3);
            loops = (long) examples * heads * queries * keys < VectorSupport.SHORTEST ? PLAIN : fast;
        }

        /// All heads that share the keys and values of one group.
        void run(int example, int group) {
            int byKeys = examples * queries * heads * size + (example * keys * groups + group) * size;
            int byValues =
                    examples * (queries * heads + keys * groups) * size + (example * keys * groups + group) * width;
            int block = Attention.queries(keys);
            int shared = heads / groups;
            Sums keySums = new Sums(BY_KEYS, size, byKeys, shared == 1 && queries <= block);
            Sums valueSums = new Sums(BY_VALUES, width, byValues, shared == 1 && queries <= block);
            Matrix keyRows = k.matrix(example, group);
            Matrix valueRows = v.matrix(example, group);
            for (int head = group * shared; head < (group + 1) * shared; head++) {
                for (int first = 0; first < queries; first += block) {
                    int count = Math.min(block, queries - first);
                    Matrix rows = q.matrix(example, head).from(first);
                    Matrix cotangent = g.matrix(example, head).from(first);
                    int seen = seen(first, count);
                    int room = fast.room(seen);
                    float[] shares = shares(rows, keyRows, first, count, seen, room);
                    float[] slopes = slopes(cotangent, valueRows, shares, first, count, seen, room);
                    Matrix byScores = new Matrix(slopes, 0, room, 1);
                    int to = ((example * queries + first) * heads + head) * size;
                    floats.multiply(count, size, seen, byScores, keyRows, result, to, heads * size);
                    keySums.add(seen, count, byScores.transposed(), rows);
                    valueSums.add(seen, count, new Matrix(shares, 0, 1, room), cotangent);
                }
            }
            keySums.store();
            valueSums.store();
        }

        /// The keys that queries of a block see at most. Where one sees none at all, it looks at all keys alike.
        private int seen(int first, int count) {
            int sight = first + keys - queries;
            return kernel.causal() && sight >= 0 ? Math.min(sight + count, keys) : keys;
        }

        /// What softmax makes of the scores, in rows that begin `room` apart.
        private float[] shares(Matrix rows, Matrix keyRows, int first, int count, int seen, int room) {
            float[] shares = buffer(SHARES, count * room);
            floats.multiply(count, seen, size, rows, keyRows.transposed(), shares, 0, room);
            for (int i = 0; i < count; i++) {
                loops.scale(shares, i * room, seen, kernel.scale());
                hide(shares, i * room, first + i, seen, -Float.MAX_VALUE);
                RowKernels.softmax(loops, shares, i * room, shares, i * room, seen, 1);
            }
            return shares;
        }

        /// The gradient by the products of queries and keys.
        private float[] slopes(
                Matrix cotangent, Matrix valueRows, float[] shares, int first, int count, int seen, int room) {
            float[] slopes = buffer(SLOPES, count * room);
            floats.multiply(count, seen, width, cotangent, valueRows.transposed(), slopes, 0, room);
            for (int i = 0; i < count; i++) {
                int at = i * room;
                float shift = loops.dot(shares, at, slopes, at, seen);
                loops.multiplyShifted(shares, at, slopes, at, slopes, at, seen, shift);
                loops.scale(slopes, at, seen, kernel.scale());
                hide(slopes, at, first + i, seen, 0);
            }
            return slopes;
        }

        /// Sets what a query does not see.
        private void hide(float[] row, int at, int query, int seen, float value) {
            int limit = query + keys - queries + 1;
            if (kernel.causal() && limit < seen) {
                Arrays.fill(row, at + Math.max(limit, 0), at + seen, value);
            }
        }

        /// The gradient by keys or values, of which each block adds some: right where they belong if there is but one block.
        private final class Sums {
            private final int use;
            private final int columns;
            private final int at;
            private final boolean direct;
            private boolean begun;

            Sums(int use, int columns, int at, boolean direct) {
                this.use = use;
                this.columns = columns;
                this.at = at;
                this.direct = direct;
            }

            /// Adds (n,depth) times (depth,columns) to the first `n` rows.
            void add(int n, int depth, Matrix a, Matrix b) {
                if (direct) {
                    floats.multiply(n, columns, depth, a, b, result, at, groups * columns);
                    return;
                }
                int elements = n * columns;
                float[] sums = buffer(use, fast.room(keys * columns));
                if (begun) {
                    float[] term = buffer(TERM, fast.room(keys * columns));
                    floats.multiply(n, columns, depth, a, b, term, 0, columns);
                    loops.pad(term, 0, elements, 0);
                    loops.add(term, sums, elements);
                } else {
                    floats.multiply(n, columns, depth, a, b, sums, 0, columns);
                    Arrays.fill(sums, elements, keys * columns, 0);
                    begun = true;
                }
            }

            void store() {
                if (!direct) {
                    float[] sums = buffer(use, fast.room(keys * columns));
                    for (int key = 0; key < keys; key++) {
                        System.arraycopy(sums, key * columns, result, at + key * groups * columns, columns);
                    }
                }
            }
        }
    }
}
