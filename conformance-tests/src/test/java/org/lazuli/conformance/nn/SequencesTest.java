package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Unary;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Node;
import org.lazuli.nn.ALiBi;
import org.lazuli.nn.BatchNorm;
import org.lazuli.nn.Dropout;
import org.lazuli.nn.GRU;
import org.lazuli.nn.LSTM;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Module;
import org.lazuli.nn.MultiHeadAttention;
import org.lazuli.nn.Nn;
import org.lazuli.nn.Sequential;
import org.lazuli.nn.SinusoidalPositionalEncoding;
import org.lazuli.nn.Transformer;
import org.lazuli.nn.TransformerDecoder;
import org.lazuli.spi.Primitive;

/// Recurrent layers, attention and transformers: what is carried on, what is seen, what is refused.
class SequencesTest {

    @Test
    void aSequenceInTwoHalvesIsOne() {
        Random.seed(3);
        Array x = Random.normal(Shape.of(2, 7, 3));
        Array early = x.get(Index.all(), Index.to(4));
        Array late = x.get(Index.all(), Index.from(4));
        LSTM lstm = new LSTM(3, 5);
        LSTM.States whole = lstm.run(x, null, null);
        LSTM.States first = lstm.run(early, null, null).last();
        LSTM.States second = lstm.run(late, first.hidden(), first.cell());
        assertClose(whole.hidden().get(Index.all(), Index.from(4)), second.hidden());
        assertClose(whole.cell().get(Index.all(), Index.from(4)), second.cell());
        GRU gru = new GRU(3, 5);
        Array state = gru.apply(early).get(Index.all(), Index.at(-1));
        assertClose(gru.apply(x).get(Index.all(), Index.from(4)), gru.apply(late, state));
    }

    @Test
    void noStateIsZeros() {
        Random.seed(3);
        Array x = Random.normal(Shape.of(2, 4, 3));
        Array zeros = Ops.zeros(2, 5);
        LSTM lstm = new LSTM(3, 5);
        assertClose(lstm.apply(x), lstm.run(x, zeros, zeros).hidden());
        GRU gru = new GRU(3, 5);
        assertClose(gru.apply(x), gru.apply(x, zeros));
    }

    @Test
    void causalAttentionDoesNotSeeWhatIsToCome() {
        Random.seed(5);
        MultiHeadAttention attention = new MultiHeadAttention(8, 2);
        Array x = Random.normal(Shape.of(1, 5, 8));
        Array changed = x.at(Index.all(), Index.from(3)).add(1);
        Array before = attention.apply(x, x, x, AttentionMask.CAUSAL);
        Array after = attention.apply(changed, changed, changed, AttentionMask.CAUSAL);
        assertClose(before.get(Index.all(), Index.to(3)), after.get(Index.all(), Index.to(3)));
        AttentionMask additive = AttentionMask.of(MultiHeadAttention.createAdditiveCausalMask(5));
        assertClose(before, attention.apply(x, x, x, additive));
    }

    @Test
    void anEncoderOfOnesOwnTakesPart() {
        class Doubling extends Module implements Transformer.Encoder {
            public Array factor = Ops.array(2f);

            @Override
            public Array apply(Array x, AttentionMask mask) {
                return x.mul(factor);
            }
        }
        Transformer transformer = new Transformer(new Doubling(), new TransformerDecoder(1, 4, 2));
        assertTrue(transformer.parameters().flatten().containsKey("encoder.factor"));
        Transformer plain = new Transformer((x, mask) -> x.mul(2), transformer.decoder);
        Array source = Random.normal(Shape.of(1, 3, 4));
        Array target = Random.normal(Shape.of(1, 2, 4));
        assertClose(transformer.apply(source, target), plain.apply(source, target));
    }

    /// The layer runs once: the same elements are dropped for the gradient, and running averages move once.
    @Test
    void aCheckpointChangesNothing() {
        Array x = Random.normal(Shape.of(6, 4), Random.key(1));
        Map<String, Array> plain = trained(x, false);
        Map<String, Array> again = trained(x, true);
        assertEquals(plain.keySet(), again.keySet());
        plain.forEach((path, array) -> assertClose(array, again.get(path)));
    }

    private static Map<String, Array> trained(Array x, boolean checkpoint) {
        Random.seed(8);
        Sequential model = new Sequential(new Linear(4, 8), new BatchNorm(8), new Dropout(0.5), new Linear(8, 4));
        Unary used = checkpoint ? Nn.checkpoint(model) : model;
        var step = Nn.valueAndGrad(model, (Array in) -> Losses.mseLoss(used.apply(in), in))
                .apply(x);
        Map<String, Array> result = new TreeMap<>(step.grads().flatten("grad"));
        result.put("loss", step.value());
        result.putAll(model.parameters().flatten());
        return result;
    }

    /// Steps are not padded to the length of the sequence one by one, which would cost the square of it.
    @Test
    void theGradientOfAStepIsAStep() {
        LSTM lstm = new LSTM(2, 3);
        Array gradient = Transforms.grad((Array x) -> lstm.apply(x).sum()).apply(Ops.ones(9, 2));
        Set<Node> seen = new HashSet<>();
        Deque<Node> next = new ArrayDeque<>(List.of(Graph.node(gradient)));
        while (!next.isEmpty()) {
            Node node = next.pop();
            if (seen.add(node)) {
                next.addAll(List.of(node.inputs()));
                assertFalse(node.primitive() instanceof Primitive.SliceUpdate, () -> "" + node.primitive());
            }
        }
        assertTrue(seen.size() > 100, () -> "only " + seen.size() + " instructions");
    }

    @Test
    void positionsHaveLengthOne() {
        Array encoded = new SinusoidalPositionalEncoding(8).apply(Ops.arange(5));
        assertClose(Ops.ones(5), encoded.square().sum(-1));
    }

    @Test
    void biasesFallWithTheDistance() {
        float[] row = ALiBi.createAlibiMatrix(1, 4, 8, 2, DType.FLOAT32)
                .get(Index.at(0), Index.at(0), Index.at(0))
                .toFloatArray();
        assertArrayEquals(new float[] {-1, -0.5f, 0, -0.5f}, row, 1e-7f);
    }

    @Test
    void badInputIsRefused() {
        assertMessage(
                "LSTM: the input must have shape (…,L,3), a sequence of vectors of size 3, but its shape is (2,4)",
                () -> new LSTM(3, 5).apply(Ops.ones(2, 4)));
        assertMessage(
                "GRU: the sequence, axis -2 of shape (2,0,3), is empty: give at least one step",
                () -> new GRU(3, 5).apply(Ops.ones(2, 0, 3)));
        assertMessage(
                "LSTM: for an input of shape (2,4,3) the cell to begin with has shape (2,5), not (5)",
                () -> new LSTM(3, 5).run(Ops.ones(2, 4, 3), null, Ops.ones(5)));
        assertMessage(
                "MultiHeadAttention: dims = 8 cannot be divided among 3 heads of equal size",
                () -> new MultiHeadAttention(8, 3));
        assertMessage(
                "MultiHeadAttention: keys must have three axes (batch, length, size), but their shape is (2,8): a single"
                        + " sequence takes expandDims(0)",
                () -> new MultiHeadAttention(8, 2).apply(Ops.ones(1, 2, 8), Ops.ones(2, 8), Ops.ones(2, 8)));
        assertMessage(
                "SinusoidalPositionalEncoding: sines and cosines come in pairs, so dims must be even and positive, not"
                        + " 5",
                () -> new SinusoidalPositionalEncoding(5));
    }

    private static void assertMessage(String expected, Executable call) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static void assertClose(Array expected, Array actual) {
        assertEquals(expected.shape(), actual.shape());
        assertTrue(actual.allclose(expected, 1e-5, 1e-6, false).itemBoolean(), () -> expected + "\n" + actual);
    }
}
