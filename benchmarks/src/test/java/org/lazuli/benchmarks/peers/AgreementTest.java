package org.lazuli.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AgreementTest {
    @Test
    void roundingAgreesAndErrorsDoNot() {
        float[] expected = {1, -2, 3};
        Agreement.check("x", expected, new float[] {1, -2.00001f, 3}, 1e-5);
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> Agreement.check("the product", expected, new float[] {1, -2, 3.1f}, 1e-5));
        assertTrue(e.getMessage().startsWith("the product: "), e.getMessage());
        assertThrows(
                IllegalStateException.class, () -> Agreement.check("x", expected, new float[] {1, Float.NaN, 3}, 1e9));
        assertThrows(IllegalStateException.class, () -> Agreement.check("x", expected, new float[] {1, -2}, 1e9));
    }

    /// A weight that stayed where it was is close to one that moved a little, and its movement is not.
    @Test
    void parametersThatStayedAreFound() {
        float[] from = {100, 200};
        float[] expected = {100.01f, 200.01f};
        Agreement.check("x", expected, from, 1e-3);
        assertThrows(IllegalStateException.class, () -> Agreement.checkMoves("x", from, expected, from, 1e-3));
        Agreement.checkMoves("x", from, expected, expected, 1e-3);
    }

    @Test
    void oneWhoTakesOurStepsPasses() {
        Training training = Training.perceptron("sgd");
        AtomicInteger step = new AtomicInteger();
        assertDoesNotThrow(() -> training.check(
                () -> training.losses()[step.getAndIncrement()],
                () -> step.get() == 1 ? training.first() : training.trained()));
    }

    /// The losses alone are right here; the last bias is never moved.
    @Test
    void oneWhoLeavesAParameterOutIsCaught() {
        Training training = Training.perceptron("sgd");
        AtomicInteger step = new AtomicInteger();
        List<float[]> first = new ArrayList<>(training.first());
        first.set(5, training.initial().get(5).data());
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> training.check(() -> training.losses()[step.getAndIncrement()], () -> first));
        assertTrue(e.getMessage().contains("parameter 5"), e.getMessage());
    }

    @Test
    void aMissingGradientIsCaught() {
        EncoderLayer layer = EncoderLayer.create();
        layer.check(layer.loss(), layer.gradients());
        assertThrows(IllegalStateException.class, () -> layer.check(layer.loss() + 100, layer.gradients()));
        var gradients = new java.util.HashMap<>(layer.gradients());
        gradients.remove("linear1.weight");
        assertThrows(IllegalStateException.class, () -> layer.check(layer.loss(), gradients));
    }

    @Test
    void dataMovesWithItsAxes() {
        Values values = new Values(new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6});
        Values transposed = values.transposed(1, 0);
        assertArrayEquals(new long[] {3, 2}, transposed.shape());
        assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, transposed.data());
        assertArrayEquals(values.data(), transposed.transposed(1, 0).data());
    }
}
