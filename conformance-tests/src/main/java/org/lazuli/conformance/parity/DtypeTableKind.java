package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lazuli.Array;
import org.lazuli.Complex;
import org.lazuli.DType;
import org.lazuli.DtypeCategory;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// Tables of result dtypes.
final class DtypeTableKind implements Kind {

    /// Operations that need a vector.
    private static final Set<String> VECTOR = Set.of(
            "inner",
            "outer",
            "topk",
            "searchsorted",
            "linalg.norm",
            "fft.fft",
            "fft.rfft",
            "cumsum",
            "cumprod",
            "cummax",
            "cummin",
            "logcumsumexp",
            "sort",
            "argsort",
            "median",
            "softmax",
            "diff");

    /// Operations that need a matrix.
    private static final Set<String> MATRIX = Set.of("matmul", "trace", "diag");

    /// Short names of the tables.
    private static final Map<String, String> OPERATION = Map.of(
            "topk1",
            "topk",
            "searchsorted1",
            "searchsorted",
            "norm",
            "linalg.norm",
            "fft",
            "fft.fft",
            "rfft",
            "fft.rfft");

    @Override
    public void run(Case one) {
        String form = one.json().get("form").getAsString();
        String name = one.json().get("op").getAsString();
        String operation = OPERATION.getOrDefault(name, name);
        for (Map.Entry<String, JsonElement> row :
                one.json().getAsJsonObject("table").entrySet()) {
            if (row.getValue().isJsonObject()) {
                JsonObject cells = row.getValue().getAsJsonObject();
                for (Map.Entry<String, JsonElement> cell : cells.entrySet()) {
                    check(form, operation, List.of(row.getKey(), cell.getKey()), cell.getValue());
                }
            } else {
                check(form, operation, List.of(row.getKey()), row.getValue());
            }
        }
    }

    private static void check(String form, String operation, List<String> types, JsonElement expected) {
        String part = operation + types;
        String text = expected.getAsString();
        boolean scalars = form.equals("array_scalar") || form.equals("scalar_array") || form.equals("scalar_scalar");
        if (scalars && text.equals("!TypeError")) {
            return; // a call that only Python does not offer
        }
        try {
            if (text.startsWith("!")) {
                Refusal.check(() -> compute(form, operation, types));
            } else {
                Comparison.check("dtype", compute(form, operation, types).getAsString(), text);
            }
        } catch (Mismatch e) {
            throw new Mismatch(part, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            if (e instanceof Unmapped) {
                throw e;
            }
            throw new Mismatch(part, "threw " + Report.describe(e));
        }
    }

    private static JsonPrimitive compute(String form, String operation, List<String> types) {
        return switch (form) {
            case "binary", "unary", "array_scalar", "scalar_array", "scalar_scalar" ->
                new JsonPrimitive(result(operation, operands(form, operation, types))
                        .dtype()
                        .toString());
            case "result_type" ->
                new JsonPrimitive(Ops.resultType(DType.named(types.get(0)), DType.named(types.get(1)))
                        .toString());
            case "can_cast" -> new JsonPrimitive(Ops.canCast(DType.named(types.get(0)), DType.named(types.get(1))));
            case "issubdtype" -> new JsonPrimitive(Ops.issubdtype(DType.named(types.get(0)), category(types.get(1))));
            case "issubdtype_categories" ->
                new JsonPrimitive(Ops.issubdtype(category(types.get(0)), category(types.get(1))));
            case "isdtype" ->
                new JsonPrimitive(
                        types.get(1).equals("bool")
                                ? Ops.isdtype(DType.named(types.get(0)), DType.BOOL)
                                : Ops.isdtype(DType.named(types.get(0)), category(types.get(1))));
            case "size" -> new JsonPrimitive(DType.named(types.get(0)).bytes());
            default -> throw new Unmapped(operation + " of " + form);
        };
    }

    private static DtypeCategory category(String name) {
        return switch (name) {
            case "complexfloating", "complex floating" -> DtypeCategory.COMPLEX_FLOATING;
            case "floating", "real floating" -> DtypeCategory.FLOATING;
            case "inexact" -> DtypeCategory.INEXACT;
            case "signedinteger", "signed integer" -> DtypeCategory.SIGNED_INTEGER;
            case "unsignedinteger", "unsigned integer" -> DtypeCategory.UNSIGNED_INTEGER;
            case "integer", "integral" -> DtypeCategory.INTEGER;
            case "number", "numeric" -> DtypeCategory.NUMBER;
            case "generic" -> DtypeCategory.GENERIC;
            default -> throw new Unmapped("issubdtype " + name);
        };
    }

    private static Array result(String operation, List<Value> operands) {
        Map<String, Value> keywords =
                operation.equals("topk") ? Map.of("k", new Value.Attribute(new JsonPrimitive(1))) : Map.of();
        List<Array> results = new ArrayList<>();
        Program.flatten(OperationTable.apply(new Call(operation, operands, keywords, List.of())), results);
        return results.getFirst().eval();
    }

    private static List<Value> operands(String form, String operation, List<String> types) {
        List<Value> operands = new ArrayList<>();
        if (operation.equals("where")) {
            operands.add(new Value.One(Ops.array(true)));
        }
        for (int i = 0; i < types.size(); i++) {
            boolean scalar = form.equals("scalar_scalar") || (i == 1 && form.contains("scalar"));
            operands.add(scalar ? scalar(types.get(i)) : ones(operation, types.get(i)));
        }
        if (form.equals("scalar_array")) {
            Collections.swap(operands, operands.size() - 2, operands.size() - 1);
        }
        if (operation.equals("searchsorted")) {
            operands.add(operands.getFirst());
        }
        return operands;
    }

    private static Value ones(String operation, String type) {
        Shape shape =
                MATRIX.contains(operation) ? Shape.of(2, 2) : VECTOR.contains(operation) ? Shape.of(2) : Shape.SCALAR;
        return new Value.One(Ops.ones(shape, DType.named(type)));
    }

    private static Value scalar(String type) {
        return new Value.Scalar(
                switch (type) {
                    case "bool" -> true;
                    case "int" -> 2;
                    case "float" -> 2.5;
                    case "complex" -> new Complex(1, 1);
                    default -> throw new IllegalStateException("no Python scalar is called " + type);
                });
    }
}
