package org.lazuli.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedElementwise.Instruction;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// The loops of chains that have run often. A loop is written and compiled in the background, while the chain goes on to run tile by tile; since both give
/// the same bits, results do not depend on when it is ready.
final class FusedLoops {
    /// Fewer elements are left to tiles.
    private static final int SHORTEST = 256;

    /// Shorter rows too, where an operand is broadcast along them.
    private static final int SHORTEST_ROW = 64;

    /// A chain has run often if so many times, over so many elements in all.
    private static final int RUNS = 16;

    private static final long ELEMENTS = 1 << 18;

    /// No more classes than this are written in a process.
    private static final int MOST = 512;

    /// A chain whatever its constants are, with the operands that are the same for all elements.
    private record Key(FusedElementwise chain, long scalars) {}

    private static final class Entry {
        volatile @Nullable FusedLoop loop;
    }

    /// What a program knows of its loop.
    static final class Use {
        private final FusedElementwise chain;
        private final float[] constants;
        private long scalars = -1;
        private int runs;
        private long elements;
        private @Nullable Entry entry;

        private Use(FusedElementwise chain, float[] constants) {
            this.chain = chain;
            this.constants = constants;
        }
    }

    private final @Nullable VectorSupport vectors;
    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

    /// @param vectors null for plain loops
    FusedLoops(@Nullable VectorSupport vectors) {
        this.vectors = vectors;
    }

    /// What a program of this chain has to remember, or null if it can be no loop.
    @Nullable
    Use use(FusedElementwise chain, List<TensorSpec> inputs) {
        if (inputs.size() > Long.SIZE - 2 || !LoopCompiler.takes(chain, inputs, vectors != null)) {
            return null;
        }
        List<Instruction> instructions = new ArrayList<>();
        for (Instruction instruction : chain.instructions()) {
            instructions.add(
                    instruction.op() instanceof Primitive.Constant(DType dtype, long _)
                            ? new Instruction(
                                    new Primitive.Constant(dtype, 0), instruction.operands(), instruction.dtype())
                            : instruction);
        }
        return new Use(new FusedElementwise(chain.inputs(), instructions, chain.outputs()), constants(chain));
    }

    /// The values of the constants, in order.
    static float[] constants(FusedElementwise chain) {
        float[] constants = new float[chain.instructions().size()];
        int count = 0;
        for (Instruction instruction : chain.instructions()) {
            if (instruction.op() instanceof Primitive.Constant(DType _, long bits)) {
                constants[count++] = Float.intBitsToFloat((int) bits);
            }
        }
        return Arrays.copyOf(constants, count);
    }

    /// What the loop of a chain has to compute, or null if there is none yet, or none for operands that lie like this.
    @Nullable
    ElementWork work(Use use, List<Tensor> inputs, List<Tensor> outputs) {
        int size = outputs.getFirst().shape().size();
        if (size < SHORTEST) {
            return null;
        }
        FusedOperands operands = FusedOperands.of(inputs, outputs, use.constants, size);
        if (operands == null || (operands.inner() < size && operands.inner() < SHORTEST_ROW)) {
            return null;
        }
        FusedLoop loop = loop(use, operands, size);
        if (loop == null) {
            return null;
        }
        int grain = Elementwise.grain(
                size, operands.arrayCount() + use.chain.instructions().size() / 4);
        return new ElementWork(size, grain, (from, to) -> operands.run(loop, from, to));
    }

    private @Nullable FusedLoop loop(Use use, FusedOperands operands, int size) {
        synchronized (use) {
            if (use.scalars != operands.scalarInputs()) {
                use.scalars = operands.scalarInputs();
                // Another kernel of the same instructions may have run often.
                use.entry = entries.get(new Key(use.chain, use.scalars));
                use.runs = 0;
                use.elements = 0;
            }
            Entry entry = use.entry;
            if (entry != null) {
                return entry.loop;
            }
            use.runs++;
            use.elements += size;
            if (use.runs >= RUNS && use.elements >= ELEMENTS) {
                Key key = new Key(use.chain, use.scalars);
                use.entry = entries.size() < MOST
                        ? entries.computeIfAbsent(key, this::begin)
                        : entries.getOrDefault(key, new Entry());
            }
            return null;
        }
    }

    private Entry begin(Key key) {
        Entry entry = new Entry();
        Background.run(() -> {
            boolean[] isScalar = new boolean[key.chain.inputs()];
            for (int i = 0; i < isScalar.length; i++) {
                isScalar[i] = (key.scalars >>> i & 1) != 0;
            }
            FusedLoop loop = LoopCompiler.compile(
                    key.chain, isScalar, vectors == null ? 0 : vectors.micro().lanes());
            int arrays = isScalar.length
                    - Long.bitCount(key.scalars)
                    + key.chain.outputs().size();
            int instructions = key.chain.instructions().size();
            if (becomesFast(loop, arrays, isScalar.length + instructions, arrays + instructions)) {
                entry.loop = loop;
            } else {
                System.getLogger("org.lazuli.cpu").log(System.Logger.Level.DEBUG, "not faster as a loop: {0}", key);
            }
        });
        return entry;
    }

    /// Runs a loop until the JIT compiler has made it fast: before that, vectors are far slower than tiles.
    ///
    /// @param scalars at least as many as there are
    /// @param fast nanoseconds for four elements: a few times what vectors take, and less than the compiler's first level does, which makes an object of each
    private static boolean becomesFast(FusedLoop loop, int arrays, int scalars, int fast) {
        int n = Tiles.SIZE - 1;
        float[][] data = new float[arrays][n];
        int[] offsets = new int[arrays];
        float[] same = new float[scalars];
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        int fastOnes = 0;
        for (long start = System.nanoTime(); start < until; ) {
            loop.run(data, offsets, same, 0, n);
            long end = System.nanoTime();
            boolean isFast = end - start < (long) fast * n / 4;
            fastOnes = isFast ? fastOnes + 1 : 0;
            if (fastOnes == 100) {
                return true;
            }
            if (!isFast) {
                // Half of the time for those who work meanwhile.
                LockSupport.parkNanos(end - start);
            }
            start = System.nanoTime();
        }
        return false;
    }
}
