package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import java.util.List;
import org.lazuli.Array;

/// An argument of an operation, its references looked up.
sealed interface Value {

    record One(Array array) implements Value {}

    /// A list of arrays, or the several results of a step.
    record Many(List<Value> values) implements Value {}

    /// A Python scalar: an Integer, Long, Double, Boolean or Complex.
    record Scalar(Object number) implements Value {}

    /// A function.
    record Function(Program program) implements Value {}

    /// Anything else: axes, shapes, flags, names, and null for Python's None.
    record Attribute(JsonElement json) implements Value {}
}
