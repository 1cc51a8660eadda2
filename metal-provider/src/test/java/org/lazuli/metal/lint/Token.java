package org.lazuli.metal.lint;

/// A token of a kernel text. `joined` says that the next one follows without a space, so that `>` `>` can be a shift or the
/// end of two lists, and `[` `[` an attribute or an index within an index.
record Token(Kind kind, String text, int line, boolean joined) {
    enum Kind {
        NAME,
        INTEGER,
        FLOATING,
        CHARACTER,
        STRING,
        PUNCTUATION,
        END
    }

    boolean is(String other) {
        return text.equals(other) && kind != Kind.STRING && kind != Kind.CHARACTER;
    }

    boolean isName() {
        return kind == Kind.NAME;
    }
}
