import org.lazuli.*;
import org.lazuli.nn.*;
import org.lazuli.optimizers.*;

void main() {
    Random.seed(0);
    var points = Random.uniform(-1, 1, Shape.of(512, 2), DType.FLOAT32, null);
    var inside = points.square().sum(1).lt(0.6).astype(DType.INT32); // in a circle, or not
    var model = new Sequential(new Linear(2, 32), new ReLU(), new Linear(32, 2));
    var optimizer = new Adam(0.01);
    var lossAndGrad = Nn.valueAndGrad(model, (x, y) -> Losses.crossEntropy(model.apply(x), y).mean());
    for (int i = 0; i < 300; i++) {
        var step = lossAndGrad.apply(points, inside); // a graph: nothing is computed yet
        optimizer.update(model, step.grads());
        Ops.eval(model, optimizer); // now it is
    }
    IO.println("accuracy " + model.apply(points).argmax(1).eq(inside).mean().item());
}
