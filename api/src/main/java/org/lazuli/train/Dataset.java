package org.lazuli.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.tree.Structure;

/// Examples that are reached by their numbers, from 0.
///
/// ```java
/// Dataset<Batch> images = Dataset.of(pixels, labels);                      // arrays, an example per row
/// Dataset<Batch> scaled = images.map(b -> b.withInputs(b.inputs().div(255)));
/// Dataset<Array> windows = Dataset.of(1000, i -> text.get(span(i, i + 64)));   // an example per call
/// ```
///
/// @param <B> several examples together: an array, or a structure of arrays such as a record
public interface Dataset<B> {
    /// The number of examples.
    int size();

    /// The examples with these numbers, in this order.
    B take(int... numbers);

    /// Rows of two arrays that belong together.
    ///
    /// @param inputs shape `(size,…)`
    /// @param targets shape `(size,…)`
    /// @throws IllegalArgumentException if the sizes differ, or an array has no axis
    static Dataset<Batch> of(Array inputs, Array targets) {
        return of(new Batch(inputs, targets));
    }

    /// Rows of the arrays in a structure.
    ///
    /// @param arrays an array, or a record, list or map of arrays, all of which have the same size along axis 0
    /// @throws IllegalArgumentException if the sizes differ, an array has no axis, or there is no array
    static <B> Dataset<B> of(B arrays) {
        List<Array> leaves = Structure.flatten(arrays);
        if (leaves.isEmpty() || leaves.stream().anyMatch(leaf -> leaf.ndim() == 0)) {
            throw new IllegalArgumentException("Dataset: examples are rows of arrays, but "
                    + (leaves.isEmpty() ? "there is no array" : "one array is a scalar")
                    + ": pass arrays with the examples along axis 0");
        }
        int size = leaves.getFirst().dim(0);
        for (Array leaf : leaves) {
            if (leaf.dim(0) != size) {
                throw new IllegalArgumentException(
                        "Dataset: the arrays have different numbers of examples along axis 0: "
                                + leaves.stream().map(Array::shape).toList());
            }
        }
        return new Dataset<>() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public B take(int... numbers) {
                checkNumbers(size, numbers);
                Array rows = Ops.array(numbers);
                return Structure.rebuild(
                        arrays, leaves.stream().map(leaf -> leaf.take(rows, 0)).toList());
            }
        };
    }

    /// Examples that are made when they are asked for, and stacked along a new axis 0.
    ///
    /// @param example gives the example with a number: an array, or a structure of arrays, of the same shapes for all
    static <B> Dataset<B> of(int size, IntFunction<? extends B> example) {
        return new Dataset<>() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public B take(int... numbers) {
                checkNumbers(size, numbers);
                List<B> examples = new ArrayList<>();
                for (int number : numbers) {
                    examples.add(example.apply(number));
                }
                List<List<Array>> leaves =
                        examples.stream().map(Structure::flatten).toList();
                return Structure.rebuild(
                        examples.getFirst(),
                        IntStream.range(0, leaves.getFirst().size())
                                .mapToObj(i -> Ops.stack(
                                        leaves.stream().map(of -> of.get(i)).toList()))
                                .toList());
            }
        };
    }

    /// What `fn` makes of these examples, batch by batch.
    ///
    /// @param fn gets several examples together and gives as many
    default <C> Dataset<C> map(Function<? super B, ? extends C> fn) {
        Dataset<B> source = this;
        return new Dataset<>() {
            @Override
            public int size() {
                return source.size();
            }

            @Override
            public C take(int... numbers) {
                return fn.apply(source.take(numbers));
            }
        };
    }

    /// The examples from one number up to another, which is not included.
    ///
    /// @throws IndexOutOfBoundsException if there are no such examples
    default Dataset<B> slice(int from, int to) {
        java.util.Objects.checkFromToIndex(from, to, size());
        Dataset<B> source = this;
        return new Dataset<>() {
            @Override
            public int size() {
                return to - from;
            }

            @Override
            public B take(int... numbers) {
                checkNumbers(to - from, numbers);
                return source.take(
                        IntStream.of(numbers).map(number -> from + number).toArray());
            }
        };
    }

    private static void checkNumbers(int size, int... numbers) {
        if (numbers.length == 0) {
            throw new IllegalArgumentException("Dataset: no examples were asked for: a batch has at least one");
        }
        for (int number : numbers) {
            if (number < 0 || number >= size) {
                throw new IndexOutOfBoundsException(
                        "Dataset: there is no example " + number + ", only those from 0 to " + (size - 1));
            }
        }
    }
}
