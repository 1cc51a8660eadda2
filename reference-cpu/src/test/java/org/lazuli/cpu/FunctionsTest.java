package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class FunctionsTest {
    private static final double[] ARGUMENTS = {
        1e-20, 1e-9, 3e-8, 1e-5, 0.001, 0.01, 0.1, 0.25, 0.3, 0.46, 0.47, 0.5, 0.7, 0.9, 0.99, 0.9999, 1, 1.0001, 1.3,
        1.5, 2, 2.5, 3.9, 4.1, 5, 7.5, 10, 20, 26, 100, 1e4, 1e9, 1e20
    };

    private static void check(
            String name,
            DoubleUnaryOperator function,
            DoubleFunction<BigDecimal> exact,
            double from,
            double to,
            double ulps) {
        int checked = 0;
        for (double a : ARGUMENTS) {
            for (double x : new double[] {a, -a}) {
                if (x >= from && x <= to) {
                    double error = Precise.ulps(function.applyAsDouble(x), exact.apply(x));
                    assertTrue(error <= ulps, name + "(" + x + ") is off by " + error + " ulp");
                    checked++;
                }
            }
        }
        assertTrue(checked >= 10, name + " was hardly checked");
    }

    @Test
    void areAccurate() {
        check("log2", Functions::log2, Precise::log2, 1e-20, 1e20, 2);
        check("asinh", Functions::asinh, Precise::asinh, -1e20, 1e20, 3);
        check("acosh", Functions::acosh, Precise::acosh, 1.0001, 1e20, 3);
        check("atanh", Functions::atanh, Precise::atanh, -0.9999, 0.9999, 3);
        check("sigmoid", Functions::sigmoid, Precise::sigmoid, -100, 20, 3);
        check("erf", Functions::erf, Precise::erf, -5, 5, 3);
        check("logAddExp", x -> Functions.logAddExp(x, 2), x -> Precise.logAddExp(x, 2), -20, 100, 3);
    }

    /// The error of erfinv is that of its inverse, divided by the slope.
    @Test
    void erfinvIsAccurate() {
        for (double y : new double[] {
            1e-20, 1e-9, 2e-8, 1e-4, 0.1, 0.3, 0.499, 0.5, 0.7, 0.9, 0.99, 0.999999, 1 - 1e-10, 1 - 1e-15
        }) {
            double x = Functions.erfinv(y);
            assertEquals(-x, Functions.erfinv(-y));
            double slope = 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
            double error = Precise.erf(x).subtract(Precise.of(y)).abs().doubleValue() / slope;
            assertTrue(error <= 4 * Math.ulp(x), "erfinv(" + y + ") is off by " + error / Math.ulp(x) + " ulp");
            float argument = (float) y;
            if (argument < 1) {
                assertEquals((float) Functions.erfinv(argument), (float) Functions.erfinvSingle(argument));
            }
        }
    }

    @Test
    void specialValues() {
        double inf = Double.POSITIVE_INFINITY;
        assertEquals(-inf, Functions.log2(0));
        assertEquals(Double.NaN, Functions.log2(-1));
        assertEquals(inf, Functions.log2(inf));
        assertEquals(-1074, Functions.log2(Double.MIN_VALUE));
        for (int e = -1022; e < 1024; e++) {
            assertEquals(e, Functions.log2(Math.scalb(1.0, e)));
        }
        assertEquals(inf, Functions.asinh(inf));
        assertEquals(-inf, Functions.asinh(-inf));
        assertEquals(-0.0, Functions.asinh(-0.0));
        assertEquals(1e-300, Functions.asinh(1e-300));
        assertEquals(1e-300, Functions.atanh(1e-300));
        assertEquals(Double.NaN, Functions.acosh(0.5));
        assertEquals(Double.NaN, Functions.acosh(Double.NaN));
        assertEquals(0, Functions.acosh(1));
        assertEquals(inf, Functions.atanh(1));
        assertEquals(-inf, Functions.atanh(-1));
        assertEquals(Double.NaN, Functions.atanh(1.5));
        assertEquals(0, Functions.sigmoid(-inf));
        assertEquals(1, Functions.sigmoid(inf));
        assertEquals(Double.NaN, Functions.sigmoid(Double.NaN));
        assertEquals(1, Functions.erf(inf));
        assertEquals(-1, Functions.erf(-30));
        assertEquals(-0.0, Functions.erf(-0.0));
        assertEquals(Double.NaN, Functions.erf(Double.NaN));
        assertEquals(2, Functions.erfc(-30));
        assertEquals(Double.NaN, Functions.erfinv(1.1));
        assertEquals(Double.NaN, Functions.erfinv(Double.NaN));
        assertEquals(-inf, Functions.erfinv(-1));
        assertEquals(-0.0, Functions.erfinv(-0.0));
        assertEquals(-inf, Functions.logAddExp(-inf, -inf));
        assertEquals(inf, Functions.logAddExp(inf, -inf));
        assertEquals(inf, Functions.logAddExp(inf, inf));
        assertEquals(Double.NaN, Functions.logAddExp(inf, Double.NaN));
        assertEquals(1, Functions.power(1, Double.NaN));
        assertEquals(1, Functions.power(-1, inf));
        assertEquals(-0.0, Functions.trunc(-0.5));
        assertEquals(Double.NaN, Functions.trunc(Double.NaN));
    }

    @Property(tries = 500)
    void powerIsThatOfIntegersWrapped(@ForAll long base, @ForAll byte exponent) {
        if (exponent >= 0) {
            long expected = BigInteger.valueOf(base).pow(exponent).longValue();
            assertEquals(expected, Functions.power(base, exponent));
            assertEquals(expected, Functions.powerUnsigned(base, exponent));
        } else if (base > 1 || base < -1) {
            assertEquals(0, Functions.power(base, exponent));
        }
        assertEquals(exponent % 2 == 0 ? 1 : -1, Functions.power(-1L, exponent));
    }

    @Property(tries = 500)
    void toLongIsTheIntegerPartWrapped(@ForAll @DoubleRange(min = -1e25, max = 1e25) double x) {
        assertEquals(new BigDecimal(x).toBigInteger().longValue(), Functions.toLong(x));
    }

    @Test
    void toLongOfWhatIsNoNumberIsZero() {
        assertEquals(0, Functions.toLong(Double.NaN));
        assertEquals(0, Functions.toLong(Double.POSITIVE_INFINITY));
        assertEquals(0, Functions.toLong(Double.NEGATIVE_INFINITY));
        assertEquals(Long.MIN_VALUE, Functions.toLong(0x1p63));
        assertEquals(0, Functions.toLong(0x1p64));
    }

    @Property(tries = 500)
    void unsignedConversionsRoundOnce(@ForAll long bits) {
        BigDecimal value = new BigDecimal(Long.toUnsignedString(bits));
        assertEquals(value.doubleValue(), Functions.unsignedToDouble(bits));
        assertEquals(value.floatValue(), Functions.unsignedToFloat(bits));
    }
}
