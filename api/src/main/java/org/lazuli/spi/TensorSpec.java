package org.lazuli.spi;

import org.lazuli.DType;
import org.lazuli.Shape;

/// What is known of a tensor before it exists: the type of its elements and its shape.
public record TensorSpec(DType dtype, Shape shape) {
    public TensorSpec withShape(Shape other) {
        return new TensorSpec(dtype, other);
    }

    public TensorSpec withDType(DType other) {
        return new TensorSpec(other, shape);
    }

    /// For example `float32(2,3)`.
    @Override
    public String toString() {
        return dtype.toString() + shape;
    }
}
