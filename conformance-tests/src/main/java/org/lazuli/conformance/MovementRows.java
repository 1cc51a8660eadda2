package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.UpdateOp;
import org.lazuli.spi.TensorSpec;

/// What moves elements, and what makes random bits.
final class MovementRows {
    static final List<DType> INDICES =
            List.of(DType.INT32, DType.UINT32, DType.INT64, DType.UINT8, DType.INT16, DType.UINT64);

    private MovementRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(
                "Copy",
                Row.ALL,
                draw -> new Case(new Primitive.Copy(), List.of(draw.anyBits(draw.dtype, draw.shape())), Judge.bits())));
        // Bits of another dtype are no bool.
        rows.add(new Row("Bitcast", EnumSet.complementOf(EnumSet.of(DType.BOOL)), MovementRows::bitcast));
        rows.add(new Row("Concatenate", Row.ALL, MovementRows::concatenate));
        rows.add(new Row("Gather", Row.ALL, draw -> gather(draw, 0)));
        for (UpdateOp op : UpdateOp.values()) {
            rows.add(new Row("Scatter." + op, Row.ALL, draw -> scatter(op, draw, 0)));
            rows.add(new Row("SliceUpdate." + op, Row.ALL, draw -> sliceUpdate(op, draw)));
        }
        rows.add(new Row("RandomBits", EnumSet.of(DType.UINT8, DType.UINT16, DType.UINT32), MovementRows::randomBits));
        return rows;
    }

    private static Case bitcast(Draw draw) {
        List<DType> targets =
                Row.ALL.stream().filter(type -> type != DType.BOOL).toList();
        DType target = draw.choices.of(targets);
        Shape shape = draw.shape();
        int from = draw.dtype.bytes();
        if (target.bytes() > from) {
            int ratio = target.bytes() / from;
            shape = shape.with(-1, (shape.dim(-1) + ratio - 1) / ratio * ratio);
        }
        return new Case(new Primitive.Bitcast(target), List.of(draw.anyBits(draw.dtype, shape)), Judge.bits());
    }

    private static Case concatenate(Draw draw) {
        int rank = draw.choices.between(1, 3);
        int axis = draw.choices.between(0, rank - 1);
        Shape shape = draw.shape(axis, rank);
        List<HostTensor> parts = new ArrayList<>();
        parts.add(draw.anyBits(draw.dtype, shape));
        for (int i = draw.choices.between(0, 3); i > 0; i--) {
            parts.add(draw.anyBits(draw.dtype, shape.with(axis, draw.choices.between(0, 4))));
        }
        return new Case(new Primitive.Concatenate(axis), parts, Judge.bits());
    }

    /// An array and positions in it.
    private record Indexed(Shape shape, Ints axes, Shape index, List<HostTensor> positions) {
        /// @param wrong which position to move out of bounds, counted from 1; 0 for none
        static Indexed of(Draw draw, int wrong) {
            int rank = draw.choices.between(1, 3);
            Shape shape = Shape.of(draw.choices.dims(rank, 1, 6));
            Ints axes = Ints.of(draw.choices.subset(rank));
            Shape index = draw.isDeep() ? Shape.of(draw.choices.dims(2, 1, 3)) : Shape.of(draw.size(1100));
            DType type = draw.choices.of(INDICES);
            List<HostTensor> positions = new ArrayList<>();
            for (int k = 0; k < axes.size(); k++) {
                int size = shape.dim(axes.get(k));
                double[] at = new double[index.size()];
                for (int i = 0; i < at.length; i++) {
                    at[i] = draw.random().nextInt(size)
                            - (!type.isUnsigned() && draw.random().nextBoolean() ? size : 0);
                }
                if (wrong > 0 && k == axes.size() - 1) {
                    // Only the last, so that there is one first wrong index whatever the order.
                    at[(wrong - 1) % at.length] =
                            type.isUnsigned() || draw.random().nextBoolean() ? size : -size - 1;
                }
                positions.add(HostTensor.of(new TensorSpec(type, index), at));
            }
            return new Indexed(shape, axes, index, positions);
        }

        Shape selected() {
            Shape result = index;
            for (int axis = 0; axis < shape.rank(); axis++) {
                result = axes.contains(axis) ? result : result.concat(Shape.of(shape.dim(axis)));
            }
            return result;
        }
    }

    /// @param wrong which index is out of bounds, from 1; 0 for none
    static Case gather(Draw draw, int wrong) {
        Indexed indexed = Indexed.of(draw, wrong);
        List<HostTensor> operands = new ArrayList<>();
        operands.add(draw.anyBits(draw.dtype, indexed.shape()));
        operands.addAll(indexed.positions());
        return new Case(new Primitive.Gather(indexed.axes()), operands, Judge.bits());
    }

    static Case scatter(UpdateOp op, Draw draw, int wrong) {
        Indexed indexed = Indexed.of(draw, wrong);
        List<HostTensor> operands = new ArrayList<>();
        operands.add(into(op, draw, indexed.shape()));
        operands.addAll(indexed.positions());
        operands.add(into(op, draw, indexed.selected()));
        return new Case(new Primitive.Scatter(op, indexed.axes()), operands, judge(op));
    }

    private static Case sliceUpdate(UpdateOp op, Draw draw) {
        int rank = draw.choices.between(1, 3);
        Shape shape = draw.shape(rank - 1, rank);
        int[] starts = new int[rank];
        int[] steps = new int[rank];
        int[] dims = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            int size = shape.dim(axis);
            int step = draw.choices.between(1, 3);
            dims[axis] = size == 0 ? 0 : draw.choices.between(0, (size - 1) / step + 1);
            int span = Math.max(dims[axis] - 1, 0) * step;
            int start = dims[axis] == 0 ? 0 : draw.choices.between(0, size - 1 - span);
            boolean backwards = draw.choices.flag();
            starts[axis] = backwards ? start + span : start;
            steps[axis] = backwards ? -step : step;
        }
        return new Case(
                new Primitive.SliceUpdate(op, Ints.of(starts), Ints.of(steps)),
                List.of(into(op, draw, shape), into(op, draw, Shape.of(dims))),
                judge(op));
    }

    private static HostTensor into(UpdateOp op, Draw draw, Shape shape) {
        return switch (op) {
            case SET -> draw.anyBits(draw.dtype, shape);
            // Products of many stay within range.
            case MULTIPLY ->
                draw.dtype.isInexact()
                        ? draw.numbers(draw.dtype, shape, r -> 0.99 + 0.02 * r.nextDouble())
                        : draw.integers(draw.dtype, shape);
            default -> draw.any(draw.dtype, shape);
        };
    }

    /// Each update is combined into what is stored, which rounds to the dtype.
    private static Judge judge(UpdateOp op) {
        Judge.Terms updates = (kernel, operands) -> operands.getLast().size() + 1;
        return switch (op) {
            case SET -> Judge.bits();
            case ADD -> Judge.sums(updates, true);
            case MULTIPLY -> Judge.products(updates, true);
            case MAXIMUM, MINIMUM -> Judge.exact(false);
        };
    }

    private static Case randomBits(Draw draw) {
        Shape keys =
                Shape.of(draw.choices.dims(draw.choices.between(0, 2), 1, 3)).concat(Shape.of(2));
        Shape shape = draw.isDeep() ? Shape.of(draw.choices.dims(2, 1, 5)) : Shape.of(draw.size(5000));
        return new Case(
                new Primitive.RandomBits(shape, draw.dtype.bytes()),
                List.of(draw.integers(DType.UINT32, keys)),
                Judge.bits());
    }
}
