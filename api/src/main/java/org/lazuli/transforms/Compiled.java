package org.lazuli.transforms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.CompiledFunction;
import org.lazuli.Shape;
import org.lazuli.function.Nary;
import org.lazuli.graph.Graph;
import org.lazuli.graph.OpenRecording;
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
///
/// A function that is traced for all sizes gets its graph for a signature from an earlier trace, where that is its graph for those sizes too.
final class Compiled implements CompiledFunction {
    private static final LongAdder TRACES = new LongAdder();
    private static final LongAdder REPLAYS = new LongAdder();

    private static volatile boolean enabled = !"off".equals(System.getProperty("lazuli.compile"));

    private final Nary function;
    private final List<Stateful> captured;
    private final boolean shapeless;
    private final Map<Signature, Trace> traces = new LinkedHashMap<>();
    private final List<OpenTrace> openTraces = new ArrayList<>();
    private long traced;

    /// The trace of the last call, which the next one mostly needs again.
    private @Nullable Trace last;

    /// The types and shapes of the arguments, then of each captured state's arrays.
    private record Signature(List<TensorSpec> arguments, List<List<TensorSpec>> state) {}

    /// @param results the number of results
    /// @param states what each captured state was after the call, with arrays that only mark the places
    private record Trace(Recording recording, int results, List<Tree<Array>> states) {
        /// True if this is the trace for these arguments, where they are not mistaken for state.
        boolean fits(List<Array> arguments) {
            List<TensorSpec> specs = recording.arguments();
            if (!states.isEmpty() || specs.size() != arguments.size()) {
                return false;
            }
            for (int i = 0; i < specs.size(); i++) {
                if (!Graph.node(arguments.get(i)).spec().equals(specs.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    /// A trace for all sizes.
    private record OpenTrace(OpenRecording recording, Results results, List<Integer> stateSizes) {}

    /// What the function gave besides the arrays that were recorded.
    private record Results(int count, List<Tree<Array>> states) {}

    Compiled(Nary function, boolean shapeless, List<Stateful> captured) {
        this.function = function;
        this.shapeless = shapeless;
        this.captured = List.copyOf(captured);
    }

    /// Turns compilation on or off for the whole program; while off, functions just run.
    static void setEnabled(boolean on) {
        enabled = on;
    }

    static long allTraces() {
        return TRACES.sum();
    }

    static long allReplays() {
        return REPLAYS.sum();
    }

    @Override
    public synchronized long traces() {
        return traced;
    }

    @Override
    public synchronized int signatures() {
        return traces.size();
    }

    @Override
    public synchronized List<List<String>> decisions() {
        return openTraces.stream().map(trace -> trace.recording().decided()).toList();
    }

    @Override
    public synchronized List<Array> apply(List<Array> inputs) {
        if (!enabled || Region.isTracing()) {
            return function.apply(inputs);
        }
        Trace again = last;
        if (again != null && again.fits(inputs)) {
            REPLAYS.increment();
            return Region.run(() -> again.recording().instantiate(inputs), r -> r);
        }
        List<Tree<Array>> states = new ArrayList<>(captured.size());
        List<Array> arguments = new ArrayList<>(inputs);
        List<List<TensorSpec>> stateSpecs = new ArrayList<>(captured.size());
        for (Stateful stateful : captured) {
            Tree<Array> state = stateful.lend();
            List<Array> leaves = state.leaves();
            states.add(state);
            arguments.addAll(leaves);
            stateSpecs.add(specs(leaves));
        }
        Signature signature = new Signature(specs(inputs), stateSpecs);
        long before = traced;
        Trace trace = traces.get(signature);
        if (trace == null) {
            trace = shapeless ? shapeless(arguments, inputs.size(), states) : trace(arguments, inputs.size(), states);
            traces.put(signature, trace);
        }
        if (traced == before) {
            REPLAYS.increment();
        }
        last = trace;
        Recording recording = trace.recording();
        List<Array> replaced = arguments.subList(inputs.size(), arguments.size());
        List<Array> outputs = Region.run(() -> recording.instantiate(arguments), r -> r, replaced);
        int next = trace.results();
        for (int i = 0; i < captured.size(); i++) {
            Tree<Array> state = trace.states().get(i);
            int count = state.leaves().size();
            List<Array> leaves = outputs.subList(next, next + count);
            for (int j = 0; j < count; j++) {
                copyExclusive(state.leaves().get(j), leaves.get(j));
            }
            captured.get(i).setState(Structure.rebuild(state, leaves));
            next += count;
        }
        return List.copyOf(outputs.subList(0, trace.results()));
    }

    private Trace trace(List<Array> arguments, int inputs, List<Tree<Array>> before) {
        List<Array> places = specs(arguments).stream()
                .map(spec -> Graph.placeholder(spec, "compile"))
                .toList();
        return Region.run(
                () -> {
                    OpenRecording.Traced<Results> traced = call(places, inputs, before);
                    return new Trace(
                            Recording.of(places, traced.results()),
                            traced.rest().count(),
                            traced.rest().states());
                },
                trace -> List.of());
    }

    /// The trace for these arguments from one for all sizes: an earlier one, or a new one.
    private Trace shapeless(List<Array> arguments, int inputs, List<Tree<Array>> before) {
        List<TensorSpec> specs = specs(arguments);
        List<Integer> stateSizes =
                before.stream().map(state -> state.leaves().size()).toList();
        for (OpenTrace open : openTraces) {
            Recording recording =
                    open.stateSizes().equals(stateSizes) ? open.recording().specialise(specs) : null;
            if (recording != null) {
                return new Trace(
                        recording, open.results().count(), open.results().states());
            }
        }
        OpenRecording.Recorded<Results> recorded = Region.run(
                () -> OpenRecording.of(specs, "compile", places -> call(places, inputs, before)), r -> List.of());
        openTraces.add(new OpenTrace(recorded.recording(), recorded.rest(), stateSizes));
        Recording recording = recorded.recording().specialise(specs);
        if (recording == null) {
            throw new AssertionError("a trace holds for what it was made from");
        }
        return new Trace(recording, recorded.rest().count(), recorded.rest().states());
    }

    /// Calls the function with placeholders for its arguments and, after those, for captured state.
    private OpenRecording.Traced<Results> call(List<Array> places, int inputs, List<Tree<Array>> before) {
        List<Array> results;
        List<Tree<Array>> after;
        traced++;
        TRACES.increment();
        // The scope around the call is not the function's: each call runs where it is made.
        Placement around = Placement.swap(null);
        try {
            int next = inputs;
            for (int i = 0; i < captured.size(); i++) {
                int count = before.get(i).leaves().size();
                captured.get(i).setState(Structure.rebuild(before.get(i), places.subList(next, next + count)));
                next += count;
            }
            results = function.apply(places.subList(0, inputs));
            after = captured.stream().map(Stateful::lend).toList();
        } finally {
            Placement.swap(around);
            for (int i = 0; i < captured.size(); i++) {
                captured.get(i).setState(before.get(i));
            }
        }
        List<Array> all = new ArrayList<>(results);
        after.forEach(state -> all.addAll(state.leaves()));
        List<Tree<Array>> marks =
                after.stream().map(state -> state.map(Compiled::mark)).toList();
        return new OpenRecording.Traced<>(all, new Results(results.size(), marks));
    }

    /// An array that stands for a part of a captured state.
    private static Array mark(Array leaf) {
        Array mark = Graph.placeholder(new TensorSpec(leaf.dtype(), Shape.SCALAR), "compile");
        copyExclusive(leaf, mark);
        return mark;
    }

    private static void copyExclusive(Array from, Array to) {
        if (Graph.node(from).isExclusive()) {
            Graph.node(to).setExclusive(true);
        }
    }

    private static List<TensorSpec> specs(List<Array> arrays) {
        List<TensorSpec> specs = new ArrayList<>(arrays.size());
        for (Array array : arrays) {
            specs.add(Graph.node(array).spec());
        }
        return specs;
    }
}
