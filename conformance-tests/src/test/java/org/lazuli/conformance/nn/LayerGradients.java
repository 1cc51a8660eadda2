package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Transforms;
import org.lazuli.nn.Module;
import org.lazuli.tree.Tree;

/// The gradients of a layer by its inputs and its trainable parameters against central differences, in float64.
///
/// A scalar `f` is made of the result with fixed weights. For each array, in several directions `v`, the derivative along `v` is taken from
/// differences with steps h and h/2. Combined to (4 D(h/2) - D(h)) / 3, in which the term of order h² cancels, they leave an error far below
/// |D(h) - D(h/2)|, and a rounding error: `f` is computed within [#ULPS] units of roundoff of the sum M of the magnitudes of its terms, so
/// that the combination is off by at most 3 `ULPS` e M / h.
final class LayerGradients {
    private static final double EPSILON = Math.ulp(1.0) / 2;
    private static final double STEP = Math.cbrt(EPSILON);
    private static final int DIRECTIONS = 4;

    /// The deepest layer, a transformer, has some two hundred kernels one after another, each exact to a few units.
    private static final double ULPS = 1000;

    private final LayerCase one;
    private final Module layer;
    private final List<String> names = new ArrayList<>();
    private final List<Array> point = new ArrayList<>();
    private final int inputs;

    private LayerGradients(LayerCase one, boolean training) {
        this.one = one;
        layer = one.make(5).setDtype(DType.FLOAT64).train(training);
        moveFromSpecialValues(layer);
        for (Array input : one.draw(3, DType.FLOAT64)) {
            names.add("input " + names.size());
            point.add(input);
        }
        inputs = point.size();
        layer.trainableParameters().forEach((path, parameter) -> {
            names.add(path);
            point.add(parameter);
        });
        Ops.eval(point);
    }

    /// Ones and zeros, as many layers have them at first, would hide a missing factor or term.
    private static void moveFromSpecialValues(Module layer) {
        layer.apply(parameter -> parameter.add(
                Random.uniform(0, 0.3, parameter.shape(), DType.FLOAT32, null).astype(parameter.dtype())));
    }

    static void check(LayerCase one, boolean training) {
        new LayerGradients(one, training).run();
    }

    private Array output(List<Array> arguments) {
        Random.seed(21);
        Map<String, Array> parameters = new LinkedHashMap<>();
        for (int i = inputs; i < arguments.size(); i++) {
            parameters.put(names.get(i), arguments.get(i));
        }
        if (!parameters.isEmpty()) {
            layer.update(Tree.unflatten(parameters));
        }
        return one.call().apply(layer, arguments.subList(0, inputs));
    }

    private void run() {
        Array result = output(point).eval();
        Array weights = Random.normal(result.shape(), DType.FLOAT32, 0, 1, Random.key(9))
                .astype(DType.FLOAT64);
        double magnitude = Ops.maximum(result.abs(), 1).mul(weights.abs()).sum().item();
        List<Array> gradients = Transforms.vjp(in -> List.of(output(in).astype(DType.FLOAT64)), point, List.of(weights))
                .derivatives();
        for (int i = one.indices() ? inputs : 0; i < point.size(); i++) {
            assertEquals(point.get(i).shape(), gradients.get(i).shape());
            for (int d = 0; d < DIRECTIONS; d++) {
                checkAlong(i, direction(i, d), gradients.get(i), weights, magnitude);
            }
        }
    }

    private Array direction(int number, int d) {
        return Random.normal(point.get(number).shape(), DType.FLOAT32, 0, 1, Random.key(1000L * number + d))
                .astype(DType.FLOAT64);
    }

    private void checkAlong(int number, Array direction, Array gradient, Array weights, double magnitude) {
        double coarse = difference(number, direction, weights, STEP);
        double fine = difference(number, direction, weights, STEP / 2);
        double expected = (4 * fine - coarse) / 3;
        double bound = Math.abs(fine - coarse) + 3 * ULPS * EPSILON * magnitude / STEP;
        double got = gradient.mul(direction).sum().item();
        assertTrue(
                Math.abs(got - expected) <= bound,
                () -> "the derivative by " + names.get(number) + " is " + got + ", differences give " + expected
                        + " within " + bound);
        // A bound that lets everything pass proves nothing.
        assertTrue(bound < 0.01 * Math.max(1, magnitude), () -> "no sharp bound: " + bound);
    }

    private double difference(int number, Array direction, Array weights, double step) {
        return (along(number, direction.mul(step), weights) - along(number, direction.mul(-step), weights))
                / (2 * step);
    }

    private double along(int number, Array move, Array weights) {
        List<Array> arguments = new ArrayList<>(point);
        arguments.set(number, point.get(number).add(move));
        return output(arguments).mul(weights).sum().item();
    }
}
