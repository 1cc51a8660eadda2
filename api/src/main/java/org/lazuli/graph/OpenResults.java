package org.lazuli.graph;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// The open sizes in an instruction's results. What no rule traces back to the operands is a new open size, which is always right and says less.
final class OpenResults {
    private final Primitive primitive;
    private final List<TensorSpec> operands;

    private OpenResults(Primitive primitive, List<TensorSpec> operands) {
        this.primitive = primitive;
        this.operands = operands;
    }

    /// A node of an instruction that has open sizes, or whose operands have.
    static Node node(SizeTrace trace, Primitive primitive, Node[] inputs, List<TensorSpec> operands) {
        OpenShapes shapes = OpenShapes.get();
        // The rules may look at sizes: what they refuse, they refuse when the trace is used for other shapes.
        List<TensorSpec> results = ShapeRules.infer(
                Attributes.map(primitive, shapes::closed),
                operands.stream()
                        .map(spec -> spec.withShape(shapes.closed(spec.shape())))
                        .toList());
        OpenResults rules = new OpenResults(primitive, operands);
        SizeTrace.Owner owner = new SizeTrace.Owner();
        List<TensorSpec> open = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            TensorSpec result = results.get(i);
            Shape known = rules.result(i);
            open.add(result.withShape(known == null ? rules.refined(trace.open(result.shape(), owner, i)) : known));
        }
        Node node = Node.of(primitive, inputs, open);
        owner.node = node;
        return node;
    }

    /// New open sizes, with those that are not new.
    private Shape refined(Shape open) {
        Shape first = operands.isEmpty() ? Shape.SCALAR : operands.get(0).shape();
        return switch (primitive) {
            case Primitive.Convolution _ ->
                open.with(0, first, 0).with(-1, operands.get(1).shape(), 0);
            case Primitive.Concatenate(int axis) ->
                first.slice(0, axis).concat(open.slice(axis, axis + 1)).concat(first.slice(axis + 1, first.rank()));
            default -> open;
        };
    }

    private @Nullable Shape result(int index) {
        Shape first = operands.isEmpty() ? Shape.SCALAR : operands.get(0).shape();
        return switch (primitive) {
            case Primitive.Reshape reshape -> reshape.shape();
            case Primitive.Broadcast broadcast -> broadcast.shape();
            case Primitive.Slice slice -> slice.shape();
            case Primitive.Transpose transpose -> first.permute(transpose.axes().toArray());
            case Primitive.Constant _ -> Shape.SCALAR;
            case Primitive.Custom custom ->
                operands.get(custom.arguments() + index).shape();
            case Primitive.FallbackTuple call ->
                operands.get(call.arguments() + index).shape();
            case Primitive.Fallback _ -> operands.getLast().shape();
            case Primitive.StopGradient _,
                    Primitive.Depends _,
                    Primitive.Copy _,
                    Primitive.Cast _,
                    Primitive.Unary _,
                    Primitive.Scan _,
                    Primitive.Sort _,
                    Primitive.ArgSort _,
                    Primitive.Scatter _,
                    Primitive.SliceUpdate _,
                    Primitive.Binary _,
                    Primitive.Select _ -> first;
            case Primitive.Reduce reduce -> {
                Shape shape = first;
                for (int axis : reduce.axes().toArray()) {
                    shape = shape.with(axis, 1);
                }
                yield shape;
            }
            case Primitive.ArgReduce reduce -> first.with(reduce.axis(), 1);
            case Primitive.Gather gather -> {
                Shape shape =
                        operands.size() == 1 ? Shape.SCALAR : operands.get(1).shape();
                for (int axis = 0; axis < first.rank(); axis++) {
                    shape = gather.axes().contains(axis) ? shape : shape.concat(first.slice(axis, axis + 1));
                }
                yield shape;
            }
            case Primitive.MatMul _ -> first.with(-1, operands.get(1).shape(), -1);
            default -> null;
        };
    }
}
