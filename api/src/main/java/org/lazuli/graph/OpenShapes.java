package org.lazuli.graph;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;
import org.lazuli.Shape;

/// The way between a [Shape] and the sizes that are open in it, which only this module may take: [Shape] hands over an implementation when its
/// class is initialised.
public abstract class OpenShapes {
    private static volatile @Nullable OpenShapes instance;

    protected OpenShapes() {}

    /// Called once, by [Shape].
    public static void set(OpenShapes shapes) {
        instance = shapes;
    }

    static OpenShapes get() {
        OpenShapes shapes = instance;
        if (shapes == null) {
            try {
                MethodHandles.lookup().ensureInitialized(Shape.class);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
            shapes = instance;
        }
        if (shapes == null) {
            throw new AssertionError("Shape did not register its open sizes");
        }
        return shapes;
    }

    /// A shape with these sizes.
    ///
    /// @param dims the sizes in the example
    /// @param open for each axis the open size, or null for one that is what it is
    protected abstract Shape make(int[] dims, @Nullable Size[] open);

    /// The open sizes, null for each axis that has none; empty if no axis has.
    protected abstract @Nullable Size[] sizes(Shape shape);

    /// The sizes in the example, which nobody is told of.
    protected abstract int[] example(Shape shape);

    /// The shape of the example.
    Shape closed(Shape shape) {
        return sizes(shape).length == 0 ? shape : Shape.of(example(shape));
    }
}
