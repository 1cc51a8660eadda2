package org.lazuli.metal.abi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The functions that the generated bindings declare, with the layouts they have on macOS. They are read from the source,
/// because the classes look their symbols up when they are initialised, and no test should need the library for this.
final class Bindings {
    static final MemoryLayout SIZE = MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("width"),
                    ValueLayout.JAVA_LONG.withName("height"),
                    ValueLayout.JAVA_LONG.withName("depth"))
            .withName("MTLSize");
    static final MemoryLayout RANGE = MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("location"), ValueLayout.JAVA_LONG.withName("length"))
            .withName("NSRange");

    private static final Path SOURCE = Path.of("src/main/jextract/org/lazuli/metal/ffi/ObjC.java");
    private static final Pattern FUNCTION =
            Pattern.compile("private static class (\\w+) \\{\\s*public static final FunctionDescriptor DESC ="
                    + " FunctionDescriptor\\.(of|ofVoid)\\(([^;]*)\\);");

    private Bindings() {}

    /// The declared functions by name: `send_v_puu` and its like, and those of the runtime.
    static Map<String, FunctionDescriptor> functions() {
        try {
            var functions = new TreeMap<String, FunctionDescriptor>();
            var matcher = FUNCTION.matcher(Files.readString(SOURCE));
            while (matcher.find()) {
                var layouts = new ArrayList<MemoryLayout>();
                for (var word : matcher.group(3).split(",")) {
                    if (!word.isBlank()) {
                        layouts.add(layout(word.strip()));
                    }
                }
                functions.put(
                        matcher.group(1),
                        matcher.group(2).equals("ofVoid")
                                ? FunctionDescriptor.ofVoid(layouts.toArray(MemoryLayout[]::new))
                                : FunctionDescriptor.of(
                                        layouts.getFirst(),
                                        layouts.subList(1, layouts.size()).toArray(MemoryLayout[]::new)));
            }
            return functions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MemoryLayout layout(String name) {
        return switch (name.replace("ObjC.", "").replace(".layout()", "()")) {
            case "C_POINTER" -> ValueLayout.ADDRESS;
            case "C_LONG" -> ValueLayout.JAVA_LONG;
            case "C_INT" -> ValueLayout.JAVA_INT;
            case "C_BOOL" -> ValueLayout.JAVA_BOOLEAN;
            case "C_CHAR" -> ValueLayout.JAVA_BYTE;
            case "C_DOUBLE" -> ValueLayout.JAVA_DOUBLE;
            case "MTLSize()" -> SIZE;
            case "NSRange()" -> RANGE;
            default -> throw new IllegalStateException("a layout that no message has: " + name);
        };
    }
}
