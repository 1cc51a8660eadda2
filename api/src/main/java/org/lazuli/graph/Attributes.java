package org.lazuli.graph;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;

/// Replaces the shapes in an instruction, whatever record it is.
final class Attributes {
    private static final ClassValue<Boolean> HOLDS_SHAPES = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            for (RecordComponent component : type.getRecordComponents()) {
                Class<?> part = component.getType();
                if (part == Shape.class
                        || part == List.class
                        || part.isRecord() && HOLDS_SHAPES.get(part)
                        || part.isSealed()) {
                    return true;
                }
            }
            return false;
        }
    };

    private Attributes() {}

    static Primitive map(Primitive primitive, UnaryOperator<Shape> change) {
        return (Primitive) mapRecord((Record) primitive, change);
    }

    private static Record mapRecord(Record value, UnaryOperator<Shape> change) {
        Class<?> type = value.getClass();
        if (!HOLDS_SHAPES.get(type)) {
            return value;
        }
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        boolean changed = false;
        try {
            for (int i = 0; i < values.length; i++) {
                Object before = components[i].getAccessor().invoke(value);
                values[i] = mapValue(before, change);
                changed |= values[i] != before;
            }
            return changed ? make(type, components, values) : value;
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    type.getSimpleName() + " refuses its attributes: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type + ": " + e.getMessage(), e);
        }
    }

    private static Record make(Class<?> type, RecordComponent[] components, Object... values)
            throws ReflectiveOperationException {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        return (Record) constructor.newInstance(values);
    }

    private static Object mapValue(Object value, UnaryOperator<Shape> change) {
        return switch (value) {
            case Shape shape -> change.apply(shape);
            case Primitive.Custom.Rule rule -> rule;
            case Record nested -> mapRecord(nested, change);
            case List<?> list -> {
                List<Object> mapped = new ArrayList<>();
                boolean changed = false;
                for (Object element : list) {
                    Object next = mapValue(element, change);
                    changed |= next != element;
                    mapped.add(next);
                }
                yield changed ? List.copyOf(mapped) : list;
            }
            default -> value;
        };
    }
}
