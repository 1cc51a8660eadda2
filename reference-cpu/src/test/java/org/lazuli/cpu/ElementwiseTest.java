package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedElementwise.Instruction;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

class ElementwiseTest {
    private final Workbench bench = new Workbench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static DType result(UnaryOp op, DType dtype) {
        return switch (op) {
            case LOGICAL_NOT -> DType.BOOL;
            case ABS, REAL, IMAG -> dtype == DType.COMPLEX64 ? DType.FLOAT32 : dtype;
            default -> dtype;
        };
    }

    /// True for what IEEE 754 rounds correctly, or that needs no rounding.
    private static boolean isExact(UnaryOp op) {
        return switch (op) {
            case ABS, NEGATIVE, SIGN, CONJUGATE, REAL, IMAG, SQRT, FLOOR, CEIL, TRUNC, ROUND, LOGICAL_NOT -> true;
            default -> false;
        };
    }

    private static void assertNear(DType dtype, double expected, double actual, int ulps, String what) {
        double rounded = Workbench.rounded(dtype, expected);
        if (Double.isNaN(rounded)) {
            assertTrue(Double.isNaN(actual), what + " is " + actual + ", not NaN");
            return;
        }
        double unit = switch (dtype) {
            case FLOAT16 -> Math.max(Math.ulp((float) rounded) * 0x1p13, 0x1p-24);
            case BFLOAT16 -> Math.ulp((float) rounded) * 0x1p16;
            case FLOAT32 -> Math.ulp((float) rounded);
            default -> Math.ulp(rounded);
        };
        boolean near = rounded == actual || Math.abs(actual - rounded) <= ulps * unit;
        assertTrue(near, () -> what + " is " + actual + ", not " + rounded);
    }

    @ParameterizedTest
    @EnumSource
    void unaryOfReals(UnaryOp op) {
        Shape shape = Shape.of(3, 5, 4);
        for (DType dtype : DType.values()) {
            if (!dtype.isFloating() || op == UnaryOp.BITWISE_INVERT) {
                continue;
            }
            double[] x = Samples.of(dtype, shape.size(), true, 1);
            for (Tensor input : bench.layouts(dtype, shape, x)) {
                double[] actual = bench.values(bench.run(new Primitive.Unary(op), result(op, dtype), shape, input));
                for (int i = 0; i < x.length; i++) {
                    int ulps = isExact(op) ? 0 : dtype == DType.FLOAT64 ? 4 : 1;
                    double expected = Reference.unary(op, x[i]);
                    assertNear(result(op, dtype), expected, actual[i], ulps, dtype + " " + op + "(" + x[i] + ")");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void unaryOfIntegers(UnaryOp op) {
        Shape shape = Shape.of(7, 5);
        for (DType dtype : DType.values()) {
            if (dtype.isInexact() || !Definitions.isDefined(op, dtype)) {
                continue;
            }
            BigInteger[] x = Samples.integers(dtype, shape.size(), 2);
            Tensor input = bench.longs(dtype, shape, Samples.bits(x));
            long[] actual = bench.bits(bench.run(new Primitive.Unary(op), result(op, dtype), shape, input));
            for (int i = 0; i < x.length; i++) {
                BigInteger expected = Samples.wrap(Reference.unary(op, x[i], dtype), result(op, dtype));
                assertEquals(
                        expected, Samples.integer(result(op, dtype), actual[i]), dtype + " " + op + "(" + x[i] + ")");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void binaryOfReals(BinaryOp op) {
        Shape shape = Shape.of(16, 16);
        for (DType dtype : DType.values()) {
            if (!dtype.isFloating() || !Definitions.isDefined(op, dtype)) {
                continue;
            }
            DType result = op.isComparison() ? DType.BOOL : dtype;
            double[] values = Samples.of(dtype, 16, true, 3);
            double[] x = new double[256];
            double[] y = new double[256];
            for (int i = 0; i < 256; i++) {
                x[i] = values[i / 16];
                y[i] = values[i % 16];
            }
            boolean exact = switch (op) {
                case POWER, ARCTAN2, LOGADDEXP -> false;
                default -> true;
            };
            for (Tensor left : bench.layouts(dtype, shape, x)) {
                for (Tensor right : bench.layouts(dtype, shape, y)) {
                    double[] actual = bench.values(bench.run(new Primitive.Binary(op), result, shape, left, right));
                    for (int i = 0; i < 256; i++) {
                        double a = x[i];
                        double b = y[i];
                        double expected = Reference.binary(op, a, b);
                        if (dtype != DType.FLOAT64 && op == BinaryOp.FLOOR_DIVIDE) {
                            // The quotient is rounded to float32 before it is rounded down.
                            expected = StrictMath.floor((float) a / (float) b);
                        }
                        int ulps = exact ? 0 : dtype == DType.FLOAT64 ? 4 : 1;
                        if (result == DType.BOOL) {
                            assertEquals(expected, actual[i], dtype + " " + a + " " + op + " " + b);
                        } else {
                            assertNear(dtype, expected, actual[i], ulps, dtype + " " + a + " " + op + " " + b);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void binaryOfIntegers(BinaryOp op) {
        Shape shape = Shape.of(20, 20);
        for (DType dtype : DType.values()) {
            if (dtype.isInexact() || !Definitions.isDefined(op, dtype)) {
                continue;
            }
            DType result = op.isComparison() ? DType.BOOL : dtype;
            BigInteger[] values = Samples.integers(dtype, 20, 4);
            BigInteger[] x = new BigInteger[400];
            BigInteger[] y = new BigInteger[400];
            for (int i = 0; i < 400; i++) {
                x[i] = values[i / 20];
                // Shifts and exponents that are small are the interesting ones.
                y[i] = (i & 1) == 0 ? values[i % 20] : Samples.wrap(BigInteger.valueOf(i % 70 - 3), dtype);
            }
            Tensor left = bench.longs(dtype, shape, Samples.bits(x));
            Tensor right = bench.longs(dtype, shape, Samples.bits(y));
            long[] actual = bench.bits(bench.run(new Primitive.Binary(op), result, shape, left, right));
            for (int i = 0; i < 400; i++) {
                BigInteger expected = Samples.wrap(Reference.binary(op, x[i], y[i], dtype), result);
                assertEquals(expected, Samples.integer(result, actual[i]), dtype + " " + x[i] + " " + op + " " + y[i]);
            }
        }
    }

    @Test
    void whatIsNotDefinedIsRefused() {
        int refused = 0;
        for (DType dtype : DType.values()) {
            Tensor x = bench.tensor(dtype, Shape.of(2), new double[2 * Storage.width(dtype)]);
            for (UnaryOp op : UnaryOp.values()) {
                Primitive.Unary kernel = new Primitive.Unary(op);
                if (!bench.backend.supports(kernel, List.of(x.spec()))) {
                    refused++;
                    assertThrows(
                            UnsupportedOperationException.class,
                            () -> bench.run(kernel, dtype, x.shape(), x),
                            op + " " + dtype);
                } else {
                    bench.run(kernel, result(op, dtype), x.shape(), x);
                }
            }
            for (BinaryOp op : BinaryOp.values()) {
                Primitive.Binary kernel = new Primitive.Binary(op);
                DType result = op.isComparison() ? DType.BOOL : dtype;
                if (!bench.backend.supports(kernel, List.of(x.spec(), x.spec()))) {
                    refused++;
                    assertThrows(
                            UnsupportedOperationException.class,
                            () -> bench.run(kernel, result, x.shape(), x, x),
                            op + " " + dtype);
                } else {
                    bench.run(kernel, result, x.shape(), x, x);
                }
            }
            FusedElementwise fused = new FusedElementwise(
                    1,
                    List.of(new Instruction(new Primitive.Unary(UnaryOp.BITWISE_INVERT), Ints.of(0), dtype)),
                    Ints.of(1));
            assertEquals(!dtype.isInexact(), bench.backend.supports(fused, List.of(x.spec())));
        }
        assertTrue(refused > 200);
    }

    @Test
    void select() {
        Shape shape = Shape.of(4, 6);
        for (DType dtype : DType.values()) {
            int width = Storage.width(dtype);
            double[] c = Samples.of(DType.BOOL, 24, false, 5);
            double[] x = Samples.of(dtype, 24, true, 6);
            double[] y = Samples.of(dtype, 24, false, 7);
            double[] expected = new double[24 * width];
            for (int i = 0; i < 24; i++) {
                System.arraycopy(c[i] != 0 ? x : y, i * width, expected, i * width, width);
            }
            for (Tensor condition : bench.layouts(DType.BOOL, shape, c)) {
                for (Tensor left : bench.layouts(dtype, shape, x)) {
                    Tensor right = bench.tensor(dtype, shape, y);
                    Tensor actual = bench.run(new Primitive.Select(), dtype, shape, condition, left, right);
                    assertArrayEquals(expected, bench.values(actual), dtype.toString());
                }
            }
        }
    }

    @Test
    void constantHoldsTheBits() {
        for (DType dtype : DType.values()) {
            long bits = dtype == DType.BOOL ? 1 : 0x4123_8765_C234_5678L;
            long mask = dtype.bytes() == 8 ? -1 : (1L << (8 * dtype.bytes())) - 1;
            Tensor actual = bench.run(new Primitive.Constant(dtype, bits), dtype, Shape.SCALAR);
            assertArrayEquals(new long[] {bits & mask}, bench.bits(actual), dtype.toString());
        }
    }

    /// Broadcast operands come with stride 0.
    @Test
    void broadcastOperands() {
        Tensor row = bench.tensor(DType.FLOAT32, Shape.of(3), 1, 2, 3);
        Tensor one = bench.tensor(DType.FLOAT32, Shape.of(1), 10);
        TensorSpec spec = new TensorSpec(DType.FLOAT32, Shape.of(2, 3));
        Tensor rows = new Tensor(row.buffer(), spec, Ints.of(0, 1), 0);
        Tensor columns = new Tensor(row.buffer(), spec, Ints.of(1, 0), 1);
        Tensor ones = new Tensor(one.buffer(), spec, Ints.of(0, 0), 0);
        Primitive.Binary add = new Primitive.Binary(BinaryOp.ADD);
        assertArrayEquals(
                new double[] {11, 12, 13, 11, 12, 13},
                bench.values(bench.run(add, DType.FLOAT32, spec.shape(), rows, ones)));
        assertArrayEquals(
                new double[] {3, 4, 5, 4, 5, 6},
                bench.values(bench.run(add, DType.FLOAT32, spec.shape(), rows, columns)));
        assertArrayEquals(
                new double[] {20, 20, 20, 20, 20, 20},
                bench.values(bench.run(add, DType.FLOAT32, spec.shape(), ones, ones)));
    }

    @Test
    void anOutputMayBeTheBufferOfAnInput() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT16, DType.INT64, DType.UINT8, DType.COMPLEX64)) {
            Shape shape = Shape.of(3000);
            double[] x = Samples.of(dtype, 3000, false, 8);
            double[] y = Samples.of(dtype, 3000, false, 9);
            Primitive.Binary multiply = new Primitive.Binary(BinaryOp.MULTIPLY);
            double[] expected = bench.values(
                    bench.run(multiply, dtype, shape, bench.tensor(dtype, shape, x), bench.tensor(dtype, shape, y)));
            Tensor left = bench.tensor(dtype, shape, x);
            Tensor right = bench.tensor(dtype, shape, y);
            bench.backend.run(multiply, List.of(left, right), List.of(right), Stream.DEFAULT);
            assertArrayEquals(expected, bench.values(right), dtype.toString());
        }
    }

    @Test
    void emptyTensors() {
        Tensor empty = bench.tensor(DType.FLOAT32, Shape.of(2, 0));
        Tensor result = bench.run(new Primitive.Binary(BinaryOp.ADD), DType.FLOAT32, Shape.of(2, 0), empty, empty);
        assertEquals(0, bench.values(result).length);
    }

    /// A fused kernel gives the bits of its instructions run one by one, whatever the program.
    @Property(tries = 150)
    void fusedEqualsOneByOne(@ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int length) {
        try (Workbench bench = new Workbench()) {
            Random random = new Random(seed);
            Shape shape = List.of(Shape.SCALAR, Shape.of(7), Shape.of(40, 61), Shape.of(3, 1, 5))
                    .get(random.nextInt(4));
            List<Tensor> registers = new ArrayList<>();
            int inputs = 1 + random.nextInt(4);
            for (int i = 0; i < inputs; i++) {
                DType dtype = DType.values()[random.nextInt(DType.values().length)];
                List<Tensor> layouts =
                        bench.layouts(dtype, shape, Samples.of(dtype, shape.size(), true, random.nextLong()));
                registers.add(layouts.get(random.nextInt(layouts.size())));
            }
            List<Instruction> program = new ArrayList<>();
            while (program.size() < length) {
                Instruction next = instruction(random, registers);
                if (next != null) {
                    program.add(next);
                    Tensor[] operands = new Tensor[next.operands().size()];
                    for (int i = 0; i < operands.length; i++) {
                        operands[i] = registers.get(next.operands().get(i));
                    }
                    if (next.op() instanceof Primitive.Constant) {
                        Tensor scalar = bench.run(next.op(), next.dtype(), Shape.SCALAR);
                        registers.add(new Tensor(
                                scalar.buffer(), new TensorSpec(next.dtype(), shape), Ints.fill(shape.rank(), 0), 0));
                    } else {
                        registers.add(bench.run(next.op(), next.dtype(), shape, operands));
                    }
                }
            }
            int[] outputs = {inputs + length - 1, inputs + random.nextInt(length)};
            List<TensorSpec> specs = new ArrayList<>();
            for (int output : outputs) {
                specs.add(registers.get(output).spec());
            }
            FusedElementwise fused = new FusedElementwise(inputs, program, Ints.of(outputs));
            List<Tensor> results =
                    bench.run(fused, specs, registers.subList(0, inputs).toArray(Tensor[]::new));
            for (int i = 0; i < outputs.length; i++) {
                Tensor expected = registers.get(outputs[i]);
                assertArrayEquals(bench.values(expected), bench.values(results.get(i)), () -> program.toString());
            }
        }
    }

    /// A random instruction on registers there are, or null if the one that was drawn is not defined.
    private static @Nullable Instruction instruction(Random random, List<Tensor> registers) {
        int a = random.nextInt(registers.size());
        DType dtype = registers.get(a).dtype();
        List<Integer> alike = new ArrayList<>();
        List<Integer> bools = new ArrayList<>();
        for (int i = 0; i < registers.size(); i++) {
            if (registers.get(i).dtype() == dtype) {
                alike.add(i);
            }
            if (registers.get(i).dtype() == DType.BOOL) {
                bools.add(i);
            }
        }
        int b = alike.get(random.nextInt(alike.size()));
        return switch (random.nextInt(10)) {
            case 0 -> {
                DType target = DType.values()[random.nextInt(DType.values().length)];
                yield new Instruction(new Primitive.Cast(target), Ints.of(a), target);
            }
            case 1 -> {
                long bits = dtype == DType.BOOL ? 1 : dtype.isFloating() ? 0 : random.nextInt(100);
                yield new Instruction(new Primitive.Constant(dtype, bits), Ints.of(), dtype);
            }
            case 2 ->
                bools.isEmpty()
                        ? null
                        : new Instruction(
                                new Primitive.Select(), Ints.of(bools.get(random.nextInt(bools.size())), a, b), dtype);
            case 3, 4, 5 -> {
                UnaryOp op = UnaryOp.values()[random.nextInt(UnaryOp.values().length)];
                yield Definitions.isDefined(op, dtype)
                        ? new Instruction(new Primitive.Unary(op), Ints.of(a), result(op, dtype))
                        : null;
            }
            default -> {
                BinaryOp op = BinaryOp.values()[random.nextInt(BinaryOp.values().length)];
                yield Definitions.isDefined(op, dtype)
                        ? new Instruction(
                                new Primitive.Binary(op), Ints.of(a, b), op.isComparison() ? DType.BOOL : dtype)
                        : null;
            }
        };
    }

    @Test
    void complexFunctionsAgreeWithTheirRealOnes() {
        for (UnaryOp op : UnaryOp.values()) {
            if (!Definitions.isDefined(op, DType.COMPLEX64) || op == UnaryOp.CONJUGATE) {
                continue;
            }
            double[] x = {0.3, 0, 0.7, 0, 0.01, 0};
            if (op == UnaryOp.ARCCOSH) {
                x = new double[] {1.3, 0, 2.7, 0, 10, 0};
            }
            DType result = result(op, DType.COMPLEX64);
            Tensor actual = bench.run(
                    new Primitive.Unary(op), result, Shape.of(3), bench.tensor(DType.COMPLEX64, Shape.of(3), x));
            double[] values = bench.values(actual);
            for (int i = 0; i < 3; i++) {
                double expected = Reference.unary(op, (float) x[2 * i]);
                double real = values[i * Storage.width(result)];
                assertEquals(expected, real, 2 * Math.ulp((float) expected), op + "(" + x[2 * i] + ")");
                if (result == DType.COMPLEX64) {
                    assertEquals(0, values[2 * i + 1], 1e-7, op + "(" + x[2 * i] + ")");
                }
            }
        }
    }

    /// f(g(z)) = z for each function and its inverse, and the rest by their definitions through exp.
    @Property(tries = 300)
    void complexFunctions(@ForAll long seed) {
        Random random = new Random(seed);
        Complex z = new Complex(random.nextGaussian(), random.nextGaussian());
        Complex w = new Complex(random.nextGaussian(), random.nextGaussian());
        assertNear(z, z.sqrt().times(z.sqrt()));
        assertTrue(z.sqrt().re() >= 0);
        assertNear(z, z.log().exp());
        assertNear(z, z.over(w).times(w));
        assertNear(z.plus(Complex.ONE), z.log1p().exp());
        assertNear(z.exp().minus(z.negated().exp()).times(0.5), z.sinh());
        assertNear(z.exp().plus(z.negated().exp()).times(0.5), z.cosh());
        assertNear(z.sinh().over(z.cosh()), z.tanh());
        Complex turned = z.turned();
        assertNear(turned.exp().minus(turned.negated().exp()).times(0.5).turnedBack(), z.sin());
        assertNear(turned.exp().plus(turned.negated().exp()).times(0.5), z.cos());
        assertNear(z.sin().over(z.cos()), z.tan());
        assertNear(z, z.asin().sin());
        assertNear(z, z.acos().cos());
        assertNear(z, z.atan().tan());
        assertNear(z, z.asinh().sinh());
        assertNear(z, z.acosh().cosh());
        assertNear(z, z.atanh().tanh());
        assertNear(w.times(z.log()).exp(), z.pow(w));
        assertNear(z.exp().plus(w.exp()), z.logAddExp(w).exp());
        assertEquals(1, z.sign().abs(), 1e-12);
    }

    private static void assertNear(Complex expected, Complex actual) {
        double scale = Math.max(expected.abs(), 1);
        assertEquals(0, expected.minus(actual).abs() / scale, 1e-9, () -> actual + " is not " + expected);
    }

    @Test
    void complexArithmeticOnStridedOperands() {
        Shape shape = Shape.of(3, 4);
        double[] x = Samples.of(DType.COMPLEX64, 12, false, 10);
        double[] y = Samples.of(DType.COMPLEX64, 12, false, 11);
        for (BinaryOp op : List.of(BinaryOp.ADD, BinaryOp.SUBTRACT, BinaryOp.MULTIPLY, BinaryOp.DIVIDE)) {
            for (Tensor left : bench.layouts(DType.COMPLEX64, shape, x)) {
                for (Tensor right : bench.layouts(DType.COMPLEX64, shape, y)) {
                    double[] actual =
                            bench.values(bench.run(new Primitive.Binary(op), DType.COMPLEX64, shape, left, right));
                    for (int i = 0; i < 12; i++) {
                        Complex a = new Complex(x[2 * i], x[2 * i + 1]);
                        Complex b = new Complex(y[2 * i], y[2 * i + 1]);
                        Complex expected = switch (op) {
                            case ADD -> a.plus(b);
                            case SUBTRACT -> a.minus(b);
                            case MULTIPLY -> a.times(b);
                            default -> a.over(b);
                        };
                        assertEquals(expected.re(), actual[2 * i], 1e-5 * expected.abs(), op.toString());
                        assertEquals(expected.im(), actual[2 * i + 1], 1e-5 * expected.abs(), op.toString());
                    }
                }
            }
        }
    }

    /// Complex numbers are ordered by real part, then by imaginary part; NaN spreads.
    @Test
    void complexOrder() {
        double nan = Double.NaN;
        Tensor x = bench.tensor(DType.COMPLEX64, Shape.of(5), 1, 2, 1, 2, 3, 0, nan, 0, 1, 1);
        Tensor y = bench.tensor(DType.COMPLEX64, Shape.of(5), 1, 3, 1, 2, 2, 9, 1, 1, 0, nan);
        Shape shape = Shape.of(5);
        assertArrayEquals(
                new double[] {1, 0, 0, 0, 0},
                bench.values(bench.run(new Primitive.Binary(BinaryOp.LESS), DType.BOOL, shape, x, y)));
        assertArrayEquals(
                new double[] {1, 1, 0, 0, 0},
                bench.values(bench.run(new Primitive.Binary(BinaryOp.LESS_EQUAL), DType.BOOL, shape, x, y)));
        assertArrayEquals(
                new double[] {0, 1, 0, 0, 0},
                bench.values(bench.run(new Primitive.Binary(BinaryOp.EQUAL), DType.BOOL, shape, x, y)));
        assertArrayEquals(
                new double[] {1, 3, 1, 2, 3, 0, nan, 0, 0, nan},
                bench.values(bench.run(new Primitive.Binary(BinaryOp.MAXIMUM), DType.COMPLEX64, shape, x, y)));
        assertArrayEquals(
                new double[] {1, 2, 1, 2, 2, 9, nan, 0, 0, nan},
                bench.values(bench.run(new Primitive.Binary(BinaryOp.MINIMUM), DType.COMPLEX64, shape, x, y)));
        assertFalse(new Complex(1, 0).isNaN());
    }
}
