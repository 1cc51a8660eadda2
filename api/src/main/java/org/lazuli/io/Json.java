package org.lazuli.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A JSON value. The reader is strict: it takes RFC 8259 and nothing else, refuses an object that has a name
/// twice, and nests no deeper than [#MAX_DEPTH].
sealed interface Json {

    int MAX_DEPTH = 64;

    record Obj(SequencedMap<String, Json> members) implements Json {}

    record Arr(List<Json> elements) implements Json {}

    record Str(String value) implements Json {}

    /// A number as it was written.
    record Num(String text) implements Json {}

    record Bool(boolean value) implements Json {}

    record Null() implements Json {}

    /// The text is no JSON. The message says what was met, and where.
    final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1L;

        private SyntaxException(String message) {
            super(message);
        }
    }

    /// Reads a text that holds one value, with white space around it at most.
    static Json parse(String text) throws SyntaxException {
        Reader reader = new Reader(text);
        Json value = reader.value(0);
        reader.end();
        return value;
    }

    /// Appends a text as a JSON string, with quotation marks.
    static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /// A recursive descent through the text.
    final class Reader {
        private final String text;
        private int at;

        private Reader(String text) {
            this.text = text;
        }

        private Json value(int depth) throws SyntaxException {
            if (depth > MAX_DEPTH) {
                throw new SyntaxException("values nest deeper than " + MAX_DEPTH + " at character " + at);
            }
            space();
            return switch (peek()) {
                case '{' -> object(depth);
                case '[' -> array(depth);
                case '"' -> new Str(string());
                case 't' -> word("true", new Bool(true));
                case 'f' -> word("false", new Bool(false));
                case 'n' -> word("null", new Null());
                default -> number();
            };
        }

        private Json object(int depth) throws SyntaxException {
            expect('{');
            SequencedMap<String, Json> members = new LinkedHashMap<>();
            space();
            if (peek() == '}') {
                at++;
                return new Obj(members);
            }
            while (true) {
                space();
                String name = string();
                space();
                expect(':');
                if (members.putIfAbsent(name, value(depth + 1)) != null) {
                    throw new SyntaxException("the name '" + name + "' appears twice in one object");
                }
                space();
                if (peek() != ',') {
                    expect('}');
                    return new Obj(members);
                }
                at++;
            }
        }

        private Json array(int depth) throws SyntaxException {
            expect('[');
            List<Json> elements = new ArrayList<>();
            space();
            if (peek() == ']') {
                at++;
                return new Arr(elements);
            }
            while (true) {
                elements.add(value(depth + 1));
                space();
                if (peek() != ',') {
                    expect(']');
                    return new Arr(elements);
                }
                at++;
            }
        }

        private String string() throws SyntaxException {
            expect('"');
            StringBuilder result = new StringBuilder();
            while (true) {
                if (at >= text.length()) {
                    throw new SyntaxException("the text ends inside a string");
                }
                char c = text.charAt(at++);
                if (c == '"') {
                    return result.toString();
                }
                if (c < 0x20) {
                    throw new SyntaxException("a control character inside a string at character " + (at - 1));
                }
                result.append(c == '\\' ? escape() : c);
            }
        }

        private char escape() throws SyntaxException {
            char c = peek();
            at++;
            return switch (c) {
                case '"', '\\', '/' -> c;
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> unicode();
                default -> throw new SyntaxException("an unknown escape at character " + (at - 1));
            };
        }

        private char unicode() throws SyntaxException {
            int code = 0;
            for (int i = 0; i < 4; i++, at++) {
                int digit = Character.digit(peek(), 16);
                if (digit < 0 || peek() > 'f') {
                    throw new SyntaxException("an escape without four hexadecimal digits at character " + at);
                }
                code = code * 16 + digit;
            }
            return (char) code;
        }

        private Json number() throws SyntaxException {
            int start = at;
            if (peek() == '-') {
                at++;
            }
            if (peek() == '0') {
                at++;
            } else {
                digits();
            }
            if (peek() == '.') {
                at++;
                digits();
            }
            if (peek() == 'e' || peek() == 'E') {
                at++;
                if (peek() == '+' || peek() == '-') {
                    at++;
                }
                digits();
            }
            return new Num(text.substring(start, at));
        }

        private void digits() throws SyntaxException {
            int start = at;
            while (peek() >= '0' && peek() <= '9') {
                at++;
            }
            if (at == start) {
                throw unexpected("a value");
            }
        }

        private Json word(String word, Json value) throws SyntaxException {
            if (!text.startsWith(word, at)) {
                throw unexpected("a value");
            }
            at += word.length();
            return value;
        }

        private void end() throws SyntaxException {
            space();
            if (at < text.length()) {
                throw unexpected("the end of the text");
            }
        }

        private void space() {
            while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private void expect(char c) throws SyntaxException {
            if (peek() != c) {
                throw unexpected("'" + c + "'");
            }
            at++;
        }

        /// The next character; the character 0, which no JSON holds, at the end.
        private char peek() {
            return at < text.length() ? text.charAt(at) : 0;
        }

        private SyntaxException unexpected(String wanted) {
            return new SyntaxException(
                    at < text.length()
                            ? "expected " + wanted + " at character " + at + " but found '" + text.charAt(at) + "'"
                            : "expected " + wanted + " but the text ends");
        }
    }
}
