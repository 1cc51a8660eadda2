package org.lazuli.metal.lint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/// The second look: clang compiles a text as C++ for OpenCL with the headers of the simulated device, and what it accepts is
/// looked through for what Metal does not. Unlike the first look it knows the type of every expression, in templates too.
final class ClangLook {
    private static final Path HEADERS = Path.of("src/test/native/msl");
    private static final Pattern DIAGNOSTIC = Pattern.compile("[^\\n]*?:(\\d+):\\d+: (?:fatal )?error: (.*)");
    private static final Pattern VECTOR =
            Pattern.compile(".*(ext_vector_type|\\b(bool|u?char|u?short|u?int|u?long|half|bfloat|float)[234]\\b).*");
    private static final Map<String, String> REFUSED = Map.of(
            "GotoStmt", "goto",
            "LabelStmt", "a label",
            "LambdaExpr", "a lambda expression",
            "CXXNewExpr", "new",
            "CXXDeleteExpr", "delete",
            "CXXThrowExpr", "throw",
            "CXXTryStmt", "try",
            "CXXTypeidExpr", "typeid",
            "CXXDynamicCastExpr", "dynamic_cast");

    private final List<String> command;
    private final Path folder;

    private ClangLook(List<String> command, Path folder) {
        this.command = command;
        this.folder = folder;
    }

    /// Prepares the look, with the headers compiled once.
    ///
    /// @throws IllegalStateException with the reason, where it cannot be had
    static ClangLook open() {
        if (!Files.exists(HEADERS.resolve("metalsim.h"))) {
            throw new IllegalStateException("no headers in " + HEADERS.toAbsolutePath());
        }
        try {
            // Each process has its own: a header written again makes the compiled one of another stale.
            var folder = Files.createDirectories(
                    Path.of("target/lint/" + ProcessHandle.current().pid()));
            var header = folder.resolve("lint.h");
            // Only a kernel of OpenCL may declare variables in threadgroup memory.
            Files.writeString(
                    header,
                    "#include \"" + HEADERS.resolve("metalsim.h").toAbsolutePath()
                            + "\"\n#undef kernel\n#define kernel __kernel\n"
                            + "#pragma OPENCL EXTENSION __cl_clang_non_portable_kernel_param_types : enable\n");
            var command = new ArrayList<>(
                    List.of(
                            "clang-19",
                            "-x",
                            "clcpp",
                            "-cl-std=clc++2021",
                            "-cl-no-stdinc",
                            "--target=x86_64-linux-gnu",
                            "-Wno-everything",
                            "-fno-color-diagnostics",
                            "-fno-caret-diagnostics",
                            "-Xclang",
                            "-fbfloat16-excess-precision=none",
                            "-Xclang",
                            "-ffloat16-excess-precision=none",
                            "-Xclang",
                            "-cl-ext=-all,+cl_khr_fp16,+__opencl_c_generic_address_space,+__cl_clang_non_portable_kernel_param_types"));
            var compiled = folder.resolve("lint.pch");
            var precompile = new ArrayList<>(command);
            precompile.addAll(List.of("-Xclang", "-emit-pch", "-c", header.toString(), "-o", compiled.toString()));
            var errors = run(precompile, folder.resolve("pch.out"), folder.resolve("pch.err"));
            if (errors != null) {
                throw new IllegalStateException("clang-19 does not compile the headers: " + errors);
            }
            command.addAll(List.of(
                    "-fsyntax-only",
                    "-include-pch",
                    compiled.toString(),
                    "-isystem",
                    HEADERS.resolve("include").toString(),
                    "-Xclang",
                    "-ast-dump=json"));
            return new ClangLook(command, folder);
        } catch (IOException e) {
            throw new IllegalStateException("clang-19 cannot be run: " + e.getMessage(), e);
        }
    }

    /// The look, or the test is left undone, loudly.
    static ClangLook require() {
        try {
            return open();
        } catch (IllegalStateException e) {
            System.err.println("""
                    ************************************************************************************
                    clang 19 DOES NOT LOOK at the kernels: %s
                    ************************************************************************************""".formatted(e.getMessage()));
            return Assumptions.abort("no look by clang 19: " + e.getMessage());
        }
    }

    /// Runs a command; null where it succeeds, and else what it printed.
    private static String run(List<String> command, Path output, Path errors) throws IOException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            return process.waitFor() == 0 ? null : Files.readString(errors);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Whether nothing is wrong with any of these texts, whose kernels have different names. Each is looked at in a namespace of its own,
    /// but in one process: to start the compiler takes longer than a text.
    boolean isClean(Collection<String> texts) {
        var all = new StringBuilder();
        int number = 0;
        for (var text : texts) {
            all.append("namespace text_%d {\n%s\n}\n".formatted(number++, text));
        }
        return check(all.toString()).isEmpty();
    }

    /// What is wrong with a text; empty where nothing was found.
    List<Finding> check(String text) {
        try {
            var source = Files.createTempFile(folder, "kernel", ".metal");
            var output = Path.of(source + ".json");
            var errors = Path.of(source + ".err");
            try {
                Files.writeString(source, text);
                var with = new ArrayList<>(command);
                with.add(source.toString());
                var failure = run(with, output, errors);
                if (failure != null) {
                    return diagnostics(failure);
                }
                try (var reader = Files.newBufferedReader(output)) {
                    var walk = new Walk();
                    walk.node(JsonParser.parseReader(reader).getAsJsonObject(), null);
                    walk.calls();
                    return walk.findings;
                }
            } finally {
                for (var file : List.of(source, output, errors)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Finding> diagnostics(String output) {
        var findings = new ArrayList<Finding>();
        var matcher = DIAGNOSTIC.matcher(output);
        while (matcher.find()) {
            findings.add(new Finding(Rule.COMPILER, Integer.parseInt(matcher.group(1)), matcher.group(2)));
        }
        return findings.isEmpty() ? List.of(new Finding(Rule.COMPILER, 1, output.strip())) : findings;
    }

    /// One walk through a tree of the compiler.
    private static final class Walk {
        final List<Finding> findings = new ArrayList<>();
        private final Map<String, Set<String>> callees = new HashMap<>();
        private final Map<String, String> names = new HashMap<>();
        private final Set<String> kernels = new HashSet<>();
        private int line = 1;

        void node(JsonObject node, String function) {
            where(node);
            if (node.has("isImplicit")) {
                // What the compiler declares by itself, such as copy constructors.
                return;
            }
            var kind = string(node, "kind");
            var within = function;
            switch (kind) {
                case "FunctionDecl", "CXXMethodDecl" -> {
                    within = string(node, "id");
                    names.put(within, string(node, "name"));
                    if (children(node).stream().anyMatch(x -> string(x, "kind").equals("OpenCLKernelAttr"))) {
                        kernels.add(within);
                    }
                }
                case "VarDecl", "ParmVarDecl", "FieldDecl" -> {
                    if (type(node).contains("__generic")) {
                        report(string(node, "name") + ": a pointer or reference without an address space");
                    }
                }
                case "ConditionalOperator" -> {
                    var condition = children(node).getFirst();
                    if (VECTOR.matcher(type(condition)).matches()) {
                        report("?: with a condition of type " + type(condition));
                    }
                }
                case "ImplicitCastExpr" -> conversion(node);
                case "DeclRefExpr", "MemberExpr" -> {
                    var referenced = node.getAsJsonObject("referencedDecl");
                    if (within != null && referenced != null) {
                        callees.computeIfAbsent(within, _ -> new HashSet<>()).add(string(referenced, "id"));
                    }
                }
                default -> {
                    if (REFUSED.containsKey(kind)) {
                        report(REFUSED.get(kind));
                    }
                }
            }
            if (type(node).matches(".*\\bdouble\\b.*")) {
                report("double");
            }
            for (var child : children(node)) {
                node(child, within);
            }
        }

        private void conversion(JsonObject node) {
            if (node.has("isPartOfExplicitCast")) {
                return;
            }
            var to = floating(type(node));
            var from =
                    children(node).isEmpty() ? "" : floating(type(children(node).getFirst()));
            var kind = string(node, "castKind");
            var narrows = kind.equals("FloatingCast") && !to.equals("float") && !from.equals(to);
            if (narrows || kind.equals("IntegralToFloating") && to.equals("bfloat")) {
                report("an implicit conversion from " + plain(children(node).getFirst()) + " to " + plain(node));
            }
        }

        private static String plain(JsonObject node) {
            return type(node).replaceAll("\\b(__private|__global|__local|__constant|const) ", "");
        }

        /// The floating-point type that a type is, whatever stands around it.
        private static String floating(String type) {
            return Arrays.stream(type.split("[^\\w]+"))
                    .map(x -> x.equals("__bf16") ? "bfloat" : x)
                    .filter(List.of("half", "bfloat", "float")::contains)
                    .findFirst()
                    .orElse("");
        }

        /// What calls itself, and what calls a kernel.
        void calls() {
            for (var start : names.keySet()) {
                var seen = new HashSet<String>();
                var queue = new ArrayDeque<>(callees.getOrDefault(start, Set.of()));
                while (!queue.isEmpty()) {
                    var callee = queue.pop();
                    if (!names.containsKey(callee) || !seen.add(callee)) {
                        continue;
                    }
                    queue.addAll(callees.getOrDefault(callee, Set.of()));
                }
                if (seen.contains(start)) {
                    report(names.get(start) + " calls itself");
                }
                if (callees.getOrDefault(start, Set.of()).stream().anyMatch(kernels::contains)) {
                    report(names.get(start) + " calls a kernel");
                }
            }
        }

        private void report(String message) {
            var finding = new Finding(Rule.COMPILER, line, message);
            if (!findings.contains(finding)) {
                findings.add(finding);
            }
        }

        /// The dump names a line only where it changes.
        private void where(JsonObject node) {
            for (var place : List.of("loc", "range")) {
                var object = node.getAsJsonObject(place);
                if (object != null && place.equals("range")) {
                    object = object.getAsJsonObject("begin");
                }
                if (object != null && object.has("expansionLoc")) {
                    object = object.getAsJsonObject("expansionLoc");
                }
                if (object != null && object.has("line")) {
                    line = object.get("line").getAsInt();
                }
            }
        }

        private static List<JsonObject> children(JsonObject node) {
            var inner = node.getAsJsonArray("inner");
            return inner == null
                    ? List.of()
                    : inner.asList().stream()
                            .filter(JsonElement::isJsonObject)
                            .map(JsonElement::getAsJsonObject)
                            .filter(x -> x.has("kind"))
                            .toList();
        }

        private static String string(JsonObject node, String key) {
            var value = node.get(key);
            return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
        }

        private static String type(JsonObject node) {
            var type = node.getAsJsonObject("type");
            if (type == null) {
                return "";
            }
            var desugared = string(type, "desugaredQualType");
            return desugared.isEmpty() ? string(type, "qualType") : desugared;
        }
    }
}
