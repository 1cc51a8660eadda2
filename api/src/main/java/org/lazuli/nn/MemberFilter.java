package org.lazuli.nn;

/// Selects members of modules, for [Module#filterAndMap].
@FunctionalInterface
public interface MemberFilter {
    /// Whether to take a member.
    ///
    /// @param module the module that holds it
    /// @param name its path within that module: `weight`, or `layers.0` for an element of a list
    /// @param value an [org.lazuli.Array], a [Module], a list or a map
    boolean test(Module module, String name, Object value);
}
