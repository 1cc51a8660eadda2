package org.lazuli.metal.lint;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks the arguments of calls: of functions of the text by their parameters, of functions of the library by the
/// signature that the allow-list gives.
final class Calls {
    private static final String SECTION_ATOMIC = " (6.15.4 Atomic Functions)";

    private final Context context;

    Calls(Context context) {
        this.context = context;
    }

    /// `float4(...)`, `half(x)`, `S(...)`.
    Type constructed(Type type, List<Value> arguments, Token token) {
        if (type instanceof Type.Vector vector && arguments.stream().allMatch(x -> Type.element(x.type()) != null)) {
            var count = arguments.stream().mapToInt(x -> Type.size(x.type())).sum();
            if (count != vector.size() && !(arguments.size() == 1 && count == 1)) {
                context.report(
                        Rule.CONVERSION,
                        token.line(),
                        type + " from " + count + " components (2.2.2 Vector Constructors)");
            }
        }
        if (type instanceof Type.Scalar scalar && arguments.size() == 1) {
            var from = arguments.getFirst().decayed().type();
            if (from instanceof Type.Vector || from instanceof Type.Pointer) {
                context.report(Rule.CONVERSION, token.line(), scalar + " from a " + from);
            }
        }
        return type;
    }

    /// A call of a function of the text, which goes into the graph of calls.
    Value own(String name, List<Value> arguments, Token token) {
        var candidates = context.functions.get(name);
        var fitting = candidates.stream()
                .filter(x -> x.parameters().size() == arguments.size())
                .toList();
        if (fitting.isEmpty()) {
            context.report(
                    Rule.CONVERSION, token.line(), name + " has no form with " + arguments.size() + " arguments");
            return Value.UNKNOWN;
        }
        var exact = fitting.stream().filter(x -> matches(x, arguments)).findFirst();
        if (exact.isEmpty() && fitting.size() > 1) {
            return Value.UNKNOWN;
        }
        var function = exact.orElse(fitting.getFirst());
        if (context.current != null) {
            context.current.calls().add(function);
        }
        if (function.kernel()) {
            context.report(Rule.KERNEL_CALL, token.line(), name + " is a kernel and cannot be called (5.1.3)");
        }
        if (!function.template()) {
            for (var i = 0; i < arguments.size(); i++) {
                argument(function, i, arguments.get(i), token);
            }
        }
        return Value.of(function.template() ? Type.UNKNOWN : function.result());
    }

    private static boolean matches(Context.Function function, List<Value> arguments) {
        for (var i = 0; i < arguments.size(); i++) {
            var parameter = function.parameters().get(i).value().decayed().type();
            var argument = arguments.get(i).decayed().type();
            if (!Type.known(argument) || !parameter.equals(argument)) {
                return false;
            }
        }
        return true;
    }

    private void argument(Context.Function function, int index, Value value, Token token) {
        var parameter = function.parameters().get(index);
        var how = "passed for " + parameter.name() + " of " + function.name() + ", which is";
        if (parameter.reference()) {
            var space = parameter.value().space();
            if (value.place() && value.space() != Space.NONE && space != Space.NONE && value.space() != space) {
                context.report(
                        Rule.ADDRESS_SPACE,
                        token.line(),
                        "a value in " + value.space() + " memory " + how + " a reference to " + space + " memory");
            }
            if (value.place() && value.readOnly() && !parameter.value().readOnly()) {
                context.report(Rule.READ_ONLY, token.line(), "a const value " + how + " a reference that may write");
            }
            return;
        }
        Conversions.require(context, parameter.value().decayed().type(), value, token, how);
    }

    /// A call of a function of the library.
    Value library(AllowList.Entry function, List<Object> explicit, List<Value> arguments, Token token) {
        var name = function.name();
        if (function.use().equals("*")) {
            return special(name, explicit, arguments, token);
        }
        var open = function.use().indexOf('(');
        var result = function.use().substring(0, open);
        var list = function.use().substring(open + 1, function.use().length() - 1);
        var letters = list.isEmpty() ? new String[0] : list.split(",");
        if (letters.length != arguments.size()) {
            context.report(
                    Rule.CONVERSION,
                    token.line(),
                    name + " takes " + letters.length + " arguments, not " + arguments.size() + section(function));
            return Value.UNKNOWN;
        }
        Map<String, Value> bound = new HashMap<>();
        for (var i = 0; i < letters.length; i++) {
            argument(function, letters[i], arguments.get(i).decayed(), bound, token);
        }
        var of = arguments.isEmpty() ? Type.UNKNOWN : arguments.getFirst().type();
        return Value.of(
                switch (result) {
                    case "b" -> Type.Scalar.BOOL;
                    case "B" -> Type.known(of) ? Type.like(of, Type.Scalar.BOOL) : Type.UNKNOWN;
                    case "e" -> Type.element(of) == null ? Type.UNKNOWN : Type.element(of);
                    default -> bound.containsKey(result) ? bound.get(result).type() : of;
                });
    }

    private void argument(AllowList.Entry function, String letter, Value value, Map<String, Value> bound, Token token) {
        var type = value.type();
        if (!Type.known(type)) {
            bound.putIfAbsent(letter, value);
            return;
        }
        var scalar = Type.element(type);
        var fits = scalar != null
                && switch (letter) {
                    case "F" -> scalar == Type.Scalar.HALF || scalar == Type.Scalar.FLOAT;
                    case "G" -> scalar == Type.Scalar.FLOAT;
                    case "I" -> scalar.integer();
                    case "A" -> scalar.integer() || scalar == Type.Scalar.HALF || scalar == Type.Scalar.FLOAT;
                    case "S" ->
                        scalar.integer() && !scalar.wide() || scalar == Type.Scalar.HALF || scalar == Type.Scalar.FLOAT;
                    case "B" -> scalar == Type.Scalar.BOOL;
                    case "b" -> type instanceof Type.Scalar;
                    case "u" -> type instanceof Type.Scalar && (scalar.integer() || scalar == Type.Scalar.BOOL);
                    default -> throw new IllegalStateException("msl-allowed.tsv: " + function);
                };
        if (!fits) {
            context.report(
                    Rule.CONVERSION, token.line(), function.name() + " is not defined for " + type + section(function));
            return;
        }
        var earlier = bound.putIfAbsent(letter, value);
        if ("FGIAS".contains(letter)
                && earlier != null
                && Type.known(earlier.type())
                && !earlier.type().equals(type)) {
            context.report(
                    Rule.CONVERSION,
                    token.line(),
                    function.name() + " of " + earlier.type() + " and " + type + " is ambiguous: convert one of them"
                            + section(function));
        }
    }

    private static String section(AllowList.Entry function) {
        return " (" + function.section() + ")";
    }

    private Value special(String name, List<Object> explicit, List<Value> arguments, Token token) {
        if (name.startsWith("atomic_")) {
            return atomic(name, arguments, token);
        }
        var first = arguments.isEmpty() ? Type.UNKNOWN : arguments.getFirst().type();
        return switch (name) {
            case "as_type" -> reinterpreted(explicit, first, token);
            case "select" -> selected(arguments, token);
            case "ldexp", "frexp", "modf", "sincos" -> Value.of(first);
            case "ilogb" -> Value.of(Type.known(first) ? Type.like(first, Type.Scalar.INT) : Type.UNKNOWN);
            case "make_filled_simdgroup_matrix" ->
                Value.of(new Type.SimdMatrix(
                        !explicit.isEmpty() && explicit.getFirst() instanceof Type type ? type : Type.UNKNOWN));
            case "threadgroup_barrier", "simdgroup_barrier" -> {
                if (arguments.size() != 1 || !first.equals(new Type.Named("mem_flags"))) {
                    context.report(Rule.CONVERSION, token.line(), name + " takes one mem_flags (6.9.1)");
                }
                yield Value.of(Type.Scalar.VOID);
            }
            case "simd_ballot" -> Value.of(new Type.Named("simd_vote"));
            case "simdgroup_load", "simdgroup_store" -> moved(name, arguments, token);
            default -> Value.of(Type.Scalar.VOID);
        };
    }

    private Value moved(String name, List<Value> arguments, Token token) {
        if (arguments.size() >= 2
                && arguments.get(0).type() instanceof Type.SimdMatrix matrix
                && Type.known(matrix)
                && arguments.get(1).decayed().type() instanceof Type.Pointer pointer
                && Type.known(pointer)) {
            if (!pointer.target().equals(matrix.element())) {
                context.report(
                        Rule.CONVERSION,
                        token.line(),
                        name + " between elements of type " + matrix.element() + " and " + pointer.target() + " (6.7)");
            }
            if (pointer.space() == Space.THREAD || pointer.space() == Space.CONSTANT) {
                context.report(Rule.ADDRESS_SPACE, token.line(), name + " with " + pointer.space() + " memory (6.7)");
            }
        }
        return Value.of(Type.Scalar.VOID);
    }

    private Value selected(List<Value> arguments, Token token) {
        if (arguments.size() != 3) {
            context.report(Rule.CONVERSION, token.line(), "select takes 3 arguments (6.4 Relational Functions)");
            return Value.UNKNOWN;
        }
        var a = arguments.get(0).type();
        var b = arguments.get(1).type();
        var condition = arguments.get(2).type();
        if (Type.known(a) && Type.known(b) && !a.equals(b)) {
            context.report(
                    Rule.CONVERSION,
                    token.line(),
                    "select of " + a + " and " + b + " is ambiguous: convert one of them (6.4 Relational Functions)");
        } else if (Type.known(a) && Type.known(condition) && !condition.equals(Type.like(a, Type.Scalar.BOOL))) {
            context.report(
                    Rule.CONVERSION,
                    token.line(),
                    "select of " + a + " by a " + condition + ": it takes a " + Type.like(a, Type.Scalar.BOOL)
                            + " (6.4 Relational Functions)");
        }
        return Value.of(Type.known(a) ? a : b);
    }

    private Value reinterpreted(List<Object> explicit, Type from, Token token) {
        if (explicit.isEmpty() || !(explicit.getFirst() instanceof Type to)) {
            return Value.UNKNOWN;
        }
        if (Type.known(to) && Type.known(from) && bytes(to) != bytes(from) && bytes(to) > 0 && bytes(from) > 0) {
            context.report(
                    Rule.CONVERSION,
                    token.line(),
                    "as_type<" + to + "> of a " + from
                            + ", which has another size (2.19 Type Conversions and Re-interpreting" + " Data)");
        }
        return Value.of(to);
    }

    private static int bytes(Type type) {
        var scalar = Type.element(type);
        if (scalar == null) {
            return 0;
        }
        var one = switch (scalar) {
            case VOID, BOOL -> 0;
            case CHAR, UCHAR -> 1;
            case SHORT, USHORT, HALF, BFLOAT -> 2;
            case INT, UINT, FLOAT -> 4;
            case LONG, ULONG -> 8;
        };
        return one * (Type.size(type) == 3 ? 4 : Type.size(type));
    }

    private Value atomic(String name, List<Value> arguments, Token token) {
        if (arguments.isEmpty()) {
            context.report(Rule.ATOMIC, token.line(), name + " without arguments" + SECTION_ATOMIC);
            return Value.UNKNOWN;
        }
        var last = arguments.getLast().type();
        if (!last.equals(new Type.Named("memory_order"))) {
            context.report(Rule.ATOMIC, token.line(), name + " without a memory_order" + SECTION_ATOMIC);
        }
        var target = arguments.getFirst().decayed().type();
        if (!Type.known(target)) {
            return Value.UNKNOWN;
        }
        if (!(target instanceof Type.Pointer pointer) || !(pointer.target() instanceof Type.Atomic atomic)) {
            context.report(
                    Rule.ATOMIC, token.line(), name + " on a " + target + ", which is not atomic" + SECTION_ATOMIC);
            return Value.UNKNOWN;
        }
        if (pointer.space() != Space.DEVICE && pointer.space() != Space.THREADGROUP) {
            context.report(Rule.ATOMIC, token.line(), name + " in " + pointer.space() + " memory" + SECTION_ATOMIC);
        }
        var integer = Set.of(Type.Scalar.INT, Type.Scalar.UINT);
        var bitwise = Set.of(
                "atomic_fetch_and_explicit",
                "atomic_fetch_or_explicit",
                "atomic_fetch_xor_explicit",
                "atomic_fetch_max_explicit",
                "atomic_fetch_min_explicit");
        if (!integer.contains(atomic.value())
                && (atomic.value() != Type.Scalar.FLOAT || bitwise.contains(name) || pointer.space() != Space.DEVICE)) {
            context.report(
                    Rule.ATOMIC,
                    token.line(),
                    name + " on " + pointer.space() + " memory of type " + atomic.value()
                            + ": Metal has int and uint, and in device memory float without min, max and bits"
                            + SECTION_ATOMIC);
        }
        return Value.of(
                name.equals("atomic_store_explicit")
                        ? Type.Scalar.VOID
                        : name.startsWith("atomic_compare") ? Type.Scalar.BOOL : atomic.value());
    }
}
