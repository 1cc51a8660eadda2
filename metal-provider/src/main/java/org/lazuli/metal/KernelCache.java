package org.lazuli.metal;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.lazuli.MathMode;
import org.lazuli.metal.objc.CompilationException;
import org.lazuli.metal.objc.CompileOptions;
import org.lazuli.metal.objc.Device;
import org.lazuli.metal.objc.Function;
import org.lazuli.metal.objc.Library;
import org.lazuli.metal.objc.MetalConstant;

/// Compiles kernels at their first use and keeps them by name: those of the library for ever, generated ones as long as they are used.
final class KernelCache implements AutoCloseable {
    /// The generated kernels that are kept.
    private static final int GENERATED = 1024;

    private final Device device;
    private final Streams streams;
    private final Counting counting;
    private final int limit;
    private final EnumMap<MathMode, CompileOptions> options = new EnumMap<>(MathMode.class);
    private final Map<String, CompiledKernel> fixed = new HashMap<>();
    private final LinkedHashMap<String, CompiledKernel> generated = new LinkedHashMap<>(16, 0.75f, true);

    KernelCache(Device device, Streams streams, Counting counting) {
        this(device, streams, counting, GENERATED);
    }

    /// @param limit the generated kernels that are kept
    KernelCache(Device device, Streams streams, Counting counting, int limit) {
        this.device = device;
        this.streams = streams;
        this.counting = counting;
        this.limit = limit;
    }

    CompiledKernel fixed(String name, Supplier<String> source) {
        CompiledKernel known = fixed.get(name);
        if (known == null) {
            known = compile(name, source, MathMode.SAFE);
            fixed.put(name, known);
        }
        return known;
    }

    CompiledKernel generated(String name, Supplier<String> source, MathMode math) {
        CompiledKernel known = generated.get(name);
        if (known == null) {
            known = compile(name, source, math);
            generated.put(name, known);
            if (generated.size() > limit) {
                streams.retire(generated.pollFirstEntry().getValue());
            }
        }
        return known;
    }

    private CompileOptions options(MathMode math) {
        return options.computeIfAbsent(
                math,
                mode -> new CompileOptions(
                        switch (mode) {
                            case SAFE -> MetalConstant.MATH_SAFE;
                            case RELAXED -> MetalConstant.MATH_RELAXED;
                            case FAST -> MetalConstant.MATH_FAST;
                        }));
    }

    /// The number of kernels that are kept.
    int size() {
        return fixed.size() + generated.size();
    }

    private CompiledKernel compile(String name, Supplier<String> source, MathMode math) {
        counting.compilations++;
        try (Library library = device.newLibrary(source.get(), options(math))) {
            Function function = library.newFunction(name);
            if (function == null) {
                throw new CompilationException("its source has no function of this name");
            }
            try (function) {
                return new CompiledKernel(name, device.newPipeline(function));
            }
        } catch (CompilationException e) {
            CompilationException named =
                    new CompilationException("metal: kernel " + name + " does not compile: " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    @Override
    public void close() {
        fixed.values().forEach(streams::retire);
        generated.values().forEach(streams::retire);
        fixed.clear();
        generated.clear();
        options.values().forEach(CompileOptions::close);
        options.clear();
    }
}
