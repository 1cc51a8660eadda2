package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.util.Arrays;
import org.lazuli.Array;
import org.lazuli.ConvOptions;
import org.lazuli.ConvolveMode;
import org.lazuli.Ops;

/// Matrix products and convolutions.
final class ContractionOperations {

    private ContractionOperations() {}

    static void addTo(OperationTable.Builder table) {
        table.one("matmul", call -> call.array(0).matmul(call.array(1)))
                .one("addmm", ContractionOperations::addmm)
                .one("inner", call -> Ops.inner(call.array(0), call.array(1)))
                .one("outer", call -> Ops.outer(call.array(0), call.array(1)))
                .one("conv1d", ContractionOperations::conv1d)
                .one("conv2d", ContractionOperations::conv2d)
                .one("conv3d", ContractionOperations::conv3d)
                .one("conv_general", ContractionOperations::convGeneral)
                .one("conv_transpose1d", ContractionOperations::convTranspose1d)
                .one("conv_transpose2d", ContractionOperations::convTranspose2d)
                .one("conv_transpose3d", ContractionOperations::convTranspose3d)
                .one(
                        "convolve",
                        call -> Ops.convolve(
                                call.array(0),
                                call.array(1),
                                call.option("mode", ConvolveMode.class, ConvolveMode.FULL)))
                .one("vecdot", call -> Ops.vecdot(call.array(0), call.array(1), call.integer("axis", -1)))
                .one(
                        "einsum",
                        call -> Ops.einsum(
                                call.text("subscripts", ""), call.arrays().toArray(Array[]::new)))
                .one("block_masked_mm", ContractionOperations::blockMasked)
                .one("gather_mm", ContractionOperations::gathered)
                .one("segmented_mm", call -> Ops.segmentedMm(call.array(0), call.array(1), call.array("segments")))
                .one(
                        "hadamard_transform",
                        call -> call.has("scale")
                                ? Ops.hadamardTransform(call.array(0), call.real("scale", 1))
                                : Ops.hadamardTransform(call.array(0)))
                .one("tensordot", ContractionOperations::tensordot);
    }

    private static Array addmm(Call call) {
        return call.has("alpha") || call.has("beta")
                ? Ops.addmm(call.array(0), call.array(1), call.array(2), call.real("alpha", 1), call.real("beta", 1))
                : Ops.addmm(call.array(0), call.array(1), call.array(2));
    }

    private static Array blockMasked(Call call) {
        return Ops.blockMaskedMm(
                call.array(0),
                call.array(1),
                call.integer("block_size", 64),
                call.optional("mask_out").orElse(null),
                call.optional("mask_lhs").orElse(null),
                call.optional("mask_rhs").orElse(null));
    }

    /// That indices are sorted is a hint, which is not needed here.
    private static Array gathered(Call call) {
        call.flag("sorted_indices", false);
        return Ops.gatherMm(
                call.array(0),
                call.array(1),
                call.optional("lhs_indices").orElse(null),
                call.optional("rhs_indices").orElse(null));
    }

    private static Array conv1d(Call call) {
        return Ops.conv1d(
                call.array(0),
                call.array(1),
                call.integer("stride", 1),
                call.integer("padding", 0),
                call.integer("dilation", 1),
                call.integer("groups", 1));
    }

    private static Array conv2d(Call call) {
        return Ops.conv2d(
                call.array(0),
                call.array(1),
                each(call, "stride", 1, 2),
                each(call, "padding", 0, 2),
                each(call, "dilation", 1, 2),
                call.integer("groups", 1));
    }

    private static Array conv3d(Call call) {
        return Ops.conv3d(
                call.array(0),
                call.array(1),
                each(call, "stride", 1, 3),
                each(call, "padding", 0, 3),
                each(call, "dilation", 1, 3),
                call.integer("groups", 1));
    }

    /// The padding is one number, one for each axis, or a list of those before and one of those after the input.
    private static Array convGeneral(Call call) {
        ConvOptions options = ConvOptions.DEFAULT
                .stride(integers(call, "stride", 1))
                .kernelDilation(integers(call, "kernel_dilation", 1))
                .inputDilation(integers(call, "input_dilation", 1))
                .groups(call.integer("groups", 1))
                .flip(call.flag("flip", false));
        if (!call.has("padding")) {
            return Ops.convGeneral(call.array(0), call.array(1), options);
        }
        JsonElement padding = call.attribute("padding");
        boolean pairs = padding.isJsonArray()
                && !padding.getAsJsonArray().isEmpty()
                && padding.getAsJsonArray().get(0).isJsonArray();
        return Ops.convGeneral(
                call.array(0),
                call.array(1),
                pairs
                        ? options.padding(
                                Call.integers(padding.getAsJsonArray().get(0)),
                                Call.integers(padding.getAsJsonArray().get(1)))
                        : options.padding(Call.integers(padding)));
    }

    private static int[] integers(Call call, String name, int otherwise) {
        return call.has(name) ? call.integers(name) : new int[] {otherwise};
    }

    private static Array convTranspose1d(Call call) {
        return Ops.convTranspose1d(
                call.array(0),
                call.array(1),
                call.integer("stride", 1),
                call.integer("padding", 0),
                call.integer("dilation", 1),
                call.integer("output_padding", 0),
                call.integer("groups", 1));
    }

    private static Array convTranspose2d(Call call) {
        return Ops.convTranspose2d(
                call.array(0),
                call.array(1),
                each(call, "stride", 1, 2),
                each(call, "padding", 0, 2),
                each(call, "dilation", 1, 2),
                each(call, "output_padding", 0, 2),
                call.integer("groups", 1));
    }

    private static Array convTranspose3d(Call call) {
        return Ops.convTranspose3d(
                call.array(0),
                call.array(1),
                each(call, "stride", 1, 3),
                each(call, "padding", 0, 3),
                each(call, "dilation", 1, 3),
                each(call, "output_padding", 0, 3),
                call.integer("groups", 1));
    }

    private static Array tensordot(Call call) {
        if (!call.has("axes") || !call.isList("axes")) {
            return Ops.tensordot(call.array(0), call.array(1), call.integer("axes", 2));
        }
        JsonArray axes = call.attribute("axes").getAsJsonArray();
        return Ops.tensordot(call.array(0), call.array(1), Call.integers(axes.get(0)), Call.integers(axes.get(1)));
    }

    /// An option that is one number for all spatial axes or one for each.
    static int[] each(Call call, String name, int otherwise, int axes) {
        int[] given = call.has(name) ? call.integers(name) : new int[] {otherwise};
        if (given.length != 1) {
            return given;
        }
        int[] result = new int[axes];
        Arrays.fill(result, given[0]);
        return result;
    }
}
