package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// The arguments of one call, by position and by name. It remembers which names were asked for, so that an option that the table
/// overlooks is noticed.
final class Call {
    private final String operation;
    private final List<Value> operands;
    private final Map<String, Value> keywords;
    private final List<Index> index;
    private final Set<String> used = new HashSet<>();

    Call(String operation, List<Value> operands, Map<String, Value> keywords, List<Index> index) {
        this.operation = operation;
        this.operands = operands;
        this.keywords = keywords;
        this.index = index;
    }

    /// A call with arguments by name only, all of them plain.
    static Call of(String operation, JsonObject arguments) {
        Map<String, Value> keywords = new LinkedHashMap<>();
        arguments.asMap().forEach((name, json) -> keywords.put(name, new Value.Attribute(json)));
        return new Call(operation, List.of(), keywords, List.of());
    }

    /// @throws IllegalStateException if no one asked for an argument that was given
    void checkAllUsed() {
        Set<String> unused = new HashSet<>(keywords.keySet());
        unused.removeAll(used);
        if (!unused.isEmpty()) {
            throw new IllegalStateException("the table overlooks " + unused + " of " + operation);
        }
    }

    String operation() {
        return operation;
    }

    /// The index of `getitem` and its likes.
    Index[] index() {
        return index.toArray(Index[]::new);
    }

    // ------------------------------------------------------------------------------------ by position

    int count() {
        return operands.size();
    }

    Value operand(int position) {
        return operands.get(position);
    }

    /// An operand as an array; a Python scalar becomes an array of its own dtype.
    Array array(int position) {
        return array(operands.get(position));
    }

    /// All operands, as arrays.
    List<Array> arrays() {
        return operands.stream().map(this::array).toList();
    }

    /// An operand that is a list of arrays.
    List<Array> list(int position) {
        Value value = operands.get(position);
        if (value instanceof Value.Many(List<Value> values)) {
            return values.stream().map(this::array).toList();
        }
        if (value instanceof Value.Attribute(JsonElement json)
                && json.isJsonArray()
                && json.getAsJsonArray().isEmpty()) {
            return List.of();
        }
        throw new IllegalStateException(operation + ": operand " + position + " is no list of arrays");
    }

    private Array array(Value value) {
        return switch (value) {
            case Value.One(Array array) -> array;
            case Value.Scalar(Object number) -> Ops.array(number);
            case Value.Attribute(JsonElement json) when Scalars.isInteger(json) -> Ops.array(json.getAsInt());
            case Value.Attribute(JsonElement json) when isNumber(json) -> Ops.array(json.getAsDouble());
            default -> throw new IllegalStateException(operation + ": " + value + " is no array");
        };
    }

    // ------------------------------------------------------------------------------------------- by name

    /// The names that are given, be it as None.
    Set<String> names() {
        return keywords.keySet();
    }

    /// True if the argument is given, and not as None.
    boolean has(String name) {
        return find(name).isPresent();
    }

    private Optional<Value> find(String name) {
        used.add(name);
        return Optional.ofNullable(keywords.get(name))
                .filter(value -> !(value instanceof Value.Attribute(JsonElement json) && json.isJsonNull()));
    }

    private Value get(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException(operation + ": no argument " + name));
    }

    Array array(String name) {
        return array(get(name));
    }

    Optional<Array> optional(String name) {
        return find(name).map(this::array);
    }

    /// True if the argument is a Python scalar or a plain number.
    boolean isNumber(String name) {
        return switch (get(name)) {
            case Value.Scalar(Object number) -> number instanceof Number;
            case Value.Attribute(JsonElement json) -> isNumber(json);
            default -> false;
        };
    }

    /// A Python scalar or a plain number, as an Integer, Long or Double.
    Number number(String name) {
        return switch (get(name)) {
            case Value.Scalar(Number number) -> number;
            case Value.Attribute(JsonElement json) when Scalars.isInteger(json) -> json.getAsInt();
            case Value.Attribute(JsonElement json) -> Scalars.number(json);
            default -> throw new IllegalStateException(operation + ": " + name + " is no number");
        };
    }

    Number number(String name, Number otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    double real(String name, double otherwise) {
        return number(name, otherwise).doubleValue();
    }

    boolean isScalar(String name) {
        return get(name) instanceof Value.Scalar;
    }

    /// A Python scalar that may also be a Boolean or a Complex.
    Object scalar(String name) {
        return get(name) instanceof Value.Scalar(Object number) ? number : number(name);
    }

    int integer(String name) {
        return number(name).intValue();
    }

    int integer(String name, int otherwise) {
        return has(name) ? integer(name) : otherwise;
    }

    boolean flag(String name, boolean otherwise) {
        return has(name) ? attribute(name).getAsBoolean() : otherwise;
    }

    String text(String name, String otherwise) {
        return has(name) ? attribute(name).getAsString() : otherwise;
    }

    /// One of the constants of an enum, by its name. A name that it lacks is refused, as the compiler would.
    <E extends Enum<E>> E option(String name, Class<E> type, E otherwise) {
        String text = text(name, otherwise.name()).toUpperCase(Locale.ROOT);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(operation + ": " + type.getSimpleName() + " has no constant " + text);
    }

    boolean isText(String name) {
        return get(name) instanceof Value.Attribute(JsonElement json)
                && json.isJsonPrimitive()
                && json.getAsJsonPrimitive().isString();
    }

    Optional<DType> dtype() {
        return find("dtype").map(value -> DType.named(attribute("dtype").getAsString()));
    }

    DType dtype(DType otherwise) {
        return dtype().orElse(otherwise);
    }

    /// An integer, or a list of integers.
    int[] integers(String name) {
        return integers(attribute(name));
    }

    static int[] integers(JsonElement json) {
        if (!json.isJsonArray()) {
            return new int[] {json.getAsInt()};
        }
        JsonArray array = json.getAsJsonArray();
        int[] result = new int[array.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = array.get(i).getAsInt();
        }
        return result;
    }

    boolean isList(String name) {
        return attribute(name).isJsonArray();
    }

    Shape shape() {
        return Shape.of(integers("shape"));
    }

    /// The axes that `axis` names, all if it is absent, with `keepdims` where it is set.
    Axes axes() {
        Axes axes = has("axis") ? Axes.of(integers("axis")) : Axes.all();
        return flag("keepdims", false) ? axes.keepDims() : axes;
    }

    Program function(String name) {
        if (get(name) instanceof Value.Function(Program program)) {
            return program;
        }
        throw new IllegalStateException(operation + ": " + name + " is no function");
    }

    JsonElement attribute(String name) {
        return switch (get(name)) {
            case Value.Attribute(JsonElement json) -> json;
            default -> throw new IllegalStateException(operation + ": " + name + " is no plain value");
        };
    }

    /// Text for messages about options that are not offered.
    Unmapped without(String name) {
        return new Unmapped(operation + "(" + name + ")");
    }

    private static boolean isNumber(JsonElement json) {
        return json.isJsonPrimitive() && json.getAsJsonPrimitive().isNumber();
    }
}
