package org.lazuli.metal.lint;

import java.util.List;

/// The value of a preprocessor's condition, whose macros have been expanded. Names that are left count as 0.
final class IntegerExpression {
    private static final List<List<String>> LEVELS = List.of(
            List.of("||"),
            List.of("&&"),
            List.of("==", "!="),
            List.of("<", ">", "<=", ">="),
            List.of("+", "-"),
            List.of("*", "/", "%"));

    private final List<Token> tokens;
    private int position;

    IntegerExpression(List<Token> tokens) {
        this.tokens = tokens;
    }

    /// @throws IllegalArgumentException if it is no expression of integers
    long value() {
        var value = level(0);
        if (position < tokens.size()) {
            throw new IllegalArgumentException(tokens.get(position).text() + " is not understood");
        }
        return value;
    }

    private long level(int level) {
        if (level == LEVELS.size()) {
            return unary();
        }
        var value = level(level + 1);
        while (position < tokens.size()
                && LEVELS.get(level).contains(tokens.get(position).text())) {
            var operator = tokens.get(position++).text();
            value = apply(operator, value, level(level + 1));
        }
        return value;
    }

    private static long apply(String operator, long a, long b) {
        return switch (operator) {
            case "||" -> a != 0 || b != 0 ? 1 : 0;
            case "&&" -> a != 0 && b != 0 ? 1 : 0;
            case "==" -> a == b ? 1 : 0;
            case "!=" -> a != b ? 1 : 0;
            case "<" -> a < b ? 1 : 0;
            case ">" -> a > b ? 1 : 0;
            case "<=" -> a <= b ? 1 : 0;
            case ">=" -> a >= b ? 1 : 0;
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> b == 0 ? 0 : a / b;
            default -> b == 0 ? 0 : a % b;
        };
    }

    private long unary() {
        if (position >= tokens.size()) {
            throw new IllegalArgumentException("an operand is missing");
        }
        var token = tokens.get(position++);
        return switch (token.text()) {
            case "!" -> unary() == 0 ? 1 : 0;
            case "-" -> -unary();
            case "(" -> {
                var value = level(0);
                if (position >= tokens.size() || !tokens.get(position++).is(")")) {
                    throw new IllegalArgumentException("a parenthesis is not closed");
                }
                yield value;
            }
            case "true" -> 1;
            default -> {
                if (token.kind() == Token.Kind.INTEGER) {
                    yield Long.decode(token.text().replaceFirst("[uUlL]+$", ""));
                }
                if (token.isName()) {
                    yield 0;
                }
                throw new IllegalArgumentException(token.text() + " is not understood");
            }
        };
    }
}
