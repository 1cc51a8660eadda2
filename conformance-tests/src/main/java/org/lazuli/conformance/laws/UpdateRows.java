package org.lazuli.conformance.laws;

import static org.lazuli.Index.all;
import static org.lazuli.Index.at;
import static org.lazuli.Index.from;
import static org.lazuli.Index.newAxis;
import static org.lazuli.Index.rest;
import static org.lazuli.Index.span;
import static org.lazuli.Index.take;
import static org.lazuli.Index.to;
import static org.lazuli.Index.where;
import static org.lazuli.conformance.laws.Rows.Gradient.DERIVATIVE;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.Update;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.spi.TensorSpec;

/// Reads and updates through every form of an index: a row for each form, whose samples take any of the ways to combine.
public final class UpdateRows {
    /// The array that [#FORMS] index.
    public static final Shape SHAPE = Shape.of(3, 2);

    /// The forms of an index, by name.
    public static final Map<String, List<Index>> FORMS = forms();

    /// The ways to combine a part with a value, by name.
    public static final Map<String, BiFunction<Update, Array, Array>> WAYS = ways();

    private UpdateRows() {}

    private static Map<String, List<Index>> forms() {
        Array rows = Ops.array(new boolean[] {true, false, true});
        Array columns = Ops.array(new boolean[] {false, true});
        Array elements = Ops.array(new boolean[][] {{true, false}, {false, false}, {true, true}});
        Map<String, List<Index>> forms = new LinkedHashMap<>();
        forms.put("a position", List.of(at(1)));
        forms.put("positions from the end", List.of(at(-1), at(-2)));
        forms.put("a span", List.of(span(1, 3)));
        forms.put("an empty span", List.of(span(2, 1)));
        forms.put("a span in steps", List.of(all().step(2)));
        forms.put("a span backwards", List.of(all().step(-1), at(0)));
        forms.put("the last axis", List.of(rest(), at(1)));
        forms.put("a new axis", List.of(to(2), newAxis()));
        forms.put("an index array", List.of(take(2, 0)));
        forms.put("repeated positions", List.of(take(1, 0, 1)));
        forms.put("index arrays", List.of(take(0, -1), take(1, 1)));
        forms.put("index arrays that broadcast", List.of(take(Ops.array(new int[][] {{0}, {2}})), take(1, 0)));
        forms.put("an index array and a span", List.of(take(1, 1), from(1)));
        forms.put("a mask of an axis", List.of(where(rows)));
        forms.put("a mask of all", List.of(where(elements)));
        forms.put("an empty mask", List.of(where(Ops.zeros(Shape.of(3), DType.BOOL))));
        forms.put("a mask and a span", List.of(where(rows), from(1)));
        forms.put("a position and a mask", List.of(at(2), where(columns)));
        forms.put("an index array and a mask", List.of(take(2, 0), where(columns)));
        return forms;
    }

    private static Map<String, BiFunction<Update, Array, Array>> ways() {
        Map<String, BiFunction<Update, Array, Array>> ways = new LinkedHashMap<>();
        ways.put("set", Update::set);
        ways.put("add", Update::add);
        ways.put("sub", Update::sub);
        ways.put("mul", Update::mul);
        ways.put("div", Update::div);
        ways.put("max", Update::max);
        ways.put("min", Update::min);
        return ways;
    }

    static Map<String, Row> rows() {
        Map<String, Row> rows = new TreeMap<>();
        FORMS.forEach((name, index) -> {
            Index[] parts = index.toArray(Index[]::new);
            rows.put("read " + name, new Row(DERIVATIVE, choices -> read(parts, choices)));
            rows.put("update " + name, new Row(DERIVATIVE, choices -> update(parts, choices)));
        });
        return rows;
    }

    private static Sample read(Index[] parts, Choices choices) {
        return new Sample(
                        "a read",
                        List.of(new TensorSpec(DType.FLOAT64, SHAPE)),
                        r -> new double[][] {Values.any(r, SHAPE.size())},
                        in -> List.of(in.get(0).get(parts)),
                        choices.seed())
                .summing();
    }

    private static Sample update(Index[] parts, Choices choices) {
        Shape selected = Ops.zeros(SHAPE, DType.FLOAT64).get(parts).shape();
        Shape shape = choices.flag() ? selected : Shape.SCALAR;
        List<String> names = List.copyOf(WAYS.keySet());
        String name = names.get(choices.between(0, names.size() - 1));
        BiFunction<Update, Array, Array> way = WAYS.get(name);
        return new Sample(
                        "an update with " + name,
                        List.of(new TensorSpec(DType.FLOAT64, SHAPE), new TensorSpec(DType.FLOAT64, shape)),
                        r -> new double[][] {
                            Values.separated(r, SHAPE.size(), 0), Values.separated(r, shape.size(), 1)
                        },
                        in -> {
                            Array value = name.equals("div") ? in.get(1).square().add(0.5) : in.get(1);
                            return List.of(way.apply(in.get(0).at(parts), value));
                        },
                        choices.seed())
                .summing();
    }
}
