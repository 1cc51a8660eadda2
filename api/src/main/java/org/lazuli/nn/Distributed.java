package org.lazuli.nn;

import java.util.List;
import java.util.function.UnaryOperator;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.function.CustomFunction;

/// Exchanges between the processes of a [Communicator] that gradients flow through.
///
/// All ranks call the same exchanges in the same order. An exchange evaluates what it is passed and happens at once: it is no part of a
/// graph. So it may stand in a function that is differentiated, once or more often, and must not stand in one that is given to `compile`,
/// `vmap` or `jvp`.
///
/// # Gradients
///
/// They are those of one loss that all ranks compute alike, from what they share and what each of them has a part of. What all ranks hold,
/// such as the result of [#allSum], has the same gradient everywhere, which then is that of each summand too. What all ranks hold and each
/// uses in its own way has the sum of their gradients: pass it through [#sumGradients]. The gradients of these gradients are right in the
/// same sense, as every rank uses in its own way the gradient of what all hold.
///
/// In a group of one, every exchange is the identity.
///
/// See also: MLX, *Distributed Communication*.
public final class Distributed {
    private Distributed() {}

    /// The sum over all ranks. The gradient of each summand is that of the sum.
    ///
    /// @param x of the same shape and type on all ranks
    /// @return of the same shape and type; the same everywhere
    public static Array allSum(Array x, Communicator group) {
        return exchange(
                "allSum", x, x.shape(), group, group::allSum, (in, cotangent, out) -> sumGradients(cotangent, group));
    }

    /// The largest elements over all ranks. The gradient goes where they are from, in equal parts.
    ///
    /// @param x of the same shape and type on all ranks
    /// @return of the same shape and type; the same everywhere
    public static Array allMax(Array x, Communicator group) {
        return exchange("allMax", x, x.shape(), group, group::allMax, toThoseChosen(group));
    }

    /// The smallest elements over all ranks. The gradient goes where they are from, in equal parts.
    ///
    /// @param x of the same shape and type on all ranks
    /// @return of the same shape and type; the same everywhere
    public static Array allMin(Array x, Communicator group) {
        return exchange("allMin", x, x.shape(), group, group::allMin, toThoseChosen(group));
    }

    private static Gradient toThoseChosen(Communicator group) {
        return (in, cotangent, out) -> {
            Array chosen = in.eq(out).astype(cotangent.dtype());
            return sumGradients(cotangent, group).mul(chosen).div(group.allSum(chosen));
        };
    }

    /// The arrays of all ranks, joined along the first axis. The gradient of each is its part of the gradient of the whole.
    ///
    /// @param x of the same shape and type on all ranks
    /// @return shape `(size * n,…)` for `(n,…)`, `(size)` for a scalar; the same everywhere
    public static Array allGather(Array x, Communicator group) {
        Shape shape = x.ndim() == 0 ? Shape.of(group.size()) : x.shape().with(0, x.dim(0) * group.size());
        return exchange(
                "allGather",
                x,
                shape,
                group,
                group::allGather,
                (in, cotangent, out) -> sumGradients(cotangent, group)
                        .split(group.size(), 0)
                        .get(group.rank())
                        .reshape(in.shape()));
    }

    /// This rank's part of the sum over all ranks. The gradient of each summand is the gradients of all parts, joined.
    ///
    /// @param x shape `(n,…)`, of the same type on all ranks
    /// @return shape `(n / size,…)`
    /// @throws IllegalArgumentException if the first axis cannot be divided by the number of ranks
    public static Array sumScatter(Array x, Communicator group) {
        if (x.ndim() == 0 || x.dim(0) % group.size() != 0) {
            throw new IllegalArgumentException("sumScatter: the first axis of " + x.shape()
                    + " cannot be divided among " + group.size() + " ranks: pad it");
        }
        return exchange(
                "sumScatter",
                x,
                x.shape().with(0, x.dim(0) / group.size()),
                group,
                group::sumScatter,
                (in, cotangent, out) -> sumGradients(allGather(cotangent, group), group));
    }

    /// The array itself, whose gradient is the sum of the gradients of all ranks: for what all hold and each uses in its own way.
    ///
    /// @param x the same on all ranks
    public static Array sumGradients(Array x, Communicator group) {
        if (group.size() == 1) {
            return x;
        }
        return CustomFunction.of(in -> in)
                .withVjp((primals, cotangents, outputs) -> List.of(allSum(cotangents.getFirst(), group)))
                .apply(List.of(x))
                .getFirst();
    }

    /// Sends an array to another rank, which must call [#recv]. No gradient comes back from there.
    ///
    /// @return the array
    /// @throws IllegalArgumentException if there is no such other rank
    public static Array send(Array x, int destination, Communicator group) {
        checkRank("send", destination, group);
        group.send(value("send", x), destination);
        return x;
    }

    /// The array that another rank sends here. It is a constant: no gradient goes back to there.
    ///
    /// @throws IllegalArgumentException if there is no such other rank
    /// @throws IllegalStateException if what comes has another shape or type
    public static Array recv(Shape shape, DType dtype, int source, Communicator group) {
        checkRank("recv", source, group);
        Array message = group.receive(source);
        check("recv", message, shape, dtype);
        return message;
    }

    /// Like [#recv], for an array of the shape and type of another.
    public static Array recvLike(Array x, int source, Communicator group) {
        return recv(x.shape(), x.dtype(), source, group);
    }

    private static void checkRank(String operation, int other, Communicator group) {
        if (other < 0 || other >= group.size() || other == group.rank()) {
            throw new IllegalArgumentException(operation + ": rank " + group.rank() + " of " + group.size()
                    + " cannot exchange messages with rank " + other);
        }
    }

    private interface Gradient {
        Array of(Array in, Array cotangent, Array out);
    }

    private static Array exchange(
            String operation,
            Array x,
            Shape shape,
            Communicator group,
            UnaryOperator<Array> values,
            Gradient gradient) {
        if (group.size() == 1) {
            return x;
        }
        return CustomFunction.of(in -> List.of(exchanged(operation, in.getFirst(), shape, values)))
                .withVjp((primals, cotangents, outputs) ->
                        List.of(gradient.of(primals.getFirst(), cotangents.getFirst(), outputs.getFirst())))
                .withJvp((primals, tangents) -> {
                    throw new UnsupportedOperationException(operation + ": has no forward derivative; use grad or vjp");
                })
                .apply(List.of(x))
                .getFirst();
    }

    private static Array exchanged(String operation, Array x, Shape shape, UnaryOperator<Array> values) {
        Array result = values.apply(value(operation, x));
        check(operation, result, shape, x.dtype());
        return result;
    }

    private static void check(String operation, Array result, Shape shape, DType dtype) {
        if (!result.shape().equals(shape) || result.dtype() != dtype) {
            throw new IllegalStateException(operation + ": the communicator returned " + result.dtype() + result.shape()
                    + " where " + dtype + shape + " was expected");
        }
    }

    private static Array value(String operation, Array x) {
        try {
            return x.eval();
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    operation + ": an exchange happens at once and needs the values of " + x.dtype() + x.shape()
                            + "; if compile or vmap is tracing, there are none: keep exchanges out of such functions",
                    e);
        }
    }
}
