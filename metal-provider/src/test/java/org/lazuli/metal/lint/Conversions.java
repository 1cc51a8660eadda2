package org.lazuli.metal.lint;

/// Which types go together. Metal converts scalars into one another and scalars into vectors by itself, vectors never
/// (2.20 Implicit Type Conversions). The subset is stricter in one respect: what loses digits of a floating-point number is
/// written out, because `bfloat` demands it and one rule is easier to keep than two.
final class Conversions {
    private Conversions() {}

    /// Complains where a value does not become a type by itself.
    static void require(Context context, Type to, Value value, Token token, String how) {
        var from = value.decayed().type();
        if (!Type.known(to) || !Type.known(from) || to.equals(from) || to.equals(value.type())) {
            return;
        }
        switch (to) {
            case Type.Pointer pointer -> requirePointer(context, pointer, value, token, how);
            case Type.Vector vector -> {
                if (from instanceof Type.Scalar scalar) {
                    requireScalar(context, vector.element(), scalar, value.literal(), token, how);
                } else {
                    refuse(context, to, from, token, how);
                }
            }
            case Type.Scalar scalar -> {
                if (from instanceof Type.Scalar other) {
                    requireScalar(context, scalar, other, value.literal(), token, how);
                } else if (!(from instanceof Type.Named)) {
                    refuse(context, to, from, token, how);
                }
            }
            default -> refuse(context, to, from, token, how);
        }
    }

    private static void requireScalar(
            Context context, Type.Scalar to, Type.Scalar from, boolean literal, Token token, String how) {
        if (to == from || literal && to != Type.Scalar.BFLOAT) {
            return;
        }
        var narrows = switch (to) {
            case BFLOAT -> true;
            case HALF -> from.floating();
            case FLOAT -> from == Type.Scalar.VOID;
            default -> from == Type.Scalar.VOID;
        };
        if (narrows) {
            context.report(
                    Rule.CONVERSION,
                    token.line(),
                    "a " + from + " " + how + " " + to + " without " + to
                            + "(...): narrowing is written out (2.20 Implicit Type Conversions)");
        }
    }

    private static void requirePointer(Context context, Type.Pointer to, Value value, Token token, String how) {
        if (!(value.decayed().type() instanceof Type.Pointer from)) {
            if (!value.literal()) {
                refuse(context, to, value.type(), token, how);
            }
            return;
        }
        if (from.space() != Space.NONE && to.space() != Space.NONE && from.space() != to.space()) {
            context.report(
                    Rule.ADDRESS_SPACE,
                    token.line(),
                    "a pointer to " + from.space() + " memory " + how + " one to " + to.space() + " memory");
        } else if (from.readOnly() && !to.readOnly() && Type.known(from.target())) {
            context.report(Rule.READ_ONLY, token.line(), "a pointer to const " + how + " one that may write");
        } else if (Type.known(from.target()) && !from.target().equals(to.target())) {
            refuse(context, to, from, token, how);
        }
    }

    private static void refuse(Context context, Type to, Type from, Token token, String how) {
        context.report(
                Rule.CONVERSION,
                token.line(),
                "a " + from + " " + how + " " + to + ": no implicit conversion (2.20 Implicit Type Conversions)");
    }

    /// The result of a binary operator, after complaints about operands that do not go together.
    static Value arithmetic(Context context, Value left, Value right, String operator, Token token) {
        var a = left.type();
        var b = right.type();
        var comparison = "< > <= >= == != ".contains(operator + " ");
        var logic = operator.equals("&&") || operator.equals("||");
        if (a instanceof Type.Pointer || b instanceof Type.Pointer) {
            return pointer(context, left, right, operator, comparison, token);
        }
        if (!Type.known(a) || !Type.known(b)) {
            var shape = a instanceof Type.Vector ? a : b instanceof Type.Vector ? b : null;
            if (shape != null && (comparison || logic)) {
                return Value.of(Type.like(shape, Type.Scalar.BOOL));
            }
            return comparison || logic ? Value.of(Type.UNKNOWN) : Value.UNKNOWN;
        }
        var first = Type.element(a);
        var second = Type.element(b);
        if (first == null || second == null) {
            // Enumerations combine among themselves; structures have operators of their own.
            return a.equals(b) && a instanceof Type.Named && !comparison ? Value.of(a) : Value.UNKNOWN;
        }
        if (a instanceof Type.Vector && b instanceof Type.Vector && !a.equals(b)) {
            context.report(
                    Rule.CONVERSION,
                    token.line(),
                    a + " " + operator + " " + b + ": operands of different types (3.1 Scalar and Vector Operators)");
            return Value.UNKNOWN;
        }
        var shape = a instanceof Type.Vector ? a : b;
        if (comparison || logic) {
            return Value.of(Type.like(shape, Type.Scalar.BOOL));
        }
        if ("% & | ^ << >> ".contains(operator + " ") && (first.floating() || second.floating())) {
            context.report(
                    Rule.CONVERSION,
                    token.line(),
                    a + " " + operator + " " + b + ": only for integers (3.1 Scalar and Vector Operators)");
        }
        if (operator.equals("<<") || operator.equals(">>")) {
            return new Value(
                    shape instanceof Type.Vector ? shape : first.promoted(), Space.NONE, false, false, left.literal());
        }
        return new Value(
                shape instanceof Type.Vector vector
                        ? vectorWith(context, vector, a instanceof Type.Vector ? right : left, operator, token)
                        : common(context, first, second, left, right, operator, token),
                Space.NONE,
                false,
                false,
                left.literal() && right.literal());
    }

    private static Type vectorWith(Context context, Type.Vector vector, Value other, String operator, Token token) {
        if (other.type() instanceof Type.Scalar scalar) {
            requireScalar(context, vector.element(), scalar, other.literal(), token, operator + " a vector of");
        }
        return vector;
    }

    private static Type.Scalar common(
            Context context,
            Type.Scalar first,
            Type.Scalar second,
            Value left,
            Value right,
            String operator,
            Token token) {
        if (first == second) {
            return first.promoted();
        }
        if (first.compareTo(Type.Scalar.HALF) >= 0
                && second.compareTo(Type.Scalar.HALF) >= 0
                && first != Type.Scalar.FLOAT
                && second != Type.Scalar.FLOAT) {
            context.report(
                    Rule.CONVERSION, token.line(), first + " " + operator + " " + second + ": convert one to float");
            return Type.Scalar.FLOAT;
        }
        // A literal takes the other's type where that is a floating-point number.
        if (first.floating() && !second.floating()) {
            return first;
        }
        if (second.floating() && !first.floating()) {
            return second;
        }
        var a = first.promoted();
        var b = second.promoted();
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Value pointer(
            Context context, Value left, Value right, String operator, boolean comparison, Token token) {
        if (comparison || operator.equals("&&") || operator.equals("||")) {
            return Value.of(Type.Scalar.BOOL);
        }
        if (left.type() instanceof Type.Pointer && right.type() instanceof Type.Pointer) {
            if (operator.equals("?:")) {
                require(context, left.type(), right, token, "as the alternative to");
                return Value.of(left.type());
            }
            return Value.of(Type.Scalar.LONG);
        }
        var offset = left.type() instanceof Type.Pointer ? right : left;
        var scalar = Type.element(offset.type());
        if (scalar != null && scalar.floating()) {
            context.report(Rule.CONVERSION, token.line(), "a pointer " + operator + " " + offset.type());
        }
        return Value.of(left.type() instanceof Type.Pointer ? left.type() : right.type());
    }
}
