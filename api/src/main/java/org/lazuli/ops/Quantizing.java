package org.lazuli.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantization.Mode;
import org.lazuli.Quantized;
import org.lazuli.Shape;
import org.lazuli.graph.Region;

/// Matrices to and from a few bits an element.
public final class Quantizing {
    /// Of the scales of affine groups, so that a constant group can be divided by its own.
    private static final float SMALLEST_SCALE = 1e-7f;

    private Quantizing() {}

    public static Quantized quantize(Array w, Quantization how, @Nullable Array globalScale) {
        check(w, how, globalScale);
        return Region.run(
                () -> {
                    Array wide = Elementwise.cast(w, DType.FLOAT32);
                    Array groups = Shapes.unflatten(wide, -1, new int[] {w.dim(-1) / how.groupSize(), how.groupSize()});
                    return how.mode() == Mode.AFFINE
                            ? affine(groups, how, w.dtype())
                            : floating(groups, how, globalScale);
                },
                q -> q.biases() == null
                        ? List.of(q.weight(), q.scales())
                        : List.of(q.weight(), q.scales(), q.biases()));
    }

    private static void check(Array w, Quantization how, @Nullable Array globalScale) {
        if (!w.dtype().isFloating()) {
            throw new IllegalArgumentException("quantize: needs a floating point type, got " + w.dtype());
        }
        if (w.ndim() < 2) {
            throw new IllegalArgumentException("quantize: needs a matrix, with two axes or more, got shape " + w.shape()
                    + "; add one with expandDims");
        }
        if (w.dim(-1) == 0 || w.dim(-1) % how.groupSize() != 0) {
            throw new IllegalArgumentException("quantize: the last axis of shape " + w.shape()
                    + " must be a multiple of the group size " + how.groupSize()
                    + "; pad it, or choose another size");
        }
        if (globalScale != null && (how.mode() != Mode.NVFP4 || globalScale.size() != 1)) {
            throw new IllegalArgumentException("quantize: a global scale is one number for mode nvfp4, got shape "
                    + globalScale.shape() + " for mode " + how.mode());
        }
    }

    /// The end of a group's range that is farther from 0 is met exactly, and so is 0 if it lies in the range.
    private static Quantized affine(Array groups, Quantization how, DType dtype) {
        int largest = (1 << how.bits()) - 1;
        Array max = groups.max(Axes.of(-1).keepDims());
        Array min = groups.min(Axes.of(-1).keepDims());
        Array fromBelow = min.abs().gt(max.abs());
        Array step = Ops.maximum(max.sub(min).div(largest), SMALLEST_SCALE);
        Array signed = Ops.where(fromBelow, step, step.neg());
        Array edge = Ops.where(fromBelow, min, max);
        Array count = edge.div(signed).round();
        Array isZero = count.eq(0);
        Array scales = Ops.where(isZero, signed, edge.div(Ops.where(isZero, 1f, count)));
        Array biases = Ops.where(isZero, 0f, edge);
        Array q = groups.sub(biases).div(scales).round().clip(0, largest);
        Array packed = PackedIntegers.pack(Shapes.flatten(Elementwise.cast(q, DType.UINT32), -2, -1), how.bits());
        return new Quantized(
                packed,
                Elementwise.cast(Shapes.squeeze(scales, -1), dtype),
                Elementwise.cast(Shapes.squeeze(biases, -1), dtype),
                how);
    }

    private static Quantized floating(Array groups, Quantization how, @Nullable Array globalScale) {
        Array max = groups.abs().max(Axes.of(-1).keepDims());
        Array codes;
        Array scales;
        if (how.mode() == Mode.NVFP4) {
            Array wanted = max.div(SmallFloats.LARGEST_E2M1);
            Array unit = globalScale == null ? null : unit(globalScale);
            codes = SmallFloats.toE4m3(unit == null ? wanted : wanted.mul(unit));
            Array decoded = SmallFloats.fromE4m3(codes);
            scales = unit == null ? decoded : decoded.div(unit);
        } else {
            float largest = how.mode() == Mode.MXFP4 ? SmallFloats.LARGEST_E2M1 : SmallFloats.LARGEST_E4M3;
            Array isZero = max.eq(0);
            Array exponent =
                    Ops.where(isZero, 1f, max.div(largest)).log2().round().clip(-127, 127);
            codes = Elementwise.cast(exponent.add(127), DType.UINT8);
            scales = SmallFloats.fromE8m0(codes);
        }
        Array isZero = scales.eq(0);
        Array scaled = Ops.where(isZero, 0f, groups.div(Ops.where(isZero, 1f, scales)));
        Array flat = Shapes.flatten(scaled, -2, -1);
        Array q = how.mode() == Mode.MXFP8
                ? Elementwise.cast(SmallFloats.toE4m3(flat), DType.UINT32)
                : SmallFloats.toE2m1(flat);
        return new Quantized(PackedIntegers.pack(q, how.bits()), Shapes.squeeze(codes, -1), null, how);
    }

    /// What turns scales into their codes, such that an element as large as the global scale gets the largest.
    private static Array unit(Array globalScale) {
        Array largest = Shapes.reshape(Elementwise.cast(globalScale, DType.FLOAT32), Shape.SCALAR);
        return Ops.div(SmallFloats.LARGEST_E4M3 * SmallFloats.LARGEST_E2M1, largest);
    }

    /// @param dtype the type of the result
    public static Array dequantize(Quantized w, DType dtype, @Nullable Array globalScale) {
        check(w, "dequantize");
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException("dequantize: the result must be floating point, not " + dtype);
        }
        return Region.own(() -> values(w, dtype, globalScale));
    }

    /// The matrix that `w` stands for.
    static Array values(Quantized w, DType dtype, @Nullable Array globalScale) {
        Quantization how = w.how();
        DType computed = dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        Array q = PackedIntegers.unpack(w.weight(), how.bits());
        Array elements = switch (how.mode()) {
            case AFFINE -> q;
            case MXFP4, NVFP4 -> SmallFloats.fromE2m1(q);
            case MXFP8 -> SmallFloats.fromE4m3(q);
        };
        Array scales = switch (how.mode()) {
            case AFFINE -> w.scales();
            case MXFP4, MXFP8 -> SmallFloats.fromE8m0(w.scales());
            case NVFP4 -> SmallFloats.fromE4m3(w.scales());
        };
        if (globalScale != null) {
            scales = scales.div(unit(globalScale));
        }
        Array groups =
                Shapes.unflatten(Elementwise.cast(elements, computed), -1, new int[] {scales.dim(-1), how.groupSize()});
        Array result = groups.mul(perGroup(scales, computed));
        Array biases = w.biases();
        if (biases != null) {
            result = result.add(perGroup(biases, computed));
        }
        return Elementwise.cast(Shapes.flatten(result, -2, -1), dtype);
    }

    private static Array perGroup(Array x, DType dtype) {
        return Elementwise.cast(Shapes.expandDims(x, x.ndim()), dtype);
    }

    /// Checks that packed elements, scales and biases belong together.
    static void check(Quantized w, String name) {
        Quantization how = w.how();
        Array weight = w.weight();
        Array scales = w.scales();
        Array biases = w.biases();
        if (weight.dtype() != DType.UINT32) {
            throw new IllegalArgumentException(name + ": the packed matrix must be uint32, got " + weight.dtype());
        }
        if (weight.ndim() < 2 || 32L * weight.dim(-1) % how.bits() != 0) {
            throw new IllegalArgumentException(name + ": " + how.bits()
                    + " bits an element do not give packed elements of shape " + weight.shape());
        }
        if ((biases != null) != how.hasBiases()) {
            throw new IllegalArgumentException(
                    name + ": mode " + how.mode() + (how.hasBiases() ? " needs biases" : " has no biases"));
        }
        boolean typed = how.hasBiases() ? scales.dtype().isFloating() : scales.dtype() == DType.UINT8;
        if (!typed || (biases != null && biases.dtype() != scales.dtype())) {
            throw new IllegalArgumentException(name + ": in mode " + how.mode() + " scales"
                    + (how.hasBiases() ? " and biases are of one floating point type" : " are uint8") + ", got "
                    + scales.dtype() + (biases == null ? "" : " and " + biases.dtype()));
        }
        Shape elements = w.shape();
        Shape expected = elements.with(-1, elements.dim(-1) / how.groupSize());
        boolean fits = elements.dim(-1) % how.groupSize() == 0
                && scales.shape().equals(expected)
                && (biases == null || biases.shape().equals(expected));
        if (!fits) {
            throw new IllegalArgumentException(name + ": packed elements of shape " + weight.shape() + " with "
                    + how.bits() + " bits in groups of " + how.groupSize() + " have scales of shape "
                    + expected + ", got " + scales.shape() + (biases == null ? "" : " and biases " + biases.shape()));
        }
    }
}
