package org.lazuli.metal.kernels;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Scaled dot product attention in one pass over the keys, without the matrix of scores in memory. Operands may have any strides; everything is
/// computed in float32.
final class AttentionFamily implements KernelFamily {
    /// What the lanes of a simdgroup hold of a key and a value in registers.
    private static final int LARGEST_SIZE = 256;

    /// Tiles hold their queries and sums as fragments, in registers too.
    private static final int LARGEST_IN_TILES = 128;

    private static final int QUERIES_IN_TILE = 32;
    private static final int TILE_THREADS = 128;

    /// From so many queries on tiles are worth it.
    private static final int MANY_QUERIES = 9;

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        if (!(kernel instanceof Accelerated.Attention)
                || !inputs.getFirst().dtype().isFloating()) {
            return false;
        }
        int size = inputs.get(1).shape().dim(3);
        int valueSize = inputs.get(2).shape().dim(3);
        return size <= LARGEST_SIZE && valueSize <= LARGEST_SIZE;
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Accelerated.Attention attention = (Accelerated.Attention) kernel;
        Tensor q = inputs.get(0);
        Tensor k = inputs.get(1);
        Tensor v = inputs.get(2);
        Tensor result = outputs.getFirst();
        if (result.shape().size() == 0) {
            return;
        }
        int batches = q.shape().dim(0);
        int heads = q.shape().dim(1);
        int queries = q.shape().dim(2);
        int keys = k.shape().dim(2);
        int sizeSteps = Math.ceilDiv(q.shape().dim(3), 32);
        int valueSteps = Math.ceilDiv(v.shape().dim(3), 32);
        boolean tiled = queries >= MANY_QUERIES && keys > 0 && Math.max(sizeSteps, valueSteps) * 32 <= LARGEST_IN_TILES;
        // The kernels always have a mask bound, read or not.
        Tensor mask = inputs.size() > 3 ? inputs.get(3) : q;
        int kind = inputs.size() <= 3 ? 0 : mask.dtype() == DType.BOOL ? 1 : 2;
        String type = Msl.storage(q.dtype());
        String way = tiled ? "tiles" : "query";
        String name = "attention_" + way + "_" + type + "_" + sizeSteps + "_" + valueSteps + "_mask" + kind
                + (attention.causal() ? "_causal" : "");
        Dispatch dispatch = commands.kernel(
                        name,
                        () -> KernelText.of("ATTENTION", name)
                                .define("ELEMENT", type)
                                .define("MASK", kind)
                                .define("CAUSAL", attention.causal())
                                .define("LOWEST", lowest(q.dtype()))
                                // A key without elements has a product of 0; an array may not be empty.
                                .define("SIZE_STEPS", Math.max(sizeSteps, 1))
                                .define("VALUE_STEPS", valueSteps)
                                .with("attention", "attention_" + way))
                .read(q)
                .read(k)
                .read(v)
                .read(mask)
                .write(result)
                .ints(shape(attention, q, k, v, kind == 0 ? null : mask));
        if (tiled) {
            dispatch.groups(Math.ceilDiv(queries, QUERIES_IN_TILE), heads, batches, TILE_THREADS, 1, 1);
        } else {
            int most = Math.min(16, dispatch.maxThreads() / 32);
            dispatch.groups(queries, heads, batches, 32 * Math.clamp(keys / 8, 1, most), 1, 1);
        }
    }

    /// The lowest finite number of the type, as a text.
    private static String lowest(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> "(-65504.0f)";
            case BFLOAT16 -> "(-3.38953139e+38f)";
            default -> "(-3.402823466e+38f)";
        };
    }

    /// The kernels' `Attention`.
    private static int[] shape(Accelerated.Attention attention, Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
        int[] shape = new int[23];
        shape[0] = q.shape().dim(2);
        shape[1] = k.shape().dim(2);
        shape[2] = q.shape().dim(3);
        shape[3] = v.shape().dim(3);
        shape[4] = q.shape().dim(1);
        shape[5] = q.shape().dim(1) / k.shape().dim(1);
        for (int axis = 0; axis < 4; axis++) {
            shape[6 + axis] = q.strides().get(axis);
            shape[10 + axis] = k.strides().get(axis);
            shape[14 + axis] = v.strides().get(axis);
            shape[18 + axis] = mask == null ? 0 : mask.strides().get(axis);
        }
        shape[22] = Float.floatToRawIntBits(attention.scale());
        return shape;
    }
}
