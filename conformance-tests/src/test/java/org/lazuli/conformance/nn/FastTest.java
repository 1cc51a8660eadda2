package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.DType;
import org.lazuli.Fast;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.RopeOptions;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.conformance.input.Refused;

/// What the rotary embedding and attention sinks are for.
class FastTest {
    private static Array normal(int seed, int... dims) {
        return Random.normal(Shape.of(dims), Random.key(seed));
    }

    @Test
    void productsOfTurnedVectorsDependOnTheDistanceAlone() {
        Array q = normal(1, 1, 1, 8).astype(DType.FLOAT64);
        Array k = normal(2, 1, 1, 8).astype(DType.FLOAT64);
        for (boolean traditional : new boolean[] {false, true}) {
            RopeOptions options =
                    RopeOptions.DEFAULT.withTraditional(traditional).withBase(50);
            double near = product(Fast.rope(q, 8, options, 3), Fast.rope(k, 8, options, 1));
            double far = product(Fast.rope(q, 8, options, 42), Fast.rope(k, 8, options, 40));
            assertEquals(near, far, 1e-12);
            assertEquals(product(q, k), product(Fast.rope(q, 8, options, 9), Fast.rope(k, 8, options, 9)), 1e-12);
        }
    }

    private static double product(Array a, Array b) {
        return a.mul(b).sum().item();
    }

    @Test
    void rotationsAreAsDefined() {
        // One pair, which turns by one radian a step.
        Array x = Ops.array(new float[][][] {{{1, 0, 7}, {1, 0, 7}, {0, 1, 7}}});
        double[] expected = {1, 0, 7, Math.cos(1), Math.sin(1), 7, -Math.sin(2), Math.cos(2), 7};
        for (boolean traditional : new boolean[] {false, true}) {
            Array y = Fast.rope(x, 2, RopeOptions.DEFAULT.withTraditional(traditional), 0);
            assertArrayEquals(expected, y.astype(DType.FLOAT64).flatten().toDoubleArray(), 1e-6);
        }
        Array half = Fast.rope(x, 2, RopeOptions.DEFAULT.withScale(0.5), 2);
        assertEquals(
                Math.cos(1), half.get(Index.at(0), Index.at(0), Index.at(0)).item(), 1e-6);
        Array slow = Fast.rope(x, 2, RopeOptions.DEFAULT.withFreqs(Ops.array(new float[] {4})), 4);
        assertEquals(
                Math.sin(1), slow.get(Index.at(0), Index.at(0), Index.at(1)).item(), 1e-6);
    }

    @Test
    void eachExampleMayBeginElsewhere() {
        Array x = normal(3, 2, 3, 4, 6);
        Array both = Fast.rope(x, 4, RopeOptions.DEFAULT, Ops.array(new int[] {5, 11}));
        for (int i = 0; i < 2; i++) {
            Array one = Fast.rope(x.get(Index.span(i, i + 1)), 4, RopeOptions.DEFAULT, i == 0 ? 5 : 11);
            assertArrayEquals(
                    one.flatten().toFloatArray(),
                    both.get(Index.at(i)).flatten().toFloatArray());
        }
    }

    @Test
    void sinksTakeAttentionAway() {
        Array q = normal(4, 1, 4, 3, 5);
        Array k = normal(5, 1, 2, 3, 5);
        Array without = Fast.scaledDotProductAttention(q, k, k, 0.4);
        Array none = Ops.full(Shape.of(4), Float.NEGATIVE_INFINITY);
        assertArrayEquals(
                without.flatten().toFloatArray(),
                Fast.scaledDotProductAttention(q, k, k, 0.4, AttentionMask.NONE, none)
                        .flatten()
                        .toFloatArray(),
                1e-6f);
        Array all = Ops.full(Shape.of(4), 1000f);
        assertArrayEquals(
                new float[4 * 3 * 5],
                Fast.scaledDotProductAttention(q, k, k, 0.4, AttentionMask.CAUSAL, all)
                        .flatten()
                        .toFloatArray());
    }

    /// More queries than are worked on at once, more keys than queries and fewer, and heads that share keys; float64 takes the graph.
    @Test
    void attentionOverLongSequencesHasTheGradientsOfTheGraph() {
        for (int keys : new int[] {170, 90}) {
            List<Array> operands = List.of(normal(1, 2, 4, 150, 5), normal(2, 2, 2, keys, 5), normal(3, 2, 2, keys, 3));
            List<Array> wide = operands.stream()
                    .map(operand -> operand.astype(DType.FLOAT64))
                    .toList();
            for (AttentionMask mask : List.of(AttentionMask.NONE, AttentionMask.CAUSAL)) {
                List<Array> found = attentionGradients(operands, mask);
                List<Array> expected = attentionGradients(wide, mask);
                for (int i = 0; i < 3; i++) {
                    double[] e = expected.get(i).flatten().toDoubleArray();
                    double[] f = found.get(i).astype(DType.FLOAT64).flatten().toDoubleArray();
                    assertArrayEquals(e, f, 4e-6);
                }
            }
        }
    }

    private static List<Array> attentionGradients(List<Array> operands, AttentionMask mask) {
        Array weights = normal(4, 2, 4, 150, 3).astype(operands.getFirst().dtype());
        return Transforms.vjp(
                        in -> List.of(Fast.scaledDotProductAttention(in.get(0), in.get(1), in.get(2), 0.5, mask)),
                        operands,
                        List.of(weights))
                .derivatives();
    }

    @Test
    void wrongArgumentsAreRefused() {
        Array x = Ops.ones(2, 3, 4);
        for (Array wrong : List.of(Ops.ones(3, 4), x.astype(DType.INT32))) {
            Refused.with(IllegalArgumentException.class, () -> Fast.rope(wrong, 4, RopeOptions.DEFAULT, 0), "rope: ");
        }
        for (int dims : new int[] {0, 3, 6}) {
            Refused.with(
                    IllegalArgumentException.class,
                    () -> Fast.rope(x, dims, RopeOptions.DEFAULT, 0),
                    "rope: ",
                    "" + dims,
                    "(2,3,4)");
        }
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.rope(x, 4, RopeOptions.DEFAULT, Ops.array(new int[] {1, 2, 3})),
                "rope: ",
                "offset",
                "(3)");
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.rope(x, 4, RopeOptions.DEFAULT.withFreqs(Ops.ones(3)), 0),
                "rope: ",
                "(2)",
                "(3)");
        Array q = Ops.ones(1, 2, 3, 4);
        Refused.with(
                IllegalArgumentException.class,
                () -> Fast.scaledDotProductAttention(q, q, q, 1, AttentionMask.NONE, Ops.ones(3)),
                "scaledDotProductAttention: ",
                "(2)",
                "(3)");
    }
}
