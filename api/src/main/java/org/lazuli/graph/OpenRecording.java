package org.lazuli.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Shape;
import org.lazuli.graph.SizeTrace.Condition;
import org.lazuli.graph.SizeTrace.Source;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// The graph of a function that was traced with open sizes, and the conditions under which it is the function's graph for other sizes.
public final class OpenRecording {
    private final Recording recording;
    private final List<Source> sources;
    private final List<Condition> conditions;

    /// For each size in the trace, the position of the instruction that has it; -1 for one that is not in the recording.
    private final int[] positions;

    private OpenRecording(Recording recording, List<Source> sources, List<Condition> conditions, int... positions) {
        this.recording = recording;
        this.sources = sources;
        this.conditions = conditions;
        this.positions = positions;
    }

    /// A function of a list of arrays that is about to be recorded, and what else it returns.
    ///
    /// @param results the arrays to record
    public record Traced<T>(List<Array> results, T rest) {}

    /// A recording, and what else the function returned.
    public record Recorded<T>(OpenRecording recording, T rest) {}

    /// Records a function.
    ///
    /// @param arguments types and shapes of the example
    /// @param transformation which one traces, for the error when someone wants a value
    public static <T> Recorded<T> of(
            List<TensorSpec> arguments, String transformation, Function<List<Array>, Traced<T>> function) {
        return SizeTrace.run(trace -> {
            List<Array> places = arguments.stream()
                    .map(spec -> trace.placeholder(spec, transformation))
                    .toList();
            Traced<T> traced = function.apply(places);
            return new Recorded<>(of(trace, places, traced.results()), traced.rest());
        });
    }

    private static OpenRecording of(SizeTrace trace, List<Array> places, List<Array> results) {
        Map<Node, Integer> found = new HashMap<>();
        Recording recording = Recording.of(places, results, found);
        List<Source> sources = List.copyOf(trace.sources());
        int[] positions = new int[sources.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = sources.get(i) instanceof SizeTrace.Axis axis ? found.getOrDefault(axis.owner().node, -1) : -1;
        }
        OpenRecording open = new OpenRecording(recording, sources, trace.conditions(), positions);
        return open.knowsItsSizes() ? open : open.forTheExample(trace);
    }

    /// True if every size that matters is one of an array in the recording.
    private boolean knowsItsSizes() {
        boolean[] known = {true};
        for (Condition condition : conditions) {
            known[0] &= switch (condition) {
                case SizeTrace.Is(int size, int _, boolean _) -> isKnown(size);
                case SizeTrace.Same(int size, int other, boolean _) -> isKnown(size) && isKnown(other);
            };
        }
        for (Recording.Instruction instruction : recording.instructions()) {
            Attributes.map(instruction.primitive(), shape -> {
                for (Size size : OpenShapes.get().sizes(shape)) {
                    known[0] &= size == null || isKnown(size.number());
                }
                return shape;
            });
        }
        return known[0];
    }

    private boolean isKnown(int size) {
        return switch (sources.get(size)) {
            case SizeTrace.Axis _ -> positions[size] >= 0;
            case SizeTrace.Product(int _, List<Integer> sizes) -> sizes.stream().allMatch(this::isKnown);
        };
    }

    /// The same for the example's sizes only: something depends on a size that cannot be found again.
    private OpenRecording forTheExample(SizeTrace trace) {
        List<Condition> all = new ArrayList<>();
        for (int i = 0; i < positions.length; i++) {
            if (positions[i] >= 0 && positions[i] < recording.arguments().size()) {
                all.add(new SizeTrace.Is(i, trace.example(i), true));
            }
        }
        // Under these the recording is what it was: nothing in it is open.
        return new OpenRecording(
                recording.map(shape -> OpenShapes.get().closed(shape)), sources, List.copyOf(all), positions);
    }

    /// The sizes that the function asked for, in words: the trace holds for these only.
    public List<String> decided() {
        List<String> words = new ArrayList<>();
        for (Condition condition : conditions) {
            if (condition instanceof SizeTrace.Is(int size, int value, boolean holds)
                    && holds
                    && sources.get(size) instanceof SizeTrace.Axis axis
                    && positions[size] < recording.arguments().size()) {
                words.add("axis " + axis.axis() + " of argument " + positions[size] + " is " + value);
            }
        }
        return words;
    }

    /// The recording for arguments of these types and shapes, or null if the function might be something else for them.
    public @Nullable Recording specialise(List<TensorSpec> arguments) {
        if (arguments.size() != recording.arguments().size()) {
            return null;
        }
        for (int i = 0; i < arguments.size(); i++) {
            TensorSpec recorded = recording.arguments().get(i);
            TensorSpec given = arguments.get(i);
            if (given.dtype() != recorded.dtype()
                    || given.shape().rank() != recorded.shape().rank()) {
                return null;
            }
        }
        return new Specialisation(arguments).run();
    }

    /// One set of sizes being tried.
    private final class Specialisation {
        private final List<TensorSpec> arguments;
        private final List<List<TensorSpec>> specs = new ArrayList<>();

        private Specialisation(List<TensorSpec> arguments) {
            this.arguments = arguments;
            arguments.forEach(argument -> specs.add(List.of(argument)));
            recording
                    .captured()
                    .forEach(array -> specs.add(List.of(closed(Graph.node(array).spec()))));
        }

        private @Nullable Recording run() {
            List<Primitive> primitives = new ArrayList<>();
            List<int[]> inputs = new ArrayList<>();
            try {
                for (Recording.Instruction instruction : recording.instructions()) {
                    Primitive primitive = Attributes.map(instruction.primitive(), this::closed);
                    primitives.add(primitive);
                    inputs.add(instruction.inputs());
                    specs.add(Recording.infer(primitive, instruction.inputs(), specs));
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
                // For these sizes it would be another graph, or an error that tracing it again gives in better words.
                return null;
            }
            for (Condition condition : conditions) {
                boolean met = switch (condition) {
                    case SizeTrace.Is(int size, int value, boolean holds) -> (value(size) == value) == holds;
                    case SizeTrace.Same(int size, int other, boolean holds) -> (value(size) == value(other)) == holds;
                };
                if (!met) {
                    return null;
                }
            }
            return Recording.of(arguments, recording.captured(), primitives, inputs, recording.outputs());
        }

        private TensorSpec closed(TensorSpec spec) {
            return spec.withShape(OpenShapes.get().closed(spec.shape()));
        }

        private Shape closed(Shape shape) {
            @Nullable Size[] open = OpenShapes.get().sizes(shape);
            if (open.length == 0) {
                return shape;
            }
            int[] dims = OpenShapes.get().example(shape);
            for (int axis = 0; axis < dims.length; axis++) {
                Size size = open[axis];
                dims[axis] = size == null ? dims[axis] : Math.toIntExact(value(size.number()));
            }
            return Shape.of(dims);
        }

        private long value(int size) {
            return switch (sources.get(size)) {
                case SizeTrace.Axis(var _, int result, int axis) ->
                    specs.get(positions[size]).get(result).shape().dim(axis);
                case SizeTrace.Product(int factor, List<Integer> sizes) -> {
                    long product = factor;
                    for (int other : sizes) {
                        product = Math.multiplyExact(product, value(other));
                    }
                    yield product;
                }
            };
        }
    }
}
