package org.lazuli.examples;

import static org.lazuli.Transforms.vmap;

import org.lazuli.Array;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.examples.digits.Dataset;
import org.lazuli.examples.digits.DigitsData;
import org.lazuli.function.Binary;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Nn;
import org.lazuli.nn.Sequential;
import org.lazuli.train.Batch;

/// Gradients of single examples, all at once: which digits have the wrong label?
///
/// One label in twenty is made wrong. After some training, an example with a wrong label pulls harder at the weights than
/// the others: the norm of its gradient is large. A gradient per example is `vmap` of the gradient of one.
///
/// Expect that nine in ten of the examples with the largest gradients have a wrong label, where chance would find one in twenty,
/// and that `vmap` is several times as fast as a loop.
public final class PerSampleGradients {
    private PerSampleGradients() {}

    public static void main(String... args) {
        run(4);
    }

    /// @return the share of the wrong labels that are found
    static double run(int epochs) {
        Dataset digits = DigitsData.load();
        Batch clean = Dense.rows(digits.train());
        int count = clean.targets().size();
        Array wrong = Random.bernoulli(0.05f, Shape.of(count), Random.key(1));
        Array shift = Random.randint(1, 10, Shape.of(count), clean.targets().dtype(), Random.key(2));
        Batch examples = new Batch(
                clean.inputs(), Ops.where(wrong, clean.targets().add(shift).remainder(10), clean.targets()));
        Sequential model = Dense.network(Dense.pixels(digits));
        Dense.train(model, examples, epochs);

        Binary norm = (image, label) -> {
            Nn.Step step = Nn.valueAndGrad(model, (x, y) -> Losses.crossEntropy(model.apply(x), y))
                    .apply(image, label);
            return step.grads()
                    .map(gradient -> gradient.square().sum())
                    .reduce(Array::add)
                    .orElseThrow()
                    .sqrt();
        };

        int few = 64;
        Index first = Index.to(few);
        long start = System.nanoTime();
        float[] mapped = vmap(norm)
                .apply(examples.inputs().get(first), examples.targets().get(first))
                .toFloatArray();
        long between = System.nanoTime();
        double furthest = 0;
        for (int i = 0; i < few; i++) {
            double one = norm.apply(
                            examples.inputs().get(Index.at(i)),
                            examples.targets().get(Index.at(i)))
                    .item();
            furthest = Math.max(furthest, Math.abs(one - mapped[i]) / one);
        }
        System.out.printf(
                "%d gradients: %.0f ms with vmap, %.0f ms in a loop; the largest relative difference is %.1e%n",
                few, (between - start) / 1e6, (System.nanoTime() - between) / 1e6, furthest);

        Array norms = vmap(norm).apply(examples.inputs(), examples.targets());
        int wrongCount = (int) wrong.sum().item();
        Array largest = norms.argsort(0).get(Index.from(count - wrongCount));
        double found = wrong.take(largest).sum().item() / wrongCount;
        System.out.printf(
                "mean norm: %.3f with a right label, %.3f with a wrong one%n",
                Ops.where(wrong, 0, norms).sum().item() / (count - wrongCount),
                Ops.where(wrong, norms, 0).sum().item() / wrongCount);
        System.out.printf(
                "%d of %d labels are wrong; of the %d examples with the largest gradients, %.1f %% have a wrong one%n",
                wrongCount, count, wrongCount, 100 * found);
        return found;
    }
}
