package org.lazuli.conformance.parity;

import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;

/// Random numbers, from a key or from the global state.
final class RandomOperations {

    private RandomOperations() {}

    static void addTo(OperationTable.Builder table) {
        table.one("random.key", call -> Random.key(call.number("seed").longValue()))
                .one(
                        "random.split",
                        call -> call.has("num")
                                ? Random.split(call.array(0), call.integer("num"))
                                : Random.split(call.array(0)))
                .one("random.uniform", RandomOperations::uniform)
                .one("random.normal", RandomOperations::normal)
                .one("random.randint", RandomOperations::randint)
                .one("random.bernoulli", RandomOperations::bernoulli)
                .one("random.truncated_normal", RandomOperations::truncatedNormal)
                .one("random.gumbel", call -> Random.gumbel(shape(call), call.dtype(DType.FLOAT32), key(call)))
                .one(
                        "random.laplace",
                        call -> Random.laplace(
                                shape(call),
                                call.dtype(DType.FLOAT32),
                                call.number("loc", 0),
                                call.number("scale", 1),
                                key(call)))
                .one(
                        "random.multivariate_normal",
                        call -> Random.multivariateNormal(
                                call.array(0), call.array(1), shape(call), call.dtype(DType.FLOAT32), key(call)))
                .one("random.categorical", RandomOperations::categorical)
                .one("random.permutation", RandomOperations::permutation);
    }

    private static @Nullable Array key(Call call) {
        return call.optional("key").orElse(null);
    }

    private static Shape shape(Call call) {
        return call.has("shape") ? call.shape() : Shape.SCALAR;
    }

    /// True if neither argument is an array.
    private static boolean numbers(Call call, String first, String second) {
        return (!call.has(first) || call.isNumber(first)) && (!call.has(second) || call.isNumber(second));
    }

    private static Array arrayOr(Call call, String name, Number otherwise) {
        return call.has(name) ? call.array(name) : Ops.array(otherwise);
    }

    private static Array uniform(Call call) {
        DType dtype = call.dtype(DType.FLOAT32);
        return numbers(call, "low", "high")
                ? Random.uniform(call.number("low", 0), call.number("high", 1), shape(call), dtype, key(call))
                : Random.uniform(arrayOr(call, "low", 0), arrayOr(call, "high", 1), shape(call), dtype, key(call));
    }

    private static Array normal(Call call) {
        DType dtype = call.dtype(DType.FLOAT32);
        return numbers(call, "loc", "scale")
                ? Random.normal(shape(call), dtype, call.number("loc", 0), call.number("scale", 1), key(call))
                : Random.normal(shape(call), dtype, arrayOr(call, "loc", 0), arrayOr(call, "scale", 1), key(call));
    }

    private static Array randint(Call call) {
        DType dtype = call.dtype(DType.INT32);
        return numbers(call, "low", "high")
                ? Random.randint(call.number("low"), call.number("high"), shape(call), dtype, key(call))
                : Random.randint(call.array("low"), call.array("high"), shape(call), dtype, key(call));
    }

    /// Without a shape, that of the probabilities.
    private static Array bernoulli(Call call) {
        if (!call.has("p") || call.isNumber("p")) {
            return Random.bernoulli(call.number("p", 0.5), shape(call), key(call));
        }
        Array p = call.array("p");
        return Random.bernoulli(p, call.has("shape") ? call.shape() : p.shape(), key(call));
    }

    private static Array truncatedNormal(Call call) {
        Array low = call.array("lower");
        Array high = call.array("upper");
        Shape shape = call.has("shape") ? call.shape() : Shape.broadcast(low.shape(), high.shape(), "truncatedNormal");
        return Random.truncatedNormal(low, high, shape, call.dtype(DType.FLOAT32), key(call));
    }

    private static Array categorical(Call call) {
        Array logits = call.array(0);
        int axis = call.integer("axis", -1);
        if (call.has("shape") && call.has("num_samples")) {
            throw new IllegalArgumentException("categorical: no method takes both a shape and a number of samples");
        }
        if (call.has("shape")) {
            return Random.categorical(logits, axis, call.shape(), key(call));
        }
        return call.has("num_samples")
                ? Random.categorical(logits, axis, call.integer("num_samples"), key(call))
                : Random.categorical(logits, axis, key(call));
    }

    private static Array permutation(Call call) {
        return call.operand(0) instanceof Value.Scalar(Integer n)
                ? Random.permutation(n, key(call))
                : Random.permutation(call.array(0), call.integer("axis", 0), key(call));
    }
}
