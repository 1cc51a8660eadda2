package org.lazuli.metal.lint;

/// Reads the statements of a function's body.
final class Statements {
    private final Context context;
    private final TypeParser types;
    private final Expressions expressions;

    Statements(Context context) {
        this.context = context;
        types = new TypeParser(context);
        expressions = new Expressions(context);
    }

    /// A block in braces; `outermost` where it is the body of a kernel, the only place for threadgroup variables.
    void block(boolean outermost) {
        context.expect("{");
        context.inScope(() -> {
            while (!context.at("}")) {
                if (context.peek().kind() == Token.Kind.END) {
                    throw context.unparsed("a block is not closed");
                }
                statement(outermost);
            }
        });
        context.expect("}");
    }

    private void statement(boolean outermost) {
        var token = context.peek();
        switch (token.isName() ? token.text() : token.kind() == Token.Kind.PUNCTUATION ? token.text() : "") {
            case "{" -> block(false);
            case ";" -> context.next();
            case "if" -> {
                context.next();
                if (context.at("constexpr")) {
                    context.report(
                            Rule.WORD, token.line(), "if constexpr: C++17, and Metal is C++14 (1.4 Metal and C++14)");
                    context.next();
                }
                condition();
                statement(false);
                if (context.accept("else")) {
                    statement(false);
                }
            }
            case "while" -> {
                context.next();
                condition();
                statement(false);
            }
            case "do" -> {
                context.next();
                statement(false);
                if (!context.accept("while")) {
                    throw context.unparsed("do without while");
                }
                condition();
                context.expect(";");
            }
            case "for" -> loop();
            case "switch" -> {
                context.next();
                condition();
                statement(false);
            }
            case "case" -> {
                context.next();
                expressions.expression();
                context.expect(":");
            }
            case "default" -> {
                context.next();
                context.expect(":");
            }
            case "break", "continue" -> {
                context.next();
                context.expect(";");
            }
            case "return" -> returned();
            case "using" -> new Declarations(context).using();
            case "static_assert" -> {
                context.next();
                context.skipBrackets();
                context.expect(";");
            }
            default -> simple(outermost);
        }
    }

    private void condition() {
        context.expect("(");
        var token = context.peek();
        var value = types.isType(token) && isDeclaration() ? declared() : expressions.expression();
        if (value.type() instanceof Type.Vector) {
            context.report(
                    Rule.VECTOR_CONDITION, token.line(), "a condition of type " + value.type() + ": use any or all");
        }
        context.expect(")");
    }

    private Value declared() {
        declaration(false);
        return Value.UNKNOWN;
    }

    private void loop() {
        context.next();
        context.expect("(");
        context.inScope(() -> {
            if (!context.accept(";")) {
                simple(false);
            }
            if (!context.at(";")) {
                expressions.expression();
            }
            context.expect(";");
            if (!context.at(")")) {
                expressions.expression();
            }
            context.expect(")");
            statement(false);
        });
    }

    private void returned() {
        var token = context.next();
        if (!context.at(";")) {
            var result = context.current == null ? Type.UNKNOWN : context.current.result();
            var value = context.at("{") ? expressions.braces(result) : expressions.expression();
            Conversions.require(context, result, value, token, "returned as");
        }
        context.expect(";");
    }

    /// A declaration or an expression, with its semicolon.
    private void simple(boolean outermost) {
        var token = context.peek();
        var refusal = token.isName() ? context.allowed.refusal(token.text()) : null;
        if (refusal != null && context.variable(token.text()) == null) {
            context.report(
                    Rule.WORD, token.line(), token.text() + ": " + refusal.reason() + " (" + refusal.section() + ")");
            if (!types.isType(token)) {
                throw new Context.Unparsed();
            }
        }
        if (token.isName() && context.peek(1).is(":") && !context.peek(1).joined()) {
            throw context.unparsed(token.text() + ": a label, and Metal has no goto (1.4.4 Restrictions)");
        }
        if (isDeclaration()) {
            declaration(outermost);
        } else {
            expressions.expression();
        }
        context.expect(";");
    }

    /// Whether the tokens ahead start a declaration: a specifier, or a type followed by what it declares.
    private boolean isDeclaration() {
        var token = context.peek();
        if (!types.isType(token) && !token.is("metal")) {
            return false;
        }
        if (TypeParser.isSpecifier(token.text())) {
            return true;
        }
        if (context.variable(token.text()) != null) {
            return false;
        }
        var i = 0;
        if (token.is("metal")) {
            i = 2;
            if (!types.isType(context.peek(i))) {
                return false;
            }
        }
        i++;
        if (context.peek(i).is("<")) {
            var depth = 0;
            do {
                if (context.peek(i).is("<")) {
                    depth++;
                } else if (context.peek(i).is(">")) {
                    depth--;
                } else if (context.peek(i).kind() == Token.Kind.END
                        || context.peek(i).is(";")) {
                    return false;
                }
                i++;
            } while (depth > 0);
        }
        if (context.peek(i).is("::")) {
            return context.peek(i + 1).is("type");
        }
        return context.peek(i).isName()
                || context.peek(i).is("*")
                || context.peek(i).is("&")
                || context.peek(i).is("(") && context.peek(i + 1).is("*");
    }

    private void declaration(boolean outermost) {
        var start = context.peek();
        var specifiers = types.specifiers();
        if (specifiers.isStatic()) {
            context.report(
                    Rule.STORAGE,
                    start.line(),
                    "a static local variable: it needs the constant space, at program scope");
        }
        do {
            declarator(specifiers, outermost, start);
        } while (context.accept(","));
    }

    private void declarator(TypeParser.Specifiers specifiers, boolean outermost, Token start) {
        if (context.at("(") && context.peek(1).is("*")) {
            throw context.unparsed("(*: Metal has no pointers to functions (1.4.4 Restrictions)");
        }
        var declared = types.declarator(specifiers, false);
        if (context.at("[")) {
            throw context.unparsed("[: structured bindings are C++17, and Metal is C++14 (1.4 Metal and C++14)");
        }
        var name = context.name();
        var type = declared.type();
        var arrays = 0;
        while (context.accept("[")) {
            if (!context.at("]")) {
                expressions.expression();
            }
            context.expect("]");
            arrays++;
        }
        for (; arrays > 0; arrays--) {
            type = new Type.ArrayOf(type);
        }
        var plain = !declared.reference() && !(type instanceof Type.Pointer);
        var space = declared.space();
        if (plain) {
            space = storage(space, outermost, start);
            if (type.equals(Type.Scalar.VOID)) {
                context.report(Rule.CONVERSION, start.line(), name + ": a variable of type void");
            }
        } else if (type instanceof Type.Pointer) {
            space = Space.THREAD;
        }
        if (context.at("=") || context.at("{") || context.at("(")) {
            var token = context.peek();
            if (plain && declared.space() == Space.THREADGROUP) {
                context.report(
                        Rule.STORAGE, token.line(), name + ": threadgroup memory has no initialiser (4.4 Threadgroup)");
            }
            var value = initialiser(type);
            if (type == Type.UNKNOWN) {
                type = value.decayed().type();
                space = declared.reference() ? value.space() : space;
            } else if (declared.reference()) {
                reference(declared, value, token);
            } else {
                Conversions.require(context, type, value, token, "becomes");
            }
        }
        context.declare(name, Value.place(type, space, declared.readOnly()));
    }

    private Value initialiser(Type type) {
        if (context.at("{")) {
            return expressions.braces(type);
        }
        if (context.at("(")) {
            var arguments = expressions.arguments();
            return arguments.size() == 1 ? arguments.getFirst() : Value.of(type);
        }
        context.expect("=");
        return context.at("{") ? expressions.braces(type) : expressions.assignment();
    }

    private void reference(TypeParser.Declared declared, Value value, Token token) {
        if (value.place()
                && value.space() != Space.NONE
                && declared.space() != Space.NONE
                && value.space() != declared.space()) {
            context.report(
                    Rule.ADDRESS_SPACE,
                    token.line(),
                    "a reference to " + declared.space() + " memory on a value in " + value.space() + " memory");
        }
    }

    /// Where a local variable lives, after complaints about where it cannot.
    private Space storage(Space space, boolean outermost, Token start) {
        switch (space) {
            case THREADGROUP -> {
                if (!outermost) {
                    context.report(
                            Rule.STORAGE,
                            start.line(),
                            "a threadgroup variable outside the outermost block of a kernel (4.4 Threadgroup)");
                }
                return Space.THREADGROUP;
            }
            case DEVICE, CONSTANT -> {
                context.report(
                        Rule.STORAGE,
                        start.line(),
                        "a local variable in " + space + " memory: locals live in thread memory (4.3 Thread)");
                return space;
            }
            default -> {
                return Space.THREAD;
            }
        }
    }
}
