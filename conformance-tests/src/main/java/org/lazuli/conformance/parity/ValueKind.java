package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigInteger;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.FloatInfo;
import org.lazuli.IntegerInfo;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.nn.MultiHeadAttention;

/// Functions whose result is no array.
final class ValueKind implements Kind {

    @Override
    public void run(Case one) {
        if (one.mustBeRefused()) {
            Refusal.check(() -> compute(one));
        } else {
            Comparison.check("value", compute(one), one.json().get("expect"));
        }
    }

    private static JsonElement compute(Case one) {
        String function = one.json().get("fn").getAsString();
        JsonArray arguments = one.json().getAsJsonArray("args");
        return switch (function) {
            case "str(dtype)" ->
                new JsonPrimitive("mlx.core." + DType.named(arguments.get(0).getAsString()));
            case "broadcast_shapes" -> broadcast(arguments);
            case "finfo" -> json(FloatInfo.of(DType.named(arguments.get(0).getAsString())));
            case "iinfo" -> json(IntegerInfo.of(DType.named(arguments.get(0).getAsString())));
            case "array_properties" -> properties(one.tensor(arguments.get(0)).toArray());
            case "tolist" -> list(one.tensor(arguments.get(0)).toArray());
            case "einsum_path" -> path(arguments);
            case "nn.MultiHeadAttention.create_additive_causal_mask" -> list(causalMask(arguments));
            default -> throw new Unmapped(function);
        };
    }

    private static JsonElement path(JsonArray arguments) {
        Array[] operands = new Array[arguments.size() - 1];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = Ops.zeros(Call.integers(arguments.get(i + 1)));
        }
        JsonArray result = new JsonArray();
        for (List<Integer> step :
                Ops.einsumPath(arguments.get(0).getAsString(), operands).contractions()) {
            JsonArray positions = new JsonArray();
            step.forEach(positions::add);
            result.add(positions);
        }
        return result;
    }

    private static Array causalMask(JsonArray arguments) {
        int n = arguments.get(0).getAsInt();
        return arguments.size() == 1
                ? MultiHeadAttention.createAdditiveCausalMask(n)
                : MultiHeadAttention.createAdditiveCausalMask(
                        n, DType.named(arguments.get(1).getAsString()));
    }

    private static JsonElement json(FloatInfo info) {
        JsonObject result = new JsonObject();
        result.addProperty("bits", info.bits());
        result.addProperty("eps", info.eps());
        result.addProperty("max", info.max());
        result.addProperty("min", info.min());
        result.addProperty("smallest_normal", info.smallestNormal());
        result.addProperty("dtype", info.dtype().toString());
        return result;
    }

    private static JsonElement json(IntegerInfo info) {
        JsonObject result = new JsonObject();
        result.addProperty("max", info.max());
        result.addProperty("min", info.min());
        result.addProperty("dtype", info.dtype().toString());
        return result;
    }

    private static JsonElement broadcast(JsonArray shapes) {
        Shape[] operands = new Shape[shapes.size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = Shape.of(Call.integers(shapes.get(i)));
        }
        return json(Ops.broadcastShapes(operands));
    }

    private static JsonElement properties(Array array) {
        JsonObject result = new JsonObject();
        result.add("shape", json(array.shape()));
        result.addProperty("ndim", array.ndim());
        result.addProperty("size", array.size());
        result.addProperty("itemsize", array.itemsize());
        result.addProperty("nbytes", array.nbytes());
        result.addProperty("dtype", array.dtype().toString());
        return result;
    }

    static JsonArray json(Shape shape) {
        JsonArray result = new JsonArray();
        for (int dim : shape.toArray()) {
            result.add(dim);
        }
        return result;
    }

    /// The elements of an array as nested lists, read with the method that its dtype calls for.
    private static JsonElement list(Array array) {
        JsonArray flat = new JsonArray();
        switch (array.dtype().category()) {
            case BOOL -> {
                for (boolean element : array.toBooleanArray()) {
                    flat.add(element);
                }
            }
            case SIGNED -> {
                for (long element : array.toLongArray()) {
                    flat.add(element);
                }
            }
            case UNSIGNED -> {
                for (long element : array.toLongArray()) {
                    flat.add(new BigInteger(Long.toUnsignedString(element)));
                }
            }
            case FLOATING -> {
                for (double element : array.toDoubleArray()) {
                    flat.add(element);
                }
            }
            case COMPLEX -> throw new Unmapped("tolist of complex64");
        }
        return nested(flat, array.shape().toArray(), 0, new int[1]);
    }

    private static JsonElement nested(JsonArray flat, int[] dims, int axis, int[] next) {
        if (axis == dims.length) {
            return flat.get(next[0]++);
        }
        JsonArray result = new JsonArray();
        for (int i = 0; i < dims[axis]; i++) {
            result.add(nested(flat, dims, axis + 1, next));
        }
        return result;
    }
}
