package org.lazuli.conformance.parity;

import java.util.Arrays;
import java.util.function.BiFunction;
import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.Update;

/// Reading and updating parts of arrays.
final class IndexingOperations {

    private IndexingOperations() {}

    static void addTo(OperationTable.Builder table) {
        table.one("getitem", call -> call.array(0).get(call.index()))
                .one("take", IndexingOperations::take)
                .one(
                        "take_along_axis",
                        call -> call.has("axis")
                                ? call.array(0).takeAlongAxis(call.array(1), call.integer("axis"))
                                : call.array(0).flatten().takeAlongAxis(call.array(1), 0))
                .one(
                        "put_along_axis",
                        call -> call.has("axis")
                                ? call.array(0).putAlongAxis(call.array(1), call.array(2), call.integer("axis"))
                                : call.array(0)
                                        .flatten()
                                        .putAlongAxis(call.array(1), call.array(2), 0)
                                        .reshape(call.array(0).shape()))
                .one("depends", call -> Ops.depends(call.array(0), call.array(1)))
                .one(
                        "slice",
                        call -> Ops.slice(
                                call.array(0),
                                call.array("start_indices"),
                                call.integers("axes"),
                                Shape.of(call.integers("slice_size"))))
                .one(
                        "slice_update",
                        call -> Ops.sliceUpdate(
                                call.array(0), call.array(1), call.array("start_indices"), call.integers("axes")));
        update(table, "setitem", Update::set, Update::set);
        update(table, "at.add", Update::add, Update::add);
        update(table, "at.subtract", Update::sub, Update::sub);
        update(table, "at.multiply", Update::mul, Update::mul);
        update(table, "at.divide", Update::div, Update::div);
        update(table, "at.maximum", Update::max, Update::max);
        update(table, "at.minimum", Update::min, Update::min);
    }

    private static void update(
            OperationTable.Builder table,
            String name,
            BiFunction<Update, Array, Array> arrays,
            BiFunction<Update, Number, Array> numbers) {
        table.one(name, call -> {
            Update update = call.array(0).at(call.index());
            return call.operand(1) instanceof Value.Scalar(Number number)
                    ? numbers.apply(update, number)
                    : arrays.apply(update, call.array(1));
        });
    }

    private static Array take(Call call) {
        Array x = call.array(0);
        if (call.has("indices")) {
            int position = call.integer("indices");
            if (!call.has("axis")) {
                return x.flatten().get(Index.at(position));
            }
            int axis = call.integer("axis");
            Index[] index = new Index[axis < 0 ? -axis + 1 : axis + 1];
            Arrays.fill(index, Index.all());
            if (axis < 0) {
                index[0] = Index.rest();
                index[1] = Index.at(position);
            } else {
                index[axis] = Index.at(position);
            }
            return x.get(index);
        }
        return call.has("axis") ? x.take(call.array(1), call.integer("axis")) : x.take(call.array(1));
    }
}
