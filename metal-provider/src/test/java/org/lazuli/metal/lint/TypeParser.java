package org.lazuli.metal.lint;

import java.util.ArrayList;
import java.util.List;

/// Reads types: specifiers (`constant constexpr`, `device const`), names, template arguments, and the stars and ampersands
/// of a declarator, each of which needs an address space.
final class TypeParser {
    /// The specifiers before a declarator.
    record Specifiers(Type type, Space space, boolean readOnly, boolean constexpr, boolean isStatic) {}

    private final Context context;

    TypeParser(Context context) {
        this.context = context;
    }

    /// Whether a name can only be a type here.
    boolean isType(Token token) {
        return token.isName() && (isTypeName(token.text()) || isSpecifier(token.text()));
    }

    static boolean isSpecifier(String word) {
        return switch (word) {
            case "const", "constexpr", "static", "inline", "auto", "typename", "volatile", "thread_local", "register" ->
                true;
            default -> Space.of(word) != null;
        };
    }

    boolean isTypeName(String name) {
        return context.types.containsKey(name)
                || context.allowed.has(AllowList.Kind.TYPE, name)
                || name.equals("double");
    }

    Specifiers specifiers() {
        var space = Space.NONE;
        var readOnly = false;
        var constexpr = false;
        var isStatic = false;
        Type type = null;
        while (true) {
            var token = context.peek();
            if (!token.isName()) {
                break;
            }
            var word = token.text();
            if (isSpecifier(word)) {
                context.next();
                refuse(token);
                switch (word) {
                    case "const" -> readOnly = true;
                    case "constexpr" -> constexpr = true;
                    case "static" -> isStatic = true;
                    case "auto" -> type = Type.UNKNOWN;
                    case "inline", "typename", "volatile", "thread_local", "register" -> {}
                    default -> space = Space.of(word);
                }
            } else if (type == null && (isTypeName(word) || word.equals("metal"))) {
                type = typeName();
            } else {
                break;
            }
        }
        if (type == null) {
            var token = context.peek();
            if (!token.isName()
                    || !(context.peek(1).isName()
                            || context.peek(1).is("*")
                            || context.peek(1).is("&"))) {
                throw context.unparsed("expected a type, not " + token.text());
            }
            context.next();
            context.report(Rule.NAME, token.line(), token.text() + ": not a type of the allow-list");
            type = Type.UNKNOWN;
        }
        return new Specifiers(type, space, readOnly || constexpr || space == Space.CONSTANT, constexpr, isStatic);
    }

    private void refuse(Token token) {
        var refusal = context.allowed.refusal(token.text());
        if (refusal != null) {
            context.report(
                    Rule.WORD, token.line(), token.text() + ": " + refusal.reason() + " (" + refusal.section() + ")");
        }
    }

    /// A name of a type with its template arguments and what follows `::` in it.
    Type typeName() {
        if (context.at("metal") && context.peek(1).is("::")) {
            context.next();
            context.next();
        }
        var token = context.next();
        var name = token.text();
        var own = context.types.get(name);
        if (own == null && !context.allowed.has(AllowList.Kind.TYPE, name)) {
            if (context.allowed.refusal(name) != null) {
                refuse(token);
            } else {
                context.report(Rule.NAME, token.line(), name + ": not a type of the allow-list");
            }
        }
        var arguments = List.<Object>of();
        if (context.at("<")
                && (context.templates.contains(name)
                        || own == null
                                && context.allowed
                                        .get(AllowList.Kind.TYPE, name)
                                        .use()
                                        .equals("template"))) {
            arguments = templateArguments();
        }
        var type = own != null ? own : builtIn(name, arguments);
        if (type instanceof Type.Struct && !arguments.isEmpty()) {
            type = Type.UNKNOWN;
        }
        // A type within a type, as in enable_if<...>::type; values are left to expressions.
        while (context.at("::") && context.peek(1).is("type")) {
            context.next();
            context.next();
            type = Type.UNKNOWN;
        }
        return type;
    }

    private static Type builtIn(String name, List<Object> arguments) {
        var type = Type.builtIn(name);
        if (type != null) {
            return type;
        }
        var first = !arguments.isEmpty() && arguments.getFirst() instanceof Type found ? found : Type.UNKNOWN;
        return switch (name) {
            case "vec" ->
                first instanceof Type.Scalar scalar && arguments.size() == 2 && arguments.get(1) instanceof Integer size
                        ? size == 1 ? scalar : new Type.Vector(scalar, size)
                        : Type.UNKNOWN;
            case "simdgroup_matrix" -> new Type.SimdMatrix(first);
            case "atomic" -> new Type.Atomic(first);
            case "mem_flags", "memory_order", "simd_vote" -> new Type.Named(name);
            default -> Type.UNKNOWN;
        };
    }

    /// Template arguments: types, and integers where they are literal; anything else is null.
    List<Object> templateArguments() {
        context.expect("<");
        var arguments = new ArrayList<Object>();
        while (!context.at(">")) {
            if (isType(context.peek()) && !context.peek(1).is("(") && !isConstantOf(context)) {
                var specifiers = specifiers();
                arguments.add(declarator(specifiers, false).type());
            } else {
                var from = context.position;
                new Expressions(context).templateArgument();
                var token = context.tokens.get(from);
                arguments.add(
                        context.position == from + 1 && token.text().matches("[0-9]+")
                                ? (Object) Integer.valueOf(token.text())
                                : "expression");
            }
            if (!context.at(">")) {
                context.expect(",");
            }
        }
        context.expect(">");
        return arguments;
    }

    private static boolean isConstantOf(Context context) {
        return context.peek(1).is("::") && !context.peek(2).is("type");
    }

    /// What a declarator makes of a type: a pointer, a reference, or the type itself.
    record Declared(Type type, boolean reference, Space space, boolean readOnly) {}

    /// Reads the stars and ampersands of a declarator. The space of a reference or an array is that of what it refers to.
    Declared declarator(Specifiers specifiers, boolean parameter) {
        var type = specifiers.type;
        var space = specifiers.space;
        var readOnly = specifiers.readOnly;
        while (context.at("*") || context.at("&") || context.at("&&")) {
            var token = context.next();
            if (space == Space.NONE && type != Type.UNKNOWN) {
                context.report(
                        Rule.ADDRESS_SPACE,
                        token.line(),
                        "a " + (token.is("*") ? "pointer" : "reference")
                                + " without an address space: device, constant, threadgroup or thread (4 Address Spaces)");
            }
            if (token.is("&&")) {
                context.report(Rule.GRAMMAR, token.line(), "&&: references to temporaries are not in the subset");
            }
            if (!token.is("*")) {
                return new Declared(type, true, space, readOnly);
            }
            type = new Type.Pointer(type, space, readOnly);
            space = Space.NONE;
            readOnly = false;
            while (context.at("const") || Space.of(context.peek().text()) != null) {
                var qualifier = context.next().text();
                if (qualifier.equals("const")) {
                    readOnly = true;
                } else {
                    space = Space.of(qualifier);
                }
            }
        }
        return new Declared(type, false, space, readOnly);
    }
}
