package org.lazuli.conformance.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lazuli.Ops.eval;
import static org.lazuli.Ops.maximum;
import static org.lazuli.Ops.ones;
import static org.lazuli.Ops.zeros;
import static org.lazuli.Transforms.valueAndGradTree;
import static org.lazuli.nn.Nn.valueAndGrad;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.function.Unary;
import org.lazuli.nn.LayerNorm;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Module;
import org.lazuli.tree.Tree;

/// What MLX's guide to neural networks states, statement by statement, in Java.
class NeuralNetworksGuideTest {
    /// The guide's model: a class with a list of layers.
    static class Mlp extends Module implements Unary {
        public List<Linear> layers;

        Mlp(int inDims, int outDims) {
            layers = List.of(new Linear(inDims, 128), new Linear(128, 128), new Linear(128, outDims));
        }

        @Override
        public Array apply(Array x) {
            for (int i = 0; i < layers.size(); i++) {
                x = layers.get(i).apply(i > 0 ? maximum(x, 0) : x);
            }
            return x;
        }
    }

    private Mlp mlp;
    private Array x;
    private Array y;

    @BeforeEach
    void quickStart() {
        Random.seed(7);
        mlp = new Mlp(2, 10);
        x = Random.normal(Shape.of(5, 2));
        y = Random.normal(Shape.of(5, 10));
        eval(x, y);
    }

    // "Writing arbitrarily complex neural networks can be done using only arrays and value_and_grad"

    @Test
    void aNetworkCanBeWrittenWithArraysAlone() {
        record Layer(Array weight, Array bias) {}

        List<Layer> parameters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            parameters.add(new Layer(parameter("layers." + i + ".weight"), parameter("layers." + i + ".bias")));
        }
        Function<List<Layer>, Array> loss = layers -> {
            Array h = x;
            for (int i = 0; i < layers.size(); i++) {
                h = Ops.addmm(
                        layers.get(i).bias(),
                        i > 0 ? maximum(h, 0) : h,
                        layers.get(i).weight().transpose());
            }
            return h.sub(y).square().mean();
        };
        var byHand = valueAndGradTree(loss).apply(List.copyOf(parameters));
        var byModule = valueAndGrad(mlp, this::l2Loss).apply(x, y);
        assertClose(byModule.value(), byHand.value());
        for (int i = 0; i < 3; i++) {
            assertClose(
                    byModule.grads().get("layers." + i + ".weight").value(),
                    byHand.grads().get(i).weight());
        }
    }

    // "The model is created with all its parameters but nothing is initialized yet"

    @Test
    void nothingIsInitializedUntilEvaluated() {
        eval(zeros(1));
        long before = Memory.active();
        Mlp wide = new Mlp(2, 10);
        assertTrue(Memory.active() - before < 1024, "keys at most");
        eval(wide.parameters());
        assertTrue(Memory.active() - before >= 18_186 * 4);
    }

    // "We can access its parameters by calling mlp.parameters()"

    @Test
    void parametersAreATree() {
        Tree<Array> params = mlp.parameters();
        assertEquals(
                List.of(
                        "layers.0.weight",
                        "layers.0.bias",
                        "layers.1.weight",
                        "layers.1.bias",
                        "layers.2.weight",
                        "layers.2.bias"),
                List.copyOf(params.flatten().keySet()));
        assertSame(mlp.layers.get(1).weight, params.get("layers.1.weight").value());
    }

    // "Printing a parameter will cause it to be evaluated and thus initialized"

    @Test
    void printingAParameterInitializesIt() {
        Array bias = new Mlp(2, 10).parameters().get("layers.0.bias").value();
        String text = bias.toString();
        assertTrue(text.startsWith("array([") && text.endsWith("dtype=float32)"), text);
        assertFalse(text.contains("nan"), text);
    }

    // "We can also force evaluate all parameters to initialize the model"

    @Test
    void evaluatingAllParametersInitializesTheModel() {
        eval(mlp.parameters());
        eval(mlp);
        assertTrue(mlp.layers.getFirst().weight.abs().max().item() <= Math.sqrt(0.5));
    }

    // "It doesn't matter how it uses the mlp model. It currently captures it from the local scope. It could be a
    // positional argument"

    private Array l2Loss(Array x, Array y) {
        Array yHat = mlp.apply(x);
        return yHat.sub(y).square().mean();
    }

    // "Calling nn.value_and_grad returns the gradient with respect to mlp.trainable_parameters()"

    @Test
    void gradientsAreForTrainableParameters() {
        var lossAndGrad = valueAndGrad(mlp, this::l2Loss);
        var step = lossAndGrad.apply(x, y);
        assertClose(l2Loss(x, y), step.value());
        assertEquals(mlp.trainableParameters().map(Array::shape), step.grads().map(Array::shape));
        var inline =
                valueAndGrad(mlp, (a, b) -> mlp.apply(a).sub(b).square().mean()).apply(x, y);
        inline.grads()
                .forEach((path, grad) -> assertClose(step.grads().get(path).value(), grad));
    }

    // "recursively access and update its parameters and those of its submodules"

    /// Parameters at all kinds of places.
    static class Nested extends Module {
        public Array scale = ones(3);
        public Mlp inner = new Mlp(2, 3);
        public Map<String, Object> blocks = new LinkedHashMap<>();
        public List<List<Array>> tables = List.of(List.of(zeros(1)), List.of(zeros(2), zeros(3)));
        public Array _hidden = ones(4);
        public String name = "nested";
        protected Array unseen = ones(5);

        Nested() {
            blocks.put("norm", new LayerNorm(3));
            blocks.put("list", List.of(new Linear(3, 3, false), ones(6)));
        }
    }

    // "A parameter of a module is any public member of type array (its name should not start with _). It can be
    // arbitrarily nested in other Module instances or lists and dictionaries."

    @Test
    void parametersAreFoundAtAnyDepth() {
        assertEquals(
                List.of(
                        "scale",
                        "inner.layers.0.weight",
                        "inner.layers.0.bias",
                        "inner.layers.1.weight",
                        "inner.layers.1.bias",
                        "inner.layers.2.weight",
                        "inner.layers.2.bias",
                        "blocks.norm.weight",
                        "blocks.norm.bias",
                        "blocks.list.0.weight",
                        "blocks.list.1",
                        "tables.0.0",
                        "tables.1.0",
                        "tables.1.1"),
                List.copyOf(new Nested().parameters().flatten().keySet()));
    }

    // "A Module can also keep track of frozen parameters. value_and_grad: the gradients returned will be with respect
    // to
    // these trainable parameters"

    @Test
    void frozenParametersGetNoGradient() {
        mlp.layers.get(0).freeze();
        mlp.layers.get(2).freeze("bias");
        var step = valueAndGrad(mlp, this::l2Loss).apply(x, y);
        assertEquals(
                List.of("layers.1.weight", "layers.1.bias", "layers.2.weight"),
                List.copyOf(step.grads().flatten().keySet()));
        mlp.unfreeze();
        assertEquals(6, mlp.trainableParameters().leaves().size());
    }

    // "MLX modules allow accessing and updating individual parameters. However, most times we need to update large
    // subsets of a module's parameters. This action is performed by Module.update()"

    @Test
    void parametersAreUpdatedOneByOneOrTogether() {
        mlp.layers.get(0).bias = ones(128);
        assertEquals(128, parameter("layers.0.bias").sum().item());
        mlp.update(Tree.unflatten(Map.of("layers.1.bias", ones(128), "layers.2.bias", ones(10))));
        assertEquals(128, parameter("layers.1.bias").sum().item());
        assertEquals(10, parameter("layers.2.bias").sum().item());
        mlp.update(mlp.parameters().map(p -> p.mul(0)));
        assertEquals(0, mlp.apply(x).abs().max().item());
    }

    // "The simplest way to see the model architecture is to print it"

    @Test
    void printingShowsTheArchitecture() {
        assertEquals("""
                Mlp(
                  (layers.0): Linear(input_dims=2, output_dims=128, bias=True)
                  (layers.1): Linear(input_dims=128, output_dims=128, bias=True)
                  (layers.2): Linear(input_dims=128, output_dims=10, bias=True)
                )""", mlp.toString());
    }

    // "to see the shapes of all the parameters in a Module do: tree_map(lambda p: p.shape, mlp.parameters())"

    @Test
    void theTreeOfShapes() {
        Tree<Shape> shapes = mlp.parameters().map(Array::shape);
        assertEquals(
                "{layers: [{weight: (128,2), bias: (128)}, {weight: (128,128), bias: (128)}, {weight: (10,128), bias: (10)}]}",
                shapes.toString());
    }

    // "you can count the number of parameters in a Module with: sum(v.size for _, v in tree_flatten(mlp.parameters()))"

    @Test
    void theNumberOfParameters() {
        long count = mlp.parameters().flatten().values().stream()
                .mapToLong(Array::size)
                .sum();
        assertEquals(18_186, count);
    }

    // "Using a Module does not preclude using high order function transformations. These assume pure functions, namely
    // the
    // parameters should be passed as an argument to the function being transformed. There is an easy pattern to achieve
    // that" -- and "nn.value_and_grad() provides precisely this pattern"

    @Test
    void thePureFunctionPatternEqualsValueAndGrad() {
        mlp.layers.get(1).freeze();
        var expected = valueAndGrad(mlp, this::l2Loss).apply(x, y);

        Tree<Array> own = mlp.trainableParameters();
        Function<Tree<Array>, Array> f = params -> {
            mlp.update(params); // makes the model use the passed parameters
            return l2Loss(x, y);
        };
        var actual = valueAndGradTree(f).apply(own);
        assertClose(expected.value(), actual.value());
        assertEquals(
                expected.grads().flatten().keySet(), actual.grads().flatten().keySet());
        expected.grads()
                .forEach((path, grad) ->
                        assertClose(grad, actual.grads().get(path).value()));
        mlp.update(own);
        assertClose(expected.value(), l2Loss(x, y));
    }

    @Test
    void thePatternTakesOtherInputsToo() {
        Function<Tree<Array>, Array> f = params -> {
            mlp.update(params);
            return mlp.apply(zeros(10, 2));
        };
        assertEquals(Shape.of(10, 10), f.apply(mlp.trainableParameters()).shape());
    }

    private Array parameter(String path) {
        return mlp.parameters().get(path).value();
    }

    private static void assertClose(Array expected, Array actual) {
        assertEquals(expected.shape(), actual.shape());
        assertArrayEquals(
                expected.astype(DType.FLOAT32).toFloatArray(),
                actual.astype(DType.FLOAT32).toFloatArray(),
                1e-6f);
    }
}
