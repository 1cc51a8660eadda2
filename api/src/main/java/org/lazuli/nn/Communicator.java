package org.lazuli.nn;

import org.lazuli.Array;

/// Processes that train one model together, each on its own part of the data: what [Nn#averageGradients(org.lazuli.tree.Tree,
/// Communicator)] needs to know of them.
///
/// The library has one implementation, [#SINGLE]. One that connects several processes is the user's: it takes the values of an array,
/// exchanges them in any way, and makes an array of what comes back.
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
/// See also: MLX, *Distributed Communication*.
public interface Communicator {
    /// One process by itself.
    Communicator SINGLE = new SingleProcess();

    /// Which of the processes this is, from 0.
    int rank();

    /// The number of processes.
    int size();

    /// The sum of the arrays that all processes pass, in all processes. They call it in the same order, with arrays of the same shapes and
    /// types.
    ///
    /// @param x of any floating point type
    /// @return of the same shape and type; of the same values everywhere
    Array allSum(Array x);
}
