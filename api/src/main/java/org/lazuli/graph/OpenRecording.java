package org.lazuli.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Shape;
import org.lazuli.graph.SizeTrace.Condition;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// The graph of a function that was traced with open sizes, and the conditions under which it is the function's graph for other sizes.
public final class OpenRecording {
    private final Recording recording;
    private final List<Origin> origins;
    private final List<Integer> examples;
    private final List<Condition> conditions;

    private OpenRecording(
            Recording recording, List<Origin> origins, List<Integer> examples, List<Condition> conditions) {
        this.recording = recording;
        this.origins = List.copyOf(origins);
        this.examples = List.copyOf(examples);
        this.conditions = List.copyOf(conditions);
    }

    /// Where a size comes from.
    public sealed interface Origin {}

    /// An axis of a result.
    ///
    /// @param position of the instruction, counted as in [Recording]; -1 for one that is not in the recording
    public record OfAxis(int position, int result, int axis) implements Origin {}

    /// The product of a number and sizes with lower numbers.
    public record OfProduct(int factor, List<Integer> sizes) implements Origin {
        public OfProduct {
            sizes = List.copyOf(sizes);
        }
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
        List<Origin> origins = new ArrayList<>();
        List<Integer> examples = new ArrayList<>();
        for (SizeTrace.Source source : trace.sources()) {
            examples.add(trace.example(origins.size()));
            origins.add(
                    switch (source) {
                        case SizeTrace.Axis axis ->
                            new OfAxis(found.getOrDefault(axis.owner().node, -1), axis.result(), axis.axis());
                        case SizeTrace.Product(int factor, List<Integer> sizes) -> new OfProduct(factor, sizes);
                    });
        }
        OpenRecording open = new OpenRecording(recording, origins, examples, trace.conditions());
        return open.knowsItsSizes() ? open : open.forTheExample();
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
        return switch (origins.get(size)) {
            case OfAxis axis -> axis.position() >= 0;
            case OfProduct(int _, List<Integer> sizes) -> sizes.stream().allMatch(this::isKnown);
        };
    }

    /// The same for the example's sizes only: something depends on a size that cannot be found again.
    private OpenRecording forTheExample() {
        List<Condition> all = new ArrayList<>();
        for (int i = 0; i < origins.size(); i++) {
            if (isOfArgument(i)) {
                all.add(new SizeTrace.Is(i, examples.get(i), true));
            }
        }
        // Under these the recording is what it was: nothing in it is open.
        return new OpenRecording(
                recording.map(shape -> OpenShapes.get().closed(shape)), origins, examples, List.copyOf(all));
    }

    private boolean isOfArgument(int size) {
        return origins.get(size) instanceof OfAxis axis
                && axis.position() >= 0
                && axis.position() < recording.arguments().size();
    }

    // --------------------------------------------------------------------------------------------------- parts

    /// A recording with these parts, read from somewhere.
    ///
    /// @param arguments types and shapes of the example
    /// @param examples the value of each size in the example
    /// @throws RuntimeException if they are not the graph of any function
    public static OpenRecording read(
            List<TensorSpec> arguments,
            List<Array> captured,
            List<Primitive> primitives,
            List<int[]> inputs,
            int[] outputs,
            List<Origin> origins,
            List<Integer> examples,
            List<Condition> conditions) {
        OpenRecording read = new OpenRecording(
                Recording.open(arguments, captured, primitives, inputs, outputs), origins, examples, conditions);
        if (read.specialise(arguments) == null) {
            throw new IllegalArgumentException("the trace does not hold for its own example");
        }
        return read;
    }

    /// The graph; its shapes hold open sizes.
    public Recording recording() {
        return recording;
    }

    /// Where each size comes from.
    public List<Origin> origins() {
        return origins;
    }

    /// The value of each size in the example.
    public List<Integer> examples() {
        return examples;
    }

    /// Under which it is the function's graph.
    public List<Condition> conditions() {
        return conditions;
    }

    /// For each axis of a shape the number of the size that is open there, or -1; empty if none is.
    public static int[] numbers(Shape shape) {
        return Arrays.stream(OpenShapes.get().sizes(shape))
                .mapToInt(size -> size == null ? -1 : size.number())
                .toArray();
    }

    /// The sizes of a shape in the example.
    public static int[] example(Shape shape) {
        return OpenShapes.get().example(shape);
    }

    /// The size along an axis of an argument, or -1 if the graph serves several.
    public int decided(int argument, int axis) {
        int size = origins.indexOf(new OfAxis(argument, 0, axis));
        for (Condition condition : conditions) {
            if (condition instanceof SizeTrace.Is(int is, int value, boolean holds) && holds && is == size) {
                return value;
            }
        }
        return -1;
    }

    /// This graph without the rules that functions brought along: every call of such a function is what it computes.
    public OpenRecording withoutRules() {
        Recording.Moved moved = recording.moveWithoutRules();
        List<Origin> found = origins.stream()
                .map(origin -> origin instanceof OfAxis(int position, int result, int axis) && position >= 0
                        ? new OfAxis(moved.positions()[position], result, axis)
                        : origin)
                .toList();
        return new OpenRecording(moved.recording(), found, examples, conditions);
    }

    // ------------------------------------------------------------------------------------------ specialisation

    /// The sizes that the function asked for, in words: the trace holds for these only.
    public List<String> decided() {
        List<String> words = new ArrayList<>();
        for (Condition condition : conditions) {
            if (condition instanceof SizeTrace.Is(int size, int value, boolean holds)
                    && holds
                    && isOfArgument(size)
                    && origins.get(size) instanceof OfAxis axis) {
                words.add("axis " + axis.axis() + " of argument " + axis.position() + " is " + value);
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
            List<@Nullable Placement> placements = new ArrayList<>();
            try {
                for (Recording.Instruction instruction : recording.instructions()) {
                    Primitive primitive = Attributes.map(instruction.primitive(), this::closed);
                    primitives.add(primitive);
                    inputs.add(instruction.inputs());
                    placements.add(instruction.placement());
                    specs.add(Recording.infer(primitive, instruction.inputs(), specs));
                }
                if (!conditions.stream().allMatch(this::isMet)) {
                    return null;
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
                // For these sizes it would be another graph, or an error that tracing it again gives in better words.
                return null;
            }
            return Recording.of(arguments, recording.captured(), primitives, inputs, placements, recording.outputs());
        }

        private boolean isMet(Condition condition) {
            return switch (condition) {
                case SizeTrace.Is(int size, int value, boolean holds) -> (value(size) == value) == holds;
                case SizeTrace.Same(int size, int other, boolean holds) -> (value(size) == value(other)) == holds;
            };
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
            return switch (origins.get(size)) {
                case OfAxis(int position, int result, int axis) ->
                    specs.get(position).get(result).shape().dim(axis);
                case OfProduct(int factor, List<Integer> sizes) -> {
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
