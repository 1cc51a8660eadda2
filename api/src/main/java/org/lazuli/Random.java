package org.lazuli;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.lazuli.graph.Evaluator;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Region;
import org.lazuli.ops.Elementwise;
import org.lazuli.ops.Matrices;
import org.lazuli.ops.Scalars;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;
import org.lazuli.spi.Threefry;
import org.lazuli.tree.Stateful;
import org.lazuli.tree.Tree;

/// Random numbers, bit for bit those of MLX: a key gives the same numbers there and here, on every backend.
///
/// A generator is a function of a key: the same key gives the same numbers. Without a key, a function takes one from the state, which then moves
/// on; [#seed] sets it.
///
/// Each thread has a state of its own, as in MLX: threads do not disturb each other, and what a thread draws after [#seed] does not depend on
/// the others. A thread that is not seeded starts from a state that no other has. Numbers that several threads are to draw reproducibly come
/// from keys: [#split] one for each.
///
/// ```java
/// Random.seed(42);
/// var w = Random.normal(Shape.of(3, 3));
///
/// var key = Random.key(0);
/// var u = Random.uniform(Shape.of(5), key);        // always the same five numbers
/// var two = Random.split(key, 2);                  // two new keys, one per row
/// ```
///
/// See also: MLX, *Random*.
public final class Random {
    private static final Stateful STATE = new ThreadStates();

    private Random() {}

    // --------------------------------------------------------------------------------------------------- keys

    /// A key, `uint32` of shape (2): the upper and the lower half of the seed.
    public static Array key(long seed) {
        return pair((int) (seed >>> 32), (int) seed);
    }

    /// Two keys, of shape (2,2).
    public static Array split(Array key) {
        return split(key, 2);
    }

    /// `count` keys, of shape (count,2), independent of each other and of the key they came from.
    public static Array split(Array key, int count) {
        return bits(Shape.of(count, 2), 4, key);
    }

    /// Sets the state of this thread.
    public static void seed(long seed) {
        ThreadStates.current().set((int) (seed >>> 32), (int) seed);
    }

    /// The state, to be captured by `compile`: of whichever thread calls.
    public static Stateful state() {
        return STATE;
    }

    private static Array pair(int first, int second) {
        return Evaluator.upload(new int[] {first, second}, new TensorSpec(DType.UINT32, Shape.of(2)));
    }

    /// The state of whichever thread asks.
    private static final class ThreadStates implements Stateful {
        private static final long SEED = System.nanoTime();
        private static final AtomicLong THREADS = new AtomicLong();
        private static final ThreadLocal<State> STATES = ThreadLocal.withInitial(() -> {
            // Blocks of one generator, so that no two threads draw the same numbers.
            long thread = THREADS.getAndIncrement();
            long words = Threefry.block((int) (SEED >>> 32), (int) SEED, (int) (thread >>> 32), (int) thread);
            return new State((int) (words >>> 32), (int) words);
        });

        static State current() {
            return STATES.get();
        }

        @Override
        public Tree<Array> state() {
            return current().state();
        }

        @Override
        public void setState(Tree<Array> state) {
            current().setState(state);
        }
    }

    /// A thread's key. It is kept as two numbers, so that drawing builds no chain of arrays; while `compile` traces it, as an array.
    private static final class State {
        private int first;
        private int second;
        private @Nullable Array traced;

        /// True if `traced` has no value, because it belongs to a function that is being traced.
        private boolean symbolic;

        private State(int first, int second) {
            set(first, second);
        }

        void set(int first, int second) {
            this.first = first;
            this.second = second;
            traced = null;
        }

        /// Splits the state: one half stays, the other is returned.
        Array next() {
            Array state = traced;
            if (state != null && !symbolic) {
                // What a compiled function left. Going on from numbers, no draw has to repeat those before it.
                int[] words = state.toIntArray();
                set(words[0], words[1]);
            } else if (state != null) {
                Array keys = split(state);
                traced = keys.get(Index.at(0));
                return keys.get(Index.at(1));
            }
            long a = Threefry.block(first, second, 0, 2);
            long b = Threefry.block(first, second, 1, 3);
            first = (int) (a >>> 32);
            second = (int) (b >>> 32);
            return pair((int) a, (int) b);
        }

        Tree<Array> state() {
            Array state = traced;
            return Tree.leaf(state == null ? pair(first, second) : state);
        }

        void setState(Tree<Array> state) {
            Array leaf = state.leaves().get(0);
            traced = leaf;
            symbolic = Evaluator.isTracing(leaf);
        }
    }

    private static Array keyOrNext(@Nullable Array key) {
        if (key == null) {
            return ThreadStates.current().next();
        }
        if (key.dtype() != DType.UINT32 || !key.shape().equals(Shape.of(2))) {
            throw new IllegalArgumentException("random: a key is uint32 of shape (2), as Random.key makes it; got "
                    + key.dtype() + " of shape " + key.shape());
        }
        return key;
    }

    // -------------------------------------------------------------------------------------------- distributions

    /// Random bits: an unsigned integer of `width` bytes (1, 2 or 4) for each element.
    public static Array bits(Shape shape, int width, @Nullable Array key) {
        if (width != 1 && width != 2 && width != 4) {
            throw new IllegalArgumentException("bits: the width must be 1, 2 or 4 bytes, got " + width);
        }
        return Graph.apply(new Primitive.RandomBits(shape, width), keyOrNext(key));
    }

    /// Evenly distributed in [0, 1), float32.
    public static Array uniform(Shape shape) {
        return uniform(shape, null);
    }

    /// Evenly distributed in [0, 1), float32.
    public static Array uniform(Shape shape, @Nullable Array key) {
        return uniform(0, 1, shape, DType.FLOAT32, key);
    }

    /// Evenly distributed in [low, high), of a floating point type.
    public static Array uniform(Number low, Number high, Shape shape, DType dtype, @Nullable Array key) {
        return uniform(
                Scalars.constant(low, floating(dtype, "uniform")), Scalars.constant(high, dtype), shape, dtype, key);
    }

    /// Evenly distributed between bounds that broadcast to the shape.
    public static Array uniform(Array low, Array high, Shape shape, DType dtype, @Nullable Array key) {
        return Region.own(() -> {
            floating(dtype, "uniform");
            Array from = low.astype(dtype);
            Array range = high.astype(dtype).sub(from);
            checkFits("uniform", range.shape(), shape);
            Array unit =
                    bits(shape, 4, key).astype(DType.FLOAT32).div(4294967295.0).astype(dtype);
            Array below = Ops.minimum(unit, belowOne(dtype));
            return range.mul(below).add(from);
        });
    }

    /// The largest number below 1.
    private static double belowOne(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> 1 - 0x1p-11;
            case BFLOAT16 -> 1 - 0x1p-8;
            case FLOAT64 -> 1 - 0x1p-53;
            default -> 1 - 0x1p-24;
        };
    }

    /// Normally distributed with mean 0 and deviation 1, float32.
    public static Array normal(Shape shape) {
        return normal(shape, DType.FLOAT32, 0, 1, null);
    }

    /// Normally distributed with mean 0 and deviation 1, float32.
    public static Array normal(Shape shape, @Nullable Array key) {
        return normal(shape, DType.FLOAT32, 0, 1, key);
    }

    /// Normally distributed, of a floating point type; complex64 has independent parts, each with half the variance.
    public static Array normal(Shape shape, DType dtype, Number mean, Number deviation, @Nullable Array key) {
        return normal(shape, dtype, Scalars.constant(mean, dtype), Scalars.constant(deviation, dtype), key);
    }

    /// Normally distributed, with means and deviations that broadcast to the shape.
    public static Array normal(Shape shape, DType dtype, Array mean, Array deviation, @Nullable Array key) {
        return Region.own(() -> {
            if (dtype == DType.COMPLEX64) {
                Array parts = standardNormal(shape.concat(Shape.of(2)), DType.FLOAT32, key)
                        .mul(Math.sqrt(0.5));
                Array standard = parts.view(DType.COMPLEX64).squeeze(-1);
                return standard.mul(deviation).add(mean);
            }
            return standardNormal(shape, floating(dtype, "normal"), key)
                    .mul(deviation.astype(dtype))
                    .add(mean.astype(dtype));
        });
    }

    /// Normally distributed vectors with these means and covariances, of shape `shape` + (n), float32; see
    /// [#multivariateNormal(Array, Array, Shape, DType, Array)].
    public static Array multivariateNormal(Array mean, Array covariance, Shape shape) {
        return multivariateNormal(mean, covariance, shape, DType.FLOAT32, null);
    }

    /// Normally distributed vectors: means of shape (…,n), covariances of shape (…,n,n), symmetric and without negative eigenvalues, whose leading axes
    /// broadcast to `shape`. The result has shape `shape` + (n).
    ///
    /// The square root of the covariance comes from its singular value decomposition, in float32 on the reference backend if the device has none.
    ///
    /// @param shape the shape of the leading axes; () for what the means and covariances have
    /// @param dtype float32
    /// @throws IllegalArgumentException if the shapes do not fit, or another dtype is asked for
    public static Array multivariateNormal(
            Array mean, Array covariance, Shape shape, DType dtype, @Nullable Array key) {
        if (dtype != DType.FLOAT32) {
            throw new IllegalArgumentException(
                    "multivariateNormal: gives float32, not " + dtype + "; convert it with astype");
        }
        boolean fits = mean.ndim() >= 1
                && covariance.ndim() >= 2
                && covariance.dim(-1) == covariance.dim(-2)
                && covariance.dim(-1) == mean.dim(-1);
        if (!fits) {
            throw new IllegalArgumentException("multivariateNormal: means of shape " + mean.shape()
                    + " need covariances of shape (…,n,n) for n the last axis of the means, got " + covariance.shape());
        }
        Shape own = Shape.broadcast(
                mean.shape().slice(0, mean.ndim() - 1),
                covariance.shape().slice(0, covariance.ndim() - 2),
                "multivariateNormal");
        Shape batch = Shape.broadcast(own, shape, "multivariateNormal");
        return Region.own(() -> {
            List<Array> parts = Matrices.svd(covariance.astype(DType.FLOAT32), Primitive.Vectors.THIN);
            Array root = parts.get(0).mul(parts.get(1).sqrt().expandDims(-2)).matmul(parts.get(2));
            Array standard = standardNormal(batch.concat(Shape.of(mean.dim(-1))), dtype, key);
            return standard.expandDims(-2).matmul(root).squeeze(-2).add(mean.astype(dtype));
        });
    }

    private static Array standardNormal(Shape shape, DType dtype, @Nullable Array key) {
        // The bound is float32's: in a smaller dtype it is -1.
        return uniform(-belowOne(DType.FLOAT32), 1, shape, dtype, key).erfinv().mul(Math.sqrt(2));
    }

    /// Integers in [low, high), int32.
    public static Array randint(Number low, Number high, Shape shape) {
        return randint(low, high, shape, DType.INT32, null);
    }

    /// Integers in [low, high).
    public static Array randint(Number low, Number high, Shape shape, DType dtype, @Nullable Array key) {
        return randint(Scalars.constant(low, DType.FLOAT32), Scalars.constant(high, DType.FLOAT32), shape, dtype, key);
    }

    /// Integers between bounds that broadcast to the shape. They come from float32 numbers, so ranges beyond 2²⁴ have gaps.
    public static Array randint(Array low, Array high, Shape shape, DType dtype, @Nullable Array key) {
        return Region.own(() -> {
            if (!dtype.isInteger()) {
                throw new IllegalArgumentException("randint: needs an integer dtype, got " + dtype);
            }
            Array from = low.astype(DType.FLOAT32);
            Array drawn = uniform(from, high.astype(DType.FLOAT32), shape, DType.FLOAT32, key);
            return Ops.maximum(drawn.floor(), from).astype(dtype);
        });
    }

    /// True with probability one half.
    public static Array bernoulli(Shape shape) {
        return bernoulli(0.5, shape, null);
    }

    /// True with probability `p`.
    public static Array bernoulli(Number p, Shape shape) {
        return bernoulli(p, shape, null);
    }

    /// True with probability `p`.
    public static Array bernoulli(Number p, Shape shape, @Nullable Array key) {
        return bernoulli(Scalars.constant(p, DType.FLOAT32), shape, key);
    }

    /// True with probabilities that broadcast to the shape.
    public static Array bernoulli(Array p, Shape shape, @Nullable Array key) {
        return Region.own(() -> {
            if (!p.dtype().isFloating()) {
                throw new IllegalArgumentException("bernoulli: probabilities must be floating point, got " + p.dtype());
            }
            checkFits("bernoulli", p.shape(), shape);
            return uniform(0, 1, shape, DType.FLOAT32, key).lt(p);
        });
    }

    /// Normally distributed with mean 0 and deviation 1, within bounds that broadcast to the shape.
    public static Array truncatedNormal(Array low, Array high, Shape shape, DType dtype, @Nullable Array key) {
        return Region.own(() -> {
            floating(dtype, "truncatedNormal");
            double root = Math.sqrt(2);
            Array from = low.astype(dtype);
            Array to = high.astype(dtype);
            checkFits("truncatedNormal", Shape.broadcast(from.shape(), to.shape(), "truncatedNormal"), shape);
            Array drawn = uniform(from.div(root).erf(), to.div(root).erf(), shape, dtype, key);
            return Ops.clip(drawn.erfinv().mul(root), from, to);
        });
    }

    /// The standard Gumbel distribution.
    public static Array gumbel(Shape shape, DType dtype, @Nullable Array key) {
        return Region.own(() -> {
            return uniform(0, 1, shape, dtype, key).log().neg().log().neg();
        });
    }

    /// The Laplace distribution.
    public static Array laplace(Shape shape, DType dtype, Number location, Number scale, @Nullable Array key) {
        return Region.own(() -> {
            floating(dtype, "laplace");
            Array drawn = uniform(-belowOne(DType.FLOAT32), 1, shape, DType.FLOAT32, key);
            Array standard = drawn.sign().mul(drawn.abs().neg().log1p()).astype(dtype);
            return standard.mul(scale).add(location);
        });
    }

    /// A class for each line of unnormalised log-probabilities along `axis`, `uint32`; the result has the other axes' shape.
    public static Array categorical(Array logits, int axis, @Nullable Array key) {
        int at = logits.shape().axis(axis, "categorical");
        Array noise = gumbel(logits.shape(), Elementwise.inexact(logits.dtype()), key);
        return noise.add(logits).argmax(at);
    }

    /// Classes of this shape, to which the other axes' shape must broadcast.
    public static Array categorical(Array logits, int axis, Shape shape, @Nullable Array key) {
        int at = logits.shape().axis(axis, "categorical");
        checkFits("categorical", logits.shape().remove(at), shape);
        if (logits.ndim() == 1 && shape.rank() > 0) {
            return inverted(logits, shape, key);
        }
        // The class axis goes where it was, counted from the end.
        int place = shape.rank() - (logits.ndim() - 1 - at);
        return largest(logits, shape.insert(place, logits.dim(at)), place, key);
    }

    /// `samples` classes for each line of logits, along a new last axis.
    public static Array categorical(Array logits, int axis, int samples, @Nullable Array key) {
        int at = logits.shape().axis(axis, "categorical");
        if (logits.ndim() == 1) {
            return inverted(logits, Shape.of(samples), key);
        }
        return largest(logits.expandDims(-1), logits.shape().concat(Shape.of(samples)), at, key);
    }

    /// The class whose logit, with noise of this shape added, is the largest.
    private static Array largest(Array logits, Shape shape, int axis, @Nullable Array key) {
        Array noise = gumbel(shape, Elementwise.inexact(logits.dtype()), key);
        return noise.add(logits).argmax(axis);
    }

    /// Many samples of one distribution: the classes where evenly distributed numbers fall in the cumulated probabilities.
    private static Array inverted(Array logits, Shape shape, @Nullable Array key) {
        Array cumulated = logits.astype(DType.FLOAT32).softmax(0).cumsum(0);
        Array drawn = cumulated.searchsorted(uniform(shape, key), Side.RIGHT);
        return Ops.minimum(drawn, logits.dim(0) - 1);
    }

    /// The numbers 0 to n-1 in random order, `uint32`.
    public static Array permutation(int n, @Nullable Array key) {
        return bits(Shape.of(n), 4, key).argsort(0);
    }

    /// The array with its elements along an axis in random order.
    public static Array permutation(Array x, int axis, @Nullable Array key) {
        return x.take(permutation(x.dim(axis), key), axis);
    }

    private static DType floating(DType dtype, String name) {
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException(name + ": needs a floating point dtype, got " + dtype);
        }
        return dtype;
    }

    private static void checkFits(String name, Shape parameters, Shape shape) {
        if (!Shape.broadcast(parameters, shape, name).equals(shape)) {
            throw new IllegalArgumentException(
                    name + ": parameters of shape " + parameters + " do not broadcast to shape " + shape);
        }
    }
}
