package org.lazuli.conformance.parity;

import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.lazuli.Array;
import org.lazuli.nn.Activations;
import org.lazuli.nn.BinaryCrossEntropyOptions;
import org.lazuli.nn.CrossEntropyOptions;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Reduction;
import org.lazuli.nn.TripletLossOptions;

/// Activations and losses.
final class NnOperations {

    private NnOperations() {}

    private interface PairLoss {
        Array apply(Array a, Array b, Reduction reduction);
    }

    static void addTo(OperationTable.Builder table) {
        addActivations(table);
        addLosses(table);
    }

    private static void addActivations(OperationTable.Builder table) {
        table.unary("nn.sigmoid", Activations::sigmoid)
                .unary("nn.tanh", Activations::tanh)
                .unary("nn.relu", Activations::relu)
                .unary("nn.relu2", Activations::relu2)
                .unary("nn.relu6", Activations::relu6)
                .unary("nn.selu", Activations::selu)
                .unary("nn.silu", Activations::silu)
                .unary("nn.gelu", Activations::gelu)
                .unary("nn.gelu_approx", Activations::geluApprox)
                .unary("nn.gelu_fast_approx", Activations::geluFastApprox)
                .unary("nn.mish", Activations::mish)
                .unary("nn.hardswish", Activations::hardswish)
                .unary("nn.softplus", Activations::softplus)
                .unary("nn.softsign", Activations::softsign)
                .unary("nn.log_sigmoid", Activations::logSigmoid)
                .one("nn.prelu", call -> Activations.prelu(call.array(0), call.array(1)));
        parametric(table, "nn.leaky_relu", "negative_slope", Activations::leakyRelu, Activations::leakyRelu);
        parametric(table, "nn.elu", "alpha", Activations::elu, Activations::elu);
        parametric(table, "nn.celu", "alpha", Activations::celu, Activations::celu);
        parametric(table, "nn.hard_shrink", "lambd", Activations::hardShrink, Activations::hardShrink);
        parametric(table, "nn.softshrink", "lambd", Activations::softshrink, Activations::softshrink);
        parametric(table, "nn.step", "threshold", Activations::step, Activations::step);
        alongAxis(table, "nn.softmax", Activations::softmax, Activations::softmax);
        alongAxis(table, "nn.softmin", Activations::softmin, Activations::softmin);
        alongAxis(table, "nn.log_softmax", Activations::logSoftmax, Activations::logSoftmax);
        alongAxis(table, "nn.glu", Activations::glu, Activations::glu);
        table.one(
                "nn.hard_tanh",
                call -> call.has("min_val") || call.has("max_val")
                        ? Activations.hardTanh(call.array(0), call.real("min_val", -1), call.real("max_val", 1))
                        : Activations.hardTanh(call.array(0)));
    }

    private static void parametric(
            OperationTable.Builder table,
            String name,
            String parameter,
            UnaryOperator<Array> plain,
            BiFunction<Array, Double, Array> function) {
        table.one(
                name,
                call -> call.has(parameter)
                        ? function.apply(call.array(0), call.real(parameter, 0))
                        : plain.apply(call.array(0)));
    }

    private static void alongAxis(
            OperationTable.Builder table,
            String name,
            UnaryOperator<Array> plain,
            BiFunction<Array, Integer, Array> function) {
        table.one(
                name,
                call -> call.has("axis")
                        ? function.apply(call.array(0), call.integer("axis"))
                        : plain.apply(call.array(0)));
    }

    private static void addLosses(OperationTable.Builder table) {
        pair(table, "nn.losses.l1_loss", Losses::l1Loss, Losses::l1Loss);
        pair(table, "nn.losses.mse_loss", Losses::mseLoss, Losses::mseLoss);
        pair(table, "nn.losses.hinge_loss", Losses::hingeLoss, Losses::hingeLoss);
        pair(table, "nn.losses.log_cosh_loss", Losses::logCoshLoss, Losses::logCoshLoss);
        table.one("nn.losses.cross_entropy", NnOperations::crossEntropy)
                .one("nn.losses.binary_cross_entropy", NnOperations::binaryCrossEntropy)
                .one("nn.losses.triplet_loss", NnOperations::tripletLoss)
                .one(
                        "nn.losses.nll_loss",
                        call -> Losses.nllLoss(
                                call.array(0),
                                call.array(1),
                                call.integer("axis", -1),
                                reduction(call, Reduction.NONE)))
                .one(
                        "nn.losses.kl_div_loss",
                        call -> Losses.klDivLoss(
                                call.array(0),
                                call.array(1),
                                call.integer("axis", -1),
                                reduction(call, Reduction.NONE)))
                .one(
                        "nn.losses.gaussian_nll_loss",
                        call -> Losses.gaussianNllLoss(
                                call.array(0),
                                call.array(1),
                                call.array(2),
                                call.flag("full", false),
                                call.real("eps", 1e-6),
                                reduction(call, Reduction.MEAN)))
                .one(
                        "nn.losses.smooth_l1_loss",
                        call -> Losses.smoothL1Loss(
                                call.array(0), call.array(1), call.real("beta", 1), reduction(call, Reduction.MEAN)))
                .one(
                        "nn.losses.huber_loss",
                        call -> Losses.huberLoss(
                                call.array(0), call.array(1), call.real("delta", 1), reduction(call, Reduction.NONE)))
                .one(
                        "nn.losses.cosine_similarity_loss",
                        call -> Losses.cosineSimilarityLoss(
                                call.array(0),
                                call.array(1),
                                call.integer("axis", 1),
                                call.real("eps", 1e-8),
                                reduction(call, Reduction.NONE)))
                .one(
                        "nn.losses.margin_ranking_loss",
                        call -> Losses.marginRankingLoss(
                                call.array(0),
                                call.array(1),
                                call.array(2),
                                call.real("margin", 0),
                                reduction(call, Reduction.NONE)));
    }

    private static void pair(
            OperationTable.Builder table, String name, BinaryOperator<Array> plain, PairLoss function) {
        table.one(
                name,
                call -> call.has("reduction")
                        ? function.apply(call.array(0), call.array(1), reduction(call, Reduction.NONE))
                        : plain.apply(call.array(0), call.array(1)));
    }

    private static Reduction reduction(Call call, Reduction otherwise) {
        return call.option("reduction", Reduction.class, otherwise);
    }

    private static Array crossEntropy(Call call) {
        CrossEntropyOptions options = CrossEntropyOptions.DEFAULT
                .withAxis(call.integer("axis", -1))
                .withLabelSmoothing(call.real("label_smoothing", 0))
                .withReduction(reduction(call, Reduction.NONE))
                .withWeights(call.optional("weights").orElse(null));
        return Losses.crossEntropy(call.array(0), call.array(1), options);
    }

    private static Array binaryCrossEntropy(Call call) {
        BinaryCrossEntropyOptions options = BinaryCrossEntropyOptions.DEFAULT
                .withLogits(call.flag("with_logits", true))
                .withReduction(reduction(call, Reduction.MEAN))
                .withWeights(call.optional("weights").orElse(null));
        return Losses.binaryCrossEntropy(call.array(0), call.array(1), options);
    }

    private static Array tripletLoss(Call call) {
        TripletLossOptions options = TripletLossOptions.DEFAULT
                .withAxis(call.integer("axis", -1))
                .withP(call.integer("p", 2))
                .withMargin(call.real("margin", 1))
                .withEps(call.real("eps", 1e-6))
                .withReduction(reduction(call, Reduction.NONE));
        return Losses.tripletLoss(call.array(0), call.array(1), call.array(2), options);
    }
}
