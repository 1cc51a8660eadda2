package org.lazuli.conformance.laws;

import static org.lazuli.conformance.laws.Rows.Gradient.DERIVATIVE;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lazuli.Array;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Rows.Row;
import org.lazuli.graph.Graph;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.FourierOp;
import org.lazuli.spi.TensorSpec;

/// Samples of Fourier transforms.
final class FourierRows {
    private FourierRows() {}

    static Map<String, Row> rows() {
        Map<String, Row> rows = new TreeMap<>();
        for (FourierOp op : FourierOp.values()) {
            rows.put("FourierTransform." + op, new Row(DERIVATIVE, choices -> transform(op, choices)));
        }
        return rows;
    }

    private static Sample transform(FourierOp op, Choices choices) {
        int length = choices.between(1, 7);
        Shape shape = Shape.of(choices.dims(1, 2, 0, 2));
        int axis = choices.between(0, shape.rank() - 1);
        Shape operand = shape.with(axis, op.given(length));
        double scale = choices.of(List.of(1.0, 0.5));
        Primitive primitive = new Primitive.FourierTransform(op, axis, length, scale);
        int numbers = operand.size() * (op.operand().isComplex() ? 2 : 1);
        return new Sample(
                        primitive.toString(),
                        List.of(new TensorSpec(op.operand(), operand)),
                        r -> new double[][] {Values.any(r, numbers)},
                        in -> List.of(Graph.apply(primitive, in.toArray(new Array[0]))),
                        choices.seed())
                .summing();
    }
}
