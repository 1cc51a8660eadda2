package org.lazuli.conformance.nn;

import java.util.List;
import java.util.stream.Stream;
import org.lazuli.Array;
import org.lazuli.AttentionMask;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.RopeOptions;
import org.lazuli.Shape;
import org.lazuli.nn.ALiBi;
import org.lazuli.nn.Activations;
import org.lazuli.nn.AllToShardedLinear;
import org.lazuli.nn.AvgPool1d;
import org.lazuli.nn.AvgPool2d;
import org.lazuli.nn.AvgPool3d;
import org.lazuli.nn.BatchNorm;
import org.lazuli.nn.Bilinear;
import org.lazuli.nn.CELU;
import org.lazuli.nn.Communicator;
import org.lazuli.nn.Conv1d;
import org.lazuli.nn.Conv2d;
import org.lazuli.nn.Conv3d;
import org.lazuli.nn.ConvTranspose1d;
import org.lazuli.nn.ConvTranspose2d;
import org.lazuli.nn.ConvTranspose3d;
import org.lazuli.nn.ConvTransposeOptions;
import org.lazuli.nn.Dropout;
import org.lazuli.nn.Dropout2d;
import org.lazuli.nn.Dropout3d;
import org.lazuli.nn.ELU;
import org.lazuli.nn.Embedding;
import org.lazuli.nn.FullyShardedModule;
import org.lazuli.nn.GELU;
import org.lazuli.nn.GLU;
import org.lazuli.nn.GRU;
import org.lazuli.nn.GroupNorm;
import org.lazuli.nn.HardShrink;
import org.lazuli.nn.HardTanh;
import org.lazuli.nn.Hardswish;
import org.lazuli.nn.Identity;
import org.lazuli.nn.InstanceNorm;
import org.lazuli.nn.LSTM;
import org.lazuli.nn.LayerNorm;
import org.lazuli.nn.LeakyReLU;
import org.lazuli.nn.Linear;
import org.lazuli.nn.LogSigmoid;
import org.lazuli.nn.LogSoftmax;
import org.lazuli.nn.MaxPool1d;
import org.lazuli.nn.MaxPool2d;
import org.lazuli.nn.MaxPool3d;
import org.lazuli.nn.Mish;
import org.lazuli.nn.Module;
import org.lazuli.nn.MultiHeadAttention;
import org.lazuli.nn.PReLU;
import org.lazuli.nn.QQLinear;
import org.lazuli.nn.QuantizedAllToShardedLinear;
import org.lazuli.nn.QuantizedEmbedding;
import org.lazuli.nn.QuantizedLinear;
import org.lazuli.nn.QuantizedShardedToAllLinear;
import org.lazuli.nn.RMSNorm;
import org.lazuli.nn.RNN;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.ReLU2;
import org.lazuli.nn.ReLU6;
import org.lazuli.nn.RoPE;
import org.lazuli.nn.SELU;
import org.lazuli.nn.Sequential;
import org.lazuli.nn.ShardedToAllLinear;
import org.lazuli.nn.SiLU;
import org.lazuli.nn.Sigmoid;
import org.lazuli.nn.SinusoidalPositionalEncoding;
import org.lazuli.nn.Softmax;
import org.lazuli.nn.Softmin;
import org.lazuli.nn.Softplus;
import org.lazuli.nn.Softshrink;
import org.lazuli.nn.Softsign;
import org.lazuli.nn.Step;
import org.lazuli.nn.Tanh;
import org.lazuli.nn.Transformer;
import org.lazuli.nn.TransformerDecoder;
import org.lazuli.nn.TransformerDecoderLayer;
import org.lazuli.nn.TransformerEncoder;
import org.lazuli.nn.TransformerEncoderLayer;
import org.lazuli.nn.TransformerOptions;
import org.lazuli.nn.Upsample;

/// Every layer of the library, with the options that change what it computes.
final class LayerCases {
    private static final TransformerOptions SMALL = TransformerOptions.DEFAULT.withMlpDims(6);

    private LayerCases() {}

    static List<LayerCase> all() {
        return Stream.of(activations(), sequences(), others(), quantized(), sharded())
                .flatMap(List::stream)
                .toList();
    }

    /// Scales, biases and bias are what gradients flow to; the weight is integers.
    private static List<LayerCase> quantized() {
        Quantization small = Quantization.AFFINE.withGroupSize(32);
        return List.of(
                LayerCase.of(() -> scalesFree(new QuantizedLinear(64, 3, true, small)), 4, 64),
                LayerCase.of(() -> QuantizedLinear.fromLinear(new Linear(32, 3), Quantization.MXFP4), 4, 32)
                        .named("mxfp4"),
                LayerCase.of(() -> scalesFree(new QuantizedEmbedding(5, 64, small)), 3, 2)
                        .ofIndices(),
                LayerCase.of(
                                QuantizedEmbedding.class,
                                () -> scalesFree(new QuantizedEmbedding(5, 32, small)),
                                (layer, in) -> layer.asLinear(in.get(0)),
                                s(3, 32))
                        .named("as linear"),
                LayerCase.of(() -> new QQLinear(32, 3), 4, 32),
                LayerCase.of(() -> new QQLinear(32, 3, Quantization.MXFP8), 4, 32)
                        .named("mxfp8"));
    }

    private static <M extends Module> M scalesFree(M layer) {
        layer.unfreeze("scales", "biases", "bias");
        return layer;
    }

    /// Those that are divided among ranks, in a group of one.
    private static List<LayerCase> sharded() {
        Communicator group = Communicator.single();
        return List.of(
                LayerCase.of(() -> new AllToShardedLinear(3, 4, group), 2, 3),
                LayerCase.of(() -> new ShardedToAllLinear(3, 4, group), 2, 3),
                LayerCase.of(() -> new QuantizedAllToShardedLinear(64, 3, group), 2, 64),
                LayerCase.of(() -> new QuantizedShardedToAllLinear(64, 3, group), 2, 64),
                LayerCase.of(() -> new FullyShardedModule(new Linear(3, 4), group), 2, 3));
    }

    private static List<LayerCase> activations() {
        return List.of(
                LayerCase.of(CELU::new, 3, 4),
                LayerCase.of(ELU::new, 3, 4),
                LayerCase.of(GELU::new, 3, 4),
                LayerCase.of(GLU::new, 3, 4),
                LayerCase.of(HardShrink::new, 3, 4),
                LayerCase.of(HardTanh::new, 3, 4),
                LayerCase.of(Hardswish::new, 3, 4),
                LayerCase.of(LeakyReLU::new, 3, 4),
                LayerCase.of(LogSigmoid::new, 3, 4),
                LayerCase.of(LogSoftmax::new, 3, 4),
                LayerCase.of(Mish::new, 3, 4),
                LayerCase.of(PReLU::new, 3, 4),
                LayerCase.of(ReLU::new, 3, 4),
                LayerCase.of(ReLU2::new, 3, 4),
                LayerCase.of(ReLU6::new, 3, 4),
                LayerCase.of(SELU::new, 3, 4),
                LayerCase.of(SiLU::new, 3, 4),
                LayerCase.of(Sigmoid::new, 3, 4),
                LayerCase.of(Softmax::new, 3, 4),
                LayerCase.of(Softmin::new, 3, 4),
                LayerCase.of(Softplus::new, 3, 4),
                LayerCase.of(Softshrink::new, 3, 4),
                LayerCase.of(Softsign::new, 3, 4),
                LayerCase.of(Step::new, 3, 4),
                LayerCase.of(Tanh::new, 3, 4),
                LayerCase.of(() -> new GELU(GELU.Approx.PRECISE), 3, 4).named("precise"),
                LayerCase.of(() -> new GELU(GELU.Approx.FAST), 3, 4).named("fast"),
                LayerCase.of(() -> new PReLU(4, 0.1), 3, 4).named("a slope for each"));
    }

    private static List<LayerCase> sequences() {
        return List.of(
                LayerCase.of(() -> new RNN(3, 4), 2, 5, 3),
                LayerCase.of(
                                () -> new RNN(
                                        3,
                                        4,
                                        RNN.Options.DEFAULT.withBias(false).withNonlinearity(Activations::relu)),
                                5,
                                3)
                        .named("relu"),
                LayerCase.of(
                                RNN.class,
                                () -> new RNN(3, 4),
                                (rnn, in) -> rnn.apply(in.get(0), in.get(1)),
                                s(2, 5, 3),
                                s(2, 4))
                        .named("from a state"),
                LayerCase.of(() -> new GRU(3, 4), 2, 5, 3),
                LayerCase.of(() -> new GRU(3, 4, false), 2, 5, 3).named("no bias"),
                LayerCase.of(
                                GRU.class,
                                () -> new GRU(3, 4),
                                (gru, in) -> gru.apply(in.get(0), in.get(1)),
                                s(2, 5, 3),
                                s(2, 4))
                        .named("from a state"),
                LayerCase.of(() -> new LSTM(3, 4), 2, 5, 3),
                LayerCase.of(LSTM.class, () -> new LSTM(3, 4), LayerCases::hiddenAndCells, s(2, 5, 3), s(2, 4), s(2, 4))
                        .named("from a state"),
                LayerCase.of(
                        MultiHeadAttention.class,
                        () -> new MultiHeadAttention(4, 2),
                        (layer, in) -> layer.apply(in.get(0), in.get(1), in.get(2)),
                        s(2, 3, 4),
                        s(2, 5, 4),
                        s(2, 5, 4)),
                LayerCase.of(
                                MultiHeadAttention.class,
                                () -> new MultiHeadAttention(
                                        4,
                                        2,
                                        MultiHeadAttention.Options.of(4)
                                                .withQueryInputDims(3)
                                                .withKeyInputDims(5)
                                                .withValueDims(6)
                                                .withValueOutputDims(2)
                                                .withBias(true)),
                                (layer, in) -> layer.apply(in.get(0), in.get(1), in.get(1), AttentionMask.CAUSAL),
                                s(2, 3, 3),
                                s(2, 3, 5))
                        .named("other sizes, causal"),
                LayerCase.of(() -> new TransformerEncoderLayer(4, 2, SMALL), 2, 3, 4),
                LayerCase.of(
                                () -> new TransformerEncoderLayer(
                                        4, 2, SMALL.withNormFirst(false).withActivation(Activations::gelu)),
                                2,
                                3,
                                4)
                        .named("norm last"),
                LayerCase.of(
                                () -> new TransformerEncoderLayer(
                                        4, 2, SMALL.withCheckpoint(true).withDropout(0.3)),
                                2,
                                3,
                                4)
                        .named("checkpoint, dropout"),
                LayerCase.of(
                        TransformerDecoderLayer.class,
                        () -> new TransformerDecoderLayer(4, 2, SMALL),
                        (layer, in) -> layer.apply(in.get(0), in.get(1)),
                        s(2, 3, 4),
                        s(2, 5, 4)),
                LayerCase.of(
                                TransformerDecoderLayer.class,
                                () -> new TransformerDecoderLayer(
                                        4, 2, SMALL.withNormFirst(false).withCheckpoint(true)),
                                (layer, in) ->
                                        layer.apply(in.get(0), in.get(1), AttentionMask.CAUSAL, AttentionMask.NONE),
                                s(2, 3, 4),
                                s(2, 5, 4))
                        .named("norm last, checkpoint"),
                LayerCase.of(
                        TransformerEncoder.class,
                        () -> new TransformerEncoder(2, 4, 2, SMALL),
                        (layer, in) -> layer.apply(in.get(0), AttentionMask.CAUSAL),
                        s(2, 3, 4)),
                LayerCase.of(
                        TransformerDecoder.class,
                        () -> new TransformerDecoder(2, 4, 2, SMALL),
                        (layer, in) -> layer.apply(in.get(0), in.get(1)),
                        s(2, 3, 4),
                        s(2, 5, 4)),
                LayerCase.of(
                        Transformer.class,
                        () -> new Transformer(4, 2, 1, 1, SMALL),
                        (layer, in) -> layer.apply(
                                in.get(0), in.get(1), AttentionMask.NONE, AttentionMask.CAUSAL, AttentionMask.NONE),
                        s(2, 5, 4),
                        s(2, 3, 4)),
                LayerCase.of(() -> new RoPE(4), 2, 3, 5),
                LayerCase.of(
                                RoPE.class,
                                () -> new RoPE(4, RopeOptions.DEFAULT.withTraditional(true)),
                                (layer, in) -> layer.apply(in.get(0), 7),
                                s(2, 3, 5))
                        .named("traditional, from an offset"),
                LayerCase.of(() -> new SinusoidalPositionalEncoding(6), 3),
                LayerCase.of(
                                () -> new SinusoidalPositionalEncoding(
                                        2,
                                        SinusoidalPositionalEncoding.Options.DEFAULT
                                                .withCosFirst(true)
                                                .withFullTurns(true)
                                                .withScale(2)),
                                3)
                        .named("one frequency"),
                LayerCase.of(ALiBi::new, 2, 3, 4, 5),
                LayerCase.of(() -> new Embedding(4, 3), 2, 5).ofIndices());
    }

    private static List<LayerCase> others() {
        return List.of(
                LayerCase.of(Identity::new, 3, 4),
                LayerCase.of(() -> new Linear(4, 3), 2, 4),
                LayerCase.of(() -> new Linear(4, 3, false), 2, 2, 4).named("no bias"),
                LayerCase.of(
                        Bilinear.class,
                        () -> new Bilinear(3, 4, 2),
                        (layer, in) -> layer.apply(in.get(0), in.get(1)),
                        s(2, 5, 3),
                        s(2, 5, 4)),
                LayerCase.of(() -> new Sequential(new Linear(4, 3), new Tanh(), x -> x.mul(2)), 2, 4),
                LayerCase.of(
                        () -> new Conv1d(
                                2,
                                4,
                                3,
                                Conv1d.Options.DEFAULT
                                        .withPadding(1)
                                        .withStride(2)
                                        .withGroups(2)),
                        2,
                        5,
                        2),
                LayerCase.of(
                        () -> new Conv2d(
                                2,
                                3,
                                3,
                                Conv2d.Options.DEFAULT.withPadding(1, 0).withDilation(1, 2)),
                        2,
                        4,
                        6,
                        2),
                LayerCase.of(
                        () -> new Conv3d(
                                2, 3, 2, Conv3d.Options.DEFAULT.withPadding(1).withStride(2)),
                        1,
                        3,
                        2,
                        3,
                        2),
                LayerCase.of(
                        () -> new ConvTranspose1d(
                                2,
                                3,
                                3,
                                ConvTransposeOptions.DEFAULT
                                        .withStride(2)
                                        .withPadding(1)
                                        .withOutputPadding(1)),
                        2,
                        4,
                        2),
                LayerCase.of(
                        () -> new ConvTranspose2d(
                                2,
                                3,
                                2,
                                ConvTransposeOptions.DEFAULT.withStride(2, 1).withDilation(2)),
                        1,
                        3,
                        2,
                        2),
                LayerCase.of(
                        () -> new ConvTranspose3d(
                                2,
                                3,
                                2,
                                ConvTransposeOptions.DEFAULT.withPadding(1).withBias(false)),
                        1,
                        3,
                        2,
                        3,
                        2),
                LayerCase.of(() -> new MaxPool1d(2), 2, 6, 3),
                LayerCase.of(() -> new MaxPool2d(3, 2, 1), 2, 5, 4, 2),
                LayerCase.of(() -> new MaxPool3d(2), 1, 4, 2, 4, 2),
                LayerCase.of(() -> new AvgPool1d(2), 2, 6, 3),
                LayerCase.of(() -> new AvgPool2d(3, 2, 1), 2, 5, 4, 2),
                LayerCase.of(() -> new AvgPool3d(2), 1, 4, 2, 4, 2),
                LayerCase.of(() -> new BatchNorm(3), 4, 2, 3),
                LayerCase.of(() -> new BatchNorm(3, BatchNorm.Options.DEFAULT.withAffine(false)), 5, 3)
                        .named("without parameters"),
                LayerCase.of(() -> new LayerNorm(4), 3, 4),
                LayerCase.of(() -> new RMSNorm(4), 3, 4),
                LayerCase.of(() -> new InstanceNorm(3, InstanceNorm.Options.DEFAULT.withAffine(true)), 2, 4, 3),
                LayerCase.of(() -> new GroupNorm(2, 4), 2, 3, 4),
                LayerCase.of(() -> new GroupNorm(2, 4, GroupNorm.Options.DEFAULT.withPytorchCompatible(true)), 2, 3, 4)
                        .named("as PyTorch"),
                LayerCase.of(Dropout::new, 4, 5),
                LayerCase.of(Dropout2d::new, 3, 2, 2, 4),
                LayerCase.of(Dropout3d::new, 3, 2, 2, 1, 4),
                LayerCase.of(() -> new Upsample(2), 1, 3, 2, 2),
                LayerCase.of(() -> new Upsample(1.5), 1, 4, 2).named("uneven"),
                LayerCase.of(
                                () -> new Upsample(
                                        List.of(2.0, 1.5),
                                        Upsample.Options.DEFAULT
                                                .withMode(Upsample.Mode.LINEAR)
                                                .withAlignCorners(true)),
                                1,
                                3,
                                4,
                                2)
                        .named("linear"),
                LayerCase.of(() -> new Upsample(2, Upsample.Options.DEFAULT.withMode(Upsample.Mode.CUBIC)), 1, 3, 2)
                        .named("cubic"),
                LayerCase.of(
                                () -> new Upsample(
                                        0.4,
                                        Upsample.Options.DEFAULT
                                                .withMode(Upsample.Mode.CUBIC)
                                                .withAntialias(true)),
                                1,
                                6,
                                2)
                        .named("cubic, antialias"));
    }

    private static Array hiddenAndCells(LSTM lstm, List<Array> in) {
        LSTM.States states = lstm.run(in.get(0), in.get(1), in.get(2));
        return Ops.concatenate(
                List.of(states.hidden(), states.cell(), states.last().cell().expandDims(-2)), -2);
    }

    private static Shape s(int... dims) {
        return Shape.of(dims);
    }
}
