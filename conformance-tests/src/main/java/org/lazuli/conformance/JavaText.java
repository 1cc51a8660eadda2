package org.lazuli.conformance;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;

/// Kernels, and what they are made of, as Java expressions. Types are named as they are after an import of `org.lazuli.spi.*`.
final class JavaText {
    private JavaText() {}

    static String of(Object value) {
        return switch (value) {
            case DType dtype -> "DType." + dtype.name();
            case Enum<?> constant -> name(constant.getDeclaringClass()) + "." + constant.name();
            case Ints ints ->
                "Ints.of("
                        + IntStream.range(0, ints.size())
                                .mapToObj(i -> Integer.toString(ints.get(i)))
                                .collect(Collectors.joining(", "))
                        + ")";
            case Shape shape ->
                "Shape.of("
                        + Arrays.stream(shape.toArray())
                                .mapToObj(Integer::toString)
                                .collect(Collectors.joining(", "))
                        + ")";
            case Long number -> number + "L";
            case Float number -> number + "f";
            case List<?> list -> "List.of(" + list.stream().map(JavaText::of).collect(Collectors.joining(", ")) + ")";
            case Record record -> record(record);
            default -> value.toString();
        };
    }

    private static String record(Record record) {
        return "new " + name(record.getClass()) + "("
                + Arrays.stream(record.getClass().getRecordComponents())
                        .map(component -> of(value(record, component)))
                        .collect(Collectors.joining(", "))
                + ")";
    }

    static Object value(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
    }
}
