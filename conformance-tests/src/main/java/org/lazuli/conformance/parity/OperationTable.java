package org.lazuli.conformance.parity;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;

/// What each of MLX's operations is called here: Python's name to a function that calls the public API and nothing else.
final class OperationTable {
    private static final Map<String, Function<Call, Value>> OPERATIONS = operations();

    private OperationTable() {}

    static boolean has(String operation) {
        return OPERATIONS.containsKey(operation);
    }

    /// Applies an operation.
    ///
    /// @throws Unmapped if the table does not have it, or not with one of the options
    static Value apply(Call call) {
        Function<Call, Value> function = OPERATIONS.get(call.operation());
        if (function == null) {
            throw new Unmapped(call.operation());
        }
        Value result = function.apply(call);
        call.checkAllUsed();
        return result;
    }

    private static Map<String, Function<Call, Value>> operations() {
        Builder builder = new Builder();
        ElementwiseOperations.addTo(builder);
        CreationOperations.addTo(builder);
        ReductionOperations.addTo(builder);
        ShapeOperations.addTo(builder);
        IndexingOperations.addTo(builder);
        ContractionOperations.addTo(builder);
        FourierOperations.addTo(builder);
        LinalgOperations.addTo(builder);
        RandomOperations.addTo(builder);
        FunctionOperations.addTo(builder);
        NnOperations.addTo(builder);
        FastOperations.addTo(builder);
        QuantizedOperations.addTo(builder);
        return Map.copyOf(builder.operations);
    }

    /// Collects the operations.
    static final class Builder {
        private final Map<String, Function<Call, Value>> operations = new HashMap<>();

        /// Adds an operation with one result.
        Builder one(String name, Function<Call, Array> function) {
            return value(name, call -> new Value.One(function.apply(call)));
        }

        /// Adds an operation with several results.
        Builder many(String name, Function<Call, List<Array>> function) {
            return value(name, call -> several(function.apply(call)));
        }

        Builder value(String name, Function<Call, Value> function) {
            if (operations.put(name, function) != null) {
                throw new IllegalStateException(name + " is in the table twice");
            }
            return this;
        }

        /// Adds an operation under a second name.
        Builder alias(String name, String of) {
            return value(name, Objects.requireNonNull(operations.get(of), of));
        }

        Builder unary(String name, UnaryOperator<Array> function) {
            return one(name, call -> function.apply(call.array(0)));
        }

        /// Adds an operation on two arrays that takes no numbers: a Python scalar becomes an array of the type that it takes next to the
        /// other operand.
        Builder binary(String name, BinaryOperator<Array> function) {
            return binary(
                    name,
                    function,
                    (a, number) -> function.apply(a, weak(number, a.dtype())),
                    (number, b) -> function.apply(weak(number, b.dtype()), b));
        }

        /// Adds an operation on two arrays, or an array and a number on either side.
        Builder binary(
                String name,
                BinaryOperator<Array> arrays,
                BiFunction<Array, Number, Array> number,
                BiFunction<Number, Array, Array> reversed) {
            return one(name, call -> {
                if (call.operand(1) instanceof Value.Scalar(Number right)) {
                    return number.apply(call.array(0), right);
                }
                if (call.operand(0) instanceof Value.Scalar(Number left)) {
                    return reversed.apply(left, call.array(1));
                }
                return arrays.apply(call.array(0), call.array(1));
            });
        }
    }

    static Value several(List<Array> arrays) {
        return new Value.Many(arrays.stream().<Value>map(Value.One::new).toList());
    }

    /// A number as an array of the type that it takes next to one of type `other`.
    static Array weak(Number number, DType other) {
        boolean integer = number instanceof Integer || number instanceof Long;
        if (integer ? other == DType.BOOL : !other.isInexact()) {
            return Ops.array(number);
        }
        return Ops.array(number, other);
    }
}
