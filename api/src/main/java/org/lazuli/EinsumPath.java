package org.lazuli;

import java.util.List;

/// In which order [Ops#einsum] contracts its operands.
///
/// @param contractions for each step the positions of the operands that it combines; they are taken out of the list, and their result
///     is put at its end
/// @param text the number of indices and of operations at once and in this order, as MLX prints them
public record EinsumPath(List<List<Integer>> contractions, String text) {
    public EinsumPath {
        contractions = contractions.stream().map(List::copyOf).toList();
    }

    /// The text.
    @Override
    public String toString() {
        return text;
    }
}
