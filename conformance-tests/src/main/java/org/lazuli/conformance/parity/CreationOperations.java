package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;

/// Operations that make arrays from numbers.
final class CreationOperations {

    private CreationOperations() {}

    static void addTo(OperationTable.Builder table) {
        table.one("zeros", call -> Ops.zeros(call.shape(), call.dtype(DType.FLOAT32)))
                .one("ones", call -> Ops.ones(call.shape(), call.dtype(DType.FLOAT32)))
                .one("zeros_like", call -> typed(call, Ops.zerosLike(call.array(0))))
                .one("ones_like", call -> typed(call, Ops.onesLike(call.array(0))))
                .alias("empty", "zeros")
                .alias("empty_like", "zeros_like")
                .one("full", CreationOperations::full)
                .one("full_like", CreationOperations::fullLike)
                .one("bartlett", call -> Ops.bartlett(call.integer("M")))
                .one("blackman", call -> Ops.blackman(call.integer("M")))
                .one("hamming", call -> Ops.hamming(call.integer("M")))
                .one("hanning", call -> Ops.hanning(call.integer("M")))
                .one("arange", CreationOperations::arange)
                .one("linspace", CreationOperations::linspace)
                .one("eye", CreationOperations::eye)
                .one("identity", call -> typed(call, Ops.identity(call.integer("n"))))
                .one("tri", CreationOperations::tri)
                .one("tril", call -> call.array(0).tril(call.integer("k", 0)))
                .one("triu", call -> call.array(0).triu(call.integer("k", 0)))
                .one("array", CreationOperations::array)
                .one("asarray", call -> typed(call, call.array(0)));
    }

    private static Array typed(Call call, Array array) {
        return call.dtype().map(array::astype).orElse(array);
    }

    private static Array full(Call call) {
        if (!call.isScalar("vals")) {
            call.dtype(); // the reference ignores it where the value is an array
            return Ops.full(call.shape(), call.array("vals"));
        }
        if (call.isNumber("vals")) {
            Number value = call.number("vals");
            return call.dtype().isPresent()
                    ? Ops.full(call.shape(), value, call.dtype().get())
                    : Ops.full(call.shape(), value);
        }
        return Ops.full(call.shape(), typed(call, call.array("vals")));
    }

    private static Array fullLike(Call call) {
        Array like = call.array(0);
        DType dtype = call.dtype(like.dtype());
        return call.isScalar("vals") && call.isNumber("vals")
                ? Ops.full(like.shape(), call.number("vals"), dtype)
                : Ops.full(like.shape(), call.array("vals").astype(dtype));
    }

    private static Array arange(Call call) {
        Number start = call.number("start", 0);
        Number stop = call.number("stop");
        Number step = call.number("step", 1);
        if (call.dtype().isPresent()) {
            return Ops.arange(start, stop, step, call.dtype().get());
        }
        if (call.has("step")) {
            return Ops.arange(start, stop, step);
        }
        return call.has("start") ? Ops.arange(start, stop) : Ops.arange(stop);
    }

    private static Array linspace(Call call) {
        return Ops.linspace(
                call.number("start").doubleValue(),
                call.number("stop").doubleValue(),
                call.integer("num", 50),
                call.flag("endpoint", true),
                call.dtype(DType.FLOAT32));
    }

    private static Array eye(Call call) {
        int n = call.integer("n");
        return Ops.eye(n, call.integer("m", n), call.integer("k", 0), call.dtype(DType.FLOAT32));
    }

    private static Array tri(Call call) {
        int n = call.integer("n");
        return Ops.tri(n, call.integer("m", n), call.integer("k", 0), call.dtype(DType.FLOAT32));
    }

    private static Array array(Call call) {
        Object value = call.isScalar("value") ? call.scalar("value") : nested(call.attribute("value"));
        return call.dtype().isPresent() ? Ops.array(value, call.dtype().get()) : Ops.array(value);
    }

    /// Nested lists of Python scalars as nested lists of Java's.
    static Object nested(JsonElement json) {
        if (json.isJsonArray()) {
            List<Object> result = new ArrayList<>();
            json.getAsJsonArray().forEach(element -> result.add(nested(element)));
            return result;
        }
        return Scalars.value(json);
    }
}
