///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25
//REPOS mavenlocal,central
//DEPS org.lazuli:lazuli-reference-cpu:0.1.0-SNAPSHOT
//JAVA_OPTIONS --add-modules jdk.incubator.vector

import org.lazuli.*;
import org.lazuli.nn.*;
import org.lazuli.optimizers.*;
import org.lazuli.train.*;

/// Learns the sine from noisy points and draws it: `jbang examples/SineFit.java` after `mvn install`.
void main() {
    var x = Random.uniform(-Math.PI, Math.PI, Shape.of(1000, 1), DType.FLOAT32, Random.key(0));
    var y = x.sin().add(Random.normal(x.shape(), Random.key(1)).mul(0.1));
    Random.seed(0);
    var model = new Sequential(new Linear(1, 32), new Tanh(), new Linear(32, 1));
    var history = new Trainer<Batch>(model, new Adam(0.02), b -> Losses.mseLoss(model.apply(b.inputs()), b.targets()))
            .fit(new Batches<>(Dataset.of(x, y), 50).shuffled(0), 15);
    for (double at = -3; at <= 3; at += 0.5) {
        double value = model.apply(Ops.array(new float[][] {{(float) at}})).item();
        IO.println("%5.1f %s*".formatted(at, " ".repeat((int) Math.round(20 + 18 * value))));
    }
    IO.println("loss %.4f; the noise alone has 0.01".formatted(history.getLast().loss()));
}
