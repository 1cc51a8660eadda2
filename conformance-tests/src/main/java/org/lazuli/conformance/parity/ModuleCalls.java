package org.lazuli.conformance.parity;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.function.Unary;
import org.lazuli.nn.ALiBi;
import org.lazuli.nn.Bilinear;
import org.lazuli.nn.GRU;
import org.lazuli.nn.LSTM;
import org.lazuli.nn.Module;
import org.lazuli.nn.MultiHeadAttention;
import org.lazuli.nn.RNN;
import org.lazuli.nn.RoPE;
import org.lazuli.nn.Transformer;
import org.lazuli.nn.TransformerDecoder;
import org.lazuli.nn.TransformerDecoderLayer;
import org.lazuli.nn.TransformerEncoder;
import org.lazuli.nn.TransformerEncoderLayer;

/// Calls modules as the reference does.
final class ModuleCalls {
    private final Module module;
    private final List<Array> inputs;
    private final Map<String, Array> keywords;
    private final Set<String> unused;

    private ModuleCalls(Module module, List<Array> inputs, Map<String, Array> keywords) {
        this.module = module;
        this.inputs = inputs;
        this.keywords = keywords;
        this.unused = new TreeSet<>(keywords.keySet());
    }

    /// @param inputs the arguments by position; those left out at the end are None
    static List<Array> apply(Module module, List<Array> inputs, Map<String, Array> keywords) {
        ModuleCalls call = new ModuleCalls(module, inputs, keywords);
        List<Array> results = call.run();
        if (!call.unused.isEmpty()) {
            throw new Unmapped(module.getClass().getSimpleName() + call.unused);
        }
        return results;
    }

    private List<Array> run() {
        return switch (module) {
            case RNN rnn -> List.of(rnn.apply(inputs.get(0), keyword("hidden")));
            case GRU gru -> List.of(gru.apply(inputs.get(0), keyword("hidden")));
            case LSTM lstm -> {
                LSTM.States states = lstm.run(inputs.get(0), keyword("hidden"), keyword("cell"));
                yield List.of(states.hidden(), states.cell());
            }
            case Bilinear bilinear -> List.of(bilinear.apply(inputs.get(0), inputs.get(1)));
            case RoPE rope -> List.of(rope.apply(inputs.get(0), offset()));
            case ALiBi alibi -> List.of(alibi.apply(inputs.get(0), offset(), keyword("mask")));
            case MultiHeadAttention attention ->
                List.of(attention.apply(inputs.get(0), inputs.get(1), inputs.get(2), mask(keyword("mask"))));
            case TransformerEncoderLayer layer -> List.of(layer.apply(inputs.get(0), mask(1)));
            case TransformerDecoderLayer layer -> List.of(layer.apply(inputs.get(0), inputs.get(1), mask(2), mask(3)));
            case TransformerEncoder encoder -> List.of(encoder.apply(inputs.get(0), mask(1)));
            case TransformerDecoder decoder -> List.of(decoder.apply(inputs.get(0), inputs.get(1), mask(2), mask(3)));
            case Transformer transformer ->
                List.of(transformer.apply(inputs.get(0), inputs.get(1), mask(2), mask(3), mask(4)));
            case Unary unary when inputs.size() == 1 -> List.of(unary.apply(inputs.getFirst()));
            default -> throw new Unmapped(module.getClass().getSimpleName() + " of " + inputs.size() + " inputs");
        };
    }

    private @Nullable Array keyword(String name) {
        unused.remove(name);
        return keywords.get(name);
    }

    private int offset() {
        Array offset = keyword("offset");
        return offset == null ? 0 : (int) offset.itemLong();
    }

    private AttentionMask mask(int position) {
        return mask(position < inputs.size() ? inputs.get(position) : null);
    }

    private static AttentionMask mask(@Nullable Array mask) {
        return mask == null ? AttentionMask.NONE : AttentionMask.of(mask);
    }
}
