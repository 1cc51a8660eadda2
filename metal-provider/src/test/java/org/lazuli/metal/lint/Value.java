package org.lazuli.metal.lint;

/// What is known of an expression: its type, and for what names a place in memory, in which space that is and whether it may
/// be written. A literal integer converts to any number without being written out.
record Value(Type type, Space space, boolean place, boolean readOnly, boolean literal) {
    static final Value UNKNOWN = new Value(Type.UNKNOWN, Space.NONE, true, false, false);

    static Value of(Type type) {
        return new Value(type, Space.NONE, false, false, false);
    }

    static Value literal(Type type) {
        return new Value(type, Space.NONE, false, false, true);
    }

    static Value place(Type type, Space space, boolean readOnly) {
        return new Value(type, space, true, readOnly, false);
    }

    /// The value as an operand, where arrays are pointers to their first element.
    Value decayed() {
        if (type instanceof Type.ArrayOf array) {
            return of(new Type.Pointer(array.element(), space, readOnly));
        }
        return this;
    }
}
