package org.lazuli.graph;

import java.util.List;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Decides sizes that are open, for what is evaluated while a function is traced for all sizes: its value is the example's.
final class Sizes {
    private Sizes() {}

    static Primitive decided(Primitive primitive) {
        return SizeTrace.isActive() ? Attributes.map(primitive, Sizes::decided) : primitive;
    }

    static List<TensorSpec> decided(List<TensorSpec> specs) {
        return SizeTrace.isActive()
                ? specs.stream()
                        .map(spec -> spec.withShape(decided(spec.shape())))
                        .toList()
                : specs;
    }

    private static Shape decided(Shape shape) {
        return shape.isOpen() ? Shape.of(shape.toArray()) : shape;
    }
}
