package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Kernel;

/// Says what the outputs of a kernel have to be, from the operands at hand.
@FunctionalInterface
interface Judge {
    List<Expected> expect(Oracle oracle, Kernel kernel, List<HostTensor> operands);

    /// What is wrong with the outputs that a backend gave, or null.
    default @Nullable Finding judge(Oracle oracle, Kernel kernel, List<HostTensor> operands, List<HostTensor> got) {
        return compare(expect(oracle, kernel, operands), got);
    }

    /// The first output that is not what it has to be, or null.
    static @Nullable Finding compare(List<Expected> expected, List<HostTensor> got) {
        for (int i = 0; i < got.size(); i++) {
            Finding finding = expected.get(i).compare(got.get(i));
            if (finding != null) {
                return finding;
            }
        }
        return null;
    }

    /// What outputs have to be to each other and to the operands, where several sets of them are right.
    @FunctionalInterface
    interface Definition {
        /// What does not hold, or null.
        @Nullable
        Finding check(Oracle oracle, Kernel kernel, List<HostTensor> operands, List<HostTensor> got);
    }

    /// By a definition instead of by numbers.
    static Judge by(Definition definition) {
        return new Judge() {
            @Override
            public List<Expected> expect(Oracle oracle, Kernel kernel, List<HostTensor> operands) {
                throw new IllegalStateException(kernel + " has no single right result");
            }

            @Override
            public @Nullable Finding judge(
                    Oracle oracle, Kernel kernel, List<HostTensor> operands, List<HostTensor> got) {
                return definition.check(oracle, kernel, operands, got);
            }
        };
    }

    /// The reference's bits: for what moves elements, and for integers.
    static Judge bits() {
        return (oracle, kernel, operands) -> oracle.same(kernel, operands).stream()
                .<Expected>map(Expected.Bits::new)
                .toList();
    }

    /// The reference's numbers, where NaN may have any bits.
    static Judge exact(boolean signedZeros) {
        return (oracle, kernel, operands) -> oracle.same(kernel, operands).stream()
                .<Expected>map(output -> exactly(output, signedZeros))
                .toList();
    }

    private static Expected exactly(HostTensor output, boolean signedZeros) {
        if (!output.dtype().isInexact()) {
            return new Expected.Bits(output);
        }
        double[] numbers = output.numbers();
        return new Expected.Near(output.spec(), numbers, new double[numbers.length], null, signedZeros);
    }

    /// How large the numbers are that an error is relative to: of each element of the result, from that element of the operands.
    @FunctionalInterface
    interface Magnitude {
        double of(double[] operands, double result);
    }

    /// Elementwise: `ulps` units in the last place of a number in float32, or in float64; float16 and bfloat16 add half of one of their own. A
    /// complex function is at most four such real ones, whose errors count against the modulus.
    static Judge ulps(double ulps, Magnitude magnitude) {
        return (oracle, kernel, operands) -> {
            HostTensor plain = oracle.same(kernel, operands).getFirst();
            DType dtype = plain.dtype();
            if (!dtype.isInexact()) {
                return List.of(new Expected.Bits(plain));
            }
            boolean complex =
                    operands.stream().anyMatch(operand -> operand.dtype().isComplex());
            if (complex) {
                return List.of(complex(plain, 4 * Math.max(ulps, 1)));
            }
            double[] numbers = oracle.wide(kernel, operands).getFirst().numbers();
            double[] allowed = new double[numbers.length];
            double[] at = new double[operands.size()];
            for (int i = 0; i < allowed.length; i++) {
                for (int k = 0; k < at.length; k++) {
                    at[k] = operands.get(k).number(i);
                }
                allowed[i] = Bounds.ulps(dtype, numbers[i], ulps, magnitude.of(at, numbers[i]));
            }
            return List.of(
                    new Expected.Near(plain.spec(), numbers, allowed, flushed(oracle, kernel, operands, dtype), true));
        };
    }

    private static Expected complex(HostTensor plain, double ulps) {
        double[] numbers = plain.numbers();
        double[] allowed = new double[numbers.length];
        int width = plain.dtype().isComplex() ? 2 : 1;
        for (int i = 0; i < allowed.length; i++) {
            double modulus = width == 2 ? Math.hypot(numbers[i & ~1], numbers[i | 1]) : Math.abs(numbers[i]);
            // And what the reference's own rounding may be off.
            allowed[i] = (ulps + 0.5) * Numbers.ulp(DType.FLOAT32, modulus);
        }
        return new Expected.Near(plain.spec(), numbers, allowed, null, false);
    }

    private static double @Nullable [] flushed(Oracle oracle, Kernel kernel, List<HostTensor> operands, DType dtype) {
        boolean any = false;
        List<HostTensor> without = new ArrayList<>();
        for (HostTensor operand : operands) {
            double[] numbers = operand.numbers();
            for (int i = 0; Numbers.mayFlush(dtype) && i < numbers.length; i++) {
                if (operand.dtype() == dtype && Numbers.isSubnormal(dtype, numbers[i])) {
                    numbers[i] = Math.copySign(0, numbers[i]);
                    any = true;
                }
            }
            without.add(operand.dtype().isInexact() ? HostTensor.of(operand.spec(), numbers) : operand);
        }
        return any ? oracle.wide(kernel, without).getFirst().numbers() : null;
    }

    /// Computes with the operands' magnitudes: what a sum's terms add up to without their signs.
    static double[] magnitudes(Oracle oracle, Kernel kernel, List<HostTensor> operands) {
        List<HostTensor> absolute = new ArrayList<>();
        for (HostTensor operand : operands) {
            if (!operand.dtype().isInexact()) {
                absolute.add(operand);
                continue;
            }
            double[] numbers = new double[operand.size()];
            for (int i = 0; i < numbers.length; i++) {
                // Of a complex number the sum of both parts' magnitudes, which bounds either part of a product.
                numbers[i] = Math.abs(operand.number(i)) + Math.abs(operand.imaginary(i));
            }
            absolute.add(HostTensor.of(operand.spec().withDType(DType.FLOAT64), numbers));
        }
        return oracle.wide(kernel, absolute).getFirst().numbers();
    }

    /// Sums of products: `c · eps · n · Σ|aᵢbᵢ|`, the sum taken over the operands at hand, and the rounding of the result.
    ///
    /// @param terms how many numbers are added up for an element, at most
    /// @param narrow whether partial sums may be rounded to the dtype, and not to float32
    static Judge sums(Terms terms, boolean narrow) {
        return (oracle, kernel, operands) -> {
            HostTensor plain = oracle.same(kernel, operands).getFirst();
            DType dtype = plain.dtype();
            if (!dtype.isInexact()) {
                return List.of(new Expected.Bits(plain));
            }
            boolean complex = dtype.isComplex();
            double[] numbers = complex
                    ? plain.numbers()
                    : oracle.wide(kernel, operands).getFirst().numbers();
            double[] sums = magnitudes(oracle, kernel, operands);
            double n = terms.count(kernel, operands) * (complex ? 2.0 : 1.0);
            double[] allowed = new double[numbers.length];
            for (int i = 0; i < allowed.length; i++) {
                double sum = sums[complex ? i / 2 : i];
                // The reference's own error in float32, where it is no float64, counts as much again.
                allowed[i] = Bounds.sum(dtype, n, sum, narrow) * (complex ? 2 : 1) + Bounds.rounding(dtype, numbers[i]);
            }
            return List.of(new Expected.Near(plain.spec(), numbers, allowed, null, false));
        };
    }

    /// How many terms an element of the result has.
    @FunctionalInterface
    interface Terms {
        int count(Kernel kernel, List<HostTensor> operands);
    }

    /// Products: each factor's rounding counts, relative to the result.
    static Judge products(Terms terms, boolean narrow) {
        return (oracle, kernel, operands) -> {
            HostTensor plain = oracle.same(kernel, operands).getFirst();
            DType dtype = plain.dtype();
            if (!dtype.isInexact()) {
                return List.of(new Expected.Bits(plain));
            }
            boolean complex = dtype.isComplex();
            double[] numbers = complex
                    ? plain.numbers()
                    : oracle.wide(kernel, operands).getFirst().numbers();
            double n = terms.count(kernel, operands) * (complex ? 4.0 : 1.0);
            double[] allowed = new double[numbers.length];
            Arrays.setAll(allowed, i -> {
                double size = complex ? Math.hypot(numbers[i & ~1], numbers[i | 1]) : Math.abs(numbers[i]);
                return Bounds.sum(dtype, n, size, narrow) * (complex ? 2 : 1) + Bounds.rounding(dtype, numbers[i]);
            });
            return List.of(new Expected.Near(plain.spec(), numbers, allowed, null, false));
        };
    }
}
