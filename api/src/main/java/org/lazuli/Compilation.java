package org.lazuli;

import org.lazuli.transforms.Differentiation;

/// What compiled functions did, all together, since the program started.
///
/// ```java
/// Unary step = Transforms.compile(x -> x.sin().sum());
/// step.apply(x);
/// long before = Compilation.traces();
/// step.apply(y);                                    // of the same type and shape
/// assert Compilation.traces() == before;            // not traced again
/// ```
///
/// See also: [CompiledFunction#traces] for one function, [Transforms#compile(org.lazuli.function.Unary, org.lazuli.tree.Stateful...)].
public final class Compilation {
    private Compilation() {}

    /// How often the Java code of a compiled function ran in order to be traced.
    public static long traces() {
        return Differentiation.traces();
    }

    /// How often a compiled function was called and its graph was there already, or was made from an earlier trace: its Java code did not run.
    public static long replays() {
        return Differentiation.replays();
    }
}
