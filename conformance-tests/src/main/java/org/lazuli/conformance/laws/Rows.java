package org.lazuli.conformance.laws;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// For each instruction, by its name in [Instructions], and for operations made of several, how to draw samples of it and what its gradient is.
final class Rows {
    /// What a gradient does at an instruction.
    enum Gradient {
        /// It is the derivative; zero almost everywhere where that is so.
        DERIVATIVE,
        /// It is zero though the derivative is not, by definition of the instruction.
        STOPPED
    }

    /// @param gradient what a gradient does at it
    /// @param samples draws a sample
    record Row(Gradient gradient, Function<Choices, Sample> samples) {}

    static final Map<String, Row> INSTRUCTIONS = instructions();

    /// [#INSTRUCTIONS] and [Compositions].
    static final Map<String, Row> ALL = everything();

    private Rows() {}

    @FunctionalInterface
    interface Law {
        void check(Row row, Sample sample);
    }

    /// A test for each row, that a law holds on samples of it.
    static Stream<DynamicTest> each(String law, Map<String, Row> rows, int tries, Law check) {
        return rows.entrySet().stream().map(entry -> {
            String name = entry.getKey() + ": " + law;
            Row row = entry.getValue();
            return DynamicTest.dynamicTest(
                    name, () -> Laws.forAll(name, tries, row.samples(), sample -> check.check(row, sample)));
        });
    }

    private static Map<String, Row> everything() {
        Map<String, Row> rows = new TreeMap<>(INSTRUCTIONS);
        rows.putAll(Compositions.rows());
        return rows;
    }

    private static Map<String, Row> instructions() {
        Map<String, Row> rows = new TreeMap<>();
        for (Map<String, Row> table : List.of(
                ElementwiseRows.rows(),
                LayoutRows.rows(),
                ReductionRows.rows(),
                IndexingRows.rows(),
                ContractionRows.rows(),
                AcceleratedRows.rows())) {
            table.forEach((name, row) -> {
                if (rows.put(name, row) != null) {
                    throw new AssertionError("two rows for " + name);
                }
            });
        }
        return rows;
    }
}
