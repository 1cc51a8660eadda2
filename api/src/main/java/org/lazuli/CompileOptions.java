package org.lazuli;

/// How to compile a function.
///
/// @param shapeless whether one trace serves arguments of several shapes, as far as the function does not depend on their sizes
/// @see Transforms#compileList(org.lazuli.function.Nary, CompileOptions, org.lazuli.tree.Stateful...)
public record CompileOptions(boolean shapeless) {
    /// A trace for each combination of shapes.
    public static final CompileOptions DEFAULT = new CompileOptions(false);

    /// One trace for all shapes of the same rank, where the function allows it.
    public static final CompileOptions SHAPELESS = new CompileOptions(true);
}
