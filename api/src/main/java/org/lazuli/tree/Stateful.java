package org.lazuli.tree;

import org.lazuli.Array;

/// Something mutable that holds arrays: a module, an optimizer.
///
/// A transformation that captures state reads it before and after a trace and puts arrays of its own in place
/// meanwhile, so [#setState] must take what [#state] gives.
public interface Stateful {
    /// All arrays held, by name.
    Tree<Array> state();

    /// The same arrays for evaluation and `compile`, which hold none of them any longer than this does. What was only lent, this may give back
    /// to the backend when it has computed what comes in its place.
    default Tree<Array> lend() {
        return state();
    }

    /// Makes the arrays of a tree that [#state] gave, or one like it, the state.
    ///
    /// @throws IllegalArgumentException if a path leads nowhere
    void setState(Tree<Array> state);
}
