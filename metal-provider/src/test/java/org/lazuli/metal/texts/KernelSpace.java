package org.lazuli.metal.texts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// All instructions on all dtypes that Metal has, with operands of the sizes and layouts by which kernels may be chosen: small and large, aligned
/// and not, contiguous, transposed, broadcast and of many axes. Which of them are defined and which are supported is for others to
/// say.
final class KernelSpace {
    private static final DType[] DTYPES =
            Arrays.stream(DType.values()).filter(x -> x != DType.FLOAT64).toArray(DType[]::new);
    /// Shapes that are the usual, the odd, the flat, the deep and the large.
    private static final int[][] SHAPES = {
        {}, {1}, {7}, {64}, {3, 5}, {4, 64}, {1, 4099}, {5000, 2}, {2, 3, 4}, {2, 1, 3, 2, 2}, {70_000}, {1 << 20}
    };

    private final List<Case> cases = new ArrayList<>();

    static List<Case> cases() {
        var space = new KernelSpace();
        for (var dtype : DTYPES) {
            space.elementwise(dtype);
            space.creation(dtype);
            space.reductions(dtype);
            space.movement(dtype);
            space.indexed(dtype);
            space.contractions(dtype);
            space.accelerated(dtype);
        }
        return space.cases;
    }

    private void add(Kernel kernel, Tensor output, Tensor... inputs) {
        cases.add(new Case(kernel, List.of(inputs), List.of(output)));
    }

    private static Tensor tensor(DType dtype, int... shape) {
        return RecordingCommands.tensor(dtype, shape);
    }

    /// The same shape in other layouts: as it is, with its axes stored in reverse, stretched, reversed and shifted.
    private static List<Tensor> layouts(DType dtype, int... shape) {
        var plain = tensor(dtype, shape);
        var layouts = new ArrayList<>(List.of(plain));
        if (plain.shape().size() < 2) {
            return layouts;
        }
        var reversed = new int[shape.length];
        var stride = 1;
        for (var axis = 0; axis < shape.length; axis++) {
            reversed[axis] = stride;
            stride *= shape[axis];
        }
        layouts.add(new Tensor(plain.buffer(), plain.spec(), Ints.of(reversed), 0));
        layouts.add(new Tensor(plain.buffer(), plain.spec(), Ints.fill(shape.length, 0), 0));
        var backwards = plain.strides().toArray();
        backwards[shape.length - 1] = -1;
        layouts.add(new Tensor(plain.buffer(), plain.spec(), Ints.of(backwards), shape[shape.length - 1] - 1));
        layouts.add(new Tensor(plain.buffer(), plain.spec(), plain.strides(), 3));
        return layouts;
    }

    private void elementwise(DType dtype) {
        for (var shape : SHAPES) {
            for (var x : layouts(dtype, shape)) {
                for (var op : Primitive.UnaryOp.values()) {
                    add(new Primitive.Unary(op), tensor(unary(op, dtype), shape), x);
                }
                for (var op : Primitive.BinaryOp.values()) {
                    var result = op.isComparison() ? DType.BOOL : dtype;
                    add(new Primitive.Binary(op), tensor(result, shape), x, x);
                    add(new Primitive.Binary(op), tensor(result, shape), tensor(dtype, shape), x);
                    add(new Primitive.Binary(op), tensor(result, shape), x, tensor(dtype, shape));
                }
                add(new Primitive.Select(), tensor(dtype, shape), tensor(DType.BOOL, shape), x, tensor(dtype, shape));
                for (var to : DTYPES) {
                    add(new Primitive.Cast(to), tensor(to, shape), x);
                }
                add(new Primitive.Copy(), tensor(dtype, shape), x);
            }
        }
    }

    private static DType unary(Primitive.UnaryOp op, DType dtype) {
        return switch (op) {
            case LOGICAL_NOT -> DType.BOOL;
            case REAL, IMAG, ABS -> dtype == DType.COMPLEX64 ? DType.FLOAT32 : dtype;
            default -> dtype;
        };
    }

    private void creation(DType dtype) {
        for (var bits : new long[] {0, 1, 0x3f80_0000L, 0x7fc0_0000L, -1}) {
            add(new Primitive.Constant(dtype, bits), tensor(dtype));
        }
        add(new Primitive.Iota(dtype, 7), tensor(dtype, 7));
        add(new Primitive.Iota(dtype, 100_000), tensor(dtype, 100_000));
        if (dtype.isUnsigned() && dtype.bytes() <= 4) {
            for (var count : new int[] {1, 7, 64, 5001}) {
                for (var keys : layouts(DType.UINT32, 3, 2)) {
                    add(new Primitive.RandomBits(Shape.of(count), dtype.bytes()), tensor(dtype, 3, count), keys);
                }
            }
        }
    }

    private void reductions(DType dtype) {
        for (var shape : SHAPES) {
            var rank = shape.length;
            for (var x : layouts(dtype, shape)) {
                for (var op : Primitive.ReduceOp.values()) {
                    for (var axes : subsets(rank)) {
                        add(new Primitive.Reduce(op, axes), tensor(dtype, without(shape, axes)), x);
                    }
                }
                for (var axis = 0; axis < rank; axis++) {
                    along(dtype, shape, axis, x);
                }
            }
        }
    }

    private void along(DType dtype, int[] shape, int axis, Tensor x) {
        for (var op : Primitive.ArgReduceOp.values()) {
            add(new Primitive.ArgReduce(op, axis), tensor(DType.UINT32, without(shape, Ints.of(axis))), x);
        }
        for (var op : Primitive.ScanOp.values()) {
            for (var reverse : new boolean[] {false, true}) {
                for (var inclusive : new boolean[] {false, true}) {
                    add(new Primitive.Scan(op, axis, reverse, inclusive), tensor(dtype, shape), x);
                }
            }
        }
        add(new Primitive.Sort(axis), tensor(dtype, shape), x);
        add(new Primitive.ArgSort(axis), tensor(DType.UINT32, shape), x);
    }

    /// No axis, each axis, all, and neighbours.
    private static List<Ints> subsets(int rank) {
        var subsets = new ArrayList<Ints>();
        IntStream.range(0, rank).forEach(x -> subsets.add(Ints.of(x)));
        for (var axis = 0; axis + 1 < rank; axis++) {
            subsets.add(Ints.of(axis, axis + 1));
        }
        if (rank > 2) {
            subsets.add(Ints.of(0, rank - 1));
            subsets.add(Ints.range(0, rank));
        }
        return subsets;
    }

    private static int[] without(int[] shape, Ints axes) {
        var result = shape.clone();
        for (var axis : axes.toArray()) {
            result[axis] = 1;
        }
        return result;
    }

    private void movement(DType dtype) {
        for (var shape : new int[][] {{8}, {3, 8}, {2, 3, 8}, {4000, 8}}) {
            for (var x : layouts(dtype, shape)) {
                for (var to : DTYPES) {
                    var last = shape[shape.length - 1] * dtype.bytes();
                    if (last % to.bytes() == 0) {
                        var result = shape.clone();
                        result[shape.length - 1] = last / to.bytes();
                        add(new Primitive.Bitcast(to), tensor(to, result), x);
                    }
                }
                for (var axis = 0; axis < shape.length; axis++) {
                    var result = shape.clone();
                    result[axis] *= 2;
                    add(new Primitive.Concatenate(axis), tensor(dtype, result), x, tensor(dtype, shape));
                    for (var op : Primitive.UpdateOp.values()) {
                        add(
                                new Primitive.SliceUpdate(op, Ints.fill(shape.length, 0), Ints.fill(shape.length, 1)),
                                tensor(dtype, result),
                                tensor(dtype, result),
                                x);
                    }
                }
            }
        }
    }

    private void indexed(DType dtype) {
        for (var indices : DTYPES) {
            if (!indices.isInteger()) {
                continue;
            }
            for (var count : new int[] {3, 5000}) {
                for (var x : layouts(dtype, 6, 4)) {
                    var i = tensor(indices, count);
                    add(new Primitive.Gather(Ints.of(0)), tensor(dtype, count, 4), x, i);
                    add(new Primitive.Gather(Ints.of(1)), tensor(dtype, count, 6), x, i);
                    add(new Primitive.Gather(Ints.of(0, 1)), tensor(dtype, count), x, i, i);
                    for (var op : Primitive.UpdateOp.values()) {
                        add(new Primitive.Scatter(op, Ints.of(0)), tensor(dtype, 6, 4), x, i, tensor(dtype, count, 4));
                        add(
                                new Primitive.Scatter(op, Ints.of(0, 1)),
                                tensor(dtype, 6, 4),
                                x,
                                i,
                                i,
                                tensor(dtype, count));
                    }
                }
            }
        }
    }

    private void contractions(DType dtype) {
        var sizes = new int[] {1, 3, 16, 33, 64, 300};
        for (var batch : new int[][] {{}, {1}, {3}, {2, 2}}) {
            for (var n : sizes) {
                for (var m : sizes) {
                    for (var k : new int[] {1, 8, 64, 100, 5000}) {
                        for (var left : layouts(dtype, joined(batch, n, k))) {
                            add(
                                    new Primitive.MatMul(),
                                    tensor(dtype, joined(batch, n, m)),
                                    left,
                                    transposed(tensor(dtype, joined(batch, m, k))));
                        }
                        add(
                                new Primitive.MatMul(),
                                tensor(dtype, joined(batch, n, m)),
                                tensor(dtype, joined(batch, n, k)),
                                tensor(dtype, joined(batch, k, m)));
                    }
                }
            }
        }
        for (var spatial = 1; spatial <= 3; spatial++) {
            for (var channels : new int[][] {{4, 8, 1}, {3, 5, 1}, {64, 64, 1}, {8, 8, 8}, {8, 8, 2}}) {
                for (var flip : new boolean[] {false, true}) {
                    for (var step : new int[] {1, 2}) {
                        convolution(dtype, spatial, channels, flip, step);
                    }
                }
            }
        }
    }

    private void convolution(DType dtype, int spatial, int[] channels, boolean flip, int step) {
        var width = 9;
        var kernel = 3;
        var reach = (kernel - 1) * step + 1;
        var input = (width - 1) * step + 1 + 2;
        var out = (input - reach) / step + 1;
        var convolution = new Primitive.Convolution(
                Ints.fill(spatial, step),
                Ints.fill(spatial, 1),
                Ints.fill(spatial, 1),
                Ints.fill(spatial, step),
                Ints.fill(spatial, step),
                channels[2],
                flip);
        for (var x : layouts(dtype, spatial(2, width, channels[0], spatial))) {
            add(
                    convolution,
                    tensor(dtype, spatial(2, out, channels[1], spatial)),
                    x,
                    tensor(dtype, spatial(channels[1], kernel, channels[0] / channels[2], spatial)));
        }
    }

    private static int[] spatial(int first, int size, int last, int spatial) {
        var shape = new int[spatial + 2];
        Arrays.fill(shape, size);
        shape[0] = first;
        shape[spatial + 1] = last;
        return shape;
    }

    private static int[] joined(int[] batch, int... rest) {
        var shape = Arrays.copyOf(batch, batch.length + rest.length);
        System.arraycopy(rest, 0, shape, batch.length, rest.length);
        return shape;
    }

    private static Tensor transposed(Tensor x) {
        var rank = x.shape().rank();
        var dims = IntStream.range(0, rank).map(x.shape()::dim).toArray();
        var strides = x.strides().toArray();
        swap(dims, rank);
        swap(strides, rank);
        return new Tensor(x.buffer(), new TensorSpec(x.dtype(), Shape.of(dims)), Ints.of(strides), 0);
    }

    private static void swap(int[] values, int rank) {
        var last = values[rank - 1];
        values[rank - 1] = values[rank - 2];
        values[rank - 2] = last;
    }

    private void accelerated(DType dtype) {
        if (!dtype.isFloating() || dtype == DType.COMPLEX64) {
            return;
        }
        for (var shape : new int[][] {{7}, {3, 64}, {2, 3, 4096}, {2, 5000}, {1, 70_000}}) {
            var last = shape[shape.length - 1];
            for (var x : layouts(dtype, shape)) {
                add(new Accelerated.Softmax(), tensor(dtype, shape), x);
                add(new Accelerated.LogSumExp(), tensor(dtype, without(shape, Ints.of(shape.length - 1))), x);
                var weight = tensor(dtype, last);
                add(new Accelerated.LayerNorm(1e-5f, false, false), tensor(dtype, shape), x);
                add(new Accelerated.LayerNorm(1e-5f, true, false), tensor(dtype, shape), x, weight);
                add(new Accelerated.LayerNorm(1e-5f, false, true), tensor(dtype, shape), x, weight);
                add(new Accelerated.LayerNorm(1e-5f, true, true), tensor(dtype, shape), x, weight, weight);
                add(new Accelerated.RmsNorm(1e-5f, false), tensor(dtype, shape), x);
                add(new Accelerated.RmsNorm(1e-5f, true), tensor(dtype, shape), x, weight);
            }
        }
        for (var length : new int[] {1, 5, 40, 600}) {
            for (var depth : new int[] {4, 64, 80, 128, 256}) {
                for (var causal : new boolean[] {false, true}) {
                    var q = tensor(dtype, 2, 4, length, depth);
                    var k = tensor(dtype, 2, 2, length, depth);
                    var kernel = new Accelerated.Attention(0.125f, causal);
                    add(kernel, tensor(dtype, 2, 4, length, depth), q, k, k);
                    add(kernel, tensor(dtype, 2, 4, length, depth), q, k, k, tensor(DType.BOOL, 2, 4, length, length));
                    add(kernel, tensor(dtype, 2, 4, length, depth), q, k, k, tensor(dtype, 2, 4, length, length));
                }
            }
        }
    }
}
