package org.lazuli.metal.abi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Apple's declarations, from the tables among the resources.
final class Declarations {
    /// A method: how its result and its arguments are passed, and whether the caller owns the result.
    record Method(
            String type, boolean ofClass, String selector, String result, List<String> arguments, boolean retained) {
        /// The shape of the call in the letters of the bindings: the result, and the arguments behind an underscore.
        String shape() {
            var letters = new StringBuilder(letter(result));
            if (!arguments.isEmpty()) {
                letters.append('_');
                arguments.forEach(x -> letters.append(letter(x)));
            }
            return letters.toString();
        }

        private static String letter(String abi) {
            return switch (abi) {
                case "id", "ptr", "block", "?SEL" -> "p";
                case "u64", "i64" -> "u";
                case "u32", "i32" -> "i";
                case "u8", "i8" -> "c";
                case "bool" -> "b";
                case "f64" -> "d";
                case "void" -> "v";
                case "struct:MTLSize" -> "z";
                case "struct:NSRange" -> "r";
                // Others are never sent: no shape of the bindings has this letter.
                default -> "?";
            };
        }
    }

    /// A constant of an enumeration.
    record Constant(String type, String name, long value) {}

    private Declarations() {}

    static List<Method> methods() {
        return rows("selectors.tsv").stream()
                .map(row -> new Method(
                        row[0],
                        row[1].equals("+"),
                        row[2],
                        row[5],
                        row[6].isEmpty() ? List.of() : List.of(row[6].split(",")),
                        row[9].equals("retained")))
                .toList();
    }

    static List<Constant> constants() {
        return rows("enums.tsv").stream()
                // Two values are not known.
                .filter(row -> !row[2].equals("?"))
                .map(row -> new Constant(row[0], row[1], Long.decode(row[2])))
                .toList();
    }

    private static List<String[]> rows(String resource) {
        try (var in = Declarations.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> Arrays.stream(line.split("\t", -1))
                            .map(String::strip)
                            .toArray(String[]::new))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
