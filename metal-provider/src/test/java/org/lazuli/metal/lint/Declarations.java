package org.lazuli.metal.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/// Reads what stands at program scope: functions, kernels, structures, constants and aliases.
final class Declarations {
    private final Context context;
    private final TypeParser types;
    private final Expressions expressions;

    Declarations(Context context) {
        this.context = context;
        types = new TypeParser(context);
        expressions = new Expressions(context);
    }

    void program() {
        while (context.peek().kind() != Token.Kind.END) {
            declaration(false, List.of());
        }
    }

    private void declaration(boolean template, List<String> parameters) {
        var token = context.peek();
        var refusal = token.isName() ? context.allowed.refusal(token.text()) : null;
        if (refusal != null && !types.isType(token)) {
            context.report(
                    Rule.WORD, token.line(), token.text() + ": " + refusal.reason() + " (" + refusal.section() + ")");
            throw new Context.Unparsed();
        }
        switch (token.text()) {
            case ";" -> context.next();
            case "using" -> using();
            case "typedef" -> {
                context.next();
                var declared = types.declarator(types.specifiers(), false);
                context.types.put(context.name(), declared.type());
                context.expect(";");
            }
            case "template" -> template();
            case "struct", "class" -> structure(template);
            case "enum" -> enumeration();
            case "static_assert" -> {
                context.next();
                context.skipBrackets();
                context.expect(";");
            }
            default -> functionOrVariable(template, parameters);
        }
    }

    void using() {
        context.expect("using");
        if (context.accept("namespace")) {
            var token = context.peek();
            var name = context.name();
            if (!context.allowed.has(AllowList.Kind.NAMESPACE, name)) {
                context.report(Rule.NAME, token.line(), "using namespace " + name + ": not in the allow-list");
            }
        } else {
            var name = context.name();
            context.expect("=");
            context.types.put(name, types.declarator(types.specifiers(), false).type());
        }
        context.expect(";");
    }

    private void template() {
        context.expect("template");
        context.expect("<");
        context.inScope(() -> {
            var names = new ArrayList<String>();
            var shadowed = new HashMap<String, Type>();
            while (!context.at(">")) {
                if (context.at("typename") || context.at("class")) {
                    context.next();
                    var name = context.peek().isName() ? context.name() : "";
                    names.add(name);
                    shadowed.put(name, context.types.put(name, Type.UNKNOWN));
                    if (context.accept("=")) {
                        types.specifiers();
                    }
                } else {
                    var specifiers = types.specifiers();
                    context.declare(context.name(), new Value(specifiers.type(), Space.NONE, false, true, true));
                    if (context.accept("=")) {
                        expressions.templateArgument();
                    }
                }
                if (!context.at(">")) {
                    context.expect(",");
                }
            }
            context.expect(">");
            declaration(true, names);
            shadowed.forEach((name, type) -> {
                if (type == null) {
                    context.types.remove(name);
                } else {
                    context.types.put(name, type);
                }
            });
        });
    }

    private void enumeration() {
        context.expect("enum");
        context.accept("class");
        var name = context.name();
        var type = new Type.Named(name);
        context.types.put(name, type);
        if (context.accept(":")) {
            types.specifiers();
        }
        context.expect("{");
        while (!context.at("}")) {
            context.declare(context.name(), Value.of(type));
            if (context.accept("=")) {
                expressions.assignment();
            }
            if (!context.at("}")) {
                context.expect(",");
            }
        }
        context.expect("}");
        context.expect(";");
    }

    private void structure(boolean template) {
        context.next();
        var name = context.name();
        context.types.put(name, new Type.Struct(name));
        if (template) {
            context.templates.add(name);
        }
        if (context.accept(";")) {
            return;
        }
        if (context.at("<")) {
            // A specialisation: its arguments tell nothing that the lint needs.
            types.templateArguments();
        }
        if (context.at(":")) {
            throw context.unparsed("struct " + name + " : Metal has no derived classes (1.4.4 Restrictions)");
        }
        var structure = new Context.Structure(name, new HashMap<>(), new HashSet<>());
        context.structures.put(name, structure);
        context.expect("{");
        context.inScope(() -> {
            // Fields may be used in functions that stand before them.
            var bodies = new ArrayList<Runnable>();
            while (!context.at("}")) {
                member(structure, bodies);
            }
            var end = context.position;
            bodies.forEach(Runnable::run);
            context.position = end;
        });
        context.expect("}");
        context.expect(";");
    }

    private void member(Context.Structure structure, List<Runnable> bodies) {
        var token = context.peek();
        var refusal = token.isName() ? context.allowed.refusal(token.text()) : null;
        if (refusal != null) {
            context.report(
                    Rule.WORD, token.line(), token.text() + ": " + refusal.reason() + " (" + refusal.section() + ")");
            throw new Context.Unparsed();
        }
        if (token.is("template")) {
            // Members with parameters of their own are read as if these were types.
            context.next();
            context.expect("<");
            while (!context.accept(">")) {
                var word = context.next();
                if (word.is("typename") || word.is("class")) {
                    context.types.put(context.name(), Type.UNKNOWN);
                }
            }
            member(structure, bodies);
            return;
        }
        if (token.is("using")) {
            using();
            return;
        }
        if (token.is(structure.name()) && context.peek(1).is("(")) {
            context.next();
            function(structure, token.text(), Type.Scalar.VOID, bodies);
            return;
        }
        var specifiers = types.specifiers();
        do {
            if (context.accept("operator")) {
                // The symbols of the operator, up to its parameters.
                do {
                    context.next();
                } while (!context.at("("));
                function(structure, "operator", specifiers.type(), bodies);
                return;
            }
            var declared = types.declarator(specifiers, false);
            var name = context.name();
            if (context.at("(")) {
                function(structure, name, declared.type(), bodies);
                return;
            }
            var type = declared.type();
            while (context.accept("[")) {
                expressions.expression();
                context.expect("]");
                type = new Type.ArrayOf(type);
            }
            if (context.accept("=")) {
                expressions.assignment();
            }
            structure.fields().put(name, type);
            context.declare(name, Value.place(type, Space.NONE, specifiers.constexpr()));
        } while (context.accept(","));
        context.expect(";");
    }

    private void function(Context.Structure structure, String name, Type result, List<Runnable> bodies) {
        structure.functions().add(name);
        var scope = new HashMap<String, Value>();
        var parameters = parameters(scope);
        while (context.at("const") || Space.of(context.peek().text()) != null) {
            context.next();
        }
        if (context.accept(":")) {
            do {
                context.name();
                context.skipBrackets();
            } while (context.accept(","));
        }
        var function = new Context.Function(name, parameters, result, false, true, new HashSet<>());
        if (context.accept(";")) {
            return;
        }
        var start = context.position;
        context.skipBrackets();
        bodies.add(() -> {
            context.position = start;
            context.scopes.push(scope);
            context.current = function;
            new Statements(context).block(false);
            context.current = null;
            context.scopes.pop();
        });
    }

    /// Reads parameters without attributes, which go into a scope.
    private List<Context.Parameter> parameters(HashMap<String, Value> scope) {
        var parameters = new ArrayList<Context.Parameter>();
        context.expect("(");
        while (!context.at(")")) {
            var parameter = parameter();
            parameters.add(parameter);
            scope.put(parameter.name(), parameter.value());
            if (!context.at(")")) {
                context.expect(",");
            }
        }
        context.expect(")");
        return parameters;
    }

    private Context.Parameter parameter() {
        var specifiers = types.specifiers();
        if (context.at("(")) {
            throw context.unparsed("(: a parameter that is a pointer to a function or an array");
        }
        var declared = types.declarator(specifiers, true);
        var name = context.peek().isName() ? context.name() : "";
        var type = declared.type();
        while (context.at("[") && !context.peek(1).is("[")) {
            context.next();
            if (!context.at("]")) {
                expressions.expression();
            }
            context.expect("]");
            type = declared.reference()
                    ? new Type.ArrayOf(type)
                    : new Type.Pointer(type, specifiers.space(), specifiers.readOnly());
        }
        var space = declared.reference() ? declared.space() : Space.THREAD;
        return new Context.Parameter(name, Value.place(type, space, declared.readOnly()), declared.reference());
    }

    private void functionOrVariable(boolean template, List<String> names) {
        var start = context.peek();
        var kernel = false;
        while (true) {
            if (context.accept("kernel")) {
                kernel = true;
            } else if (context.at("[") && context.peek(1).is("[")) {
                kernel |= new KernelParameters(context).functionAttribute();
            } else {
                break;
            }
        }
        var specifiers = types.specifiers();
        var declared = types.declarator(specifiers, false);
        var token = context.peek();
        if (token.is("operator") || context.peek(1).is("::")) {
            throw context.unparsed(token.text() + ": not in the subset");
        }
        var name = context.name();
        if (context.at("(")) {
            function(new Heading(start, name, declared.type(), kernel, template), names);
        } else {
            if (kernel) {
                context.report(Rule.ATTRIBUTE, start.line(), name + ": kernel on a variable");
            }
            variable(specifiers, declared, name, start);
        }
    }

    private record Heading(Token start, String name, Type result, boolean kernel, boolean template) {}

    private void function(Heading heading, List<String> names) {
        var name = heading.name;
        if (context.allowed.has(AllowList.Kind.FUNCTION, name)) {
            context.report(
                    Rule.NAME, heading.start.line(), name + " is a function of Metal's library: take another name");
        }
        if (heading.kernel && heading.result != Type.Scalar.VOID) {
            context.report(Rule.ATTRIBUTE, heading.start.line(), "kernel " + name + " must return void (5.1.3)");
        }
        if (heading.kernel && heading.template && !names.isEmpty()) {
            context.report(
                    Rule.GRAMMAR, heading.start.line(), "kernel " + name + ": a template, which is not in the subset");
        }
        var scope = new HashMap<String, Value>();
        List<Context.Parameter> parameters;
        if (heading.kernel) {
            parameters = new KernelParameters(context).read(name, this::parameter, scope);
        } else {
            parameters = parameters(scope);
        }
        var function = new Context.Function(
                name, parameters, heading.result, heading.kernel, heading.template, new HashSet<>());
        if (heading.template) {
            context.templates.add(name);
        }
        context.functions.computeIfAbsent(name, _ -> new ArrayList<>()).add(function);
        if (context.at(";")) {
            throw context.unparsed(name + ": a function without a body");
        }
        context.scopes.push(scope);
        context.current = function;
        new Statements(context).block(heading.kernel);
        context.current = null;
        context.scopes.pop();
    }

    private void variable(TypeParser.Specifiers specifiers, TypeParser.Declared declared, String name, Token start) {
        if (specifiers.space() != Space.CONSTANT) {
            context.report(
                    Rule.STORAGE,
                    start.line(),
                    name + ": a variable at program scope must be in the constant space (4.2 Constant Address Space)");
        }
        var type = declared.type();
        while (context.accept("[")) {
            if (!context.at("]")) {
                expressions.expression();
            }
            context.expect("]");
            type = new Type.ArrayOf(type);
        }
        if (context.accept("=")) {
            var token = context.peek();
            var value = context.at("{") ? expressions.braces(type) : expressions.assignment();
            Conversions.require(context, type, value, token, "becomes");
        } else {
            context.report(Rule.STORAGE, start.line(), name + ": a constant without a value");
        }
        context.expect(";");
        context.declare(
                name,
                new Value(type, Space.CONSTANT, true, true, specifiers.constexpr() && type.equals(Type.Scalar.INT)));
    }
}
