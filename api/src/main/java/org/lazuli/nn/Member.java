package org.lazuli.nn;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;

/// A public field of a module that may hold arrays or modules.
///
/// @param name its name in paths
record Member(String name, Field field) {
    private static final ClassValue<SequencedMap<String, Member>> MEMBERS = new ClassValue<>() {
        @Override
        protected SequencedMap<String, Member> computeValue(Class<?> type) {
            return find(type);
        }
    };

    /// The members of a class by name: those of its superclasses first, then in the order of declaration.
    ///
    /// @throws IllegalStateException if a parameter is final, or the class is not open to this library
    static SequencedMap<String, Member> of(Module module) {
        return MEMBERS.get(module.getClass());
    }

    private static SequencedMap<String, Member> find(Class<?> type) {
        List<Class<?>> lineage = new ArrayList<>();
        for (Class<?> c = type; c != null && c != Module.class; c = c.getSuperclass()) {
            lineage.addFirst(c);
        }
        SequencedMap<String, Member> members = new LinkedHashMap<>();
        for (Class<?> c : lineage) {
            for (Field field : c.getDeclaredFields()) {
                if (isMember(field)) {
                    Member member = new Member(MemberNames.path(field.getName()), field);
                    member.check();
                    Member other = members.put(member.name, member);
                    if (other != null) {
                        throw new IllegalStateException("module " + type.getName() + ": the fields " + other.describe()
                                + " and " + member.describe() + " are both called " + member.name + ": rename one");
                    }
                }
            }
        }
        return ordered(members, type.getAnnotation(MemberOrder.class));
    }

    private static SequencedMap<String, Member> ordered(
            SequencedMap<String, Member> members, @Nullable MemberOrder order) {
        if (order == null || order.value().length != members.size()) {
            return members;
        }
        SequencedMap<String, Member> result = new LinkedHashMap<>();
        for (String name : order.value()) {
            Member member = members.get(name);
            if (member != null) {
                result.put(name, member);
            }
        }
        return result;
    }

    private static boolean isMember(Field field) {
        Class<?> type = field.getType();
        boolean canHold = !type.isPrimitive() && type != String.class && !Number.class.isAssignableFrom(type);
        return canHold && Modifier.isPublic(field.getModifiers()) && !Modifier.isStatic(field.getModifiers());
    }

    private void check() {
        Class<?> type = field.getType();
        Class<?> element = type.getComponentType();
        if (element != null && (element == Array.class || Module.class.isAssignableFrom(element))) {
            throw new IllegalStateException("module " + owner() + ": " + element.getSimpleName() + "[] "
                    + field.getName() + " would not be seen: write `public List<" + element.getSimpleName() + "> "
                    + field.getName() + ";`");
        }
        if (isArray() && isFinal() && !isPrivate()) {
            throw new IllegalStateException("module " + owner() + ": the parameter " + field.getName()
                    + " is final, but training replaces it: write `public Array " + field.getName() + ";`");
        }
        if (!field.trySetAccessible()) {
            String packageName = field.getDeclaringClass().getPackageName();
            throw new IllegalStateException("module " + owner() + ": its fields are not accessible: write `opens "
                    + packageName + " to org.lazuli;` in the module-info.java of "
                    + field.getDeclaringClass().getModule().getName());
        }
    }

    boolean isArray() {
        return field.getType() == Array.class;
    }

    boolean isFinal() {
        return Modifier.isFinal(field.getModifiers());
    }

    /// Whether the name keeps what is below out of the parameters.
    boolean isPrivate() {
        return name.startsWith("_");
    }

    private String owner() {
        return field.getDeclaringClass().getName();
    }

    private String describe() {
        return field.getDeclaringClass().getSimpleName() + "." + field.getName();
    }

    /// The value, if it is one that modules look into.
    @Nullable
    Object get(Module module) {
        Object value;
        try {
            value = field.get(module);
        } catch (IllegalAccessException impossible) {
            throw new LinkageError("a field that was made accessible is not", impossible);
        }
        boolean container = value instanceof Module || value instanceof List || value instanceof Map;
        return isArray() || container ? value : null;
    }

    /// @throws IllegalStateException if the field is final
    /// @throws IllegalArgumentException if it is declared to hold something else
    void set(Module module, Object value) {
        checkReplaceable(value);
        try {
            field.set(module, value);
        } catch (IllegalAccessException impossible) {
            throw new LinkageError("a field that was made accessible is not", impossible);
        }
    }

    /// Checks that [#set] will succeed.
    void checkReplaceable(Object value) {
        if (isFinal()) {
            throw new IllegalStateException("module " + owner() + ": " + field.getName()
                    + " is final and cannot be replaced: write `public "
                    + field.getType().getSimpleName() + " "
                    + field.getName() + ";`");
        }
        checkType(value, field.getType());
    }

    /// Checks that an element fits what a list or map is declared to hold.
    void checkElement(Object element) {
        Type type = field.getGenericType();
        while (type instanceof ParameterizedType generic) {
            type = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
        }
        if (type instanceof Class<?> declared && field.getGenericType() instanceof ParameterizedType) {
            checkType(element, declared);
        }
    }

    private void checkType(Object value, Class<?> declared) {
        if (!declared.isInstance(value)) {
            throw new IllegalArgumentException("module " + owner() + ": " + field.getName() + " is declared to hold "
                    + declared.getSimpleName() + ", not " + value.getClass().getSimpleName()
                    + ": declare it with a type that both have");
        }
    }
}
