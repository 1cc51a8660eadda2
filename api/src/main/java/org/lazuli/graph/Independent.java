package org.lazuli.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lazuli.spi.FusedElementwise;

/// Finds fused kernels that follow one another and do not need each other's results, such as an optimizer's updates of all parameters. A backend can
/// then share out the work of all at once, where one by one most would be too small for that.
final class Independent {
    private final List<Plan.Step> result = new ArrayList<>();

    /// What has been found since the last step of another kind, and the slots that it writes.
    private final List<Plan.Run> group = new ArrayList<>();

    private final Set<Integer> written = new HashSet<>();

    private Independent() {}

    /// The same steps, with such kernels as one.
    static List<Plan.Step> together(List<Plan.Step> steps) {
        Independent found = new Independent();
        for (Plan.Step step : steps) {
            found.add(step);
        }
        found.close();
        return found.result;
    }

    private void add(Plan.Step step) {
        boolean dependent = false;
        for (int input : step.inputs()) {
            dependent |= written.contains(input);
        }
        if (dependent) {
            close();
        }
        switch (step) {
            case Plan.Run run
            when run.kernel() instanceof FusedElementwise -> {
                group.add(run);
                for (int output : run.outputs()) {
                    written.add(output);
                }
            }
            // Another look at what is there already, such as a learning rate for each parameter's shape, comes before
            // the group.
            case Plan.Look look -> result.add(look);
            default -> {
                close();
                result.add(step);
            }
        }
    }

    private void close() {
        if (group.size() == 1) {
            result.add(group.getFirst());
        } else if (!group.isEmpty()) {
            List<int[]> inputs = new ArrayList<>();
            List<int[]> outputs = new ArrayList<>();
            for (Plan.Run run : group) {
                inputs.add(run.inputs());
                outputs.add(run.outputs());
            }
            result.add(new Plan.Together(List.copyOf(group), joined(inputs), joined(outputs), new int[0]));
        }
        group.clear();
        written.clear();
    }

    private static int[] joined(List<int[]> parts) {
        int size = 0;
        for (int[] part : parts) {
            size += part.length;
        }
        int[] whole = new int[size];
        int next = 0;
        for (int[] part : parts) {
            System.arraycopy(part, 0, whole, next, part.length);
            next += part.length;
        }
        return whole;
    }

    /// The step with the slots that are read for the last time there. Those that several of its kernels read are none of theirs, to overwrite.
    static Plan.Together withLastUses(Plan.Together step, int[] slots) {
        Map<Integer, Integer> reads = new HashMap<>();
        for (int slot : slots) {
            reads.put(slot, 0);
        }
        for (int input : step.inputs()) {
            reads.computeIfPresent(input, (_, count) -> count + 1);
        }
        List<Plan.Run> runs = new ArrayList<>();
        for (Plan.Run run : step.runs()) {
            int[] own = new int[run.inputs().length];
            int count = 0;
            for (int input : run.inputs()) {
                if (reads.getOrDefault(input, 0) == 1) {
                    own[count++] = input;
                }
            }
            runs.add(run.withLastUses(Arrays.copyOf(own, count)));
        }
        return new Plan.Together(List.copyOf(runs), step.inputs(), step.outputs(), slots);
    }
}
