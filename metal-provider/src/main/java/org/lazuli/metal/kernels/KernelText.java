package org.lazuli.metal.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// Kernel sources put together from the `.metal` files beside this class. What a file leaves open, such as the type of the elements, are macros that
/// are defined before it.
final class KernelText {
    private final Map<String, Object> defines = new TreeMap<>();

    private KernelText() {}

    /// A text whose kernel has this name.
    ///
    /// @param macro what the file calls the kernel
    static KernelText of(String macro, String name) {
        return new KernelText().define(macro, name);
    }

    /// A text that does not say yet what kernel it is for.
    static KernelText open() {
        return new KernelText();
    }

    /// One that can be added to without changing this one.
    KernelText copy() {
        KernelText copy = new KernelText();
        copy.defines.putAll(defines);
        return copy;
    }

    KernelText define(String macro, Object value) {
        defines.put(macro, value instanceof Boolean b ? (b ? 1 : 0) : value);
        return this;
    }

    /// The files one after another, each without its ending.
    String with(String... files) {
        StringBuilder text = new StringBuilder(Msl.PRELUDE).append("#include <metal_simdgroup_matrix>\n\n");
        defines.forEach((macro, value) ->
                text.append("#define ").append(macro).append(' ').append(value).append('\n'));
        for (String file : files) {
            text.append('\n').append(read(file));
        }
        return text.toString();
    }

    private static String read(String file) {
        try (InputStream in = KernelText.class.getResourceAsStream(file + ".metal")) {
            if (in == null) {
                throw new IllegalStateException("the kernel text " + file + ".metal is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
