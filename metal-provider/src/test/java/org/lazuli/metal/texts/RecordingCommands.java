package org.lazuli.metal.texts;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.lazuli.DType;
import org.lazuli.MathMode;
import org.lazuli.Shape;
import org.lazuli.metal.kernels.Commands;
import org.lazuli.metal.kernels.Dispatch;
import org.lazuli.metal.kernels.IndexKernels;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Commands that go nowhere: what a family encodes is noted as the texts it would have compiled, by their names. No device and no library is
/// needed for it.
final class RecordingCommands implements Commands {
    /// A buffer of nothing.
    record Nowhere(long bytes) implements Buffer {}

    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private int dispatches;

    /// The texts so far, by the name of their kernel.
    Map<String, String> texts() {
        return texts;
    }

    int dispatches() {
        return dispatches;
    }

    /// A tensor that is not there.
    static Tensor tensor(DType dtype, int... shape) {
        var spec = new TensorSpec(dtype, Shape.of(shape));
        return Tensor.contiguous(new Nowhere((long) spec.shape().size() * dtype.bytes()), spec);
    }

    @Override
    public Dispatch kernel(String name, Supplier<String> source) {
        var use = uses.merge(name, 1, Integer::sum);
        if (use > 8 && use % 64 != 0) {
            // Enough uses of this name have been seen to give the same text.
            return new Nothing();
        }
        var text = source.get();
        var earlier = texts.put(name, text);
        if (earlier != null && !earlier.equals(text)) {
            throw new IllegalStateException("two texts have the name " + name
                    + ", and the second would never be compiled:\n" + earlier + "\n----\n" + text);
        }
        return new Nothing();
    }

    @Override
    public Dispatch generated(String name, Supplier<String> source, MathMode math) {
        return kernel(name, source);
    }

    @Override
    public Tensor temporary(DType dtype, int elements) {
        return tensor(dtype, elements);
    }

    @Override
    public void checkIndices(String operation, Tensor indices, int axis, int size) {
        if (indices.shape().size() > 0) {
            IndexKernels.encode(
                    indices,
                    size,
                    tensor(DType.UINT8, 16 * IndexKernels.groups(indices.shape().size())),
                    this);
        }
    }

    /// A dispatch that keeps to Metal's limits and does nothing else.
    private final class Nothing implements Dispatch {
        private int index;

        private Dispatch bound() {
            index++;
            if (index > 31) {
                throw new IllegalStateException("more than 31 buffers");
            }
            return this;
        }

        @Override
        public Dispatch read(Tensor tensor) {
            return bound();
        }

        @Override
        public Dispatch write(Tensor tensor) {
            return bound();
        }

        @Override
        public Dispatch readWrite(Tensor tensor) {
            return bound();
        }

        @Override
        public Dispatch ints(int... values) {
            return bound();
        }

        @Override
        public Dispatch longs(long... values) {
            return bound();
        }

        @Override
        public Dispatch floats(float... values) {
            return bound();
        }

        @Override
        public Dispatch threadgroupMemory(int number, int bytes) {
            return this;
        }

        @Override
        public int maxThreads() {
            return 1024;
        }

        @Override
        public int simdWidth() {
            return 32;
        }

        @Override
        public void threads(int count) {
            dispatches++;
        }

        @Override
        public void threads(int x, int y, int z, int groupX, int groupY, int groupZ) {
            dispatches++;
        }

        @Override
        public void groups(int x, int y, int z, int groupX, int groupY, int groupZ) {
            dispatches++;
        }
    }
}
