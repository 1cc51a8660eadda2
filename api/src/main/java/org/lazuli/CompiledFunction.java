package org.lazuli;

import java.util.List;
import org.lazuli.function.Nary;

/// A compiled function, which counts how often it was traced.
///
/// ```java
/// CompiledFunction step = Transforms.compileList(in -> List.of(in.get(0).sin().sum()));
/// step.apply(List.of(x));
/// step.apply(List.of(y));     // of the same type and shape
/// step.traces();              // 1
/// ```
///
/// A number of traces that grows with the calls says that something differs from call to call: shapes, which [CompileOptions#SHAPELESS] may help with,
/// types, or how many arrays captured state has. [Compilation] has the figures of all compiled functions together.
public interface CompiledFunction extends Nary {
    /// How often the function's Java code ran in order to be traced.
    long traces();

    /// How many combinations of types and shapes it was called with: for each it has a graph. Shapeless traces serve several.
    int signatures();

    /// For each trace of a function compiled for all sizes, what it decided by an argument's size, and so holds for that size only, in words:
    /// `axis 0 of argument 1 is 3`. Empty lists are of traces that serve any size.
    List<List<String>> decisions();
}
