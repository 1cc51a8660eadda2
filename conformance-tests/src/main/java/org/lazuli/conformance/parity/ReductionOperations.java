package org.lazuli.conformance.parity;

import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.Side;

/// Reductions, scans and sorting.
final class ReductionOperations {

    private ReductionOperations() {}

    private interface Scan {
        Array apply(Array x, int axis, boolean reverse, boolean inclusive);
    }

    private interface ArgReduction {
        Array apply(Array x, int axis, boolean keepDims);
    }

    static void addTo(OperationTable.Builder table) {
        reduction(table, "sum", Array::sum);
        reduction(table, "prod", Array::prod);
        reduction(table, "min", Array::min);
        reduction(table, "max", Array::max);
        reduction(table, "mean", Array::mean);
        reduction(table, "all", Array::all);
        reduction(table, "any", Array::any);
        reduction(table, "logsumexp", Array::logsumexp);
        reduction(table, "median", Array::median);
        reduction(table, "count_nonzero", Array::countNonzero);
        table.one("var", call -> call.array(0).var(call.axes(), call.integer("ddof", 0)))
                .one("std", call -> call.array(0).std(call.axes(), call.integer("ddof", 0)));
        argReduction(table, "argmax", Array::argmax, Array::argmax);
        argReduction(table, "argmin", Array::argmin, Array::argmin);
        scan(table, "cumsum", Array::cumsum);
        scan(table, "cumprod", Array::cumprod);
        scan(table, "cummax", Array::cummax);
        scan(table, "cummin", Array::cummin);
        scan(table, "logcumsumexp", Array::logcumsumexp);
        table.alias("cumulative_sum", "cumsum").alias("cumulative_prod", "cumprod");
        table.one("softmax", call -> {
            call.flag("precise", false); // every softmax is computed in float32 at least
            return call.has("axis")
                    ? call.array(0).softmax(call.integers("axis"))
                    : call.array(0).softmax();
        });
        ordering(table, "sort", Array::sort, Array::sort);
        ordering(table, "argsort", Array::argsort, Array::argsort);
        table.one("partition", call -> flatOrAlong(call).partition(call.integer("kth"), axisOfFlatOr(call)))
                .one("argpartition", call -> flatOrAlong(call).argpartition(call.integer("kth"), axisOfFlatOr(call)))
                .one("topk", call -> flatOrAlong(call).topk(call.integer("k"), axisOfFlatOr(call)))
                .one(
                        "searchsorted",
                        call -> call.array(0).searchsorted(call.array(1), call.option("side", Side.class, Side.LEFT)))
                .one("diff", call -> call.array(0).diff(call.integer("n", 1), call.integer("axis", -1)))
                .one("trace", ReductionOperations::trace);
    }

    private static Array trace(Call call) {
        Array x = call.array(0);
        int offset = call.integer("offset", 0);
        int axis1 = call.integer("axis1", 0);
        int axis2 = call.integer("axis2", 1);
        return call.dtype()
                .map(dtype -> x.diagonal(offset, axis1, axis2).astype(dtype).sum(-1))
                .orElseGet(() -> x.trace(offset, axis1, axis2));
    }

    /// The operand, flattened where the axis is None.
    private static Array flatOrAlong(Call call) {
        boolean flat = call.names().contains("axis") && !call.has("axis");
        return flat ? call.array(0).flatten() : call.array(0);
    }

    private static int axisOfFlatOr(Call call) {
        return call.integer("axis", -1);
    }

    private static void reduction(OperationTable.Builder table, String name, BiFunction<Array, Axes, Array> function) {
        table.one(name, call -> function.apply(call.array(0), call.axes()));
    }

    private static void argReduction(
            OperationTable.Builder table, String name, UnaryOperator<Array> all, ArgReduction along) {
        table.one(name, call -> {
            Array x = call.array(0);
            boolean keepDims = call.flag("keepdims", false);
            if (call.has("axis")) {
                return along.apply(x, call.integer("axis"), keepDims);
            }
            Array position = all.apply(x);
            if (!keepDims) {
                return position;
            }
            int[] ones = new int[x.ndim()];
            Arrays.fill(ones, 1);
            return position.reshape(ones);
        });
    }

    /// A scan without an axis runs over the flattened array.
    private static void scan(OperationTable.Builder table, String name, Scan function) {
        table.one(name, call -> {
            Array x = call.dtype().map(call.array(0)::astype).orElse(call.array(0));
            boolean reverse = call.flag("reverse", false);
            boolean inclusive = call.flag("inclusive", true);
            return call.has("axis")
                    ? function.apply(x, call.integer("axis"), reverse, inclusive)
                    : function.apply(x.flatten(), 0, reverse, inclusive);
        });
    }

    /// An axis of None orders the flattened array; without an axis it is the last.
    private static void ordering(
            OperationTable.Builder table,
            String name,
            UnaryOperator<Array> last,
            BiFunction<Array, Integer, Array> along) {
        table.one(name, call -> {
            Array x = flatOrAlong(call);
            return call.has("axis") ? along.apply(x, call.integer("axis")) : last.apply(x);
        });
    }
}
