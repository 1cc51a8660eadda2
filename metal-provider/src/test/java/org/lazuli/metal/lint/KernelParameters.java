package org.lazuli.metal.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Reads the attributes of kernels and their parameters: each has one, of a type that it may stand on, and no two bind the
/// same index.
final class KernelParameters {
    /// The buffer argument table has 31 entries (Metal Feature Set Tables).
    private static final int MAX_BUFFER = 30;

    private final Context context;
    private final Map<String, String> taken = new HashMap<>();

    KernelParameters(Context context) {
        this.context = context;
    }

    /// Reads `[[...]]` before or on a function; whether it makes the function a kernel.
    boolean functionAttribute() {
        context.expect("[");
        context.expect("[");
        var kernel = false;
        do {
            var token = context.next();
            var entry = context.allowed.get(AllowList.Kind.ATTRIBUTE, token.text());
            if (entry == null || !entry.use().equals("function")) {
                context.report(
                        Rule.ATTRIBUTE, token.line(), "[[" + token.text() + "]] on a function: not in the allow-list");
            }
            kernel |= token.is("kernel");
            if (context.at("(")) {
                context.skipBrackets();
            }
        } while (context.accept(","));
        context.expect("]");
        context.expect("]");
        return kernel;
    }

    List<Context.Parameter> read(String kernel, Supplier<Context.Parameter> parameter, Map<String, Value> scope) {
        var parameters = new ArrayList<Context.Parameter>();
        context.expect("(");
        while (!context.at(")")) {
            var read = parameter.get();
            parameters.add(read);
            scope.put(read.name(), read.value());
            if (context.at("[") && context.peek(1).is("[")) {
                attribute(kernel, read);
            } else {
                context.report(
                        Rule.BINDING,
                        "kernel " + kernel + ": " + read.name()
                                + " has no attribute, and its index would be chosen for it");
            }
            if (!context.at(")")) {
                context.expect(",");
            }
        }
        context.expect(")");
        return parameters;
    }

    private void attribute(String kernel, Context.Parameter parameter) {
        context.expect("[");
        context.expect("[");
        var token = context.next();
        var name = token.text();
        var entry = context.allowed.get(AllowList.Kind.ATTRIBUTE, name);
        if (entry == null) {
            context.report(Rule.ATTRIBUTE, token.line(), "[[" + name + "]]: not in the allow-list");
            if (context.at("(")) {
                context.skipBrackets();
            }
        } else if (name.equals("buffer") || name.equals("threadgroup")) {
            index(kernel, parameter, name, token);
        } else {
            var types = Set.of(entry.use().split(" "));
            if (!types.contains(String.valueOf(parameter.value().type())) || parameter.reference()) {
                context.report(
                        Rule.ATTRIBUTE,
                        token.line(),
                        "[[" + name + "]] on a " + parameter.value().type() + ": it stands on " + entry.use() + " ("
                                + entry.section() + ")");
            }
            unique(kernel, name, parameter, token);
        }
        context.expect("]");
        context.expect("]");
    }

    private void index(String kernel, Context.Parameter parameter, String name, Token token) {
        context.expect("(");
        var index = context.next();
        context.expect(")");
        if (!index.text().matches("[0-9]+")) {
            context.report(Rule.BINDING, token.line(), "[[" + name + "(" + index.text() + ")]]: not a literal index");
            return;
        }
        if (Long.parseLong(index.text()) > MAX_BUFFER) {
            context.report(
                    Rule.BINDING,
                    token.line(),
                    "[[" + name + "(" + index.text() + ")]]: the last index is " + MAX_BUFFER);
        }
        unique(kernel, name + "(" + index.text() + ")", parameter, token);
        var type = parameter.value().type();
        var space = type instanceof Type.Pointer pointer
                ? pointer.space()
                : parameter.reference() ? parameter.value().space() : Space.NONE;
        var fits =
                name.equals("buffer") ? space == Space.DEVICE || space == Space.CONSTANT : space == Space.THREADGROUP;
        if (!fits) {
            context.report(
                    Rule.ATTRIBUTE,
                    token.line(),
                    "[[" + name + "]] on " + parameter.name() + ", which is no pointer or reference to "
                            + (name.equals("buffer") ? "device or constant" : "threadgroup") + " memory (5.2.1)");
        }
        var target = type instanceof Type.Pointer pointer ? pointer.target() : type;
        if (target instanceof Type.Pointer) {
            context.report(
                    Rule.ATTRIBUTE,
                    token.line(),
                    parameter.name() + ": a kernel's argument cannot be a pointer to pointers");
        }
    }

    private void unique(String kernel, String what, Context.Parameter parameter, Token token) {
        var other = taken.putIfAbsent(what, parameter.name());
        if (other != null) {
            context.report(
                    Rule.BINDING,
                    token.line(),
                    "kernel " + kernel + ": " + other + " and " + parameter.name() + " are both [[" + what + "]]");
        }
    }
}
