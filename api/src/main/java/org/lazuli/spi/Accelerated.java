package org.lazuli.spi;

import java.util.List;
import org.lazuli.MathMode;
import org.lazuli.Quantization;

/// A computation that a backend may do in one kernel, though a graph of primitives says it too.
///
/// No backend has to run any of these: where [Backend#supports] answers no, the runtime computes the graph that came with the call
/// ([Primitive.Fallback]) instead. So these are the one kind of kernel that never runs on the reference backend in another's stead.
///
/// All but [CustomKernel] have one output, of the first operand's dtype, and most work along the last axis. The runtime asks for float16, bfloat16 and float32 only;
/// what is summed, and the functions in between, are to be computed in float32. The other operands have that dtype too, but where a kernel says
/// otherwise: masks can be `bool`, and quantized matrices are `uint32` with scales that may be `uint8`.
public sealed interface Accelerated extends Kernel {
    /// `exp(x - max x) / sum(exp(x - max x))`, of the shape of `x`.
    record Softmax() implements Accelerated {}

    /// `log(sum(exp(x)))` without overflow; the last axis stays with size 1. Where all elements are -infinity it is -infinity, where one is
    /// infinity, infinity.
    record LogSumExp() implements Accelerated {}

    /// `(x - mean x) / sqrt(var x + eps)`, of the shape of `x`, with the variance over n elements; then times a weight and plus a bias, each of
    /// shape (D) where the last axis of `x` has size D. Operands: `x`, the weight if there is one, the bias if there is one.
    record LayerNorm(float eps, boolean weight, boolean bias) implements Accelerated {}

    /// `x / sqrt(mean(x * x) + eps)`, of the shape of `x`; then times a weight of shape (D). Operands: `x`, the weight if there is one.
    record RmsNorm(float eps, boolean weight) implements Accelerated {}

    /// `softmax(scale * q kᵀ) v` for each head. Operands: `q` of shape (B,H,Lq,D), `k` of shape (B,Hkv,Lk,D), `v` of shape (B,Hkv,Lk,Dv),
    /// and optionally a mask, broadcast to (B,H,Lq,Lk). The result has shape (B,H,Lq,Dv). H is a multiple of Hkv: H / Hkv
    /// heads in turn share keys and values.
    ///
    /// A boolean mask is true where a query sees a key; one of the dtype of `q` is added to the scaled products. A score that is masked out
    /// is the lowest finite number of the dtype, so that a query that sees nothing gets the mean of all values.
    ///
    /// @param causal whether query i sees the keys up to i + (Lk - Lq) only
    record Attention(float scale, boolean causal) implements Accelerated {}

    /// A kernel whose text its user has written, in the language of one kind of device. Operands: one for each name in `inputs`. Outputs: of the
    /// types and shapes in `results`, contiguous. This is the one kernel here of any dtype and with several outputs.
    ///
    /// For Metal: the text is the body of a kernel function, whose arguments are the inputs, the outputs and the attributes of a thread that
    /// it names; where it names them, also `NAME_shape`, `NAME_strides` and `NAME_ndim` of an input that has axes.
    ///
    /// @param name what the kernel is called
    /// @param inputs the operands' names
    /// @param outputs the outputs' names
    /// @param results the outputs' types and shapes
    /// @param source the body
    /// @param header what comes before the function
    /// @param contiguous whether operands are to be copied to row-major order if they are not in it
    /// @param atomic whether outputs are of atomic types
    /// @param math how freely the text may be compiled
    /// @param template names that stand for types and numbers in the body
    /// @param grid the number of threads along x, y and z
    /// @param threadgroup the most threads of a threadgroup along x, y and z
    /// @param initial what outputs are filled with before, as the bits of one element of each; none if their content does not matter
    /// @param verbose whether the backend is to print the whole text that it compiles
    record CustomKernel(
            String name,
            List<String> inputs,
            List<String> outputs,
            List<TensorSpec> results,
            String source,
            String header,
            boolean contiguous,
            boolean atomic,
            MathMode math,
            List<TemplateArgument> template,
            Ints grid,
            Ints threadgroup,
            List<Long> initial,
            boolean verbose)
            implements Accelerated {
        public CustomKernel {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
            results = List.copyOf(results);
            template = List.copyOf(template);
            initial = List.copyOf(initial);
        }

        @Override
        public String toString() {
            return "CustomKernel " + name;
        }
    }

    /// A name that stands for something in a kernel's text.
    ///
    /// @param value a dtype's name, a number, or `true` or `false`
    record TemplateArgument(String name, Kind kind, String value) {
        public enum Kind {
            DTYPE,
            INT,
            BOOL
        }
    }
    /// The gradient of [Softmax]: `y * (g - sum(y * g))`, of the shape of `y`. Operands: the softmax `y`, and the cotangent `g` of its shape.
    record SoftmaxGradient() implements Accelerated {}

    /// The gradient of [LayerNorm] by its input, of the shape of `x`: with `n` the normalized input, `d` the deviation that it was divided by and
    /// `h = g * weight`, `(h - mean h - n * mean(n * h)) / d`. Operands: `x`, the weight if there is one, the cotangent `g` of the shape of `x`.
    record LayerNormGradient(float eps, boolean weight) implements Accelerated {}

    /// The gradients of [LayerNorm] by its weight and its bias, of shape (2,D): over all rows, the sums of `n * g` with `n` the normalized input,
    /// and of `g`. Operands: `x`, and the cotangent `g` of its shape.
    record LayerNormParameterGradient(float eps) implements Accelerated {}

    /// The gradient of [RmsNorm] by its input, of the shape of `x`: with `n` the input divided by `d`, the root of its mean square, and
    /// `h = g * weight`, `(h - n * mean(n * h)) / d`. Operands: `x`, the weight if there is one, the cotangent `g` of the shape of `x`.
    record RmsNormGradient(float eps, boolean weight) implements Accelerated {}

    /// The gradient of [RmsNorm] by its weight, of shape (D): the sum of `n * g` over all rows, with `n` the input divided by the root of its mean
    /// square. Operands: `x`, and the cotangent `g` of its shape.
    record RmsNormParameterGradient(float eps) implements Accelerated {}

    /// The gradient of the largest or smallest elements along axes, of the shape of `x`: where `x == y`, `g / n`, with n the number of such elements
    /// along the axes, and 0 elsewhere. Operands: `x`, the extremes `y`, and their cotangent `g`, both of the shape of `x` with size 1 along the axes.
    record ExtremeGradient(Ints axes) implements Accelerated {}

    /// The gradients of [Attention] without a mask by all its operands, of shape (n) with n the number of their elements: those by `q`, then those by `k`,
    /// then those by `v`, each with the second and third axis exchanged, as in (B,Lq,H,D), since that is how heads lie that were split off from one
    /// row. With `p` the shares that softmax gives, `g` the cotangent and `s = p * (g vᵀ - sum(p * g vᵀ))`, 0 where a query does not see a key, they
    /// are `scale * s k`, `scale * sᵀ q` and `pᵀ g`; heads that share keys and values add theirs up. Operands: `q`, `k` and `v` as for [Attention], and
    /// the cotangent `g` of shape (B,H,Lq,Dv).
    record AttentionGradient(float scale, boolean causal) implements Accelerated {}

    /// A matrix times a quantized one: `x wᵀ` if `transpose`, else `x w`. Operands: `x` of shape (m,k), the packed elements of `w`, `uint32`
    /// of shape (n,words), its scales of shape (n,groups), and, if the mode has them, its biases, of the shape of the scales. The last
    /// axis of `w` is packed: it has k elements if `transpose`, and then the result has shape (m,n); else n is k, and the result has as many columns
    /// as `w`. Scales and biases have the dtype of `x` if the mode has biases, else scales are `uint8`. How elements are packed and what they
    /// stand for says [Quantization].
    ///
    /// The elements of `w` need not be rounded to the dtype of `x`.
    record QuantizedMatMul(Quantization how, boolean transpose) implements Accelerated {}
}
