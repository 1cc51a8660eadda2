package org.lazuli.metal.kernels;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Moves elements without looking at them: copies, concatenation, and bits read as another dtype. The kernels know only how many bytes an element
/// has.
final class CopyFamily implements KernelFamily {
    /// Elements of a contiguous copy that one thread moves.
    private static final int PER_THREAD = 4;

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return switch (kernel) {
            case Primitive.Copy() -> true;
            case Primitive.Concatenate _ -> true;
            case Primitive.Bitcast(DType target) -> target != DType.FLOAT64;
            default -> false;
        };
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Tensor output = outputs.getFirst();
        switch (kernel) {
            case Primitive.Copy() -> copy(inputs.getFirst(), output, commands);
            case Primitive.Bitcast(DType target) -> bitcast(inputs.getFirst(), target, output, commands);
            case Primitive.Concatenate(int axis) -> {
                int at = output.offset();
                for (Tensor input : inputs) {
                    Tensor part = new Tensor(output.buffer(), input.spec(), output.strides(), at);
                    copy(input, part, commands);
                    at += input.shape().dim(axis) * output.strides().get(axis);
                }
            }
            default -> throw new IllegalArgumentException(kernel + " moves nothing");
        }
    }

    /// In row-major order the bytes of both are the same.
    private static void bitcast(Tensor input, DType target, Tensor output, Commands commands) {
        if (target == DType.BOOL && input.dtype() != DType.BOOL) {
            normalize(input, output, commands);
        } else {
            TensorSpec spec = input.spec();
            copy(input, new Tensor(output.buffer(), spec, Tensor.rowMajor(spec.shape()), 0), commands);
        }
    }

    /// A `bool` is 0 or 1: other bytes become 1.
    private static void normalize(Tensor input, Tensor output, Commands commands) {
        Tensor bytes = commands.temporary(DType.UINT8, output.shape().size());
        copy(input, new Tensor(bytes.buffer(), input.spec(), Tensor.rowMajor(input.shape()), 0), commands);
        commands.kernel("normalize_bool", () -> Msl.PRELUDE + """

                        kernel void normalize_bool(
                                device const uchar* in [[buffer(0)]],
                                device uchar* out [[buffer(1)]],
                                uint i [[thread_position_in_grid]]) {
                            out[i] = in[i] != 0 ? uchar(1) : uchar(0);
                        }
                        """)
                .read(bytes)
                .write(output)
                .threads(output.shape().size());
    }

    /// Copies between any two layouts of one shape and size of element.
    static void copy(Tensor source, Tensor target, Commands commands) {
        int size = source.shape().size();
        if (size == 0) {
            return;
        }
        Collapsed collapsed = Collapsed.of(
                source.shape().toArray(),
                new int[][] {source.strides().toArray(), aligned(target, source).toArray()});
        int bytes = source.dtype().bytes();
        if (collapsed.isRun(0) && collapsed.isRun(1)) {
            String name = "copy" + bytes + "_contiguous";
            commands.kernel(name, () -> contiguous(name, Msl.word(bytes)))
                    .read(source)
                    .write(target)
                    .ints(size)
                    .threads((int) (((long) size + PER_THREAD - 1) / PER_THREAD));
        } else {
            int rank = collapsed.rank();
            String name = "copy" + bytes + "_strided" + rank;
            Dispatch dispatch = commands.kernel(name, () -> strided(name, Msl.word(bytes), rank))
                    .read(source)
                    .write(target)
                    .ints(collapsed.table());
            Grid.over(collapsed.dims(), dispatch.maxThreads()).run(dispatch);
        }
    }

    /// The target's strides in the source's shape: a scratch tensor has only one axis.
    private static Ints aligned(Tensor target, Tensor source) {
        return target.shape().equals(source.shape()) ? target.strides() : Tensor.rowMajor(source.shape());
    }

    private static String contiguous(String name, String word) {
        return Msl.PRELUDE
                + """

                kernel void NAME(
                        device const WORD* in [[buffer(0)]],
                        device WORD* out [[buffer(1)]],
                        constant uint* layout [[buffer(2)]],
                        uint thread_index [[thread_position_in_grid]]) {
                    uint size = layout[0];
                    uint first = thread_index * COUNTu;
                    if (first + COUNTu <= size) {
                        for (uint k = 0; k < COUNTu; ++k) {
                            out[first + k] = in[first + k];
                        }
                    } else {
                        for (uint i = first; i < size; ++i) {
                            out[i] = in[i];
                        }
                    }
                }
                """.replace("NAME", name).replace("WORD", word).replace("COUNT", Integer.toString(PER_THREAD));
    }

    private static String strided(String name, String word, int rank) {
        return Msl.PRELUDE + """

                kernel void %s(
                        device const %s* in [[buffer(0)]],
                        device %s* out [[buffer(1)]],
                        constant int* layout [[buffer(2)]],
                        uint3 at [[thread_position_in_grid]]) {
                %s    out[to] = in[from];
                }
                """.formatted(name, word, word, Grid.offsets(rank, "from", "to"));
    }
}
