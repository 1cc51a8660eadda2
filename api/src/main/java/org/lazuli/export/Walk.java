package org.lazuli.export;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.export.ExportEvent.Value;
import org.lazuli.graph.Recording;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Tells a trace part by part.
final class Walk {
    private final Trace trace;

    /// The values at each position: one, except for instructions with several results.
    private final List<List<Value>> values = new ArrayList<>();

    private int names;

    private Walk(Trace trace) {
        this.trace = trace;
    }

    static void of(Trace trace, Consumer<ExportEvent> events) {
        new Walk(trace).run(events);
    }

    private void run(Consumer<ExportEvent> events) {
        Recording recording = trace.recording();
        List<Value> positional = new ArrayList<>();
        Map<String, Value> named = new LinkedHashMap<>();
        for (int i = 0; i < recording.arguments().size(); i++) {
            Value value = next(recording.arguments().get(i));
            String name = trace.names().get(i);
            if (name.isEmpty()) {
                positional.add(value);
            } else {
                named.put(name, value);
            }
        }
        events.accept(new ExportEvent.Arguments(positional, named));
        Map<Value, Array> constants = new LinkedHashMap<>();
        for (Array array : recording.captured()) {
            constants.put(next(new TensorSpec(array.dtype(), array.shape())), array);
        }
        events.accept(new ExportEvent.Constants(constants));
        for (Recording.Instruction instruction : recording.instructions()) {
            instruction(instruction, events);
        }
        events.accept(new ExportEvent.Results(Arrays.stream(recording.outputs())
                .mapToObj(position -> values.get(position).get(0))
                .toList()));
    }

    private void instruction(Recording.Instruction instruction, Consumer<ExportEvent> events) {
        if (instruction.primitive() instanceof Primitive.Element element) {
            values.add(List.of(values.get(instruction.inputs()[0]).get(element.index())));
            return;
        }
        List<Value> inputs = Arrays.stream(instruction.inputs())
                .mapToObj(position -> values.get(position).get(0))
                .toList();
        List<Value> outputs = new ArrayList<>();
        for (TensorSpec spec : instruction.specs()) {
            outputs.add(value(spec));
        }
        values.add(outputs);
        events.accept(new ExportEvent.Instruction(
                name(instruction.primitive()), attributes(instruction.primitive()), inputs, outputs));
    }

    private Value next(TensorSpec spec) {
        Value value = value(spec);
        values.add(List.of(value));
        return value;
    }

    private Value value(TensorSpec spec) {
        return new Value(letters(names++), spec.dtype(), spec.shape());
    }

    /// A, B, …, Z, AA, AB, …
    static String letters(int number) {
        String last = String.valueOf((char) ('A' + number % 26));
        return number < 26 ? last : letters(number / 26 - 1) + last;
    }

    /// An instruction's name: of its operation if it has one, such as `Add`, else of its record.
    static String name(Primitive primitive) {
        for (RecordComponent component : primitive.getClass().getRecordComponents()) {
            if (isOperation(component)) {
                String name = camel(String.valueOf(get(component, primitive)));
                return switch (primitive) {
                    case Primitive.Unary _, Primitive.Binary _ -> name;
                    default -> primitive.getClass().getSimpleName() + name;
                };
            }
        }
        return primitive instanceof Primitive.Fallback call
                ? call.kernel().getClass().getSimpleName()
                : primitive.getClass().getSimpleName();
    }

    /// What an instruction holds besides its operation, by name.
    static Map<String, Object> attributes(Record instruction) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        for (RecordComponent component : instruction.getClass().getRecordComponents()) {
            if (!isOperation(component)) {
                attributes.put(component.getName(), get(component, instruction));
            }
        }
        return attributes;
    }

    static Map<String, Object> attributes(Primitive primitive) {
        return attributes((Record) primitive);
    }

    private static boolean isOperation(RecordComponent component) {
        return component.getType().isEnum() && component.getType() != DType.class;
    }

    private static Object get(RecordComponent component, Object value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(component + ": " + e.getMessage(), e);
        }
    }

    /// `FLOOR_DIVIDE` as `FloorDivide`.
    private static String camel(String constant) {
        StringBuilder result = new StringBuilder();
        for (String word : constant.split("_", -1)) {
            result.append(word, 0, Math.min(1, word.length()))
                    .append(word.substring(Math.min(1, word.length())).toLowerCase(Locale.ROOT));
        }
        return result.toString();
    }
}
