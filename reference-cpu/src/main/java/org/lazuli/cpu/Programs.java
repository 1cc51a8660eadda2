package org.lazuli.cpu;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.TensorSpec;

/// The programs of fused kernels that ran lately. Plans are run again and again with the very same kernel, and for small arrays making it ready
/// would take as long as running it.
final class Programs {
    private static final int SIZE = 256;

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

    /// One entry for each place; a newer one takes the place of an older.
    private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(SIZE);

    private final FusedLoops loops;

    Programs(FusedLoops loops) {
        this.loops = loops;
    }

    private static int place(FusedElementwise kernel) {
        int hash = System.identityHashCode(kernel);
        return (hash ^ hash >>> 8 ^ hash >>> 16) & SIZE - 1;
    }

    @Nullable
    Program find(FusedElementwise kernel, List<TensorSpec> specs) {
        Entry entry = entries.get(place(kernel));
        return entry != null && entry.fits(kernel, specs) ? entry.program : null;
    }

    Program of(FusedElementwise kernel, List<TensorSpec> specs) {
        Program known = find(kernel, specs);
        if (known != null) {
            return known;
        }
        Program program = new Program(kernel, specs, loops.use(kernel, specs));
        entries.set(place(kernel), new Entry(kernel, specs, program));
        return program;
    }
}
