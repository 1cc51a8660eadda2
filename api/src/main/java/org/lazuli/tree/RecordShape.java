package org.lazuli.tree;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How to take a record apart and put it together again.
final class RecordShape {
    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            return new RecordShape(type);
        }
    };

    private final Method[] accessors;
    private final Constructor<?> constructor;

    private RecordShape(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        accessors = new Method[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            accessors[i] = components[i].getAccessor();
            types[i] = components[i].getType();
        }
        try {
            constructor = type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException impossible) {
            throw new LinkageError(impossible.getMessage(), impossible);
        }
        open(type, constructor);
        for (Method accessor : accessors) {
            open(type, accessor);
        }
    }

    static RecordShape of(Record value) {
        return SHAPES.get(value.getClass());
    }

    private static void open(Class<?> type, AccessibleObject member) {
        if (!member.trySetAccessible()) {
            throw new IllegalArgumentException("structure: record " + type.getName() + " is not accessible: add"
                    + " `opens " + type.getPackageName() + " to org.lazuli;` to the module-info.java of "
                    + type.getModule().getName());
        }
    }

    List<@Nullable Object> components(Record value) {
        List<@Nullable Object> result = new ArrayList<>(accessors.length);
        for (Method accessor : accessors) {
            result.add(call(() -> accessor.invoke(value)));
        }
        return result;
    }

    Object construct(List<? extends @Nullable Object> components) {
        Object result = call(() -> constructor.newInstance(components.toArray()));
        if (result == null) {
            throw new AssertionError("a constructor gave null");
        }
        return result;
    }

    private interface Reflective {
        @Nullable
        Object call() throws ReflectiveOperationException;
    }

    /// Calls a member; what it throws itself is passed on as it is.
    private static @Nullable Object call(Reflective member) {
        try {
            return member.call();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError(impossible.getMessage(), impossible);
        }
    }
}
