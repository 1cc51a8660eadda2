package org.lazuli.conformance.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.nn.BatchNorm;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.Sgd;
import org.lazuli.train.Batch;
import org.lazuli.train.Batches;
import org.lazuli.train.Dataset;
import org.lazuli.train.MixedPrecision;
import org.lazuli.train.Trainer;

/// Computing in 16 bits with parameters in 32.
class MixedPrecisionTest {
    private static final int EXAMPLES = 8;
    private static final int DIMS = 6;

    /// One step of learning rate 1 by the mean squared error of a linear map: the weights lose the gradient.
    private static float[] gradient(Array x, Array y, Array weight, MixedPrecision precision) {
        Linear model = new Linear(DIMS, 1, false);
        model.weight = weight;
        var trainer = new Trainer<Batch>(
                model,
                new Sgd(1),
                b -> model.apply(b.inputs())
                        .astype(DType.FLOAT32)
                        .sub(b.targets())
                        .square()
                        .mean());
        if (precision != null) {
            trainer.precision(precision);
        }
        trainer.fit(new Batches<>(Dataset.of(x, y), EXAMPLES), 1);
        assertEquals(DType.FLOAT32, model.weight.dtype());
        return weight.sub(model.weight).toFloatArray();
    }

    /// Against the gradient in double precision, with a bound that follows the roundings one by one: those of inputs and
    /// weights, of the products' sum, of the residual's gradient on its way back, and of the last sum.
    @Property(tries = 20)
    void oneStepIsWithinItsRoundings(@ForAll long seed) {
        Array x = Random.normal(Shape.of(EXAMPLES, DIMS), Random.key(seed));
        Array y = Random.normal(Shape.of(EXAMPLES, 1), Random.key(seed + 1));
        Array weight = Random.normal(Shape.of(1, DIMS), Random.key(seed + 2));
        float[] xs = x.toFloatArray();
        float[] ys = y.toFloatArray();
        float[] ws = weight.toFloatArray();
        for (var precision :
                List.of(MixedPrecision.bfloat16(), MixedPrecision.float16().withInitialScale(16))) {
            double u = precision.dtype() == DType.BFLOAT16 ? 0x1p-8 : 0x1p-11;
            // What float16 cannot tell from 0, at the scale of the gradients, and float32's share of each sum.
            double tiny = precision.dtype() == DType.BFLOAT16 ? 0 : 0x1p-24 / 16;
            double sums = 1 + 4 * (EXAMPLES + DIMS) * 0x1p-24;
            double[] exact = new double[DIMS];
            double[] bound = new double[DIMS];
            for (int n = 0; n < EXAMPLES; n++) {
                double value = 0;
                double size = 0;
                for (int i = 0; i < DIMS; i++) {
                    value += (double) xs[n * DIMS + i] * ws[i];
                    size += Math.abs((double) xs[n * DIMS + i] * ws[i]);
                }
                double residual = value - ys[n];
                double residualError = size * (Math.pow(1 + u, 3) * sums - 1);
                double back = 2 * residual / EXAMPLES;
                double backError =
                        2 * residualError / EXAMPLES * (1 + u) * sums + Math.abs(back) * (u * sums + sums - 1) + tiny;
                for (int i = 0; i < DIMS; i++) {
                    double at = Math.abs(xs[n * DIMS + i]);
                    exact[i] += back * xs[n * DIMS + i];
                    bound[i] +=
                            (Math.abs(back) + backError) * at * Math.pow(1 + u, 2) * sums - Math.abs(back) * at + tiny;
                }
            }

            float[] rounded = gradient(x, y, weight, precision);

            double furthest = 0;
            for (int i = 0; i < DIMS; i++) {
                double error = Math.abs(rounded[i] - exact[i]);
                // The weights themselves are float32, and so is what is left of them after the step.
                double subtraction = 0x1p-23 * (Math.abs(ws[i]) + Math.abs(exact[i]) + bound[i]);
                assertTrue(error <= bound[i] + subtraction, precision.dtype() + ": " + error + " > " + bound[i]);
                furthest = Math.max(furthest, error / Math.abs(exact[i]));
            }
            // It was computed in the small type indeed.
            assertTrue(furthest > 0x1p-20, precision.dtype() + " has an error of " + furthest + " only");
        }
    }

    @Property(tries = 10)
    void whatIsRepresentableIsExact(@ForAll long seed) {
        Array x = Random.randint(-2, 3, Shape.of(EXAMPLES, DIMS), DType.INT32, Random.key(seed))
                .astype(DType.FLOAT32);
        Array weight = Random.randint(-1, 2, Shape.of(1, DIMS), DType.INT32, Random.key(seed + 1))
                .astype(DType.FLOAT32);
        Array y = x.matmul(weight.transpose())
                .add(Random.randint(-1, 2, Shape.of(EXAMPLES, 1), DType.INT32, Random.key(seed + 2)));

        float[] expected = gradient(x, y, weight, null);

        assertArrayEquals(expected, gradient(x, y, weight, MixedPrecision.bfloat16()));
        // A gradient is 4 at the most: times the scale that training starts with it would overflow, and the step be
        // left out.
        assertArrayEquals(expected, gradient(x, y, weight, new MixedPrecision(DType.FLOAT16, 1 << 10, 2000)));
    }

    @Test
    void theScaleSavesSmallGradients() {
        Array x = Ops.full(Shape.of(EXAMPLES, DIMS), 0x1p-6, DType.FLOAT32);
        Array weight = Ops.zeros(1, DIMS);
        Array y = Ops.full(Shape.of(EXAMPLES, 1), -0x1p-20, DType.FLOAT32);
        MixedPrecision scaled = MixedPrecision.float16();
        MixedPrecision unscaled = new MixedPrecision(DType.FLOAT16, 1, 0);

        // The mean's gradient is 2 * 2^-20 / 8 each, below the smallest float16.
        assertArrayEquals(new float[DIMS], gradient(x, y, weight, unscaled));
        float[] expected = gradient(x, y, weight, null);
        assertNotEquals(0, expected[0]);
        assertArrayEquals(expected, gradient(x, y, weight, scaled));
    }

    @Test
    void aStepThatOverflowsIsLeftOutAndTheScaleHalved() {
        Linear model = new Linear(1, 1, false);
        model.weight = Ops.array(new float[][] {{1}});
        var data = new Batches<>(Dataset.of(Ops.array(new float[][] {{1}}), Ops.array(new float[][] {{-3}})), 1);
        List<Double> weights = new ArrayList<>();
        var optimizer = new Sgd(0.125);
        // The gradient is 8 times the scale, and 65504 the largest number: 2^15 and 2^14 and 2^13 overflow, 2^12 does
        // not.
        var trainer = new Trainer<Batch>(
                        model,
                        optimizer,
                        b -> model.apply(b.inputs())
                                .astype(DType.FLOAT32)
                                .sub(b.targets())
                                .square()
                                .mean())
                .precision(MixedPrecision.float16());
        for (int epoch = 1; epoch <= 4; epoch++) {
            trainer.fit(data, epoch);
            weights.add(model.weight.item());
        }

        assertEquals(List.of(1.0, 1.0, 1.0, 0.0), weights);
        assertEquals(1, optimizer.step().item());
    }

    @Test
    void gradientsThatAreNeverFiniteAreAnError() {
        Linear model = new Linear(1, 1, false);
        var data = new Batches<>(Dataset.of(Ops.array(new float[][] {{1}}), Ops.array(new float[][] {{Float.NaN}})), 1);
        var trainer = new Trainer<Batch>(
                        model,
                        new Sgd(1),
                        b -> model.apply(b.inputs()).sub(b.targets()).square().mean())
                .precision(MixedPrecision.float16());

        String message = assertThrows(IllegalStateException.class, () -> trainer.fit(data, 100))
                .getMessage();
        assertTrue(message.contains("gradients are not finite"), message);
    }

    @Test
    void runningStatisticsStayInTheirType() {
        Random.seed(0);
        var norm = new BatchNorm(DIMS);
        var model = new Sequential(new Linear(DIMS, DIMS), norm);
        Array before = norm.runningMean;
        var data = Dataset.of(Random.normal(Shape.of(16, DIMS), Random.key(1)).add(5));

        new Trainer<Array>(
                        model,
                        new Sgd(0.1),
                        x -> model.apply(x.astype(DType.BFLOAT16)).square().mean())
                .precision(MixedPrecision.bfloat16())
                .fit(new Batches<>(data, 8), 2);

        model.parameters().forEach((path, array) -> assertEquals(DType.FLOAT32, array.dtype(), path));
        assertNotEquals(before.toString(), norm.runningMean.toString());
    }

    @Test
    void refusesOtherTypes() {
        assertThrows(IllegalArgumentException.class, () -> new MixedPrecision(DType.FLOAT32, 1, 0));
        assertThrows(
                IllegalArgumentException.class, () -> MixedPrecision.float16().withInitialScale(0));
    }
}
