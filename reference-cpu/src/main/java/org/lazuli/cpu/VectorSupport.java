package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Primitive.UnaryOp;

/// Kernels for float arrays that the Vector API makes much faster than plain loops.
///
/// Looked up once, at the first use: the Vector API is an incubating module, which is only there if Java was started with
/// `--add-modules jdk.incubator.vector`. Without it, or with `-Dlazuli.vector=off`, the plain loops do everything.
///
/// In a program that is short, plain loops of the same bits do what some vectors would ([Handover]); `-Dlazuli.vector=now` takes vectors from the first call on,
/// which is for tests.
abstract class VectorSupport {
    /// Fewer elements than this are left to plain loops: until they are compiled, vector operations are a thousand times slower, and
    /// a program that has only small arrays would never get them compiled.
    static final int SHORTEST = 1024;

    private static final class Holder {
        private static @Nullable Notice notice;
        private static final @Nullable VectorSupport INSTANCE = find();

        private static @Nullable VectorSupport find() {
            if (System.getProperty("lazuli.vector", "on").equals("off")) {
                notice = new Notice(System.Logger.Level.DEBUG, "the Vector API is turned off by -Dlazuli.vector=off");
                return null;
            }
            if (!isThere()) {
                notice = new Notice(
                        System.Logger.Level.INFO,
                        "running without the Vector API; start Java with --add-modules jdk.incubator.vector for"
                                + " faster kernels");
                return null;
            }
            try {
                // By name, so that its class is not loaded where the module is missing.
                return Class.forName("org.lazuli.cpu.VectorLoops")
                        .asSubclass(VectorSupport.class)
                        .getDeclaredConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException | LinkageError e) {
                System.getLogger("org.lazuli.cpu")
                        .log(System.Logger.Level.WARNING, "running without the Vector API: it does not start", e);
                return null;
            }
        }

        /// Asks for a class, since asking the module layer starts streams.
        private static boolean isThere() {
            try {
                Class.forName("jdk.incubator.vector.FloatVector", false, VectorSupport.class.getClassLoader());
                return true;
            } catch (ClassNotFoundException e) {
                return false;
            }
        }
    }

    /// The vector kernels, or null where plain loops have to do. Backends are given them when they are opened; no kernel asks
    /// here.
    static @Nullable VectorSupport get() {
        return Holder.INSTANCE;
    }

    /// What to say about [#get] that gives null, or null if that is said.
    static @Nullable Notice notice() {
        return Holder.notice;
    }

    /// The shape of vectors, for people, such as `16 floats`.
    abstract String shape();

    /// Computes a function of `a[from]` … `a[to - 1]`, and returns false if it is left to the plain loop. Each element's result
    /// depends on the element alone, not on its place.
    abstract boolean unary(UnaryOp op, float[] a, float[] o, int from, int to);

    /// Comparisons, and what depends on them.
    abstract MaskLoops masks();

    /// The largest of the elements, NaN if there is one.
    abstract float maximum(float[] a, int from, int to);

    abstract float minimum(float[] a, int from, int to);

    abstract BrainFloats brainFloats();

    /// The loops of reductions that carry sums in double.
    abstract DoubleSums sums();

    /// Loops over double arrays for the passes of Fourier transforms.
    abstract Passes passes();

    /// How many lines side by side fill the vectors of [#passes].
    abstract int passLanes();

    /// The loops over rows that softmax and its like are made of.
    abstract RowLoops rows();

    /// The loops of pooling.
    abstract WindowLoops windows();

    /// The innermost loops of matrix products.
    abstract MicroKernel micro();

    /// The loops of products with quantized matrices.
    abstract PackedLoops packed();
}
