package org.lazuli.conformance.laws;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

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

    /// [#INSTRUCTIONS], [Compositions] and [UpdateRows].
    static final Map<String, Row> ALL = everything();

    private Rows() {}

    private static Map<String, Row> everything() {
        Map<String, Row> rows = new TreeMap<>(INSTRUCTIONS);
        rows.putAll(Compositions.rows());
        rows.putAll(UpdateRows.rows());
        rows.putAll(ProductRows.rows());
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
                MatrixRows.rows(),
                FourierRows.rows(),
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
