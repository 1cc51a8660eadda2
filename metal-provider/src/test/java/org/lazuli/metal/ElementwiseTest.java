package org.lazuli.metal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.TensorSpec;

class ElementwiseTest {
    private final MetalBench bench = MetalBench.open();

    @AfterEach
    void close() {
        bench.assertNoLeaks();
        bench.close();
    }

    /// Numbers of all sizes, and the special ones.
    static Placed samples(DType dtype, int n, long seed) {
        Random random = new Random(seed);
        if (!dtype.isInexact()) {
            Placed any = Placed.random(dtype, Shape.of(n), seed);
            byte[] bytes = any.stored();
            int width = dtype.bytes();
            for (int i = 0; i < n; i++) {
                // Small numbers, and the limits.
                if (dtype != DType.BOOL && i % 3 != 0) {
                    long value = switch (i % 12) {
                        case 1 -> Long.MIN_VALUE >> (64 - 8 * width);
                        case 2 -> Long.MAX_VALUE >>> (64 - 8 * width);
                        case 4 -> -1;
                        default -> random.nextInt(40) - 20;
                    };
                    for (int j = 0; j < width; j++) {
                        bytes[i * width + j] = (byte) (value >> (8 * j));
                    }
                }
            }
            return any;
        }
        double[] edges = {
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            0.0,
            -0.0,
            1,
            -1,
            0.5,
            -0.5,
            1.5,
            2.5,
            -2.5,
            1e-30,
            3e38,
            -90,
            90,
            88.5,
            -88.5,
            8388609,
            0.6,
            0.92,
            1e-7,
            -1e-7,
            2,
            3,
            -2,
            -3,
            0.99999994,
            -0.99999994,
            1e10
        };
        double[] values = new double[dtype.isComplex() ? 2 * n : n];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(4) == 0
                    ? edges[random.nextInt(edges.length)]
                    : random.nextInt(3) == 0
                            ? Math.scalb(random.nextGaussian(), random.nextInt(40) - 20)
                            : random.nextInt(2) == 0 ? 2 * random.nextDouble() - 1 : 5 * random.nextGaussian();
        }
        return Placed.of(dtype, Shape.of(n), values);
    }

    private static int ulps(DType dtype, boolean exact) {
        return exact ? 0 : dtype == DType.FLOAT32 ? 4 : 1;
    }

    private static boolean isExact(UnaryOp op, DType dtype) {
        return switch (op) {
            case NEGATIVE, SIGN, CONJUGATE, REAL, IMAG, SQRT, FLOOR, CEIL, TRUNC, ROUND, LOGICAL_NOT, BITWISE_INVERT ->
                true;
            case ABS -> !dtype.isComplex();
            default -> false;
        };
    }

    private void compare(Programs programs, List<String> what, List<Boolean> exact, Shape shape, Placed... inputs) {
        assertTrue(bench.metal.supports(programs.kernel(), MetalBench.specs(inputs)));
        List<TensorSpec> specs = programs.specs(shape);
        List<byte[]> expected = MetalBench.run(bench.cpu, programs.kernel(), specs, inputs);
        List<byte[]> actual = MetalBench.run(bench.metal, programs.kernel(), specs, inputs);
        for (int i = 0; i < specs.size(); i++) {
            DType dtype = specs.get(i).dtype();
            MetalBench.assertClose(dtype, ulps(dtype, exact.get(i)), expected.get(i), actual.get(i), what.get(i));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT64")
    void unary(DType dtype) {
        Placed x = samples(dtype, 2003, 1);
        Programs programs = new Programs(dtype);
        List<String> what = new ArrayList<>();
        List<Boolean> exact = new ArrayList<>();
        for (UnaryOp op : UnaryOp.values()) {
            Primitive.Unary unary = new Primitive.Unary(op);
            if (bench.metal.supports(unary, List.of(x.spec()))) {
                programs.output(unary, 0);
                what.add(op.toString());
                exact.add(isExact(op, dtype));
            }
        }
        compare(programs, what, exact, x.spec().shape(), x);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT64")
    void binary(DType dtype) {
        Placed x = samples(dtype, 4001, 2);
        Placed y = samples(dtype, 4001, 3);
        Programs programs = new Programs(dtype, dtype);
        List<String> what = new ArrayList<>();
        List<Boolean> exact = new ArrayList<>();
        for (BinaryOp op : BinaryOp.values()) {
            Primitive.Binary binary = new Primitive.Binary(op);
            if (bench.metal.supports(binary, List.of(x.spec(), y.spec()))) {
                programs.output(binary, 0, 1);
                what.add(op.toString());
                exact.add(op != BinaryOp.POWER && op != BinaryOp.ARCTAN2 && op != BinaryOp.LOGADDEXP);
            }
        }
        compare(programs, what, exact, x.spec().shape(), x, y);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT64")
    void castAndSelect(DType dtype) {
        Placed x = samples(dtype, 3001, 4);
        Placed y = samples(dtype, 3001, 5);
        Placed c = samples(DType.BOOL, 3001, 6);
        Programs programs = new Programs(dtype, dtype, DType.BOOL);
        List<String> what = new ArrayList<>();
        for (DType target : DType.values()) {
            if (target != DType.FLOAT64) {
                programs.output(new Primitive.Cast(target), 0);
                what.add(dtype + " to " + target);
            }
        }
        programs.output(new Primitive.Select(), 2, 0, 1);
        what.add("select");
        compare(
                programs,
                what,
                what.stream().map(text -> true).toList(),
                x.spec().shape(),
                x,
                y,
                c);
    }

    @Test
    void constants() {
        Programs programs = new Programs();
        List<String> what = new ArrayList<>();
        for (DType dtype : DType.values()) {
            if (dtype != DType.FLOAT64) {
                byte[] bytes = samples(dtype, 1, 7).stored();
                long bits = 0;
                for (int i = 0; i < bytes.length; i++) {
                    bits |= (bytes[i] & 0xFFL) << (8 * i);
                }
                programs.output(new Primitive.Constant(dtype, bits));
                what.add(dtype.toString());
                bench.assertSame(new Primitive.Constant(dtype, bits), new TensorSpec(dtype, Shape.of()));
            }
        }
        compare(programs, what, what.stream().map(text -> true).toList(), Shape.of(17));
    }

    /// The two terms cancel, almost or altogether.
    @Test
    void logAddExpNearZero() {
        Random random = new Random(1);
        int n = 20000;
        double[] a = new double[n];
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            a[i] = (float) (-Math.pow(10, -8 * random.nextDouble()) * 0.7);
            b[i] = (float) (Math.log(-Math.expm1(a[i]))
                    * (1 + random.nextGaussian() * Math.pow(10, -4 * random.nextDouble())));
        }
        bench.assertClose(
                new Primitive.Binary(BinaryOp.LOGADDEXP),
                new TensorSpec(DType.FLOAT32, Shape.of(n)),
                4,
                Placed.of(DType.FLOAT32, Shape.of(n), a),
                Placed.of(DType.FLOAT32, Shape.of(n), b));
    }
}
