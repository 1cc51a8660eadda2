package org.lazuli.metal.texts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lazuli.cpu.CpuBackendProvider;
import org.lazuli.metal.kernels.Families;
import org.lazuli.metal.kernels.KernelFamily;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.TensorSpec;

/// Every text that the families of kernels can be made to produce, without a device: each instruction on each dtype, in the
/// sizes and layouts of [KernelSpace]. What is generated from graphs has no end, and is sampled elsewhere.
public final class KernelTexts implements AutoCloseable {
    /// Says what is defined: only that can reach a backend.
    private final Backend reference = CpuBackendProvider.plain().open();

    private final RecordingCommands commands = new RecordingCommands();
    private final List<String> failures = new ArrayList<>();
    private int encoded;

    /// All texts by the name of their kernel.
    public static Map<String, String> all() {
        try (var texts = new KernelTexts()) {
            texts.record(KernelSpace.cases());
            if (!texts.failures.isEmpty()) {
                throw new IllegalStateException(texts.failures.size()
                        + " kernels are supported and cannot be encoded; the first: " + texts.failures.getFirst());
            }
            return texts.commands.texts();
        }
    }

    /// The family that runs a kernel, or null.
    static @Nullable KernelFamily family(Kernel kernel, List<TensorSpec> inputs) {
        return Families.all().stream()
                .filter(x -> x.supports(kernel, inputs))
                .findFirst()
                .orElse(null);
    }

    Map<String, String> texts() {
        return commands.texts();
    }

    int encoded() {
        return encoded;
    }

    /// What was supported and could not be encoded.
    List<String> failures() {
        return failures;
    }

    void record(List<Case> cases) {
        for (var one : cases) {
            var specs = one.specs();
            if (!(one.kernel() instanceof Accelerated) && !reference.supports(one.kernel(), specs)) {
                continue;
            }
            var family = family(one.kernel(), specs);
            if (family == null) {
                continue;
            }
            try {
                family.encode(one.kernel(), one.inputs(), one.outputs(), commands);
                encoded++;
            } catch (RuntimeException e) {
                failures.add(one + ": " + e);
            }
        }
    }

    @Override
    public void close() {
        reference.close();
    }
}
