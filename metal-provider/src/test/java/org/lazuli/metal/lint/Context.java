package org.lazuli.metal.lint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the parts of the parser share: the place in the tokens, what has been declared, and what was found.
final class Context {
    /// A parameter of a function, after its attributes were read.
    record Parameter(String name, Value value, boolean reference) {}

    /// A function of the text. Calls are gathered while its body is read.
    record Function(
            String name,
            List<Parameter> parameters,
            Type result,
            boolean kernel,
            boolean template,
            Set<Function> calls) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /// A structure of the text: its fields, and its member functions by name.
    record Structure(String name, Map<String, Type> fields, Set<String> functions) {}

    /// Thrown where the text leaves the grammar: nothing after it can be understood.
    static final class Unparsed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unparsed() {
            super(null, null, false, false);
        }
    }

    final AllowList allowed;
    final List<Finding> findings = new ArrayList<>();
    final Map<String, Type> types = new HashMap<>();
    final Map<String, Structure> structures = new HashMap<>();
    final Set<String> templates = new HashSet<>();
    final Map<String, List<Function>> functions = new LinkedHashMap<>();
    /// Variables by name, the innermost block first.
    final Deque<Map<String, Value>> scopes = new ArrayDeque<>();

    final List<Token> tokens;
    int position;
    Function current;

    Context(String text, AllowList allowed) {
        this.allowed = allowed;
        tokens = new Tokenizer(text, allowed, findings::add).tokens();
        for (var token : tokens) {
            var refusal = token.isName() ? allowed.refusal(token.text()) : null;
            if (refusal != null) {
                report(
                        Rule.WORD,
                        token.line(),
                        token.text() + ": " + refusal.reason() + " (" + refusal.section() + ")");
            }
        }
        scopes.push(new HashMap<>());
    }

    Token peek() {
        return tokens.get(position);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(position + ahead, tokens.size() - 1));
    }

    Token next() {
        var token = peek();
        if (token.kind() != Token.Kind.END) {
            position++;
        }
        return token;
    }

    boolean at(String text) {
        return peek().is(text);
    }

    boolean accept(String text) {
        if (at(text)) {
            position++;
            return true;
        }
        return false;
    }

    void expect(String text) {
        if (!accept(text)) {
            throw unparsed("expected " + text + ", not " + peek().text());
        }
    }

    String name() {
        if (!peek().isName()) {
            throw unparsed("expected a name, not " + peek().text());
        }
        return next().text();
    }

    /// Skips from an opening bracket to behind the closing one.
    void skipBrackets() {
        var depth = 0;
        do {
            var token = next();
            if (token.kind() == Token.Kind.END) {
                throw unparsed("a bracket is not closed");
            }
            if (token.is("(") || token.is("[") || token.is("{")) {
                depth++;
            } else if (token.is(")") || token.is("]") || token.is("}")) {
                depth--;
            }
        } while (depth > 0);
    }

    void report(Rule rule, String message) {
        report(rule, peek().line(), message);
    }

    void report(Rule rule, int line, String message) {
        var finding = new Finding(rule, line, message);
        if (!findings.contains(finding)) {
            findings.add(finding);
        }
    }

    Unparsed unparsed(String message) {
        report(Rule.GRAMMAR, message);
        return new Unparsed();
    }

    void declare(String name, Value value) {
        scopes.element().put(name, value);
    }

    /// The variable of a name, or null.
    Value variable(String name) {
        for (var scope : scopes) {
            var value = scope.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    void inScope(Runnable body) {
        scopes.push(new HashMap<>());
        try {
            body.run();
        } finally {
            scopes.pop();
        }
    }
}
