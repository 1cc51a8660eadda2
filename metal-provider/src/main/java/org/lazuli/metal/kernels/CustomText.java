package org.lazuli.metal.kernels;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.lazuli.DType;
import org.lazuli.spi.Accelerated.CustomKernel;
import org.lazuli.spi.Accelerated.TemplateArgument;
import org.lazuli.spi.TensorSpec;

/// The function around a body that a user has written: an argument for each name that the body uses.
final class CustomText {
    private static final String NAME = "LAZULI_CUSTOM_NAME";

    /// What a thread can know of itself, with its type.
    private static final Map<String, String> ATTRIBUTES = attributes();

    private final CustomKernel kernel;
    private final List<TensorSpec> inputs;
    private final String open;
    private final String functionName;

    CustomText(CustomKernel kernel, List<TensorSpec> inputs) {
        this.kernel = kernel;
        this.inputs = inputs;
        this.open = text();
        this.functionName = "custom_" + kernel.name() + "_" + digest(kernel.math() + open);
    }

    private static Map<String, String> attributes() {
        Map<String, String> types = new LinkedHashMap<>();
        for (String name : List.of(
                "dispatch_threads_per_threadgroup",
                "grid_origin",
                "grid_size",
                "thread_position_in_grid",
                "thread_position_in_threadgroup",
                "threadgroup_position_in_grid",
                "threadgroups_per_grid",
                "threads_per_grid",
                "threads_per_threadgroup")) {
            types.put(name, "uint3");
        }
        for (String name : List.of(
                "dispatch_quadgroups_per_threadgroup",
                "dispatch_simdgroups_per_threadgroup",
                "quadgroup_index_in_threadgroup",
                "quadgroups_per_threadgroup",
                "simdgroup_index_in_threadgroup",
                "simdgroups_per_threadgroup",
                "thread_execution_width",
                "thread_index_in_quadgroup",
                "thread_index_in_simdgroup",
                "thread_index_in_threadgroup",
                "threads_per_simdgroup")) {
            types.put(name, "uint");
        }
        return types;
    }

    /// The function's name: another text has another.
    String functionName() {
        return functionName;
    }

    /// The whole text.
    String source() {
        return open.replace(NAME, functionName);
    }

    /// Whether the body uses what is known of an input's layout. An input without axes has none.
    ///
    /// @param what `shape`, `strides` or `ndim`
    boolean names(int input, String what) {
        return inputs.get(input).shape().rank() > 0 && names(kernel.inputs().get(input) + "_" + what);
    }

    private boolean names(String word) {
        return Pattern.compile("\\b" + word + "\\b").matcher(kernel.source()).find();
    }

    private String text() {
        Signature signature = new Signature();
        for (int i = 0; i < inputs.size(); i++) {
            String name = kernel.inputs().get(i);
            boolean scalar = inputs.get(i).shape().rank() == 0;
            signature.buffer("const device " + type(inputs.get(i).dtype()) + (scalar ? "& " : "* ") + name);
            if (names(i, "shape")) {
                signature.buffer("const constant int* " + name + "_shape");
            }
            if (names(i, "strides")) {
                signature.buffer("const constant long* " + name + "_strides");
            }
            if (names(i, "ndim")) {
                signature.buffer("const constant int& " + name + "_ndim");
            }
        }
        for (int i = 0; i < kernel.outputs().size(); i++) {
            String type = type(kernel.results().get(i).dtype());
            signature.buffer("device " + (kernel.atomic() ? "atomic<" + type + ">" : type) + "* "
                    + kernel.outputs().get(i));
        }
        ATTRIBUTES.forEach((name, type) -> {
            if (names(name)) {
                signature.attribute(type, name);
            }
        });
        StringBuilder template = new StringBuilder();
        for (TemplateArgument argument : kernel.template()) {
            template.append("    ").append(template(argument)).append('\n');
        }
        return Msl.PRELUDE + "#include <metal_atomic>\n\n" + kernel.header() + "\n\nkernel void " + NAME + "(\n"
                + signature.text + ") {\n" + template + kernel.source() + "\n}\n";
    }

    private static String template(TemplateArgument argument) {
        return switch (argument.kind()) {
            case DTYPE -> "typedef " + type(dtype(argument.value())) + " " + argument.name() + ";";
            case INT -> "constexpr int " + argument.name() + " = " + argument.value() + ";";
            case BOOL -> "constexpr bool " + argument.name() + " = " + argument.value() + ";";
        };
    }

    private static DType dtype(String name) {
        for (DType dtype : DType.values()) {
            if (dtype.toString().equals(name)) {
                return dtype;
            }
        }
        throw new IllegalArgumentException("no dtype is called " + name);
    }

    /// The type of an element as a body sees it.
    private static String type(DType dtype) {
        return dtype == DType.BOOL ? "bool" : Msl.storage(dtype);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /// The arguments, numbered.
    private static final class Signature {
        private final StringBuilder text = new StringBuilder();
        private int buffers;

        void buffer(String declaration) {
            add(declaration + " [[buffer(" + buffers++ + ")]]");
        }

        void attribute(String type, String name) {
            add(type + " " + name + " [[" + name + "]]");
        }

        private void add(String declaration) {
            text.append(text.isEmpty() ? "        " : ",\n        ").append(declaration);
        }
    }
}
