package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.lazuli.Array;
import org.lazuli.GridIndexing;
import org.lazuli.Ops;
import org.lazuli.PadMode;

/// Operations that rearrange elements.
final class ShapeOperations {

    private ShapeOperations() {}

    static void addTo(OperationTable.Builder table) {
        addAxes(table);
        addJoining(table);
        table.one("reshape", call -> call.array(0).reshape(call.integers("shape")))
                .one("flatten", ShapeOperations::flatten)
                .one("unflatten", call -> call.array(0).unflatten(call.integer("axis"), call.integers("shape")))
                .one("broadcast_to", call -> call.array(0).broadcastTo(call.integers("shape")))
                .many("broadcast_arrays", call -> Ops.broadcastArrays(call.arrays()))
                .one(
                        "repeat",
                        call -> call.has("axis")
                                ? call.array(0).repeat(call.integer("repeats"), call.integer("axis"))
                                : call.array(0).flatten().repeat(call.integer("repeats"), 0))
                .one("tile", call -> call.array(0).tile(call.integers("reps")))
                .one(
                        "flip",
                        call -> call.has("axis")
                                ? call.array(0).flip(call.integers("axis"))
                                : call.array(0).flip())
                .one("roll", ShapeOperations::roll)
                .one("pad", ShapeOperations::pad)
                .one(
                        "as_strided",
                        call -> Ops.asStrided(
                                call.array(0), call.shape(), call.integers("strides"), call.integer("offset", 0)))
                .one("contiguous", call -> {
                    call.flag("allow_col_major", false); // the layout of an array is not visible
                    return call.array(0);
                });
    }

    private static void addAxes(OperationTable.Builder table) {
        table.one(
                        "transpose",
                        call -> call.has("axes")
                                ? call.array(0).transpose(call.integers("axes"))
                                : call.array(0).transpose())
                .alias("permute_dims", "transpose")
                .alias("matrix_transpose", "transpose")
                .one("swapaxes", call -> call.array(0).swapaxes(call.integer("axis1"), call.integer("axis2")))
                .one("moveaxis", call -> call.array(0).moveaxis(call.integer("source"), call.integer("destination")))
                .one("expand_dims", call -> call.array(0).expandDims(call.integers("axis")))
                .one(
                        "squeeze",
                        call -> call.has("axis")
                                ? call.array(0).squeeze(call.integers("axis"))
                                : call.array(0).squeeze());
    }

    private static void addJoining(OperationTable.Builder table) {
        table.one("concatenate", ShapeOperations::concatenate)
                .alias("concat", "concatenate")
                .one("stack", call -> Ops.stack(call.list(0), call.integer("axis", 0)))
                .many("split", ShapeOperations::split)
                .many("unstack", call -> call.array(0).unstack(call.integer("axis", 0)))
                .one("kron", call -> Ops.kron(call.array(0), call.array(1)))
                .many(
                        "meshgrid",
                        call -> Ops.meshgrid(
                                call.arrays(),
                                call.option("indexing", GridIndexing.class, GridIndexing.XY),
                                call.flag("sparse", false)))
                .one("diag", call -> call.array(0).diag(call.integer("k", 0)))
                .one(
                        "diagonal",
                        call -> call.array(0)
                                .diagonal(
                                        call.integer("offset", 0), call.integer("axis1", 0), call.integer("axis2", 1)));
        atLeast(table, "atleast_1d", Array::atLeast1d);
        atLeast(table, "atleast_2d", Array::atLeast2d);
        atLeast(table, "atleast_3d", Array::atLeast3d);
    }

    private static void atLeast(OperationTable.Builder table, String name, UnaryOperator<Array> function) {
        table.value(
                name,
                call -> call.count() == 1
                        ? new Value.One(function.apply(call.array(0)))
                        : OperationTable.several(
                                call.arrays().stream().map(function).toList()));
    }

    private static Array flatten(Call call) {
        if (!call.has("start_axis") && !call.has("end_axis")) {
            return call.array(0).flatten();
        }
        return call.array(0).flatten(call.integer("start_axis", 0), call.integer("end_axis", -1));
    }

    /// Without an axis the flattened arrays are joined; the axis is 0 unless one is given.
    private static Array concatenate(Call call) {
        List<Array> arrays = call.list(0);
        if (call.has("axis") || !call.names().contains("axis")) {
            return Ops.concatenate(arrays, call.integer("axis", 0));
        }
        return Ops.concatenate(arrays.stream().map(Array::flatten).toList(), 0);
    }

    private static List<Array> split(Call call) {
        int axis = call.integer("axis", 0);
        return call.isList("indices_or_sections")
                ? call.array(0).split(call.integers("indices_or_sections"), axis)
                : call.array(0).split(call.integer("indices_or_sections"), axis);
    }

    /// Without axes the flattened array is rolled; several shifts along one axis add up.
    private static Array roll(Call call) {
        Array x = call.array(0);
        int[] shifts = call.integers("shift");
        if (!call.has("axis")) {
            return x.flatten().roll(IntStream.of(shifts).sum(), 0).reshape(x.shape());
        }
        int[] axes = call.integers("axis");
        for (int i = 0; i < Math.max(axes.length, shifts.length); i++) {
            x = x.roll(shifts[shifts.length == 1 ? 0 : i], axes[axes.length == 1 ? 0 : i]);
        }
        return x;
    }

    private static Array pad(Call call) {
        Array x = call.array(0);
        int[][] widths = widths(call.attribute("pad_width"), x.ndim());
        if (!call.text("mode", "constant").equals("constant")) {
            return Ops.pad(x, widths, call.option("mode", PadMode.class, PadMode.EDGE));
        }
        if (!call.has("constant_values")) {
            return Ops.pad(x, widths);
        }
        return call.isNumber("constant_values")
                ? Ops.pad(x, widths, call.number("constant_values"))
                : Ops.pad(x, widths, call.array("constant_values"));
    }

    /// One width for everything, one pair for every axis, or a pair for each axis.
    private static int[][] widths(JsonElement json, int rank) {
        if (json.isJsonPrimitive()) {
            return repeated(new int[] {json.getAsInt(), json.getAsInt()}, rank);
        }
        JsonArray list = json.getAsJsonArray();
        if (list.get(0).isJsonPrimitive()) {
            int[] pair = Call.integers(list);
            return repeated(pair.length == 1 ? new int[] {pair[0], pair[0]} : pair, rank);
        }
        if (list.size() == 1) {
            return repeated(Call.integers(list.get(0)), rank);
        }
        int[][] result = new int[list.size()][];
        for (int i = 0; i < result.length; i++) {
            result[i] = Call.integers(list.get(i));
        }
        return result;
    }

    private static int[][] repeated(int[] pair, int rank) {
        int[][] result = new int[rank][];
        for (int i = 0; i < rank; i++) {
            result[i] = pair.clone();
        }
        return result;
    }
}
