package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.List;

/// The rows of all kernels.
final class Rows {
    static final List<Row> ALL = all();

    private Rows() {}

    private static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        rows.addAll(ElementwiseRows.rows());
        rows.add(FusedRows.row());
        rows.add(FusedRows.reduction());
        rows.addAll(ReductionRows.rows());
        rows.addAll(MovementRows.rows());
        rows.addAll(ContractionRows.rows());
        rows.addAll(MatrixRows.rows());
        rows.addAll(FourierRows.rows());
        rows.addAll(AcceleratedRows.rows());
        return List.copyOf(rows);
    }
}
