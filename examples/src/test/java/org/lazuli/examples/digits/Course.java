package org.lazuli.examples.digits;

import static org.lazuli.Ops.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.lazuli.Array;
import org.lazuli.Backends;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Nn;
import org.lazuli.optimizers.AdamW;
import org.lazuli.optimizers.Schedules;
import org.lazuli.tree.Tree;

/// The first steps of the training that [TrainDigits] gives its [Mlp], one by one: the same seed, batches, optimizer and schedule as [Trainer] has.
final class Course {
    private static final int EPOCHS = 30;

    final Mlp model;
    private final LabelledImages images;
    private final AdamW optimizer;
    private final BiFunction<Array, Array, Nn.Step> lossAndGrad;
    private Array order;
    private int next;

    Course() {
        this(Trainer.LEARNING_RATE);
    }

    /// @param learningRate at first
    Course(double learningRate) {
        Dataset data = DigitsData.load();
        images = data.train();
        Random.seed(0);
        model = new Mlp(images.height(), images.width(), data.classes().size());
        model.train();
        int perEpoch = Math.ceilDiv(images.count(), Trainer.BATCH);
        optimizer = new AdamW(Schedules.cosineDecay(learningRate, EPOCHS * perEpoch));
        lossAndGrad = Nn.valueAndGrad(
                model, (x, y) -> Losses.crossEntropy(model.apply(x), y).mean());
    }

    /// The images of the next step.
    LabelledImages batch() {
        if (order == null || next >= images.count()) {
            order = Random.permutation(images.count(), null);
            next = 0;
        }
        int end = Math.min(next + Trainer.BATCH, images.count());
        Array numbers = order.get(Index.span(next, end));
        next = end;
        return images.take(numbers);
    }

    /// Loss and gradients from the parameters as they are.
    Nn.Step lossAndGradients(LabelledImages batch) {
        return lossAndGrad.apply(batch.inputs(), batch.labels());
    }

    /// One step of the training.
    ///
    /// @param disturbance is done to the gradients
    /// @return the loss before
    float learn(LabelledImages batch, UnaryOperator<Tree<Array>> disturbance) {
        Nn.Step step = lossAndGradients(batch);
        optimizer.update(model, disturbance.apply(step.grads()));
        eval(model, optimizer, step.value());
        return step.value().toFloatArray()[0];
    }

    /// The parameters' elements.
    List<float[]> parameters() {
        return elements(model.parameters());
    }

    static List<float[]> elements(Tree<Array> arrays) {
        List<float[]> all = new ArrayList<>();
        arrays.leaves().forEach(array -> all.add(array.toFloatArray()));
        return all;
    }

    /// Goes on from these parameters.
    void setParameters(List<float[]> elements) {
        var remaining = elements.iterator();
        model.update(model.parameters().map(array -> Ops.array(remaining.next()).reshape(array.shape())));
    }

    /// Trains on whichever backend the runtime chooses, as a program does, and prints its name and device, and the losses.
    public static void main(String[] args) {
        System.out.println(Backends.current());
        Course course = new Course();
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            System.out.println(course.learn(course.batch(), grads -> grads));
        }
    }
}
