package org.lazuli.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// The structure of a graph to be evaluated, without its values: equal structures run by the same [Plan].
///
/// Positions number the leaves first, then the instructions in topological order.
final class Structure {
    final OpenBackend backend;
    final List<TensorSpec> leaves = new ArrayList<>();
    final List<Instruction> instructions = new ArrayList<>();

    /// @param backend what the plan is for: backends differ in what they fuse
    Structure(OpenBackend backend) {
        this.backend = backend;
    }

    /// What becomes of a value after the evaluation.
    enum Keep {
        /// It is let go at its last use.
        NO,
        /// Somebody may hold its array, which only the garbage collector knows. It is kept if it is stored anyway; inside a fused kernel what is cheap to
        /// compute again is not stored for that.
        IF_STORED,
        /// It was asked for.
        YES
    }

    /// One node of the graph.
    ///
    /// @param inputs positions of the operands
    /// @param placement where it runs, or null for the backend that evaluates
    record Instruction(
            Primitive primitive,
            int[] inputs,
            Keep kept,
            List<TensorSpec> specs,
            @Nullable Placement placement) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Instruction that
                    && kept == that.kept
                    && primitive.equals(that.primitive)
                    && Objects.equals(placement, that.placement)
                    && Arrays.equals(inputs, that.inputs);
        }

        @Override
        public int hashCode() {
            return (primitive.hashCode() * 31 + Arrays.hashCode(inputs)) * 3 + kept.ordinal();
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Structure that
                && backend.equals(that.backend)
                && leaves.equals(that.leaves)
                && instructions.equals(that.instructions);
    }

    @Override
    public int hashCode() {
        return leaves.hashCode() * 31 + instructions.hashCode();
    }
}
