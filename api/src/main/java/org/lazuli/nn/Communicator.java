package org.lazuli.nn;

import java.util.ArrayList;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// A group of processes that train or run one model together: each with a part of the data ([Nn#averageGradients(org.lazuli.tree.Tree,
/// Communicator)]), with a part of every layer ([AllToShardedLinear]) or with a part of every parameter ([FullyShardedModule]).
///
/// The library has [#single], and [#threads] for several ranks in one process. One that connects processes is the user's: it takes the
/// values of an array, exchanges them in any way, and makes an array of what comes back. It must have a sum; all else but messages is made
/// of that, and may be replaced by what the network does better.
///
/// ```java
/// record Sockets(int rank, int size, Ring ring) implements Communicator {
///     public Array allSum(Array x) {
///         float[] values = x.toFloatArray();              // evaluates
///         ring.addUp(values);                             // blocks until all processes came here
///         return Ops.array(values).reshape(x.shape());
///     }
/// }
/// ```
///
/// All processes must start from the same parameters, which the same seed gives, and take their steps together: then averaged gradients
/// keep their parameters the same.
///
/// These methods move values and know no gradients: in a function that is differentiated, use those of [Distributed].
///
/// See also: MLX, *Distributed Communication*, where a communicator is a `Group`.
public interface Communicator {
    /// One process by itself.
    static Communicator single() {
        return SingleProcess.INSTANCE;
    }

    /// Which of the processes this is, from 0.
    int rank();

    /// The number of processes.
    int size();

    /// The ranks of one group whose members are threads of this process: to try out on one machine what is to run on several.
    ///
    /// Each is for one thread. A member that waits for the others longer than a minute throws [IllegalStateException], and so do they.
    ///
    /// ```java
    /// for (Communicator member : Communicator.threads(2)) {
    ///     Thread.startVirtualThread(() -> train(member));
    /// }
    /// ```
    static List<Communicator> threads(int size) {
        return ThreadCommunicator.group(size);
    }

    /// The sum of the arrays that all processes pass, in all processes. They call it in the same order, with arrays of the same shapes and
    /// types.
    ///
    /// @param x of any type of numbers
    /// @return of the same shape and type; of the same values everywhere
    Array allSum(Array x);

    /// The arrays that all processes pass, joined along the first axis in the order of ranks.
    ///
    /// @param x of any type, of the same shape everywhere
    /// @return shape `(size * n,…)` for `(n,…)`, `(size)` for a scalar
    default Array allGather(Array x) {
        if (size() == 1) {
            return x;
        }
        boolean isBool = x.dtype() == DType.BOOL;
        Array part = isBool ? x.astype(DType.UINT8) : x;
        Array row = x.ndim() == 0 ? part.reshape(1) : part;
        List<Array> parts = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            parts.add(i == rank() ? row : Ops.zerosLike(row));
        }
        Array all = allSum(Ops.concatenate(parts));
        return isBool ? all.astype(DType.BOOL) : all;
    }

    /// The largest of the elements that all processes pass, place by place.
    ///
    /// @return of the same shape and type; of the same values everywhere
    default Array allMax(Array x) {
        return size() == 1 ? x : stacked(x).max(0);
    }

    /// The smallest of the elements that all processes pass, place by place.
    ///
    /// @return of the same shape and type; of the same values everywhere
    default Array allMin(Array x) {
        return size() == 1 ? x : stacked(x).min(0);
    }

    private Array stacked(Array x) {
        return allGather(x.reshape(Shape.of(1).concat(x.shape())));
    }

    /// The part of [#allSum] that is this process's: rows `rank * n / size` and so on of `n`.
    ///
    /// @param x shape `(n,…)`
    /// @return shape `(n / size,…)`
    default Array sumScatter(Array x) {
        return size() == 1 ? x : allSum(x).split(size(), 0).get(rank());
    }

    /// Sends an array to one other process, which calls [#receive].
    ///
    /// @throws UnsupportedOperationException if this communicator has no messages between two
    default void send(Array x, int destination) {
        throw new UnsupportedOperationException("send: " + getClass().getName() + " has no messages between two ranks");
    }

    /// The array that another process sends to this one.
    ///
    /// @throws UnsupportedOperationException if this communicator has no messages between two
    default Array receive(int source) {
        throw new UnsupportedOperationException("recv: " + getClass().getName() + " has no messages between two ranks");
    }
}
