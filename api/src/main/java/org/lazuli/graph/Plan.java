package org.lazuli.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// What to run, in order, to compute some nodes of a graph: a program over numbered slots, each of which holds one tensor.
///
/// A plan depends on the structure of the graph alone, so graphs of the same structure share one.
///
/// @param leaves the number of slots, from 0, that hold values from the start
/// @param slots the number of slots
/// @param steps what to run
/// @param results the slots whose values are kept
/// @param placements where each slot's value is computed; null for everything on the backend that evaluates
record Plan(
        int leaves,
        int slots,
        List<Step> steps,
        int[] results,
        @Nullable Placement @Nullable [] placements) {
    /// Where a step runs, or null for the backend that evaluates.
    @Nullable
    Placement placement(Step step) {
        if (placements != null) {
            for (int slot : step.outputs()) {
                if (slot < placements.length) {
                    return placements[slot];
                }
            }
        }
        return null;
    }

    sealed interface Step {
        int[] inputs();

        int[] outputs();

        /// The slots that are read here for the last time.
        int[] lastUses();
    }

    /// Runs a kernel.
    ///
    /// @param inPlace whether an output may overwrite an input
    record Run(Kernel kernel, int[] inputs, int[] outputs, List<TensorSpec> specs, boolean inPlace, int[] lastUses)
            implements Step {
        Run withLastUses(int[] slots) {
            return new Run(kernel, inputs, outputs, specs, inPlace, slots);
        }
    }

    /// Runs kernels of which none reads what another one computes.
    ///
    /// @param runs in each, the slots that are read for the last time are those that no other one of them reads
    record Together(List<Run> runs, int[] inputs, int[] outputs, int[] lastUses) implements Step {}

    /// Gives a slot another look at its first operand's data.
    record Look(Primitive.View view, int[] inputs, int[] outputs, TensorSpec spec, int[] lastUses) implements Step {}
}
