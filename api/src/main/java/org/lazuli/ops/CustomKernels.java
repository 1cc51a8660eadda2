package org.lazuli.ops;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.MetalKernel;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Region;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Accelerated.TemplateArgument;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Calls of kernels that a user has written.
public final class CustomKernels {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /// The most threads of a threadgroup on any device.
    private static final int MAX_THREADS = 1024;

    private CustomKernels() {}

    /// Checks the names that a kernel is made with.
    public static void check(String name, List<String> inputs, List<String> outputs) {
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException("metalKernel: " + name + " has no output");
        }
        Set<String> seen = new HashSet<>();
        Stream.of(List.of(name), inputs, outputs).flatMap(List::stream).forEach(identifier -> {
            if (!IDENTIFIER.matcher(identifier).matches()) {
                throw new IllegalArgumentException("metalKernel: '" + identifier
                        + "' is no identifier; use letters, digits and underscores, with no digit first");
            }
        });
        Stream.of(inputs, outputs).flatMap(List::stream).forEach(identifier -> {
            if (!seen.add(identifier)) {
                throw new IllegalArgumentException(
                        "metalKernel: " + name + " has two arguments that are called '" + identifier + "'");
            }
        });
    }

    /// The list with one more element.
    public static <T> List<T> plus(List<T> list, T element) {
        List<T> result = new ArrayList<>(list);
        result.add(element);
        return List.copyOf(result);
    }

    public static List<Array> call(MetalKernel kernel, List<Array> inputs, MetalKernel.Call call) {
        check(kernel, inputs, call);
        List<TensorSpec> results = new ArrayList<>();
        List<Long> initial = new ArrayList<>();
        for (int i = 0; i < kernel.outputs().size(); i++) {
            DType dtype = call.outputDtypes().get(i);
            results.add(new TensorSpec(dtype, call.outputShapes().get(i)));
            Number value = call.initValue();
            if (value != null) {
                initial.add(Scalars.bits(value, dtype));
            }
        }
        return Region.run(
                () -> {
                    List<Array> graph = kernel.fallback().apply(inputs, call);
                    checkResults(kernel, results, graph);
                    List<Array> operands = new ArrayList<>(inputs);
                    operands.addAll(graph);
                    Accelerated custom = new Accelerated.CustomKernel(
                            kernel.name(),
                            kernel.inputs(),
                            kernel.outputs(),
                            results,
                            kernel.source(),
                            kernel.header(),
                            kernel.ensureRowContiguous(),
                            kernel.atomicOutputs(),
                            kernel.mathMode(),
                            call.template(),
                            call.grid(),
                            groupWithin(call),
                            initial,
                            call.verbose());
                    return Graph.elements(Graph.applyTuple(
                            new Primitive.FallbackTuple(custom, inputs.size()), operands.toArray(new Array[0])));
                },
                outputs -> outputs);
    }

    /// A threadgroup is no larger than the grid.
    private static Ints groupWithin(MetalKernel.Call call) {
        int[] group = call.threadgroup().toArray();
        for (int i = 0; i < group.length; i++) {
            group[i] = Math.min(group[i], call.grid().get(i));
        }
        return Ints.of(group);
    }

    private static void check(MetalKernel kernel, List<Array> inputs, MetalKernel.Call call) {
        if (inputs.size() != kernel.inputs().size()) {
            throw new IllegalArgumentException("metalKernel: " + kernel.name() + " has the inputs " + kernel.inputs()
                    + ", called with " + inputs.size());
        }
        if (call.outputShapes().size() != kernel.outputs().size()
                || call.outputDtypes().size() != kernel.outputs().size()) {
            throw new IllegalArgumentException("metalKernel: " + kernel.name() + " has the outputs " + kernel.outputs()
                    + ", the call says shapes for " + call.outputShapes().size() + " and dtypes for "
                    + call.outputDtypes().size());
        }
        long threads = 1;
        for (int i = 0; i < 3; i++) {
            threads *= call.threadgroup().get(i);
            if (call.grid().get(i) <= 0 || call.threadgroup().get(i) <= 0) {
                throw new IllegalArgumentException("metalKernel: " + kernel.name() + " needs at least one thread, has"
                        + " a grid of " + call.grid() + " and threadgroups of " + call.threadgroup());
            }
        }
        if (threads > MAX_THREADS) {
            throw new IllegalArgumentException("metalKernel: " + kernel.name() + " has threadgroups of "
                    + call.threadgroup() + ", " + threads + " threads, more than " + MAX_THREADS);
        }
        for (TemplateArgument argument : call.template()) {
            if (!IDENTIFIER.matcher(argument.name()).matches()) {
                throw new IllegalArgumentException("metalKernel: '" + argument.name()
                        + "' is no identifier, so it cannot be a template argument of " + kernel.name());
            }
        }
    }

    private static void checkResults(MetalKernel kernel, List<TensorSpec> results, List<Array> graph) {
        List<TensorSpec> given = graph.stream()
                .map(array -> new TensorSpec(array.dtype(), array.shape()))
                .toList();
        if (!given.equals(results)) {
            throw new IllegalArgumentException("metalKernel: the fallback of " + kernel.name() + " gives " + given
                    + ", the call says " + results + "; make them agree");
        }
    }
}
