package org.lazuli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.ops.CustomKernels;
import org.lazuli.spi.Accelerated.TemplateArgument;
import org.lazuli.spi.Ints;

/// A kernel in Metal's language, with a Java function that computes the same for every other backend. Made by [Fast#metalKernel].
///
/// Only the body is written; the function around it is generated. It has an argument for each input and output, by their names, and one for each
/// attribute of a thread that the body names, such as `thread_position_in_grid`. Where the body names `x_shape`, `x_strides` (in elements) or
/// `x_ndim` for an input `x` with axes, those are arguments too. An input without axes is a reference: `x`, not `x[0]`.
///
/// ```java
/// MetalKernel exp = Fast.metalKernel("myexp", List.of("x"), List.of("y"), """
///         uint i = thread_position_in_grid.x;
///         T value = x[i];
///         y[i] = metal::exp(value);
///         """, (in, call) -> List.of(in.get(0).exp()));
/// Array y = exp.apply(List.of(x), MetalKernel.Call.grid(x.size(), 1, 1)
///         .threadgroup(256, 1, 1)
///         .output(x.shape(), x.dtype())
///         .template("T", x.dtype())).get(0);
/// ```
///
/// A call is lazy. Gradients and `vmap` go through the Java function; a [org.lazuli.function.CustomFunction] around the call gives it a gradient that
/// is another kernel.
///
/// See also: MLX, *Custom Metal Kernels*.
///
/// @param name what the kernel is called, an identifier
/// @param inputs the inputs' names
/// @param outputs the outputs' names
/// @param source the body
/// @param header what comes before the generated function: other functions, `#include`s
/// @param ensureRowContiguous whether inputs are copied to row-major order before if they are not in it; without, the body has to use their strides
/// @param atomicOutputs whether outputs are `device atomic<T>*`, for threads that write to the same element
/// @param mathMode how freely the text may be compiled
/// @param fallback what the kernel computes, in array operations
public record MetalKernel(
        String name,
        List<String> inputs,
        List<String> outputs,
        String source,
        String header,
        boolean ensureRowContiguous,
        boolean atomicOutputs,
        MathMode mathMode,
        Fallback fallback) {
    /// What a kernel computes, in array operations.
    @FunctionalInterface
    public interface Fallback {
        /// The outputs, of the types and shapes that the call says.
        List<Array> apply(List<Array> inputs, Call call);
    }

    /// Checks the names.
    ///
    /// @throws IllegalArgumentException if one is no identifier, or appears twice
    public MetalKernel {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        CustomKernels.check(name, inputs, outputs);
    }

    /// The kernel with other text before the function.
    public MetalKernel header(String header) {
        return new MetalKernel(
                name, inputs, outputs, source, header, ensureRowContiguous, atomicOutputs, mathMode, fallback);
    }

    /// The kernel with inputs as they lie in memory, or not.
    public MetalKernel ensureRowContiguous(boolean ensure) {
        return new MetalKernel(name, inputs, outputs, source, header, ensure, atomicOutputs, mathMode, fallback);
    }

    /// The kernel with atomic outputs, or not.
    public MetalKernel atomicOutputs(boolean atomic) {
        return new MetalKernel(name, inputs, outputs, source, header, ensureRowContiguous, atomic, mathMode, fallback);
    }

    /// The kernel with arithmetic that is compiled more freely, or less.
    public MetalKernel mathMode(MathMode mathMode) {
        return new MetalKernel(
                name, inputs, outputs, source, header, ensureRowContiguous, atomicOutputs, mathMode, fallback);
    }

    /// The outputs. On Metal the kernel computes them, elsewhere the fallback.
    ///
    /// @throws IllegalArgumentException if inputs or outputs are not as many as there are names, the grid or the threadgroup is empty, a
    ///     template argument is no identifier, or the fallback gives other types or shapes than the call says
    public List<Array> apply(List<Array> inputs, Call call) {
        return CustomKernels.call(this, inputs, call);
    }

    /// How a kernel is called: how many threads run, and what comes out.
    ///
    /// @param grid the number of threads along x, y and z
    /// @param threadgroup the most threads of a threadgroup along x, y and z
    /// @param template names that stand for types and numbers in the body
    /// @param initValue what outputs are filled with before, or null if the kernel writes every element
    /// @param verbose whether Metal prints the whole text of the kernel to the standard output
    public record Call(
            Ints grid,
            Ints threadgroup,
            List<Shape> outputShapes,
            List<DType> outputDtypes,
            List<TemplateArgument> template,
            @Nullable Number initValue,
            boolean verbose) {
        public Call {
            outputShapes = List.copyOf(outputShapes);
            outputDtypes = List.copyOf(outputDtypes);
            template = List.copyOf(template);
        }

        /// A call with this many threads, in threadgroups of 256 at most, and no outputs yet.
        public static Call grid(int x, int y, int z) {
            return new Call(Ints.of(x, y, z), Ints.of(256, 1, 1), List.of(), List.of(), List.of(), null, false);
        }

        /// The call with other threadgroups; each is no larger than the grid.
        public Call threadgroup(int x, int y, int z) {
            return new Call(grid, Ints.of(x, y, z), outputShapes, outputDtypes, template, initValue, verbose);
        }

        /// The call with one more output.
        public Call output(Shape shape, DType dtype) {
            return new Call(
                    grid,
                    threadgroup,
                    CustomKernels.plus(outputShapes, shape),
                    CustomKernels.plus(outputDtypes, dtype),
                    template,
                    initValue,
                    verbose);
        }

        /// The call where `name` is a type in the body.
        public Call template(String name, DType type) {
            return template(new TemplateArgument(name, TemplateArgument.Kind.DTYPE, type.toString()));
        }

        /// The call where `name` is a number in the body.
        public Call template(String name, int value) {
            return template(new TemplateArgument(name, TemplateArgument.Kind.INT, Integer.toString(value)));
        }

        /// The call where `name` is true or false in the body.
        public Call template(String name, boolean value) {
            return template(new TemplateArgument(name, TemplateArgument.Kind.BOOL, Boolean.toString(value)));
        }

        private Call template(TemplateArgument argument) {
            return new Call(
                    grid,
                    threadgroup,
                    outputShapes,
                    outputDtypes,
                    CustomKernels.plus(template, argument),
                    initValue,
                    verbose);
        }

        /// The call with outputs that are filled with a number before.
        public Call initValue(Number value) {
            return new Call(grid, threadgroup, outputShapes, outputDtypes, template, value, verbose);
        }

        /// The call, for which Metal prints the whole text of the kernel to the standard output, the function around the body included. Other
        /// backends, which run the fallback, print nothing.
        public Call verbose(boolean verbose) {
            return new Call(grid, threadgroup, outputShapes, outputDtypes, template, initValue, verbose);
        }
    }
}
