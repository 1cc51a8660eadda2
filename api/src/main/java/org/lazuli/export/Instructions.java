package org.lazuli.export;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lazuli.Shape;
import org.lazuli.graph.OpenRecording;
import org.lazuli.graph.ReadSizes;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;

/// Instructions as bytes: the record's name, then each component with its name, the kind of its value and the value. It follows the records
/// themselves, so that a new instruction needs nothing here.
final class Instructions {
    /// By simple name, every instruction that can be in a file: a function's own rules are Java code, and cannot.
    private static final Map<String, Class<?>> PRIMITIVES = records(Primitive.class);

    private static final int INT = 1;
    private static final int LONG = 2;
    private static final int FLOAT = 3;
    private static final int DOUBLE = 4;
    private static final int BOOLEAN = 5;
    private static final int TEXT = 6;
    private static final int INTS = 7;
    private static final int SHAPE = 8;
    private static final int CONSTANT = 9;
    private static final int RECORD = 10;
    private static final int LIST = 11;

    /// A shape with open sizes, in a trace that has some.
    private static final int OPEN_SHAPE = 12;

    /// More than any instruction nests.
    private static final int MAX_DEPTH = 8;

    private Instructions() {}

    // ------------------------------------------------------------------------------------------------ writing

    static void write(Primitive primitive, ByteWriter out) throws IOException {
        record(primitive, out);
    }

    private static void record(Object value, ByteWriter out) throws IOException {
        Class<?> type = value.getClass();
        RecordComponent[] components = type.getRecordComponents();
        out.text(type.getSimpleName());
        out.u8(components.length);
        for (RecordComponent component : components) {
            out.text(component.getName());
            value(get(component, value), out);
        }
    }

    private static Object get(RecordComponent component, Object value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(component + ": " + e.getMessage(), e);
        }
    }

    private static void value(Object value, ByteWriter out) throws IOException {
        switch (value) {
            case Integer number -> {
                out.u8(INT);
                out.i32(number);
            }
            case Long number -> {
                out.u8(LONG);
                out.i64(number);
            }
            case Float number -> {
                out.u8(FLOAT);
                out.i32(Float.floatToRawIntBits(number));
            }
            case Double number -> {
                out.u8(DOUBLE);
                out.i64(Double.doubleToRawLongBits(number));
            }
            case Boolean flag -> {
                out.u8(BOOLEAN);
                out.u8(flag ? 1 : 0);
            }
            case String text -> {
                out.u8(TEXT);
                out.text(text);
            }
            case Ints ints -> {
                out.u8(INTS);
                out.ints(ints.toArray());
            }
            case Shape shape -> {
                int[] open = OpenRecording.numbers(shape);
                out.u8(open.length == 0 ? SHAPE : OPEN_SHAPE);
                out.ints(OpenRecording.example(shape));
                if (open.length > 0) {
                    out.ints(open);
                }
            }
            case Enum<?> constant -> {
                out.u8(CONSTANT);
                out.text(constant.name());
            }
            case List<?> list -> {
                out.u8(LIST);
                out.i32(list.size());
                for (Object element : list) {
                    value(element, out);
                }
            }
            case Record nested -> {
                out.u8(RECORD);
                record(nested, out);
            }
            default ->
                throw new IllegalArgumentException("exportFunction: an instruction holds a "
                        + value.getClass().getName() + ", which no file can hold");
        }
    }

    // ------------------------------------------------------------------------------------------------ reading

    static Primitive read(ByteReader in) throws Malformed {
        return (Primitive) record(PRIMITIVES, in, 0);
    }

    private static Object record(Map<String, Class<?>> known, ByteReader in, int depth) throws Malformed {
        String name = in.text("an instruction's name");
        Class<?> type = known.get(name);
        if (type == null) {
            throw new Malformed("it has an instruction '" + name + "', which this version does not know");
        }
        RecordComponent[] components = type.getRecordComponents();
        int count = in.u8("an instruction");
        if (count != components.length) {
            throw new Malformed("its instruction '" + name + "' has " + count + " attributes, in this version "
                    + components.length);
        }
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            String found = in.text("an attribute's name");
            if (!found.equals(components[i].getName())) {
                throw new Malformed("its instruction '" + name + "' has an attribute '" + found
                        + "', where this version has '" + components[i].getName() + "'");
            }
            values[i] = value(components[i].getGenericType(), name + "." + found, in, depth);
        }
        return make(type, components, values);
    }

    private static Object make(Class<?> type, RecordComponent[] components, Object... values) throws Malformed {
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new Malformed(
                    "its instruction '" + type.getSimpleName() + "' is refused: "
                            + e.getTargetException().getMessage(),
                    e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type + ": " + e.getMessage(), e);
        }
    }

    private static Object value(Type generic, String what, ByteReader in, int depth) throws Malformed {
        Class<?> type = rawType(generic);
        int kind = kindOf(type);
        int found = in.u8(what);
        ReadSizes sizes = in.sizes();
        if (found == OPEN_SHAPE && kind == SHAPE && sizes != null) {
            return shape(in, what, sizes);
        }
        if (found != kind || depth > MAX_DEPTH) {
            throw new Malformed(what + " is a value of kind " + found + ", not of kind " + kind);
        }
        return switch (kind) {
            case INT -> in.i32(what);
            case LONG -> in.i64(what);
            case FLOAT -> Float.intBitsToFloat(in.i32(what));
            case DOUBLE -> Double.longBitsToDouble(in.i64(what));
            case BOOLEAN -> flag(what, in);
            case TEXT -> in.text(what);
            case INTS -> Ints.of(in.ints(what));
            case SHAPE -> shape(in, what);
            case CONSTANT -> constant(type, in.text(what), what);
            case LIST -> list(generic, what, in, depth);
            default -> record(records(type), in, depth + 1);
        };
    }

    private static List<Object> list(Type generic, String what, ByteReader in, int depth) throws Malformed {
        Type element = ((ParameterizedType) generic).getActualTypeArguments()[0];
        int count = in.count(2, "elements of " + what);
        List<Object> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            result.add(value(element, what, in, depth + 1));
        }
        return List.copyOf(result);
    }

    private static boolean flag(String what, ByteReader in) throws Malformed {
        int flag = in.u8(what);
        if (flag > 1) {
            throw new Malformed(what + " is " + flag + ", neither true nor false");
        }
        return flag == 1;
    }

    static Shape shape(ByteReader in, String what) throws Malformed {
        try {
            return Shape.of(in.ints(what));
        } catch (IllegalArgumentException e) {
            throw new Malformed(what + " is no shape: " + e.getMessage(), e);
        }
    }

    private static Shape shape(ByteReader in, String what, ReadSizes sizes) throws Malformed {
        try {
            return sizes.shape(in.ints(what), in.ints(what));
        } catch (IllegalArgumentException e) {
            throw new Malformed(what + " is no shape: " + e.getMessage(), e);
        }
    }

    private static Object constant(Class<?> type, String name, String what) throws Malformed {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new Malformed(what + " is '" + name + "', which this version does not know");
    }

    // -------------------------------------------------------------------------------------------------- types

    private static Class<?> rawType(Type type) {
        return type instanceof ParameterizedType parameterized
                ? (Class<?>) parameterized.getRawType()
                : (Class<?>) type;
    }

    private static int kindOf(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return INT;
        } else if (type == long.class || type == Long.class) {
            return LONG;
        } else if (type == float.class || type == Float.class) {
            return FLOAT;
        } else if (type == double.class || type == Double.class) {
            return DOUBLE;
        } else if (type == boolean.class || type == Boolean.class) {
            return BOOLEAN;
        } else if (type == String.class) {
            return TEXT;
        } else if (type == Ints.class) {
            return INTS;
        } else if (type == Shape.class) {
            return SHAPE;
        } else if (type.isEnum()) {
            return CONSTANT;
        } else if (type == List.class) {
            return LIST;
        } else {
            return RECORD;
        }
    }

    /// The records of a sealed type, or the record itself, by simple name, except those that hold Java code.
    private static Map<String, Class<?>> records(Class<?> type) {
        Map<String, Class<?>> found = new TreeMap<>();
        collect(type, found);
        return found;
    }

    private static void collect(Class<?> type, Map<String, Class<?>> found) {
        Class<?> @Nullable [] permitted = type.getPermittedSubclasses();
        if (type.isRecord()) {
            // A record may be reached more than once, being of several kinds.
            Class<?> other = type == Primitive.Custom.class ? null : found.put(type.getSimpleName(), type);
            if (other != null && other != type) {
                throw new AssertionError("two records are called " + type.getSimpleName());
            }
        } else if (permitted != null) {
            for (Class<?> subclass : permitted) {
                collect(subclass, found);
            }
        }
    }
}
