package org.lazuli.transforms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lazuli.Array;
import org.lazuli.function.Nary;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Placement;
import org.lazuli.graph.Recording;
import org.lazuli.graph.Region;
import org.lazuli.spi.TensorSpec;
import org.lazuli.tree.Stateful;
import org.lazuli.tree.Structure;
import org.lazuli.tree.Tree;

/// A function that is traced once for each signature of its arguments, and replayed afterwards.
///
/// Captured state takes part as further arguments and results: its arrays are read before each call and replaced after it.
final class Compiled implements Nary {
    private static volatile boolean enabled = !"off".equals(System.getProperty("lazuli.compile"));

    private final Nary function;
    private final List<Stateful> captured;
    private final Map<Signature, Trace> traces = new LinkedHashMap<>();

    /// The types and shapes of the arguments, then of each captured state's arrays.
    private record Signature(List<TensorSpec> arguments, List<List<TensorSpec>> state) {}

    /// @param results the number of results
    /// @param states what each captured state was after the call, with arrays that only mark the places
    private record Trace(Recording recording, int results, List<Tree<Array>> states) {}

    Compiled(Nary function, List<Stateful> captured) {
        this.function = function;
        this.captured = List.copyOf(captured);
    }

    /// Turns compilation on or off for the whole program; while off, functions just run.
    static void setEnabled(boolean on) {
        enabled = on;
    }

    @Override
    public synchronized List<Array> apply(List<Array> inputs) {
        if (!enabled || Region.isOpen()) {
            return function.apply(inputs);
        }
        List<Tree<Array>> states = captured.stream().map(Stateful::state).toList();
        List<Array> arguments = new ArrayList<>(inputs);
        states.forEach(state -> arguments.addAll(state.leaves()));
        Signature signature = new Signature(
                specs(inputs),
                states.stream().map(state -> specs(state.leaves())).toList());
        Trace trace = traces.get(signature);
        if (trace == null) {
            trace = Region.run(() -> trace(inputs, states), t -> List.of());
            traces.put(signature, trace);
        }
        Recording recording = trace.recording();
        List<Array> outputs = Region.run(() -> recording.instantiate(arguments), r -> r);
        int next = trace.results();
        for (int i = 0; i < captured.size(); i++) {
            Tree<Array> state = trace.states().get(i);
            int count = state.leaves().size();
            captured.get(i).setState(Structure.rebuild(state, outputs.subList(next, next + count)));
            next += count;
        }
        return List.copyOf(outputs.subList(0, trace.results()));
    }

    private Trace trace(List<Array> inputs, List<Tree<Array>> before) {
        List<Array> placeholders = new ArrayList<>(placeholders(inputs));
        List<Array> results;
        List<Tree<Array>> after;
        // The scope around the call is not the function's: each call runs where it is made.
        Placement around = Placement.swap(null);
        try {
            for (int i = 0; i < captured.size(); i++) {
                List<Array> places = placeholders(before.get(i).leaves());
                placeholders.addAll(places);
                captured.get(i).setState(Structure.rebuild(before.get(i), places));
            }
            results = function.apply(placeholders.subList(0, inputs.size()));
            after = captured.stream().map(Stateful::state).toList();
        } finally {
            Placement.swap(around);
            for (int i = 0; i < captured.size(); i++) {
                captured.get(i).setState(before.get(i));
            }
        }
        List<Array> all = new ArrayList<>(results);
        after.forEach(state -> all.addAll(state.leaves()));
        List<Tree<Array>> shapes = after.stream()
                .map(state ->
                        state.map(leaf -> Graph.placeholder(new TensorSpec(leaf.dtype(), leaf.shape()), "compile")))
                .toList();
        return new Trace(Recording.of(placeholders, all), results.size(), shapes);
    }

    private static List<Array> placeholders(List<Array> like) {
        return specs(like).stream()
                .map(spec -> Graph.placeholder(spec, "compile"))
                .toList();
    }

    private static List<TensorSpec> specs(List<Array> arrays) {
        return arrays.stream()
                .map(array -> new TensorSpec(array.dtype(), array.shape()))
                .toList();
    }
}
