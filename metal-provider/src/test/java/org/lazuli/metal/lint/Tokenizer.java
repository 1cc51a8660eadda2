package org.lazuli.metal.lint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Turns a kernel text into tokens, with its macros expanded. Of the preprocessor the subset has `#include`, `#define` without
/// `#` and `##`, `#undef`, conditions on integers, and the pragmas of the allow-list.
final class Tokenizer {
    private static final String[] OPERATORS = {
        "<<=", ">>=", "...", "::", "->", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "==", "!=", "<=",
        ">=", "&&", "||", "<<"
    };

    private static final Pattern DEFINED = Pattern.compile("defined\\s*\\(?\\s*(\\w+)\\s*\\)?");

    private record Macro(List<String> parameters, List<Token> body) {}

    private final String text;
    private final AllowList allowed;
    private final Consumer<Finding> findings;
    private final Map<String, Macro> macros = new HashMap<>();
    private final List<Token> output = new ArrayList<>();
    /// For each open `#if`, whether one of its branches has been taken, the innermost first.
    private final Deque<Boolean> taken = new ArrayDeque<>();
    private int position;
    private int line = 1;

    Tokenizer(String text, AllowList allowed, Consumer<Finding> findings) {
        this.text = text;
        this.allowed = allowed;
        this.findings = findings;
    }

    List<Token> tokens() {
        var pending = new ArrayList<Token>();
        var startOfLine = true;
        while (skipSpace()) {
            if (position > 0 && text.charAt(position - 1) == '\n' || position == 0) {
                startOfLine = true;
            }
            if (startOfLine && text.charAt(position) == '#') {
                expand(pending, output, List.of());
                pending.clear();
                directive();
                startOfLine = true;
            } else {
                startOfLine = precedesNewLine(position) && text.charAt(position) == '#';
                pending.add(token());
            }
        }
        expand(pending, output, List.of());
        output.add(new Token(Token.Kind.END, "the end of the text", line, false));
        return output;
    }

    /// Whether there is nothing but space between the start of the line and a position.
    private boolean precedesNewLine(int from) {
        var i = from - 1;
        while (i >= 0 && text.charAt(i) != '\n' && Character.isWhitespace(text.charAt(i))) {
            i--;
        }
        return i < 0 || text.charAt(i) == '\n';
    }

    /// Skips white space and comments; false at the end.
    private boolean skipSpace() {
        while (position < text.length()) {
            var c = text.charAt(position);
            if (c == '\n') {
                line++;
                position++;
            } else if (Character.isWhitespace(c) || c == '\\' && text.startsWith("\\\n", position)) {
                position++;
            } else if (text.startsWith("//", position)) {
                var end = text.indexOf('\n', position);
                position = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", position)) {
                var end = text.indexOf("*/", position + 2);
                var stop = end < 0 ? text.length() : end + 2;
                line += (int) text.substring(position, stop)
                        .chars()
                        .filter(x -> x == '\n')
                        .count();
                position = stop;
            } else {
                return true;
            }
        }
        return false;
    }

    private Token token() {
        var start = position;
        var c = text.charAt(position);
        if (Character.isJavaIdentifierStart(c) && c != '$') {
            while (position < text.length()
                    && (Character.isLetterOrDigit(text.charAt(position)) || text.charAt(position) == '_')) {
                position++;
            }
            return make(Token.Kind.NAME, start);
        }
        if (Character.isDigit(c)
                || c == '.' && position + 1 < text.length() && Character.isDigit(text.charAt(position + 1))) {
            return number(start);
        }
        if (c == '"' || c == '\'') {
            position++;
            while (position < text.length() && text.charAt(position) != c) {
                position += text.charAt(position) == '\\' ? 2 : 1;
            }
            position = Math.min(position + 1, text.length());
            return make(c == '"' ? Token.Kind.STRING : Token.Kind.CHARACTER, start);
        }
        for (var operator : OPERATORS) {
            // Two `>` stay two: they may end two lists of template arguments.
            if (!operator.equals(">>=") && text.startsWith(operator, position)) {
                position += operator.length();
                return make(Token.Kind.PUNCTUATION, start);
            }
        }
        position++;
        return make(Token.Kind.PUNCTUATION, start);
    }

    private Token number(int start) {
        var hexadecimal = text.startsWith("0x", start) || text.startsWith("0X", start);
        while (position < text.length()) {
            var c = text.charAt(position);
            var exponent = hexadecimal ? c == 'p' || c == 'P' : c == 'e' || c == 'E';
            if (exponent
                    && position + 1 < text.length()
                    && (text.charAt(position + 1) == '+' || text.charAt(position + 1) == '-')) {
                position += 2;
            } else if (Character.isLetterOrDigit(c) || c == '.') {
                position++;
            } else {
                break;
            }
        }
        var token = make(Token.Kind.INTEGER, start);
        var digits = token.text();
        if (hexadecimal ? digits.matches(".*[.pP].*") : digits.matches(".*[.eE].*")) {
            token = new Token(Token.Kind.FLOATING, digits, token.line(), token.joined());
        } else if (!hexadecimal && digits.matches("[0-9]+[fFhH]")) {
            report(Rule.LITERAL, digits + ": a suffix of a floating-point number on an integer");
        }
        if (token.kind() == Token.Kind.FLOATING) {
            if (hexadecimal) {
                report(Rule.LITERAL, digits + ": hexadecimal floating-point numbers are C++17");
            } else if (!digits.matches(".*[fFhH]")) {
                report(Rule.LITERAL, digits + " is of type double, which Metal does not have: write " + digits + "f");
            }
        } else if (!digits.matches("(0[xX][0-9a-fA-F]+|[0-9]+)([uU][lL]?|[lL][uU]?)?[fFhH]?")) {
            report(Rule.LITERAL, digits + ": no number of Metal's language");
        }
        return token;
    }

    private Token make(Token.Kind kind, int start) {
        var joined = position < text.length() && !Character.isWhitespace(text.charAt(position));
        return new Token(kind, text.substring(start, position), line, joined);
    }

    private void report(Rule rule, String message) {
        findings.accept(new Finding(rule, line, message));
    }

    private void directive() {
        var end = position;
        while (end < text.length() && text.charAt(end) != '\n') {
            end += text.startsWith("\\\n", end) ? 2 : 1;
        }
        var directive = text.substring(position + 1, end).strip();
        if (directive.startsWith("define")) {
            define(end);
        } else {
            if (directive.startsWith("include")) {
                var header = directive.substring("include".length()).strip();
                if (!header.matches("<\\w+>")
                        || !allowed.has(AllowList.Kind.HEADER, header.substring(1, header.length() - 1))) {
                    report(Rule.NAME, "#include " + header + ": not a header of the allow-list");
                }
            } else if (directive.startsWith("pragma")) {
                var pragma = directive.substring("pragma".length()).strip();
                if (!allowed.has(AllowList.Kind.PRAGMA, pragma)) {
                    report(Rule.NAME, "#pragma " + pragma + ": not in the allow-list");
                }
            } else if (directive.startsWith("if")) {
                var holds = condition(directive);
                position = end;
                taken.push(holds);
                if (!holds) {
                    skipBranch();
                }
                return;
            } else if (directive.startsWith("el") && !taken.isEmpty()) {
                // The branch before it was taken.
                position = end;
                skipBranch();
                return;
            } else if (directive.startsWith("endif") && !taken.isEmpty()) {
                taken.pop();
            } else if (directive.startsWith("undef")) {
                macros.remove(directive.substring("undef".length()).strip());
            } else {
                report(Rule.GRAMMAR, "#" + directive + ": not in the subset");
            }
            position = end;
        }
    }

    /// Skips lines up to a branch that is taken, or the end of the condition.
    private void skipBranch() {
        var depth = 0;
        while (position < text.length()) {
            var end = text.indexOf('\n', position);
            end = end < 0 ? text.length() : end;
            var next = text.substring(position, end).strip();
            if (!next.startsWith("#")) {
                next = "";
            }
            next = next.replaceFirst("^#\\s*", "");
            var here = end;
            if (next.startsWith("if")) {
                depth++;
            } else if (next.startsWith("endif")) {
                if (depth == 0) {
                    taken.pop();
                    position = here;
                    return;
                }
                depth--;
            } else if (depth == 0 && !taken.element() && (next.startsWith("else") || next.startsWith("elif"))) {
                if (next.startsWith("else") || condition(next.substring(2))) {
                    taken.pop();
                    taken.push(true);
                    position = here;
                    return;
                }
            }
            line += end < text.length() ? 1 : 0;
            position = Math.min(end + 1, text.length());
        }
        report(Rule.GRAMMAR, "an #if is not closed");
    }

    /// Whether a condition holds: `ifdef X`, `ifndef X`, or `if` with an expression on integers.
    private boolean condition(String directive) {
        var words = directive.split("\\s+", 2);
        if (words.length < 2) {
            report(Rule.GRAMMAR, "#" + directive + ": no condition");
            return false;
        }
        var rest = words[1].replaceFirst("//.*", "").strip();
        return switch (words[0]) {
            case "ifdef" -> macros.containsKey(rest);
            case "ifndef" -> !macros.containsKey(rest);
            default -> {
                var plain = new ArrayList<Token>();
                var inner = new Tokenizer(
                        DEFINED.matcher(rest).replaceAll(x -> macros.containsKey(x.group(1)) ? "1" : "0"),
                        allowed,
                        findings);
                inner.line = line;
                while (inner.skipSpace()) {
                    plain.add(inner.token());
                }
                var expanded = new ArrayList<Token>();
                expand(plain, expanded, List.of());
                try {
                    yield new IntegerExpression(expanded).value() != 0;
                } catch (IllegalArgumentException e) {
                    report(Rule.GRAMMAR, "#" + directive + ": " + e.getMessage());
                    yield false;
                }
            }
        };
    }

    private void define(int end) {
        position = text.indexOf("define", position) + "define".length();
        skipSpace();
        var name = token();
        var parameters = name.joined() && text.charAt(position) == '(' ? new ArrayList<String>() : null;
        var body = new ArrayList<Token>();
        if (parameters != null) {
            token();
            while (true) {
                skipSpace();
                var parameter = token();
                if (parameter.is(")")) {
                    break;
                }
                if (!parameter.is(",")) {
                    parameters.add(parameter.text());
                }
            }
        }
        while (position < end) {
            skipSpace();
            if (position >= end) {
                break;
            }
            var token = token();
            if (token.is("#")) {
                report(Rule.GRAMMAR, "#define " + name.text() + ": # and ## are not in the subset");
            }
            body.add(token);
        }
        macros.put(name.text(), new Macro(parameters, body));
    }

    /// Appends tokens to a list with the macros in them replaced; `active` are the macros being replaced, which are not
    /// replaced again.
    private void expand(List<Token> tokens, List<Token> into, List<String> active) {
        for (var i = 0; i < tokens.size(); i++) {
            var token = tokens.get(i);
            var macro = token.isName() && !active.contains(token.text()) ? macros.get(token.text()) : null;
            if (macro == null) {
                into.add(token);
                continue;
            }
            var inner = new ArrayList<>(active);
            inner.add(token.text());
            if (macro.parameters == null) {
                expand(at(macro.body, token.line()), into, inner);
                continue;
            }
            if (i + 1 >= tokens.size() || !tokens.get(i + 1).is("(")) {
                into.add(token);
                continue;
            }
            var arguments = new ArrayList<List<Token>>();
            i = arguments(tokens, i + 2, arguments);
            var body = new ArrayList<Token>();
            for (var part : at(macro.body, token.line())) {
                var which = macro.parameters.indexOf(part.text());
                if (part.isName() && which >= 0 && which < arguments.size()) {
                    expand(arguments.get(which), body, active);
                } else {
                    body.add(part);
                }
            }
            expand(body, into, inner);
        }
    }

    /// Reads a macro's arguments from `from` on and returns the place of their closing parenthesis.
    private static int arguments(List<Token> tokens, int from, List<List<Token>> arguments) {
        var depth = 0;
        var current = new ArrayList<Token>();
        for (var i = from; i < tokens.size(); i++) {
            var token = tokens.get(i);
            if (depth == 0 && (token.is(")") || token.is(","))) {
                arguments.add(current);
                if (token.is(")")) {
                    return i;
                }
                current = new ArrayList<>();
                continue;
            }
            if (token.is("(") || token.is("[") || token.is("{")) {
                depth++;
            } else if (token.is(")") || token.is("]") || token.is("}")) {
                depth--;
            }
            current.add(token);
        }
        return tokens.size();
    }

    private static List<Token> at(List<Token> tokens, int line) {
        return tokens.stream()
                .map(token -> new Token(token.kind(), token.text(), line, token.joined()))
                .toList();
    }
}
