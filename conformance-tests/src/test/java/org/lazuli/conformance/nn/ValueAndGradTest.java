package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.Transforms.WithAux;
import org.lazuli.function.Unary;
import org.lazuli.nn.BatchNorm;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Module;
import org.lazuli.nn.Nn;
import org.lazuli.tree.Tree;

/// Gradients with respect to a model, and what they leave behind in it.
class ValueAndGradTest {
    /// Normalizes by a running mean of its inputs, as batch normalization does.
    static class Centered extends Module implements Unary {
        public Linear linear = new Linear(2, 1);
        public Array runningMean = Ops.zeros(2);
        public Array _calls = Ops.zeros();

        Centered() {
            freeze("runningMean");
        }

        @Override
        public Array apply(Array x) {
            runningMean = runningMean.mul(0.9).add(x.mean(0).mul(0.1));
            _calls = _calls.add(1);
            return linear.apply(x.sub(runningMean));
        }
    }

    private final Array x = Ops.array(new float[][] {{1, 2}, {3, 4}, {5, 9}});
    private final Array y = Ops.array(new float[][] {{1}, {0}, {2}});

    @Test
    void theModelHasItsOwnParametersAfterwards() {
        Linear model = new Linear(2, 1);
        Array weight = model.weight;
        Array bias = model.bias;
        var step = Nn.valueAndGrad(model, (a, b) -> Losses.mseLoss(model.apply(a), b))
                .apply(x, y);
        assertEquals(2, step.grads().leaves().size());
        assertSame(weight, model.weight);
        assertSame(bias, model.bias);
    }

    @Test
    void gradientsAreThoseOfTheFormula() {
        Linear model = new Linear(2, 1);
        var step = Nn.valueAndGrad(model, (a, b) -> Losses.mseLoss(model.apply(a), b))
                .apply(x, y);
        Array error = model.apply(x).sub(y);
        assertArrayEquals(
                error.transpose().matmul(x).mul(2.0 / 3).toFloatArray(),
                step.grads().get("weight").value().toFloatArray(),
                1e-5f);
        assertEquals(error.mean().item() * 2, step.grads().get("bias").value().item(), 1e-5);
    }

    @Test
    void whatTheFunctionReplacedStays() {
        Centered model = new Centered();
        var lossAndGrad = Nn.valueAndGrad(model, (a, b) -> Losses.mseLoss(model.apply(a), b));
        for (int i = 0; i < 3; i++) {
            var step = lossAndGrad.apply(x, y);
            assertEquals(
                    List.of("linear.weight", "linear.bias"),
                    List.copyOf(step.grads().flatten().keySet()));
        }
        assertEquals(3, model._calls.item());
        double share = 1 - Math.pow(0.9, 3);
        assertArrayEquals(
                new float[] {(float) (3 * share), (float) (5 * share)}, model.runningMean.toFloatArray(), 1e-5f);
    }

    @Test
    void aFunctionThatFailsLeavesTheModelAsItWas() {
        Centered model = new Centered();
        List<Array> before = model.state().leaves();
        var failing = Nn.valueAndGrad(model, a -> {
            model.apply(a);
            throw new UnsupportedOperationException("no loss today");
        });
        assertThrows(UnsupportedOperationException.class, () -> failing.apply(x));
        assertEquals(before, model.state().leaves());
        var notScalar = Nn.valueAndGrad(model, a -> model.apply(a));
        assertThrows(IllegalArgumentException.class, () -> notScalar.apply(x));
        assertEquals(before, model.state().leaves());
    }

    @Test
    void allFormsAgree() {
        Linear model = new Linear(2, 1);
        Array expected = Nn.valueAndGrad(model, () -> Losses.mseLoss(model.apply(x), y))
                .get()
                .grads()
                .get("weight")
                .value();
        record Batch(Array x, Array y) {}
        List<Tree<Array>> all = List.of(
                Nn.valueAndGrad(model, a -> Losses.mseLoss(model.apply(a), y))
                        .apply(x)
                        .grads(),
                Nn.valueAndGrad(model, (a, b) -> Losses.mseLoss(model.apply(a), b))
                        .apply(x, y)
                        .grads(),
                Nn.valueAndGrad(
                                model,
                                (a, b, c) -> Losses.mseLoss(model.apply(a), b).mul(c))
                        .apply(x, y, Ops.ones())
                        .grads(),
                Nn.<Batch>valueAndGradTree(model, batch -> Losses.mseLoss(model.apply(batch.x()), batch.y()))
                        .apply(new Batch(x, y))
                        .grads());
        all.forEach(grads -> assertArrayEquals(
                expected.toFloatArray(), grads.get("weight").value().toFloatArray(), 1e-6f));
    }

    @Test
    void auxiliaryResultsArePassedOn() {
        Linear model = new Linear(2, 1);
        var withOutput = Nn.valueAndGradAux(model, (a, b) -> {
            Array output = model.apply(a);
            return new WithAux<>(Losses.mseLoss(output, b), output);
        });
        var step = withOutput.apply(x, y);
        assertArrayEquals(model.apply(x).toFloatArray(), step.aux().toFloatArray(), 1e-6f);

        var list = Nn.valueAndGradList(model, in -> {
            Array output = model.apply(in.get(0));
            return List.of(Losses.mseLoss(output, in.get(1)), output);
        });
        var listStep = list.apply(List.of(x, y));
        assertEquals(step.value().item(), listStep.value().item());
        assertArrayEquals(step.aux().toFloatArray(), listStep.aux().getFirst().toFloatArray());
    }

    @Test
    void nestsInOtherTransformations() {
        Linear model = new Linear(2, 1, false);
        // The gradient of the squared norm of the gradient, by the input.
        Unary norm = in -> Nn.valueAndGrad(model, a -> model.apply(a).sum())
                .apply(in)
                .grads()
                .get("weight")
                .value()
                .square()
                .sum();
        Array gradient = Transforms.grad(norm).apply(x);
        // d/dx of (sum of rows)^2 is twice the sum of rows, for every row.
        assertArrayEquals(new float[] {18, 30, 18, 30, 18, 30}, gradient.toFloatArray(), 1e-4f);
    }

    @Test
    void batchNormKeepsItsStatistics() {
        BatchNorm norm = new BatchNorm(2);
        norm.unfreeze();
        assertEquals(
                List.of("weight", "bias"),
                List.copyOf(norm.trainableParameters().flatten().keySet()));
        var step = Nn.valueAndGrad(norm, a -> norm.apply(a).square().sum()).apply(x);
        Ops.eval(norm, step.grads());
        assertArrayEquals(new float[] {0.3f, 0.5f}, array(norm, "running_mean"), 1e-6f);
        assertArrayEquals(new float[] {0.9f + 0.4f, 0.9f + 1.3f}, array(norm, "running_var"), 1e-5f);
        norm.eval();
        Array y = norm.apply(x);
        assertArrayEquals(
                x.sub(Ops.array(new float[] {0.3f, 0.5f}))
                        .div(Ops.array(new float[] {1.3f, 2.2f}).add(1e-5).sqrt())
                        .toFloatArray(),
                y.toFloatArray(),
                1e-5f);
        assertArrayEquals(new float[] {0.3f, 0.5f}, array(norm, "running_mean"), 1e-6f);
        assertThrows(IllegalArgumentException.class, () -> norm.apply(Ops.ones(2)));
        assertThrows(IllegalArgumentException.class, () -> norm.apply(Ops.ones(2, 3)));
    }

    private static float[] array(Module module, String path) {
        return module.parameters().get(path).value().toFloatArray();
    }

    @Test
    @SuppressWarnings("EffectivelyPrivate") // a model in a method has the public fields of any model
    void oneModuleInTwoPlacesGetsTheGradientOfBoth() {
        class Tied extends Module {
            public Linear first = new Linear(2, 2, false);
            public Linear second = first;
        }
        Tied model = new Tied();
        Array weight = model.first.weight;
        var step = Nn.valueAndGrad(
                        model, a -> model.second.apply(model.first.apply(a)).sum())
                .apply(x);
        assertSame(weight, model.first.weight);
        Array sum = step.grads()
                .get("first.weight")
                .value()
                .add(step.grads().get("second.weight").value());
        Linear alone = new Linear(2, 2, false);
        alone.weight = weight;
        var expected =
                Nn.valueAndGrad(alone, a -> alone.apply(alone.apply(a)).sum()).apply(x);
        assertArrayEquals(expected.grads().get("weight").value().toFloatArray(), sum.toFloatArray(), 1e-5f);
    }

    @Test
    void worksWithoutTrainableParameters() {
        Linear model = new Linear(2, 1);
        model.freeze();
        var step = Nn.valueAndGrad(model, a -> model.apply(a).sum()).apply(x);
        assertEquals(0, step.grads().leaves().size());
        assertEquals(model.apply(x).sum().item(), step.value().item(), 1e-6);
    }

    @Test
    void aSeedGivesTheWeightsOfMlx() {
        Random.seed(0);
        Linear linear = new Linear(2, 3);
        assertArrayEquals(
                new float[] {-0.60472685f, -0.6783602f, -0.59795505f, 0.53553313f, -0.4743657f, -0.56326234f},
                linear.weight.toFloatArray(),
                1e-7f);
        assertArrayEquals(
                new float[] {-0.03725028f, 0.09365314f, 0.538253f},
                linear.parameters().get("bias").value().toFloatArray(),
                1e-7f);
        assertEquals(Shape.of(3, 2), linear.weight.shape());
    }
}
