package org.lazuli.ops;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.FloatInfo;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.CustomFunction;
import org.lazuli.graph.Region;
import org.lazuli.spi.Accelerated;

/// Scaled dot product attention over queries, keys and values of shape (B,heads,length,size), where groups of query heads may share keys and values.
public final class Attention {
    private static final String NAME = "scaledDotProductAttention";

    private Attention() {}

    public static Array of(
            Array queries, Array keys, Array values, double scale, AttentionMask mask, @Nullable Array sinks) {
        return Region.own(() -> {
            checkShapes(queries, keys, values);
            DType dtype = DType.promote(DType.promote(queries.dtype(), keys.dtype()), values.dtype());
            if (!dtype.isFloating()) {
                throw new IllegalArgumentException(
                        NAME + ": needs a floating point type, got " + dtype + "; use astype(DType.FLOAT32)");
            }
            Array q = Elementwise.cast(queries, dtype);
            Array k = Elementwise.cast(keys, dtype);
            Array v = Elementwise.cast(values, dtype);
            Shape scores = q.shape().with(3, k.dim(2));
            Array shown = mask instanceof AttentionMask.Values(Array array) ? checked(array, dtype, scores) : null;
            boolean causal = mask instanceof AttentionMask.Causal;
            List<Array> arguments = new ArrayList<>(List.of(q, k, v));
            if (shown != null) {
                arguments.add(Elementwise.broadcast(shown, scores));
            }
            Array graph = graph(q, k, v, scale, causal ? causal(q.dim(2), k.dim(2)) : shown, checkedSinks(sinks, q));
            if (sinks != null) {
                return graph;
            }
            Array offered = Accelerations.offer(
                    new Accelerated.Attention((float) scale, causal), graph, arguments.toArray(new Array[0]));
            if (shown != null || !Accelerations.isOffered(q, k, v)) {
                return offered;
            }
            return CustomFunction.of(_ -> List.of(offered))
                    .withVjp((primals, cotangents, _) -> gradients(primals, cotangents.get(0), scale, causal))
                    .apply(arguments)
                    .get(0);
        });
    }

    private static void checkShapes(Array q, Array k, Array v) {
        for (Array operand : List.of(q, k, v)) {
            if (operand.ndim() != 4) {
                throw new IllegalArgumentException(NAME + ": queries, keys and values have four axes"
                        + " (batch, heads, length, size), got shape " + operand.shape());
            }
        }
        check(q.dim(0) == k.dim(0) && k.dim(0) == v.dim(0), "the batches differ", q, k, v);
        check(q.dim(3) == k.dim(3), "queries and keys differ in size, their last axis", q, k, v);
        check(k.dim(1) == v.dim(1), "keys and values differ in the number of heads", q, k, v);
        check(k.dim(2) == v.dim(2), "keys and values differ in length", q, k, v);
        check(
                k.dim(1) > 0 && q.dim(1) % k.dim(1) == 0,
                "the heads of the queries are no multiple of those of keys and values",
                q,
                k,
                v);
    }

    private static void check(boolean holds, String problem, Array q, Array k, Array v) {
        if (!holds) {
            throw new IllegalArgumentException(
                    NAME + ": " + problem + ": queries " + q.shape() + ", keys " + k.shape() + ", values " + v.shape());
        }
    }

    /// The mask as bool or in the type of the result.
    private static Array checked(Array mask, DType dtype, Shape scores) {
        if (!Shape.broadcast(mask.shape(), scores, NAME).equals(scores)) {
            throw new IllegalArgumentException(NAME + ": the mask of shape " + mask.shape()
                    + " does not broadcast to the scores' shape " + scores);
        }
        if (mask.dtype() == DType.BOOL) {
            return mask;
        }
        if (DType.promote(mask.dtype(), dtype) != dtype) {
            throw new IllegalArgumentException(
                    NAME + ": a mask of " + mask.dtype() + " cannot be added to scores of " + dtype + "; use astype");
        }
        return Elementwise.cast(mask, dtype);
    }

    /// True where a query sees a key: the last query sees all, each one before it a key less.
    private static Array causal(int queries, int keys) {
        Array last = Ops.arange(keys - queries, keys);
        return Shapes.expandDims(last, 1).ge(Ops.arange(keys));
    }

    private static @Nullable Array checkedSinks(@Nullable Array sinks, Array q) {
        if (sinks != null && !sinks.shape().equals(Shape.of(q.dim(1)))) {
            throw new IllegalArgumentException(NAME + ": " + q.dim(1) + " heads have sinks of shape "
                    + Shape.of(q.dim(1)) + ", got " + sinks.shape());
        }
        return sinks == null ? null : Elementwise.cast(sinks, q.dtype());
    }

    private static Array graph(
            Array queries, Array keys, Array values, double scale, @Nullable Array mask, @Nullable Array sinks) {
        Heads heads = new Heads(queries.dim(1), keys.dim(1));
        Array scores = heads.scores(queries.mul(scale), keys, mask);
        if (sinks != null) {
            Shape perHead = heads.shared() ? Shape.of(heads.groups, heads.size(), 1, 1) : Shape.of(heads.count, 1, 1);
            Array column = Elementwise.broadcast(
                    Shapes.reshape(sinks, perHead), scores.shape().with(-1, 1));
            scores = Shapes.concatenate(List.of(column, scores), -1);
        }
        Array weights = Elementwise.cast(widened(scores).softmax(-1), scores.dtype());
        Array shares = sinks == null ? weights : Shapes.slice(weights, weights.ndim() - 1, 1, weights.dim(-1));
        return heads.merge(Contractions.matmul(shares, heads.repeat(values)));
    }

    /// By queries, keys and values, without a mask or sinks.
    private static List<Array> gradients(List<Array> primals, Array cotangent, double scale, boolean causal) {
        Array q = primals.get(0);
        Array k = primals.get(1);
        Array v = primals.get(2);
        Heads heads = new Heads(q.dim(1), k.dim(1));
        Array mask = causal ? causal(q.dim(2), k.dim(2)) : null;
        Array g = heads.split(cotangent);
        Array scaled = q.mul(scale);
        Array scores = heads.scores(scaled, k, mask);
        Array weights = widened(scores).softmax(-1);
        Array byShares = widened(Contractions.matmul(g, Shapes.swapaxes(heads.repeat(v), -1, -2)));
        Array across =
                weights.mul(byShares.sub(weights.mul(byShares).sum(Axes.of(-1).keepDims())));
        Array byScores = Elementwise.cast(
                mask == null ? across : Elementwise.where(mask, across, Scalars.like(0, across)), scores.dtype());
        Array shares = Elementwise.cast(weights, scores.dtype());
        List<Array> graphs = List.of(
                heads.merge(Contractions.matmul(byScores, heads.repeat(k))).mul(scale),
                heads.sum(Contractions.matmul(Shapes.swapaxes(byScores, -1, -2), heads.split(scaled))),
                heads.sum(Contractions.matmul(Shapes.swapaxes(shares, -1, -2), g)));
        List<Array> flat = graphs.stream()
                .map(graph -> Shapes.flatten(Shapes.swapaxes(graph, 1, 2), 0, -1))
                .toList();
        Array all = Accelerations.offer(
                new Accelerated.AttentionGradient((float) scale, causal),
                Shapes.concatenate(flat, 0),
                q,
                k,
                v,
                cotangent);
        List<Array> gradients = new ArrayList<>();
        int from = 0;
        for (Array primal : primals) {
            Array part = Shapes.slice(all, 0, from, from + primal.size());
            int[] dims = {primal.dim(0), primal.dim(2), primal.dim(1), primal.dim(3)};
            gradients.add(Shapes.swapaxes(Shapes.reshape(part, dims), 1, 2));
            from += primal.size();
        }
        return gradients;
    }

    private static Array widened(Array array) {
        return Elementwise.cast(array, array.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32);
    }

    /// Heads of queries, and the groups of them that share keys and values: where there are such, they lie along an axis of their own, along which
    /// keys and values are repeated.
    private record Heads(int count, int groups) {
        boolean shared() {
            return groups != count;
        }

        /// How many heads a group has.
        int size() {
            return count / groups;
        }

        /// What is of all heads, by groups.
        Array split(Array array) {
            return shared() ? Shapes.unflatten(array, 1, new int[] {groups, size()}) : array;
        }

        /// The opposite of [#split(Array)].
        Array merge(Array array) {
            return shared() ? Shapes.flatten(array, 1, 2) : array;
        }

        /// What is of groups, for all their heads.
        Array repeat(Array array) {
            return shared() ? Shapes.expandDims(array, 2) : array;
        }

        /// What is of all heads by groups, added up over the heads of each.
        Array sum(Array array) {
            return shared() ? array.sum(2) : array;
        }

        /// How much each query looks for each key, by groups.
        Array scores(Array queries, Array keys, @Nullable Array mask) {
            Array scores = Contractions.matmul(split(queries), Shapes.swapaxes(repeat(keys), -1, -2));
            if (mask == null) {
                return scores;
            }
            Array shown = shared() ? grouped(mask, groups, size()) : mask;
            return mask.dtype() == DType.BOOL
                    ? Elementwise.where(
                            shown,
                            scores,
                            Scalars.like(FloatInfo.of(scores.dtype()).min(), scores))
                    : scores.add(shown);
        }
    }

    private static Array grouped(Array mask, int groups, int size) {
        if (mask.ndim() < 3) {
            return mask;
        }
        return mask.dim(-3) == 1
                ? Shapes.expandDims(mask, mask.ndim() - 3)
                : Shapes.unflatten(mask, -3, new int[] {groups, size});
    }
}
