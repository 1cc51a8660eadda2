package org.lazuli.conformance.products;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Complex;
import org.lazuli.DType;
import org.lazuli.EinsumPath;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;

class EinsumTest {
    private static final String LETTERS = "abcdXY";

    /// Random subscripts, repeated indices and axes of size 1 among them, against the sum over all values of all indices. The elements are
    /// small integers, so both are exact.
    @Property(tries = 300)
    void isTheSumOverAllIndices(@ForAll long seed) {
        Random random = new Random(seed);
        int[] sizes = random.ints(LETTERS.length(), 1, 4).toArray();
        List<String> terms = new ArrayList<>();
        List<Array> operands = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            StringBuilder term = new StringBuilder();
            int rank = random.nextInt(0, 4);
            int[] dims = new int[rank];
            for (int axis = 0; axis < rank; axis++) {
                int index = random.nextInt(LETTERS.length());
                boolean repeated = term.indexOf(LETTERS.substring(index, index + 1)) >= 0;
                term.append(LETTERS.charAt(index));
                dims[axis] = sizes[index];
                if (!repeated && random.nextInt(6) == 0 && rank == 1) {
                    dims[axis] = 1;
                }
            }
            Shape shape = Shape.of(dims);
            terms.add(term.toString());
            operands.add(Ops.array(
                            IntStream.range(0, shape.size())
                                    .mapToDouble(k -> random.nextInt(-3, 4))
                                    .toArray(),
                            DType.FLOAT64)
                    .reshape(shape));
        }
        String present = terms.stream()
                .flatMapToInt(String::chars)
                .distinct()
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        List<Character> order = present.chars()
                .mapToObj(c -> (char) c)
                .filter(c -> random.nextBoolean())
                .collect(Collectors.toList());
        Collections.shuffle(order, random);
        String output = order.stream().map(String::valueOf).collect(Collectors.joining());
        String text = String.join(",", terms) + "->" + output;
        Array result = Ops.einsum(text, operands.toArray(new Array[0]));
        Expected expected = Expected.of(terms, output, operands);
        assertEquals(Shape.of(expected.dims), result.shape(), text);
        // Adding 0 gives zeros one sign.
        assertArrayEquals(
                expected.values,
                result.add(0.0).toDoubleArray(),
                text + " of " + operands.stream().map(Array::shape).toList());
    }

    private record Expected(int[] dims, double[] values) {
        static Expected of(List<String> terms, String output, List<Array> operands) {
            int[] sizes = new int[LETTERS.length()];
            Arrays.fill(sizes, 1);
            for (int i = 0; i < terms.size(); i++) {
                for (int axis = 0; axis < terms.get(i).length(); axis++) {
                    int index = LETTERS.indexOf(terms.get(i).charAt(axis));
                    sizes[index] = Math.max(sizes[index], operands.get(i).dim(axis));
                }
            }
            int[] dims = output.chars().map(c -> sizes[LETTERS.indexOf(c)]).toArray();
            double[] values = new double[Shape.of(dims).size()];
            double[][] numbers = operands.stream().map(Array::toDoubleArray).toArray(double[][]::new);
            int[] at = new int[sizes.length];
            do {
                double product = 1;
                for (int i = 0; i < terms.size(); i++) {
                    product *= numbers[i][
                            place(terms.get(i), operands.get(i).shape().toArray(), at)];
                }
                values[place(output, dims, at)] += product;
            } while (next(at, sizes));
            return new Expected(dims, values);
        }

        private static int place(String term, int[] dims, int[] at) {
            int place = 0;
            for (int axis = 0; axis < dims.length; axis++) {
                place = place * dims[axis] + (dims[axis] == 1 ? 0 : at[LETTERS.indexOf(term.charAt(axis))]);
            }
            return place;
        }

        private static boolean next(int[] at, int[] sizes) {
            for (int i = at.length - 1; i >= 0; i--) {
                if (++at[i] < sizes[i]) {
                    return true;
                }
                at[i] = 0;
            }
            return false;
        }
    }

    @Test
    void withoutAnArrowLettersThatOccurOnceRemainInOrder() {
        Array a = Ops.arange(6).reshape(2, 3);
        assertArrayEquals(a.transpose().toIntArray(), Ops.einsum("ba", a).toIntArray());
        assertEquals(Shape.of(2, 3), Ops.einsum("aB", a.transpose()).shape());
        Array x = Ops.ones(4, 2, 3);
        Array y = Ops.ones(3, 5);
        assertEquals(Shape.of(4, 2, 5), Ops.einsum("...ij,jk", x, y).shape());
    }

    @Test
    void ellipsesBroadcastFromTheRight() {
        Array x = Ops.arange(12, 24, 1, DType.FLOAT32).reshape(2, 1, 2, 3);
        Array y = Ops.arange(0, 18, 1, DType.FLOAT32).reshape(3, 3, 2);
        assertArrayEquals(
                x.matmul(y).toFloatArray(),
                Ops.einsum(" ...ij, ...jk -> ...ik ", x, y).toFloatArray());
        // What an ellipsis stands for is summed where the result has none.
        assertArrayEquals(
                x.sum(0, 1, 2).toFloatArray(), Ops.einsum("...i->i", x).toFloatArray());
    }

    @Test
    void typesArePromoted() {
        Array x = Ops.array(new float[] {1, 2});
        Array z = x.astype(DType.COMPLEX64).mul(Ops.array(new Complex(0, 1)));
        Array product = Ops.einsum("i,i->", x, z);
        assertEquals(new Complex(0, 5), product.itemComplex());
        assertEquals(
                DType.FLOAT64, Ops.einsum("i,j->ij", x, x.astype(DType.FLOAT64)).dtype());
        assertEquals(
                DType.INT32, Ops.einsum("i,i->i", Ops.arange(3), Ops.arange(3)).dtype());
    }

    @Test
    void fewOperandsAreContractedInTheBestOrder() {
        EinsumPath path =
                Ops.einsumPath("ab,bc,cd,de->ae", Ops.zeros(2, 7), Ops.zeros(7, 3), Ops.zeros(3, 9), Ops.zeros(9, 2));
        assertEquals(List.of(List.of(2, 3), List.of(0, 1), List.of(0, 1)), path.contractions());
        assertEquals(
                String.join(
                        "\n",
                        "  Complete contraction:  ab,bc,cd,de->ae",
                        "         Naive scaling:  5",
                        "     Optimized scaling:  3",
                        "      Naive FLOP count:  3024",
                        "  Optimized FLOP count:  216",
                        ""),
                path.toString());
    }

    /// A chain of matrices, whose best order a recursion over where it is cut last finds (the classical dynamic program).
    @Property(tries = 50)
    void chainsTakeAsFewOperationsAsTheBestBracketing(@ForAll long seed) {
        Random random = new Random(seed);
        int count = random.nextInt(3, 9);
        int[] dims = random.ints(count + 1, 1, 30).toArray();
        Array[] operands = new Array[count];
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            operands[i] = Ops.zeros(dims[i], dims[i + 1]);
            text.append(i == 0 ? "" : ",").append((char) ('a' + i)).append((char) ('a' + i + 1));
        }
        text.append("->a").append((char) ('a' + count));
        long[][] best = new long[count][count];
        for (int length = 1; length < count; length++) {
            for (int i = 0; i + length < count; i++) {
                int j = i + length;
                best[i][j] = Long.MAX_VALUE;
                for (int cut = i; cut < j; cut++) {
                    long cost = best[i][cut] + best[cut + 1][j] + 2L * dims[i] * dims[cut + 1] * dims[j + 1];
                    best[i][j] = Math.min(best[i][j], cost);
                }
            }
        }
        String info = Ops.einsumPath(text.toString(), operands).text();
        long found = Long.parseLong(info.substring(info.lastIndexOf(' ') + 1).strip());
        // Bracketings cannot pair matrices that are not neighbours; the search may, but gains nothing by it here.
        assertTrue(found <= best[0][count - 1], text + " of " + Arrays.toString(dims) + ":\n" + info);
    }

    @Test
    void manyOperandsAreContractedInAGoodOrder() {
        int count = 40;
        Array[] operands = new Array[count];
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            operands[i] = Ops.full(Shape.of(2, 2), 0.5);
            text.append(i == 0 ? "" : ",").append(letter(i)).append(letter(i + 1));
        }
        text.append("->").append(letter(0)).append(letter(count));
        EinsumPath path = Ops.einsumPath(text.toString(), operands);
        assertEquals(count - 1, path.contractions().size());
        assertTrue(path.text().contains("Optimized scaling:  3\n"), path.text());
        assertArrayEquals(
                new float[] {0.5f, 0.5f, 0.5f, 0.5f},
                Ops.einsum(text.toString(), operands).toFloatArray());
    }

    private static char letter(int i) {
        return (char) (i < 26 ? 'a' + i : 'A' + i - 26);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Array x = Ops.ones(2, 3);
        refused("ij,jk->ik", "operand 1", "(2,3)", x, x);
        refused("ij->ik", "'k'", "no operand", x);
        refused("ijk->i", "3 indices", "2 axes", x);
        refused("i->i", "1 ", "2 axes", x);
        refused("i.j->i", "dots", "\"...\"", x);
        refused("i1->i", "'1'", "letters", x);
        refused("ij->ii", "'i'", "twice", x);
        refused("ii->i", "repeats", "2 != 3", x);
        refused("ij,j->i", "2 operands", "1 are given", x);
        refused("i...jk->i", "3 indices", "2 axes", x);
        refused(
                "ij,jk->ik",
                "int32",
                "astype",
                Ops.arange(4).reshape(2, 2),
                Ops.arange(4).reshape(2, 2));
        Refused.with(IllegalArgumentException.class, () -> Ops.einsum("->"), "einsum: ", "operand");
    }

    private static void refused(String text, String first, String second, Array... operands) {
        Refused.with(IllegalArgumentException.class, () -> Ops.einsum(text, operands), "einsum: ", text, first, second);
    }
}
