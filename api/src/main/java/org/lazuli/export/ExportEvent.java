package org.lazuli.export;

import java.util.List;
import java.util.Map;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;

/// A part of an exported function, for code that writes it in a format of its own. They come in the order: arguments, constants, the instructions
/// with operands before their users, results.
///
/// Values have names that are unique within the function.
public sealed interface ExportEvent {
    /// A value in the graph.
    record Value(String name, DType dtype, Shape shape) {}

    /// The arguments: those by position, then those by name.
    record Arguments(List<Value> positional, Map<String, Value> named) implements ExportEvent {}

    /// The arrays that the function takes from outside.
    record Constants(Map<Value, Array> arrays) implements ExportEvent {}

    /// One instruction.
    ///
    /// @param name the instruction's, such as `Add` or `MatMul`
    /// @param attributes what it holds besides, such as `axes`
    /// @param outputs one value, except for instructions with several results
    record Instruction(String name, Map<String, Object> attributes, List<Value> inputs, List<Value> outputs)
            implements ExportEvent {}

    /// The results.
    record Results(List<Value> values) implements ExportEvent {}
}
