package org.lazuli.metal.kernels;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.ScanOp;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Running combinations along an axis, of operands in any layout. float16 and bfloat16 are carried in float32 and rounded for each result.
///
/// A threadgroup walks along a row. Few and long rows are cut into parts: a first dispatch finds what each comes to, a second one adds those up, and a third scans
/// the parts, each beginning with what came before. Of complex numbers sums and products are scanned; the others fall back.
final class ScanFamily implements KernelFamily {
    private static final int ITEMS = 4;
    private static final int THREADS = 256;

    /// One thread scans so short a row.
    private static final int SHORT = 16;

    /// A part is as long as this at least, and parts are made while there are fewer than `BUSY`.
    private static final int PART = 4 * ITEMS * THREADS;

    private static final int BUSY = 64;

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        if (!(kernel instanceof Primitive.Scan scan)) {
            return false;
        }
        DType dtype = inputs.getFirst().dtype();
        return dtype != DType.FLOAT64 && (!dtype.isComplex() || scan.op() == ScanOp.SUM || scan.op() == ScanOp.PROD);
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Primitive.Scan scan = (Primitive.Scan) kernel;
        Tensor input = inputs.getFirst();
        Tensor output = outputs.getFirst();
        int length = input.shape().dim(scan.axis());
        if (output.shape().size() == 0) {
            return;
        }
        new Call(scan, combination(scan.op(), input.dtype()), input, output, length, commands).encode();
    }

    private static Combination combination(ScanOp op, DType dtype) {
        return switch (op) {
            // On bool a sum is *any* so far.
            case SUM ->
                Combination.of(dtype == DType.BOOL ? Combination.Operation.MAX : Combination.Operation.SUM, dtype);
            case PROD -> Combination.of(Combination.Operation.PROD, dtype);
            case MAX -> Combination.of(Combination.Operation.MAX, dtype);
            case MIN -> Combination.of(Combination.Operation.MIN, dtype);
            // log(exp(a) + exp(b)) is less than 1 above the larger one, so of integers it is that.
            case LOGADDEXP ->
                dtype.isFloating() ? Combination.logAddExp(dtype) : Combination.of(Combination.Operation.MAX, dtype);
        };
    }

    private record Call(
            Primitive.Scan scan, Combination combination, Tensor input, Tensor output, int length, Commands commands) {
        void encode() {
            Strided rows = Lines.across(scan.axis(), input, output);
            int count = rows.size();
            if (length <= SHORT) {
                each(rows, count);
                return;
            }
            int parts = Math.min(Math.ceilDiv(BUSY, count), length / PART);
            if (parts <= 1) {
                walk(rows, count, 0, 1, null);
                return;
            }
            int part = Math.ceilDiv(length, parts);
            parts = Math.ceilDiv(length, part);
            Tensor states = commands.temporary(DType.UINT8, count * parts * combination.stateBytes());
            walk(rows, count, 1, parts, states);
            String name = "scan_parts_" + combination.name();
            commands.kernel(
                            name,
                            () -> combination
                                    .text()
                                    .copy()
                                    .define("SCAN", name)
                                    .with("shuffles", combination.file(), "scan_parts"))
                    .readWrite(states)
                    .ints(count, parts)
                    .threads(count);
            walk(rows, count, 2, parts, states);
        }

        private void each(Strided rows, int count) {
            String name = "scan_each_" + suffix();
            commands.kernel(name, () -> text(name).with("places", "shuffles", combination.file(), "scan_each"))
                    .read(input)
                    .write(output)
                    .ints(count, length, stride(input), stride(output))
                    .ints(rows.layout())
                    .threads(count);
        }

        /// @param way the kernel's STATES
        private void walk(Strided rows, int count, int way, int parts, @Nullable Tensor states) {
            String name = "scan_" + (way == 0 ? "" : way == 1 ? "to_states_" : "from_states_") + suffix();
            int part = Math.ceilDiv(length, parts);
            Dispatch dispatch = commands.kernel(
                            name,
                            () -> text(name)
                                    .define("STATES", way)
                                    .with("places", "shuffles", combination.file(), "scan"))
                    .read(input)
                    .write(way == 1 && states != null ? states : output)
                    .ints(length, stride(input), stride(output), part, parts)
                    .ints(rows.layout());
            if (way == 2 && states != null) {
                dispatch.read(states);
            }
            int most = Math.min(THREADS, dispatch.maxThreads() / 32 * 32);
            int threads = Math.min(most, Math.ceilDiv(part, 32 * ITEMS) * 32);
            dispatch.groups(count, parts, 1, threads, 1, 1);
        }

        private int stride(Tensor tensor) {
            return tensor.strides().get(scan.axis());
        }

        private String suffix() {
            return (scan.reverse() ? "reverse_" : "") + (scan.inclusive() ? "" : "exclusive_") + combination.name();
        }

        private KernelText text(String name) {
            return combination
                    .text()
                    .copy()
                    .define("SCAN", name)
                    .define("REVERSE", scan.reverse())
                    .define("INCLUSIVE", scan.inclusive());
        }
    }
}
