package org.lazuli.conformance.parity;

import java.util.Map;
import java.util.function.Function;
import org.lazuli.RopeOptions;
import org.lazuli.nn.ALiBi;
import org.lazuli.nn.GRU;
import org.lazuli.nn.LSTM;
import org.lazuli.nn.Module;
import org.lazuli.nn.MultiHeadAttention;
import org.lazuli.nn.RNN;
import org.lazuli.nn.RoPE;
import org.lazuli.nn.SinusoidalPositionalEncoding;
import org.lazuli.nn.Transformer;
import org.lazuli.nn.TransformerDecoder;
import org.lazuli.nn.TransformerDecoderLayer;
import org.lazuli.nn.TransformerEncoder;
import org.lazuli.nn.TransformerEncoderLayer;
import org.lazuli.nn.TransformerOptions;

/// MLX's modules for sequences.
final class SequenceModules {

    static final Map<String, Function<Call, Module>> MODULES = Map.ofEntries(
            Map.entry("nn.RNN", SequenceModules::rnn),
            Map.entry(
                    "nn.GRU",
                    call -> new GRU(call.integer("input_size"), call.integer("hidden_size"), call.flag("bias", true))),
            Map.entry(
                    "nn.LSTM",
                    call -> new LSTM(call.integer("input_size"), call.integer("hidden_size"), call.flag("bias", true))),
            Map.entry("nn.RoPE", SequenceModules::rope),
            Map.entry("nn.SinusoidalPositionalEncoding", SequenceModules::sinusoidal),
            Map.entry("nn.ALiBi", call -> new ALiBi()),
            Map.entry("nn.MultiHeadAttention", SequenceModules::attention),
            Map.entry(
                    "nn.TransformerEncoderLayer",
                    call -> new TransformerEncoderLayer(
                            call.integer("dims"), call.integer("num_heads"), options(call))),
            Map.entry(
                    "nn.TransformerDecoderLayer",
                    call -> new TransformerDecoderLayer(
                            call.integer("dims"), call.integer("num_heads"), options(call))),
            Map.entry(
                    "nn.TransformerEncoder",
                    call -> new TransformerEncoder(
                            call.integer("num_layers"),
                            call.integer("dims"),
                            call.integer("num_heads"),
                            options(call))),
            Map.entry(
                    "nn.TransformerDecoder",
                    call -> new TransformerDecoder(
                            call.integer("num_layers"),
                            call.integer("dims"),
                            call.integer("num_heads"),
                            options(call))),
            Map.entry(
                    "nn.Transformer",
                    call -> new Transformer(
                            call.integer("dims", 512),
                            call.integer("num_heads", 8),
                            call.integer("num_encoder_layers", 6),
                            call.integer("num_decoder_layers", 6),
                            options(call))));

    private SequenceModules() {}

    private static Module rope(Call call) {
        RopeOptions options = RopeOptions.DEFAULT
                .withTraditional(call.flag("traditional", false))
                .withBase(call.real("base", 10_000))
                .withScale(call.real("scale", 1));
        return new RoPE(call.integer("dims"), options);
    }

    private static Module sinusoidal(Call call) {
        SinusoidalPositionalEncoding.Options options = SinusoidalPositionalEncoding.Options.DEFAULT
                .withMinFreq(call.real("min_freq", 1e-4))
                .withMaxFreq(call.real("max_freq", 1))
                .withCosFirst(call.flag("cos_first", false))
                .withFullTurns(call.flag("full_turns", false));
        return new SinusoidalPositionalEncoding(
                call.integer("dims"), call.has("scale") ? options.withScale(call.real("scale", 1)) : options);
    }

    private static Module rnn(Call call) {
        RNN.Options options = RNN.Options.DEFAULT.withBias(call.flag("bias", true));
        return new RNN(
                call.integer("input_size"),
                call.integer("hidden_size"),
                call.has("nonlinearity")
                        ? options.withNonlinearity(ModuleTable.function(call.attribute("nonlinearity")))
                        : options);
    }

    private static Module attention(Call call) {
        int dims = call.integer("dims");
        int keyDims = call.integer("key_input_dims", dims);
        MultiHeadAttention.Options options = MultiHeadAttention.Options.of(dims)
                .withQueryInputDims(call.integer("query_input_dims", dims))
                .withKeyInputDims(keyDims)
                .withValueInputDims(call.integer("value_input_dims", keyDims))
                .withValueDims(call.integer("value_dims", dims))
                .withValueOutputDims(call.integer("value_output_dims", dims))
                .withBias(call.flag("bias", false));
        return new MultiHeadAttention(dims, call.integer("num_heads"), options);
    }

    private static TransformerOptions options(Call call) {
        TransformerOptions options = TransformerOptions.DEFAULT
                .withDropout(call.real("dropout", 0))
                .withNormFirst(call.flag("norm_first", true))
                .withCheckpoint(call.flag("checkpoint", false));
        if (call.has("mlp_dims")) {
            options = options.withMlpDims(call.integer("mlp_dims"));
        }
        return call.has("activation")
                ? options.withActivation(ModuleTable.function(call.attribute("activation")))
                : options;
    }
}
