package org.lazuli.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.GraphChecks;
import org.lazuli.cpu.CpuBackendProvider;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Nothing that a backend can be asked to run is without a row.
class RowsTest {
    private static final Set<String> OPERATIONS =
            Rows.ALL.stream().map(Row::operation).collect(Collectors.toCollection(TreeSet::new));

    @Test
    void everyKernelHasARow() {
        Set<String> kernels = new TreeSet<>(GraphChecks.operations());
        // What only changes the layout reaches no backend.
        kernels.removeIf(operation -> Arrays.stream(Primitive.View.class.getPermittedSubclasses())
                .anyMatch(view -> view.getSimpleName().equals(operation)));
        Arrays.stream(Accelerated.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .forEach(kernels::add);
        kernels.add("FusedElementwise");
        kernels.add("FusedReduction");
        assertEquals(kernels, OPERATIONS);
    }

    @Test
    void rowsHaveEveryDtypeThatTheReferenceDefines() {
        try (Backend reference = CpuBackendProvider.plain().open()) {
            for (Row row : Rows.ALL) {
                for (DType dtype : DType.values()) {
                    if (!row.dtypes().contains(dtype)) {
                        assertTrue(undefined(reference, row, dtype), row.operation() + " on " + dtype + " has no row");
                    }
                }
            }
        }
    }

    /// Elementwise instructions say by their operation and operand whether they are defined; the others have the dtypes that their row says.
    private static boolean undefined(Backend reference, Row row, DType dtype) {
        return !row.operation().startsWith("Unary.") && !row.operation().startsWith("Binary.")
                || !reference.supports(kernel(row.operation()), specs(row.operation(), dtype));
    }

    private static Primitive.Compute kernel(String operation) {
        String name = operation.substring(operation.indexOf('.') + 1);
        return operation.startsWith("Unary.")
                ? new Primitive.Unary(Primitive.UnaryOp.valueOf(name))
                : new Primitive.Binary(Primitive.BinaryOp.valueOf(name));
    }

    private static List<TensorSpec> specs(String operation, DType dtype) {
        var spec = new TensorSpec(dtype, Shape.of(2));
        return operation.startsWith("Unary.") ? List.of(spec) : List.of(spec, spec);
    }
}
