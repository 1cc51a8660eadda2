package org.lazuli.cpu;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.TensorSpec;

/// The programs of fused kernels that ran lately. Plans are run again and again with the very same kernel, and for small arrays making it ready
/// would take as long as running it.
final class Programs {
    /// Places, in sets of [#WAYS]: a kernel has its place in one set. Kernels of one plan that had to share a place would each be made ready with every
    /// run.
    private static final int SIZE = 512;

    private static final int WAYS = 8;

    /// A program is for operands of certain types; their shapes do not matter.
    private record Entry(FusedElementwise kernel, List<TensorSpec> specs, Program program) {
        @SuppressWarnings(
                "ReferenceEquality") // an equal kernel would only be a rarer hit, and a comparison is what this saves
        boolean fits(FusedElementwise other, List<TensorSpec> otherSpecs) {
            if (kernel != other) {
                return false;
            }
            for (int i = 0; i < specs.size(); i++) {
                if (specs.get(i).dtype() != otherSpecs.get(i).dtype()) {
                    return false;
                }
            }
            return true;
        }
    }

    /// The newest of each set come first; a new one takes the place of the oldest.
    private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(SIZE);

    private final FusedLoops loops;

    Programs(FusedLoops loops) {
        this.loops = loops;
    }

    /// The first place of a kernel's set.
    private static int set(FusedElementwise kernel) {
        int hash = System.identityHashCode(kernel);
        return (hash ^ hash >>> 8 ^ hash >>> 16) * WAYS & SIZE - 1;
    }

    @Nullable
    Program find(FusedElementwise kernel, List<TensorSpec> specs) {
        int first = set(kernel);
        for (int i = first; i < first + WAYS; i++) {
            Entry entry = entries.get(i);
            if (entry == null) {
                return null;
            }
            if (entry.fits(kernel, specs)) {
                return entry.program;
            }
        }
        return null;
    }

    Program of(FusedElementwise kernel, List<TensorSpec> specs) {
        Program known = find(kernel, specs);
        if (known != null) {
            return known;
        }
        Program program = new Program(kernel, specs, loops.use(kernel, specs));
        add(new Entry(kernel, specs, program));
        return program;
    }

    private synchronized void add(Entry entry) {
        int first = set(entry.kernel);
        for (int i = first + WAYS - 1; i > first; i--) {
            entries.set(i, entries.get(i - 1));
        }
        entries.set(first, entry);
    }
}
