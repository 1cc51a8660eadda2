package org.lazuli.metal.lint;

import java.util.ArrayList;
import java.util.List;

/// Reads expressions and finds their types, by precedence climbing.
final class Expressions {
    private final Context context;
    private final TypeParser types;
    private final Calls calls;

    Expressions(Context context) {
        this.context = context;
        types = new TypeParser(context);
        calls = new Calls(context);
    }

    /// A full expression, with commas.
    Value expression() {
        var value = assignment();
        while (context.accept(",")) {
            value = assignment();
        }
        return value;
    }

    /// An expression within template arguments, where `>` is their end.
    void templateArgument() {
        binary(unary(), 9, false);
    }

    Value assignment() {
        var left = conditional();
        var operator = context.peek();
        var text = operator.text();
        if (operator.is(">") && operator.joined() && context.peek(1).is(">=")) {
            context.next();
            context.next();
            return assigned(left, assignment(), ">>=", operator);
        }
        if (operator.kind() == Token.Kind.PUNCTUATION
                && text.endsWith("=")
                && !List.of("==", "!=", "<=", ">=").contains(text)) {
            context.next();
            var right = context.at("{") ? braces(left.type()) : assignment();
            return assigned(left, right, text, operator);
        }
        return left;
    }

    private Value assigned(Value left, Value right, String operator, Token token) {
        requireWritable(left, token);
        if (operator.equals("=")) {
            Conversions.require(context, left.type(), right, token, "assigned to");
        } else if (left.type() instanceof Type.Pointer) {
            Conversions.arithmetic(context, left, right, operator, token);
        } else {
            var result =
                    Conversions.arithmetic(context, left, right, operator.substring(0, operator.length() - 1), token);
            Conversions.require(context, left.type(), result, token, "assigned to");
        }
        return left;
    }

    private void requireWritable(Value value, Token token) {
        if (value.readOnly() && value.place()) {
            context.report(Rule.READ_ONLY, token.line(), "a write to what is const or in the constant address space");
        }
    }

    private Value conditional() {
        var condition = binary(unary(), 0, true);
        if (!context.at("?")) {
            return condition;
        }
        var token = context.next();
        if (condition.type() instanceof Type.Vector) {
            context.report(
                    Rule.VECTOR_CONDITION,
                    token.line(),
                    "?: needs a scalar condition, not a " + condition.type()
                            + ": use select (3.1 Scalar and Vector Operators)");
        }
        var yes = expression();
        context.expect(":");
        var no = assignment();
        if (yes.literal() && !no.literal()) {
            return Value.of(no.decayed().type());
        }
        if (no.literal() && !yes.literal() || yes.type().equals(no.type())) {
            return Value.of(yes.decayed().type());
        }
        if (yes.literal()) {
            return yes;
        }
        return Conversions.arithmetic(context, yes.decayed(), no.decayed(), "?:", token);
    }

    /// How tightly the operator ahead binds, or 0; `>` `>` counts as one operator.
    private int precedence(boolean greater) {
        var token = context.peek();
        if (token.kind() != Token.Kind.PUNCTUATION) {
            return 0;
        }
        return switch (token.text()) {
            case "||" -> 1;
            case "&&" -> 2;
            case "|" -> 3;
            case "^" -> 4;
            case "&" -> 5;
            case "==", "!=" -> 6;
            case "<", "<=" -> 7;
            case ">=" -> greater ? 7 : 0;
            case ">" -> {
                if (!greater) {
                    yield 0;
                }
                if (token.joined() && context.peek(1).is(">=")) {
                    yield 0;
                }
                yield token.joined() && context.peek(1).is(">") ? 8 : 7;
            }
            case "<<" -> 8;
            case "+", "-" -> 9;
            case "*", "/", "%" -> 10;
            default -> 0;
        };
    }

    private Value binary(Value left, int least, boolean greater) {
        while (true) {
            var precedence = precedence(greater);
            if (precedence == 0 || precedence < least) {
                return left;
            }
            var token = context.next();
            var operator = token.text();
            if (token.is(">") && precedence == 8) {
                context.next();
                operator = ">>";
            }
            var right = unary();
            while (precedence(greater) > precedence) {
                right = binary(right, precedence + 1, greater);
            }
            left = Conversions.arithmetic(context, left.decayed(), right.decayed(), operator, token);
        }
    }

    private Value unary() {
        var token = context.peek();
        if (token.kind() == Token.Kind.PUNCTUATION) {
            switch (token.text()) {
                case "+", "-", "~" -> {
                    context.next();
                    var value = unary();
                    if (value.type() instanceof Type.Scalar scalar) {
                        return new Value(scalar.promoted(), Space.NONE, false, false, value.literal());
                    }
                    return Value.of(value.type());
                }
                case "!" -> {
                    context.next();
                    return Value.of(Type.like(unary().type(), Type.Scalar.BOOL));
                }
                case "++", "--" -> {
                    context.next();
                    var value = unary();
                    requireWritable(value, token);
                    return value;
                }
                case "*" -> {
                    context.next();
                    return dereferenced(unary().decayed(), token);
                }
                case "&" -> {
                    context.next();
                    return address(unary());
                }
                case "(" -> {
                    if (types.isType(context.peek(1)) && isCast()) {
                        context.next();
                        var type = types.declarator(types.specifiers(), false).type();
                        context.expect(")");
                        var operand = context.at("{") ? braces(type) : unary();
                        return cast(type, operand, token);
                    }
                }
                default -> {}
            }
        }
        if (token.is("sizeof")) {
            context.next();
            context.expect("(");
            if (types.isType(context.peek()) && !context.peek(1).is("(")) {
                types.declarator(types.specifiers(), false);
            } else {
                expression();
            }
            context.expect(")");
            return Value.literal(Type.Scalar.ULONG);
        }
        return postfix(primary());
    }

    /// Whether the parenthesis ahead encloses a type and nothing else, rather than an expression like `(float(x) + 1)`.
    private boolean isCast() {
        var depth = 0;
        for (var i = 1; ; i++) {
            var token = context.peek(i);
            if (token.kind() == Token.Kind.END) {
                return false;
            }
            if (token.is("<")) {
                depth++;
            } else if (token.is(">")) {
                depth--;
            } else if (depth == 0 && token.is(")")) {
                return true;
            } else if (depth == 0
                    && !types.isType(token)
                    && !token.is("*")
                    && !token.is("&")
                    && !token.is("metal")
                    && !token.is("::")) {
                return false;
            }
        }
    }

    private Value dereferenced(Value value, Token token) {
        if (value.type() instanceof Type.Pointer pointer) {
            return Value.place(pointer.target(), pointer.space(), pointer.readOnly());
        }
        if (Type.known(value.type())) {
            context.report(Rule.CONVERSION, token.line(), "* of a " + value.type() + ", which is no pointer");
        }
        return Value.UNKNOWN;
    }

    private static Value address(Value value) {
        if (value.type() == Type.UNKNOWN) {
            return Value.UNKNOWN;
        }
        return Value.of(new Type.Pointer(value.type(), value.space(), value.readOnly()));
    }

    /// An explicit conversion: between pointers the space has to stay.
    private Value cast(Type type, Value operand, Token token) {
        var from = operand.decayed().type();
        if (type instanceof Type.Pointer to && from instanceof Type.Pointer pointer) {
            if (to.space() != pointer.space() && pointer.space() != Space.NONE && to.space() != Space.NONE) {
                context.report(
                        Rule.ADDRESS_SPACE,
                        token.line(),
                        "a conversion from " + pointer.space() + " to " + to.space() + " memory");
            }
        } else if (type instanceof Type.Vector to && from instanceof Type.Vector vector && to.size() != vector.size()) {
            context.report(Rule.CONVERSION, token.line(), "a conversion from " + from + " to " + type);
        }
        return Value.of(type);
    }

    private Value postfix(Value start) {
        var value = start;
        while (true) {
            var token = context.peek();
            if (context.accept("[")) {
                var index = expression();
                context.expect("]");
                if (Type.element(index.type()) != null
                        && Type.element(index.type()).floating()) {
                    context.report(Rule.CONVERSION, token.line(), "an index of type " + index.type());
                }
                value = element(value, token);
            } else if (context.accept(".")) {
                value = member(value, token);
            } else if (context.accept("->")) {
                value = member(dereferenced(value.decayed(), token), token);
            } else if (context.at("++") || context.at("--")) {
                context.next();
                requireWritable(value, token);
                value = Value.of(value.type());
            } else if (context.at("(") && value.type() != Type.Scalar.VOID) {
                arguments();
                value = Value.UNKNOWN;
            } else {
                return value;
            }
        }
    }

    private Value element(Value value, Token token) {
        return switch (value.type()) {
            case Type.ArrayOf array -> Value.place(array.element(), value.space(), value.readOnly());
            case Type.Pointer pointer -> Value.place(pointer.target(), pointer.space(), pointer.readOnly());
            case Type.Vector vector ->
                new Value(vector.element(), value.space(), value.place(), value.readOnly(), false);
            case Type.Unknown _ -> new Value(Type.UNKNOWN, value.space(), true, value.readOnly(), false);
            case Type.Struct _ -> Value.UNKNOWN;
            default -> {
                context.report(Rule.CONVERSION, token.line(), "an index into a " + value.type());
                yield Value.UNKNOWN;
            }
        };
    }

    private Value member(Value value, Token dot) {
        var name = context.name();
        switch (value.type()) {
            case Type.Vector vector -> {
                if (!name.matches("[xyzw]{1,4}|[rgba]{1,4}")) {
                    context.report(Rule.NAME, dot.line(), "." + name + ": no component of a vector");
                }
                var type = name.length() == 1 ? vector.element() : new Type.Vector(vector.element(), name.length());
                return new Value(type, value.space(), value.place(), value.readOnly(), false);
            }
            case Type.Struct struct -> {
                var structure = context.structures.get(struct.name());
                var field = structure == null ? null : structure.fields().get(name);
                if (field != null) {
                    return Value.place(field, value.space(), value.readOnly());
                }
                if (structure != null && !structure.functions().contains(name)) {
                    context.report(Rule.NAME, dot.line(), struct.name() + " has no member " + name);
                }
            }
            case Type.SimdMatrix matrix -> {
                if (!context.allowed.has(AllowList.Kind.MEMBER, name)) {
                    context.report(Rule.NAME, dot.line(), "." + name + ": no member of a simdgroup_matrix");
                }
                if (context.at("(")) {
                    arguments();
                }
                return matrix.element() instanceof Type.Scalar scalar
                        ? Value.place(new Type.Vector(scalar, 2), Space.THREAD, false)
                        : Value.UNKNOWN;
            }
            case Type.Unknown _ -> {}
            default -> context.report(Rule.NAME, dot.line(), "." + name + " of a " + value.type());
        }
        if (context.at("(")) {
            arguments();
        }
        return Value.UNKNOWN;
    }

    List<Value> arguments() {
        context.expect("(");
        var values = new ArrayList<Value>();
        while (!context.at(")")) {
            values.add(context.at("{") ? braces(Type.UNKNOWN) : assignment());
            if (!context.at(")")) {
                context.expect(",");
            }
        }
        context.expect(")");
        return values;
    }

    /// A list in braces, which initialises a value of the given type.
    Value braces(Type type) {
        context.expect("{");
        while (!context.at("}")) {
            var token = context.peek();
            if (context.at("{")) {
                braces(type instanceof Type.ArrayOf array ? array.element() : Type.UNKNOWN);
            } else {
                var value = assignment();
                if (type instanceof Type.ArrayOf array) {
                    Conversions.require(context, array.element(), value, token, "in a list of");
                }
            }
            if (!context.at("}")) {
                context.expect(",");
            }
        }
        context.expect("}");
        return Value.of(type);
    }

    private Value primary() {
        var token = context.peek();
        switch (token.kind()) {
            case INTEGER, FLOATING -> {
                context.next();
                return number(token);
            }
            case CHARACTER -> {
                context.next();
                return Value.literal(Type.Scalar.CHAR);
            }
            case NAME -> {
                return name(token);
            }
            default -> {}
        }
        if (context.accept("(")) {
            var value = expression();
            context.expect(")");
            return value;
        }
        if (token.is("[")) {
            throw context.unparsed("[: Metal has no lambda expressions (1.4.4 Restrictions)");
        }
        throw context.unparsed("expected an expression, not " + token.text());
    }

    private static Value number(Token token) {
        var text = token.text().toLowerCase(java.util.Locale.ROOT);
        if (token.kind() == Token.Kind.FLOATING) {
            return Value.of(text.endsWith("h") ? Type.Scalar.HALF : Type.Scalar.FLOAT);
        }
        var suffix = text.replaceFirst("^(0x[0-9a-f]+|[0-9]+)", "");
        return Value.literal(
                switch (suffix) {
                    case "u" -> Type.Scalar.UINT;
                    case "l" -> Type.Scalar.LONG;
                    case "ul", "lu" -> Type.Scalar.ULONG;
                    default -> Type.Scalar.INT;
                });
    }

    private Value name(Token token) {
        var word = token.text();
        switch (word) {
            case "true", "false" -> {
                context.next();
                return Value.of(Type.Scalar.BOOL);
            }
            case "nullptr" -> {
                context.next();
                return Value.UNKNOWN;
            }
            case "this" -> {
                context.next();
                return Value.UNKNOWN;
            }
            case "static_cast", "reinterpret_cast" -> {
                context.next();
                context.expect("<");
                var type = types.declarator(types.specifiers(), false).type();
                context.expect(">");
                context.expect("(");
                var value = expression();
                context.expect(")");
                return cast(type, value, token);
            }
            default -> {}
        }
        var refusal = context.allowed.refusal(word);
        if (refusal != null && !word.equals("double")) {
            context.next();
            context.report(Rule.WORD, token.line(), word + ": " + refusal.reason() + " (" + refusal.section() + ")");
            throw new Context.Unparsed();
        }
        if (context.peek(1).is("::") && context.allowed.has(AllowList.Kind.NAMESPACE, word)) {
            context.next();
            context.next();
            return name(context.peek());
        }
        var variable = context.variable(word);
        if (variable != null) {
            context.next();
            return variable;
        }
        if (types.isTypeName(word)) {
            return construction(token);
        }
        return other(token);
    }

    /// `float4(x)`, `S{1, 2}`, `numeric_limits<T>::max()`, `mem_flags::mem_threadgroup`.
    private Value construction(Token token) {
        var type = types.typeName();
        if (context.accept("::")) {
            var member = context.next();
            if (!context.allowed.has(AllowList.Kind.MEMBER, member.text())
                    && !context.allowed.has(AllowList.Kind.CONSTANT, member.text())
                    && !(type instanceof Type.Struct)
                    && !(type instanceof Type.Unknown && context.types.containsKey(token.text()))) {
                context.report(
                        Rule.NAME, member.line(), token.text() + "::" + member.text() + ": not in the allow-list");
            }
            if (context.at("(")) {
                arguments();
            }
            return type instanceof Type.Named ? Value.of(type) : Value.UNKNOWN;
        }
        if (context.at("(")) {
            var arguments = arguments();
            return Value.of(calls.constructed(type, arguments, token));
        }
        if (context.at("{")) {
            return braces(type);
        }
        throw context.unparsed("expected a value, not the type " + token.text());
    }

    private Value other(Token token) {
        context.next();
        var word = token.text();
        var constant = context.allowed.get(AllowList.Kind.CONSTANT, word);
        if (constant != null) {
            var type = Type.builtIn(constant.use());
            return Value.of(type == null ? new Type.Named(constant.use()) : type);
        }
        var explicit = List.<Object>of();
        if (context.at("<")
                && (word.equals("as_type")
                        || word.equals("make_filled_simdgroup_matrix")
                        || context.templates.contains(word))) {
            explicit = types.templateArguments();
        }
        if (!context.at("(")) {
            context.report(
                    Rule.NAME,
                    token.line(),
                    context.functions.containsKey(word) || context.allowed.has(AllowList.Kind.FUNCTION, word)
                            ? word + ": Metal has no pointers to functions (1.4.4 Restrictions)"
                            : word + ": neither declared nor in the allow-list");
            return Value.UNKNOWN;
        }
        var arguments = arguments();
        if (context.functions.containsKey(word)) {
            return calls.own(word, arguments, token);
        }
        var function = context.allowed.get(AllowList.Kind.FUNCTION, word);
        if (function == null) {
            context.report(Rule.NAME, token.line(), word + ": neither a function of the text nor in the allow-list");
            return Value.UNKNOWN;
        }
        return calls.library(function, explicit, arguments, token);
    }
}
