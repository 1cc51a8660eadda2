package org.lazuli.metal.kernels;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Sorts along an axis, stably and with NaN last, operands in any layout: the elements, or their positions.
///
/// Keys in the order of the elements are sorted together with the positions; the elements themselves are only moved, at the end. Short
/// rows are sorted in threadgroup memory, several to a threadgroup. Of long rows blocks are sorted there, and merged in as many dispatches as it takes to double the blocks
/// to the whole.
final class SortFamily implements KernelFamily {
    private static final int THREADS = 256;

    /// Elements of a block: keys and positions have to fit into threadgroup memory.
    private static final int BLOCK = 2048;

    /// Short rows are put together up to so many elements.
    private static final int TOGETHER = 512;

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return (kernel instanceof Primitive.Sort || kernel instanceof Primitive.ArgSort)
                && inputs.getFirst().dtype() != DType.FLOAT64;
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Tensor output = outputs.getFirst();
        if (output.shape().size() == 0) {
            return;
        }
        boolean positions = kernel instanceof Primitive.ArgSort;
        int axis = switch (kernel) {
            case Primitive.Sort sort -> sort.axis();
            case Primitive.ArgSort sort -> sort.axis();
            default -> throw new IllegalArgumentException(kernel + " sorts nothing");
        };
        new Call(axis, positions, inputs.getFirst(), output, commands).encode();
    }

    private record Call(int axis, boolean positions, Tensor input, Tensor output, Commands commands) {
        void encode() {
            Strided rows = Lines.across(axis, input, output);
            int length = input.shape().dim(axis);
            int count = rows.size();
            if (length <= BLOCK) {
                int span = length <= 1 ? 1 : Integer.highestOneBit(length - 1) * 2;
                int together = Math.max(1, Math.min(TOGETHER / span, count));
                block(false, rows, length, span, Integer.highestOneBit(together), 1, output, output);
                return;
            }
            DType key = wide() ? DType.UINT64 : DType.UINT32;
            int size = output.shape().size();
            Tensor keys = commands.temporary(key, size);
            Tensor indices = commands.temporary(DType.UINT32, size);
            Tensor otherKeys = commands.temporary(key, size);
            Tensor otherIndices = commands.temporary(DType.UINT32, size);
            block(true, rows, length, BLOCK, 1, Math.ceilDiv(length, BLOCK), keys, indices);
            int run = BLOCK;
            while (run < length - run) {
                merge(false, rows, length, run, keys, indices, otherKeys, otherIndices);
                Tensor swap = keys;
                keys = otherKeys;
                otherKeys = swap;
                swap = indices;
                indices = otherIndices;
                otherIndices = swap;
                run *= 2;
            }
            merge(true, rows, length, run, keys, indices, input, output);
        }

        /// Sorts blocks: whole rows to the result, or runs of keys and indices.
        private void block(
                boolean runs,
                Strided rows,
                int length,
                int span,
                int together,
                int blocks,
                Tensor firstResult,
                Tensor secondResult) {
            int size = span * together <= TOGETHER ? TOGETHER : BLOCK;
            String name = "sort_" + (runs ? "runs_" : "block" + size + "_") + suffix();
            Dispatch dispatch = commands.kernel(
                            name,
                            () -> text(name)
                                    .define("RUNS", runs)
                                    .define("SIZE", size)
                                    .with("places", "sorting", "sort_block"))
                    .read(input)
                    .write(firstResult)
                    .write(secondResult)
                    .ints(rows.size(), length, stride(input), stride(output), span, together)
                    .ints(rows.layout());
            int most = Math.min(THREADS, dispatch.maxThreads() / 32 * 32);
            int pairs = span * together / 2;
            int threads = Math.max(32, Math.min(most, pairs / 32 * 32));
            dispatch.groups(Math.ceilDiv(rows.size(), together), blocks, 1, threads, 1, 1);
        }

        private void merge(
                boolean last,
                Strided rows,
                int length,
                int run,
                Tensor keys,
                Tensor indices,
                Tensor firstResult,
                Tensor secondResult) {
            String name = "sort_" + (last ? "merge_last_" : "merge_") + suffix();
            Dispatch dispatch = commands.kernel(
                            name, () -> text(name).define("LAST", last).with("places", "sorting", "sort_merge"))
                    .read(keys)
                    .read(indices);
            if (last) {
                dispatch.read(firstResult);
            } else {
                dispatch.write(firstResult);
            }
            dispatch.write(secondResult)
                    .ints(rows.size(), length, stride(input), stride(output), run)
                    .ints(rows.layout())
                    .threads(length, rows.size(), 1, THREADS, 1, 1);
        }

        private boolean wide() {
            return input.dtype().bytes() == 8;
        }

        private int stride(Tensor tensor) {
            return tensor.strides().get(axis);
        }

        private String suffix() {
            return (positions ? "positions_" : "") + input.dtype();
        }

        private KernelText text(String name) {
            DType dtype = input.dtype();
            return KernelText.of("SORT", name)
                    .define("ELEMENT", Msl.storage(dtype))
                    .define("KIND", Values.kind(dtype))
                    .define("SIGNED", dtype.isInteger() && !dtype.isUnsigned())
                    .define("KEY", wide() ? "ulong" : "uint")
                    .define("POSITIONS", positions);
        }
    }
}
