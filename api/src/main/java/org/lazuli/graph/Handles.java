package org.lazuli.graph;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;

/// The way between an [Array] and its [Node], which only this module may take: [Array] hands over an implementation when its class
/// is initialised.
public abstract class Handles {
    private static volatile @Nullable Handles instance;

    protected Handles() {}

    /// Called once, by [Array].
    public static void set(Handles handles) {
        instance = handles;
    }

    static Handles get() {
        Handles handles = instance;
        if (handles == null) {
            try {
                MethodHandles.lookup().ensureInitialized(Array.class);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
            handles = instance;
        }
        if (handles == null) {
            throw new AssertionError("Array did not register its handles");
        }
        return handles;
    }

    protected abstract Array make(Node node);

    protected abstract Node node(Array array);
}
