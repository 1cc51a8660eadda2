package org.lazuli.conformance;

import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.TensorSpec;

/// What an output of a kernel has to be.
sealed interface Expected {
    /// The first or worst element that is wrong, or null.
    @Nullable
    Finding compare(HostTensor got);

    /// Exactly these bits, those of NaN included.
    record Bits(HostTensor tensor) implements Expected {
        @Override
        public @Nullable Finding compare(HostTensor got) {
            for (int i = 0; i < tensor.size(); i++) {
                if (tensor.bits(i) != got.bits(i)) {
                    return new Finding(
                            "bits",
                            "element " + i + " is " + got.text(i) + " (0x" + Long.toHexString(got.bits(i)) + ")",
                            tensor.text(i) + " (0x" + Long.toHexString(tensor.bits(i)) + ")",
                            "",
                            "the same bits",
                            "",
                            "");
                }
            }
            return null;
        }
    }

    /// These numbers, each within its bound; NaN for NaN and infinity for infinity.
    ///
    /// @param numbers the elements in row-major order, complex64 in pairs
    /// @param allowed how far each may be away
    /// @param flushed the numbers where operands that are subnormal count as zero, or null if there is none: either is right
    /// @param signedZeros whether the sign of a zero matters
    record Near(TensorSpec spec, double[] numbers, double[] allowed, double @Nullable [] flushed, boolean signedZeros)
            implements Expected {
        @Override
        public @Nullable Finding compare(HostTensor got) {
            double[] actual = got.numbers();
            DType part = spec.dtype().isComplex() ? DType.FLOAT32 : spec.dtype();
            int worst = -1;
            double ratio = 0;
            for (int i = 0; i < numbers.length; i++) {
                boolean right = near(part, numbers[i], actual[i], allowed[i], signedZeros)
                        || (flushed != null && near(part, flushed[i], actual[i], allowed[i], signedZeros));
                double excess = Math.abs(actual[i] - numbers[i]) / allowed[i];
                if (!right && (worst < 0 || excess > ratio)) {
                    worst = i;
                    ratio = excess;
                }
            }
            if (worst < 0) {
                return null;
            }
            double error = Math.abs(actual[worst] - numbers[worst]);
            int element = spec.dtype().isComplex() ? worst / 2 : worst;
            String where = spec.dtype().isComplex()
                    ? "element " + element + ", " + (worst % 2 == 0 ? "real" : "imaginary") + " part, is "
                    : "element " + element + " is ";
            return new Finding(
                    "value",
                    where + actual[worst],
                    numbers[worst] + (flushed == null ? "" : ", or " + flushed[worst] + " with subnormals as zero"),
                    spec.dtype().isInexact() && Double.isFinite(error)
                            ? error + ", " + error / Numbers.ulp(part, numbers[worst]) + " ulps"
                            : "",
                    Double.toString(allowed[worst]),
                    "",
                    "");
        }

        private static boolean near(DType dtype, double expected, double actual, double allowed, boolean signedZeros) {
            if (Double.isNaN(expected) || Double.isNaN(actual)) {
                return Double.isNaN(expected) && Double.isNaN(actual);
            }
            if (expected == actual) {
                return expected != 0
                        || !signedZeros
                        || Double.doubleToRawLongBits(expected) == Double.doubleToRawLongBits(actual);
            }
            if (!dtype.isFloating() || Double.isInfinite(expected)) {
                return false;
            }
            if (Double.isInfinite(actual)) {
                // Overflow: what is allowed reaches to where rounding gives infinity.
                double overflow = Numbers.largest(dtype) * (1 + Numbers.epsilon(dtype) / 2);
                return Math.signum(actual) == Math.signum(expected) && Math.abs(expected) + allowed >= overflow;
            }
            return Math.abs(actual - expected) <= allowed;
        }
    }
}
