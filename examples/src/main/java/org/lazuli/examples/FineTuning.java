package org.lazuli.examples;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.examples.digits.Dataset;
import org.lazuli.examples.digits.DigitsData;
import org.lazuli.function.Unary;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Module;
import org.lazuli.nn.Sequential;
import org.lazuli.train.Batch;

/// A network that has learned one thing learns another with few parameters: frozen layers, and low-rank adapters.
///
/// It reads digits; then they lie on their side, and there are 200 of these to learn from. Expect that it reads hardly any at
/// first, some 70 % when its last layer is trained on them, and some 80 % with adapters (LoRA) in all layers, which have a
/// twentieth of its parameters.
///
/// Source: Hu et al., *LoRA: Low-Rank Adaptation of Large Language Models*, 2021.
public final class FineTuning {
    /// A linear layer that stays as it is, and a product of two small matrices that is added to it.
    public static class LoraLinear extends Module implements Unary {
        public Linear linear;
        public Array loraA;
        public Array loraB;

        public LoraLinear(Linear linear, int rank) {
            this.linear = linear;
            int inputs = linear.weight.dim(1);
            loraA = Random.normal(Shape.of(inputs, rank), DType.FLOAT32, 0, 1 / Math.sqrt(inputs), null);
            // Zeros: at first the layer does what it did.
            loraB = Ops.zeros(rank, linear.weight.dim(0));
        }

        @Override
        public Array apply(Array x) {
            return linear.apply(x).add(x.matmul(loraA).matmul(loraB).mul(2));
        }
    }

    private FineTuning() {}

    public static void main(String... args) {
        run(15, 60);
    }

    /// @return the accuracy on digits that lie on their side: before, with the last layer trained, with adapters
    static List<Double> run(int epochs, int moreEpochs) {
        Dataset digits = DigitsData.load();
        Batch upright = Dense.rows(digits.train());
        Batch test = lying(digits, digits.test().count(), false);
        Batch few = lying(digits, 200, true);

        Sequential base = Dense.network(Dense.pixels(digits));
        Dense.train(base, upright, epochs);
        double before = Dense.accuracy(base, test);
        System.out.printf("upright: %.4f, lying: %.4f%n", Dense.accuracy(base, Dense.rows(digits.test())), before);
        var weights = base.parameters();

        base.freeze();
        ((Module) base.layers.getLast()).unfreeze();
        Dense.trainQuietly(base, few, moreEpochs);
        double head = report("last layer only", base, test);

        base.update(weights);
        var adapted = new Sequential(base.layers.stream()
                .map(layer -> layer instanceof Linear linear ? new LoraLinear(linear, 4) : layer)
                .toList());
        adapted.freeze();
        adapted.unfreeze("lora_a", "lora_b");
        Dense.trainQuietly(adapted, few, moreEpochs);
        double lora = report("adapters of rank 4", adapted, test);
        return List.of(before, head, lora);
    }

    private static double report(String name, Sequential model, Batch test) {
        double accuracy = Dense.accuracy(model, test);
        System.out.printf(
                "%-20s %,7d of %,7d parameters trained, lying: %.4f%n",
                name,
                size(model.trainableParameters().leaves()),
                size(model.parameters().leaves()),
                accuracy);
        return accuracy;
    }

    private static int size(List<Array> arrays) {
        return arrays.stream().mapToInt(Array::size).sum();
    }

    /// Digits turned by a quarter: rows become columns.
    private static Batch lying(Dataset digits, int count, boolean train) {
        var images = (train ? digits.train() : digits.test()).take(Ops.arange(count));
        return new Batch(images.inputs().swapaxes(1, 2).flatten(1, -1), images.labels());
    }
}
