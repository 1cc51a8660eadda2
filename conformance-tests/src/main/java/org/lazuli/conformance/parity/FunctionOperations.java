package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.Transforms;
import org.lazuli.function.CustomFunction;
import org.lazuli.function.Nary;

/// Operations that take a function.
final class FunctionOperations {

    private FunctionOperations() {}

    static void addTo(OperationTable.Builder table) {
        table.value("grad", FunctionOperations::grad)
                .value("value_and_grad", FunctionOperations::valueAndGrad)
                .value(
                        "vjp",
                        call -> results(Transforms.vjp(call.function("fn"), call.list(0), call.list(1))
                                .derivatives()))
                .value(
                        "jvp",
                        call -> results(Transforms.jvp(call.function("fn"), call.list(0), call.list(1))
                                .derivatives()))
                .value(
                        "vmap",
                        call -> results(Transforms.vmapList(
                                        call.function("fn"),
                                        axes(call.attribute("in_axes")),
                                        axes(call.attribute("out_axes")))
                                .apply(call.arrays())))
                .value(
                        "checkpoint",
                        call -> results(
                                Transforms.checkpointList(call.function("fn")).apply(call.arrays())))
                .value("compile", FunctionOperations::compile)
                .value("custom_function", FunctionOperations::customFunction);
    }

    private static Value grad(Call call) {
        return results(Transforms.gradList(call.function("fn"), argnums(call)).apply(call.arrays()));
    }

    private static Value valueAndGrad(Call call) {
        Transforms.ValueAndGrads result =
                Transforms.valueAndGradList(call.function("fn"), argnums(call)).apply(call.arrays());
        List<Array> arrays = new ArrayList<>();
        arrays.add(result.value());
        arrays.addAll(result.grads());
        return OperationTable.several(arrays);
    }

    /// The reference gives several gradients in the order of the arguments, whatever the order of the list.
    private static int[] argnums(Call call) {
        int[] argnums = call.integers("argnums");
        Arrays.sort(argnums);
        return argnums;
    }

    /// Twice, so that the second call replays what the first one compiled.
    private static Value compile(Call call) {
        call.flag("shapeless", false); // another shape is compiled anew: the results are the same
        Nary compiled = Transforms.compileList(call.function("fn"));
        compiled.apply(call.arrays());
        return results(compiled.apply(call.arrays()));
    }

    private static Value customFunction(Call call) {
        CustomFunction function = Transforms.customFunction(call.function("fn"));
        if (call.has("vjp")) {
            Program vjp = call.function("vjp");
            function =
                    function.withVjp((primals, cotangents, outputs) -> vjp.apply(joined(primals, cotangents, outputs)));
        }
        if (call.has("jvp")) {
            Program jvp = call.function("jvp");
            function = function.withJvp((primals, tangents) -> jvp.apply(joined(primals, tangents)));
        }
        if (call.has("vmap")) {
            Program vmap = call.function("vmap");
            int[] outAxes = axes(call.attribute("vmap_out_axes"));
            function = function.withVmap((inputs, inAxes) -> new CustomFunction.Batched(vmap.apply(inputs), outAxes));
        }
        return results(function.apply(call.arrays()));
    }

    @SafeVarargs
    private static List<Array> joined(List<Array>... lists) {
        List<Array> result = new ArrayList<>();
        for (List<Array> list : lists) {
            result.addAll(list);
        }
        return result;
    }

    private static Value results(List<Array> arrays) {
        return arrays.size() == 1 ? new Value.One(arrays.getFirst()) : OperationTable.several(arrays);
    }

    /// Axes of a batch, null for what has none.
    static int[] axes(JsonElement json) {
        List<JsonElement> elements = json.getAsJsonArray().asList();
        int[] result = new int[elements.size()];
        for (int i = 0; i < result.length; i++) {
            JsonElement element = elements.get(i);
            result[i] = element.isJsonNull() ? Transforms.NOT_MAPPED : element.getAsInt();
        }
        return result;
    }
}
