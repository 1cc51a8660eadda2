package org.lazuli.conformance.parity;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;

/// Matrices of a few bits an element, and eight-bit floating point.
final class QuantizedOperations {
    private QuantizedOperations() {}

    static void addTo(OperationTable.Builder table) {
        table.many("quantize", QuantizedOperations::quantize)
                .one("dequantize", QuantizedOperations::dequantize)
                .one(
                        "quantized_matmul",
                        call -> Ops.quantizedMatmul(
                                call.array(0), quantized(call, call.array(1)), call.flag("transpose", true)))
                .one(
                        "gather_qmm",
                        call -> Ops.gatherQmm(
                                call.array(0),
                                quantized(call, call.array(1)),
                                call.optional("lhs_indices").orElse(null),
                                call.optional("rhs_indices").orElse(null),
                                call.flag("transpose", true)))
                .one("to_fp8", call -> Ops.toFp8(call.array(0)))
                .one("from_fp8", call -> Ops.fromFp8(call.array(0), call.dtype(DType.BFLOAT16)));
    }

    /// What a mode leaves open is its own default.
    static Quantization how(Call call) {
        Quantization usual = Quantization.of(Quantization.Mode.named(call.text("mode", "affine")));
        return new Quantization(
                usual.mode(), call.integer("group_size", usual.groupSize()), call.integer("bits", usual.bits()));
    }

    private static List<Array> quantize(Call call) {
        Quantization how = how(call);
        Quantized w = call.has("global_scale")
                ? Ops.quantize(call.array(0), how, call.array("global_scale"))
                : Ops.quantize(call.array(0), how);
        return w.biases() == null ? List.of(w.weight(), w.scales()) : List.of(w.weight(), w.scales(), w.biases());
    }

    private static Quantized quantized(Call call, Array weight) {
        return new Quantized(
                weight, call.array("scales"), call.optional("biases").orElse(null), how(call));
    }

    private static Array dequantize(Call call) {
        Quantized w = quantized(call, call.array(0));
        return call.dtype().map(dtype -> Ops.dequantize(w, dtype)).orElseGet(() -> Ops.dequantize(w));
    }
}
