package org.lazuli.benchmarks;

import static org.lazuli.Ops.eval;

import java.io.IOException;
import org.lazuli.Array;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Nn;
import org.lazuli.nn.Sequential;
import org.lazuli.optimizers.Sgd;

/// What [StartupBenchmark] starts: a program that does one thing and ends.
public final class ColdStart {
    private ColdStart() {}

    /// @param args `matmul` for a product of 256 x 256, `step` for a step of training the perceptron of [MlpStepBenchmark]
    public static void main(String... args) throws IOException {
        switch (args[0]) {
            case "matmul" -> {
                Array x = Random.uniform(Shape.of(256, 256));
                System.out.println(x.matmul(x).sum().item());
            }
            case "step" -> {
                Sequential model = Models.perceptron();
                Sgd optimizer = new Sgd(0.1);
                Nn.Step step = Nn.valueAndGrad(
                                model,
                                (Array x, Array y) ->
                                        Losses.crossEntropy(model.apply(x), y).mean())
                        .apply(Random.uniform(Shape.of(256, 784)), Random.randint(0, 10, Shape.of(256)));
                optimizer.update(model, step.grads());
                eval(step.value(), model, optimizer);
                System.out.println(step.value().item());
            }
            default -> throw new IllegalArgumentException("matmul or step, not " + args[0]);
        }
        ColdProcess.printPeak();
    }
}
