package org.lazuli.conformance.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.function.Unary;
import org.lazuli.nn.Module;

/// A layer, how to call it, and what with.
///
/// @param variant what sets it apart from other cases of the same class, or ""
/// @param inputs the shapes of the inputs, which are normally distributed; or, with `indices`, integers from 0 to 3
record LayerCase(String variant, Supplier<Module> layer, Call call, boolean indices, List<Shape> inputs) {

    interface Call {
        Array apply(Module layer, List<Array> inputs);
    }

    /// A layer of one array.
    static <M extends Module & Unary> LayerCase of(Supplier<M> layer, int... shape) {
        return new LayerCase("", layer::get, LayerCase::one, false, List.of(Shape.of(shape)));
    }

    static <M extends Module> LayerCase of(Class<M> type, Supplier<M> layer, TypedCall<M> call, Shape... inputs) {
        return new LayerCase("", layer::get, (module, in) -> call.apply(type.cast(module), in), false, List.of(inputs));
    }

    interface TypedCall<M> {
        Array apply(M layer, List<Array> inputs);
    }

    LayerCase named(String variant) {
        return new LayerCase(variant, layer, call, indices, inputs);
    }

    LayerCase ofIndices() {
        return new LayerCase(variant, layer, call, true, inputs);
    }

    private static Array one(Module layer, List<Array> inputs) {
        return ((Unary) layer).apply(inputs.getFirst());
    }

    /// The layer as it is with a seed.
    Module make(long seed) {
        Random.seed(seed);
        return layer.get();
    }

    Class<?> type() {
        return make(0).getClass();
    }

    String name() {
        return type().getSimpleName() + (variant.isEmpty() ? "" : ", " + variant);
    }

    /// Inputs from a seed.
    List<Array> draw(long seed, DType dtype) {
        List<Array> arrays = new ArrayList<>();
        for (Shape shape : inputs) {
            Array key = Random.key(seed + arrays.size());
            arrays.add(
                    indices
                            ? Random.randint(0, 4, shape, DType.INT32, key)
                            : Random.normal(shape, DType.FLOAT32, 0, 1, key).astype(dtype));
        }
        Ops.eval(arrays);
        return arrays;
    }
}
