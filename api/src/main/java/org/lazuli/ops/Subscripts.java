package org.lazuli.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lazuli.Array;
import org.lazuli.Shape;

/// The subscripts of an einsum, read and checked against its operands.
///
/// Indices are numbered from 0, those that an ellipsis stands for among them, so that a set of them is the bits of a `long`.
///
/// @param inputs for each operand the index of each axis
/// @param output the index of each axis of the result
/// @param sizes the size of each index
record Subscripts(List<int[]> inputs, int[] output, int[] sizes) {
    /// What an ellipsis stands for is named by its distance from the right end, beyond all letters.
    private static final int ELLIPSIS = 1 << 16;

    static Subscripts of(String text, List<Array> operands, String name) {
        if (operands.isEmpty()) {
            throw new IllegalArgumentException(name + ": needs at least one operand");
        }
        String plain = text.replace(" ", "");
        int arrow = plain.indexOf("->");
        String[] terms = (arrow < 0 ? plain : plain.substring(0, arrow)).split(",", -1);
        if (terms.length != operands.size()) {
            throw new IllegalArgumentException(name + ": \"" + text + "\" has subscripts for " + terms.length
                    + " operands, " + operands.size() + " are given");
        }
        Reader reader = new Reader(text, name);
        List<int[]> inputs = new ArrayList<>();
        for (int i = 0; i < terms.length; i++) {
            inputs.add(reader.input(terms[i], operands.get(i).shape(), i));
        }
        int[] output = arrow < 0 ? reader.implied(plain) : reader.output(plain.substring(arrow + 2));
        return new Subscripts(inputs, output, reader.sizes());
    }

    static long set(int[] indices) {
        long set = 0;
        for (int index : indices) {
            set |= 1L << index;
        }
        return set;
    }

    /// Gives numbers to names, in the order in which they are met.
    private static final class Reader {
        private final String text;
        private final String name;
        private final Map<Integer, Integer> numbers = new HashMap<>();
        private final List<Integer> sizes = new ArrayList<>();
        private int ellipsis;

        Reader(String text, String name) {
            this.text = text;
            this.name = name;
        }

        int[] sizes() {
            return sizes.stream().mapToInt(Integer::intValue).toArray();
        }

        int[] input(String term, Shape shape, int operand) {
            int[] names = names(term, shape.rank(), "operand " + operand + " of shape " + shape);
            int[] indices = new int[names.length];
            for (int axis = 0; axis < names.length; axis++) {
                for (int before = 0; before < axis; before++) {
                    if (names[before] == names[axis] && shape.dim(before) != shape.dim(axis)) {
                        throw error("repeats an index along axes of different sizes of operand " + operand
                                + " of shape " + shape + ": " + shape.dim(before) + " != " + shape.dim(axis));
                    }
                }
                indices[axis] = number(names[axis], shape, axis, operand);
            }
            return indices;
        }

        /// The names of the axes of something with `rank` axes.
        private int[] names(String term, int rank, String what) {
            int dots = term.indexOf("...");
            String letters = dots < 0 ? term : term.substring(0, dots) + term.substring(dots + 3);
            for (int i = 0; i < letters.length(); i++) {
                char c = letters.charAt(i);
                if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')) {
                    throw error(
                            c == '.'
                                    ? "has dots in \"" + term + "\" that are not one ellipsis \"...\""
                                    : "has '" + c + "' in \"" + term + "\", where indices must be letters");
                }
            }
            int hidden = rank - letters.length();
            if (dots < 0 ? hidden != 0 : hidden < 0) {
                throw error("has " + letters.length() + " indices for " + what + ", which has " + rank + " axes");
            }
            int[] names = new int[rank];
            for (int i = 0; i < rank; i++) {
                boolean before = dots < 0 || i < dots;
                names[i] = before
                        ? letters.charAt(i)
                        : i < dots + hidden ? ELLIPSIS + (dots + hidden - 1 - i) : letters.charAt(i - hidden);
            }
            ellipsis = dots < 0 ? ellipsis : Math.max(ellipsis, hidden);
            return names;
        }

        private int number(int index, Shape shape, int axis, int operand) {
            int dim = shape.dim(axis);
            Integer known = numbers.get(index);
            if (known == null) {
                if (sizes.size() == Long.SIZE) {
                    throw error("has more than " + Long.SIZE + " different indices");
                }
                numbers.put(index, sizes.size());
                sizes.add(dim);
                return sizes.size() - 1;
            }
            int size = sizes.get(known);
            if (size != dim && size != 1 && dim != 1) {
                throw error("gives axis " + axis + " of operand " + operand + " of shape " + shape
                        + " an index that has size " + size + " elsewhere: " + dim + " != " + size);
            }
            // An axis of size 1 is repeated.
            sizes.set(known, size == 1 ? dim : size);
            return known;
        }

        int[] output(String term) {
            int letters = term.replace(".", "").length();
            int[] names = names(term, letters + (term.contains("...") ? ellipsis : 0), "the result");
            return Arrays.stream(names)
                    .map(index -> {
                        Integer number = numbers.get(index);
                        if (number == null) {
                            throw error("has '" + (char) index + "' in the result, which no operand has");
                        }
                        if (Arrays.stream(names).filter(other -> other == index).count() > 1) {
                            throw error("has '" + (char) index + "' twice in the result");
                        }
                        return number;
                    })
                    .toArray();
        }

        /// Without an arrow: what the ellipsis stands for, then the letters that occur once, in the order of the alphabet.
        int[] implied(String terms) {
            Map<Integer, Integer> counts = new TreeMap<>();
            terms.chars().filter(c -> c != ',' && c != '.').forEach(c -> counts.merge(c, 1, Integer::sum));
            StringBuilder result = new StringBuilder(terms.contains("...") ? "..." : "");
            counts.forEach((letter, count) -> result.append(count == 1 ? Character.toString(letter) : ""));
            return output(result.toString());
        }

        private IllegalArgumentException error(String problem) {
            return new IllegalArgumentException(name + ": \"" + text + "\" " + problem);
        }
    }
}
