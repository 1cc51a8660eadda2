package org.lazuli.conformance.names;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where each of MLX's names is found here, read from text:
///
/// ```
/// [mx]
/// abs = Array.abs
/// zeros = Ops.zeros : a note
/// from_dlpack - the reason why there is none
/// ```
record NameTable(Map<String, List<Entry>> modules) {
    /// The members are named from here.
    private static final String ROOT = "org.lazuli.";

    /// One of MLX's names.
    ///
    /// @param member the Java member, or empty if there is none
    /// @param note what else is to be said, or the reason why there is none
    record Entry(String name, String member, String note) {
        boolean isExcused() {
            return member.isEmpty();
        }

        /// The class and, for anything but a class, the name of the member in it.
        boolean exists() {
            if (find(ROOT + member) != null) {
                return true;
            }
            int dot = member.lastIndexOf('.');
            Class<?> owner = dot < 0 ? null : find(ROOT + member.substring(0, dot));
            return owner != null && hasMember(owner, member.substring(dot + 1));
        }

        private static boolean hasMember(Class<?> owner, String name) {
            for (var method : owner.getMethods()) {
                if (method.getName().equals(name) && method.getDeclaringClass() != Object.class) {
                    return true;
                }
            }
            for (var field : owner.getFields()) {
                if (field.getName().equals(name)) {
                    return true;
                }
            }
            return false;
        }

        /// The public class of this name, nested ones with a dot, or null.
        private static Class<?> find(String name) {
            for (String candidate = name; ; ) {
                try {
                    Class<?> found = Class.forName(candidate, false, NameTable.class.getClassLoader());
                    return java.lang.reflect.Modifier.isPublic(found.getModifiers()) ? found : null;
                } catch (ClassNotFoundException notThisOne) {
                    int dot = candidate.lastIndexOf('.');
                    if (dot < ROOT.length()) {
                        return null;
                    }
                    candidate = candidate.substring(0, dot) + '$' + candidate.substring(dot + 1);
                } catch (NoClassDefFoundError otherCase) {
                    // On a file system that ignores case, what was found is another class.
                    return null;
                }
            }
        }
    }

    static NameTable parse(List<String> lines) {
        Map<String, List<Entry>> modules = new LinkedHashMap<>();
        List<Entry> entries = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("[")) {
                entries = new ArrayList<>();
                modules.put(line.substring(1, line.length() - 1), entries);
            } else if (!line.isBlank()) {
                entries.add(entry(line));
            }
        }
        return new NameTable(modules);
    }

    private static Entry entry(String line) {
        int space = line.indexOf(' ');
        String name = line.substring(0, space);
        String rest = line.substring(space + 3);
        return switch (line.substring(space, space + 3)) {
            case " - " -> new Entry(name, "", rest);
            case " = " -> {
                int note = rest.indexOf(" : ");
                yield note < 0
                        ? new Entry(name, rest, "")
                        : new Entry(name, rest.substring(0, note), rest.substring(note + 3));
            }
            default -> throw new IllegalArgumentException("neither 'name = member' nor 'name - reason': " + line);
        };
    }

    /// The page of the documentation.
    String markdown() {
        long all = modules.values().stream().mapToLong(List::size).sum();
        long excused = modules.values().stream()
                .flatMap(List::stream)
                .filter(Entry::isExcused)
                .count();
        StringBuilder page = new StringBuilder("""
                # MLX's names

                Where to find what MLX offers in Python. Names are MLX's in camel case; an operation is a method of `Array` where there is a
                natural receiver, else a function of `Ops`. Arithmetic has short names (`add`, `sub`, `mul`, `div`, `pow`, `eq`, `lt`, …),
                since Java has no operators to overload; MLX's second names for one thing (`asin`, `concat`) lead to the one there is here.
                Members are named from the package `org.lazuli`.

                """)
                .append("Of ")
                .append(all)
                .append(" names, ")
                .append(all - excused)
                .append(" have a counterpart; for ")
                .append(excused)
                .append(
                        " there is a reason why not. A test checks that none is missing and that every member exists, and writes this"
                                + " page.\n");
        modules.forEach((module, entries) -> {
            page.append("\n## ").append(module).append("\n\n| MLX | here | |\n|---|---|---|\n");
            for (Entry entry : entries) {
                page.append("| `")
                        .append(entry.name())
                        .append(entry.isExcused() ? "` | none | " : "` | `" + entry.member() + "` | ")
                        .append(entry.note())
                        .append(" |\n");
            }
        });
        return page.toString();
    }
}
