package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.conformance.input.Refused;
import org.lazuli.function.Unary;
import org.lazuli.nn.AllToShardedLinear;
import org.lazuli.nn.Communicator;
import org.lazuli.nn.FullyShardedModule;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Losses;
import org.lazuli.nn.Module;
import org.lazuli.nn.Nn;
import org.lazuli.nn.QuantizedAllToShardedLinear;
import org.lazuli.nn.QuantizedLinear;
import org.lazuli.nn.QuantizedShardedToAllLinear;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.Reduction;
import org.lazuli.nn.Sequential;
import org.lazuli.nn.Shard;
import org.lazuli.nn.ShardedToAllLinear;
import org.lazuli.nn.Sharding;
import org.lazuli.optimizers.Adam;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.tree.Tree;

/// Layers divided among ranks compute what the whole layer does, and so do their gradients.
class ShardedLayersTest {
    private static final int IN = 5;
    private static final int HIDDEN = 12;
    private static final int OUT = 24;

    private static final Shard ROWS = Shard.along(0);
    private static final Shard COLUMNS = Shard.along(-1);

    /// Two layers; divided among ranks, the first by its outputs, the second by its inputs.
    public static final class Mlp extends Module implements Unary {
        public Linear up;
        public Linear down;

        Mlp(boolean bias) {
            Random.seed(3);
            up = new Linear(IN, HIDDEN, bias);
            down = new Linear(HIDDEN, OUT, bias);
            setDtype(DType.FLOAT64);
        }

        @Override
        public Array apply(Array x) {
            return down.apply(up.apply(x).tanh());
        }
    }

    private static Mlp divided(boolean bias, Communicator group) {
        Mlp mlp = new Mlp(bias);
        mlp.up = Nn.shardLinear(mlp.up, Sharding.ALL_TO_SHARDED, group);
        mlp.down = Nn.shardLinear(mlp.down, Sharding.SHARDED_TO_ALL, group);
        return mlp;
    }

    private static Array input(int seed, int... shape) {
        return Random.normal(Shape.of(shape), DType.FLOAT32, 0, 1, Random.key(seed))
                .astype(DType.FLOAT64);
    }

    private static Array loss(Array y) {
        return y.square().mul(Ops.arange(y.size()).reshape(y.shape()).cos()).sum();
    }

    private static void assertClose(double bound, Array expected, Array actual) {
        assertEquals(expected.shape(), actual.shape());
        assertEquals(expected.dtype(), actual.dtype());
        double scale = Math.max(1, expected.abs().max().item());
        double difference = expected.sub(actual).abs().max().item();
        assertTrue(difference <= bound * scale, () -> difference + " between " + expected + "\nand " + actual);
    }

    /// A rank's part of an array.
    private static Array part(Array whole, int axis, Communicator group) {
        return whole.split(group.size(), axis).get(group.rank());
    }

    private static Stream<DynamicTest> sizes(IntConsumer test) {
        return Stream.of(1, 2, 3, 4).map(size -> DynamicTest.dynamicTest(size + " ranks", () -> test.accept(size)));
    }

    // ------------------------------------------------------------------------------------------ linear layers

    @TestFactory
    Stream<DynamicTest> dividedLayersComputeTheWhole() {
        return sizes(size -> {
            for (boolean bias : List.of(true, false)) {
                Array x = input(1, 2, 3, IN);
                Mlp whole = new Mlp(bias);
                Nn.Step expected = Nn.valueAndGrad(whole, (Array in) -> loss(whole.apply(in)))
                        .apply(x);
                Array byInput =
                        Transforms.grad((Array in) -> loss(whole.apply(in))).apply(x);
                Map<String, Array> wholeGradients = expected.grads().flatten();
                Ranks.run(size, group -> {
                    Mlp mlp = divided(bias, group);
                    Nn.Step step = Nn.valueAndGrad(mlp, (Array in) -> loss(mlp.apply(in)))
                            .apply(x);
                    assertClose(1e-13, expected.value(), step.value());
                    Map<String, Array> gradients = step.grads().flatten();
                    assertEquals(wholeGradients.keySet(), gradients.keySet());
                    gradients.forEach((path, gradient) -> {
                        Array of = wholeGradients.get(path);
                        Array mine = switch (path) {
                            case "up.weight", "up.bias" -> part(of, 0, group);
                            case "down.weight" -> part(of, 1, group);
                            default -> of;
                        };
                        assertClose(1e-12, mine, gradient);
                    });
                    assertClose(
                            1e-12,
                            byInput,
                            Transforms.grad((Array in) -> loss(mlp.apply(in))).apply(x));
                    return 0;
                });
            }
        });
    }

    /// A loss in which the gradient by the input stands, as in adversarial training.
    @TestFactory
    Stream<DynamicTest> secondDerivativesAreThoseOfTheWhole() {
        return sizes(size -> {
            Array x = input(1, 3, IN);
            Array expected = penalty(new Mlp(true), x);
            Ranks.run(size, group -> {
                assertClose(1e-12, expected, penalty(divided(true, group), x));
                return 0;
            });
        });
    }

    private static Array penalty(Mlp mlp, Array x) {
        Unary gradient = Transforms.grad((Array in) -> loss(mlp.apply(in)));
        return Transforms.grad((Array in) -> gradient.apply(in).square().sum()).apply(x);
    }

    @TestFactory
    Stream<DynamicTest> segmentsAreDividedEach() {
        return sizes(size -> {
            Random.seed(4);
            Linear qkv = new Linear(IN, 3 * HIDDEN);
            List<Array> weights = qkv.weight.split(3, 0);
            Ranks.run(size, group -> {
                Linear mine = Nn.shardLinear(qkv, Sharding.ALL_TO_SHARDED, 3, group);
                Array expected = Ops.concatenate(
                        weights.stream().map(one -> part(one, 0, group)).toList());
                assertClose(0, expected, mine.weight);
                return 0;
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> quantizedLayersComputeTheWhole() {
        return sizes(size -> {
            Quantization how = Quantization.AFFINE.withGroupSize(32);
            Random.seed(5);
            QuantizedLinear up = QuantizedLinear.fromLinear(new Linear(64, 32 * 12), how);
            QuantizedLinear down = QuantizedLinear.fromLinear(new Linear(32 * 12, 3), how);
            Array x = input(2, 4, 64).astype(DType.FLOAT32);
            Unary whole = in -> down.apply(up.apply(in).tanh());
            Array expected = whole.apply(x);
            Array gradient =
                    Transforms.grad((Array in) -> loss(whole.apply(in))).apply(x);
            Ranks.run(size, group -> {
                Linear first = Nn.shardLinear(up, Sharding.ALL_TO_SHARDED, group);
                Linear second = Nn.shardLinear(down, Sharding.SHARDED_TO_ALL, group);
                assertInstanceOf(QuantizedAllToShardedLinear.class, first);
                assertInstanceOf(QuantizedShardedToAllLinear.class, second);
                Unary mine = in -> second.apply(first.apply(in).tanh());
                assertClose(1e-5, expected, mine.apply(x));
                assertClose(
                        1e-5,
                        gradient,
                        Transforms.grad((Array in) -> loss(mine.apply(in))).apply(x));
                first.unfreeze();
                assertEquals(Map.of(), first.trainableParameters().flatten());
                return 0;
            });
        });
    }

    /// To divide and then quantize is to quantize and then divide.
    @TestFactory
    Stream<DynamicTest> dividedLayersCanBeQuantized() {
        return sizes(size -> {
            Random.seed(6);
            Linear up = new Linear(64, 24);
            Linear down = new Linear(32 * 12, 3);
            Quantization how = Quantization.AFFINE.withGroupSize(32);
            Ranks.run(size, group -> {
                for (Sharding sharding : Sharding.values()) {
                    Linear layer = sharding == Sharding.ALL_TO_SHARDED ? up : down;
                    Sequential model = new Sequential(Nn.shardLinear(layer, sharding, group));
                    Nn.quantize(model, how);
                    Linear expected = Nn.shardLinear(QuantizedLinear.fromLinear(layer, how), sharding, group);
                    Map<String, Array> parameters = model.parameters().flatten();
                    expected.parameters()
                            .forEach((path, array) -> assertTrue(
                                    array.arrayEqual(parameters.get("layers.0." + path))
                                            .itemBoolean(),
                                    path));
                    assertEquals(expected.toString(), model.layers.getFirst().toString());
                }
                return 0;
            });
        });
    }

    @Test
    void textsAreThoseOfTheWhole() {
        Ranks.run(2, group -> {
            assertEquals(
                    "AllToShardedLinear(input_dims=3, output_dims=4, bias=True)",
                    new AllToShardedLinear(3, 4, group).toString());
            assertEquals(
                    "ShardedToAllLinear(input_dims=4, output_dims=3, bias=False)",
                    new ShardedToAllLinear(4, 3, false, group).toString());
            assertEquals(
                    "QuantizedAllToShardedLinear(input_dims=64, output_dims=4, bias=True, group_size=64, bits=4, mode=affine)",
                    new QuantizedAllToShardedLinear(64, 4, group).toString());
            assertEquals(
                    "QuantizedShardedToAllLinear(input_dims=128, output_dims=4, bias=True, group_size=64, bits=4, mode=affine)",
                    new QuantizedShardedToAllLinear(128, 4, group).toString());
            assertEquals(
                    "FullyShardedModule(num_sharded_params=2\n  (module): Linear(input_dims=3, output_dims=2, bias=True)\n)",
                    Nn.fullyShard(new Linear(3, 4), group).toString());
            return 0;
        });
    }

    @Test
    void partsAreDrawnWithinTheBoundOfTheWhole() {
        Ranks.run(2, group -> {
            Random.seed(group.rank());
            ShardedToAllLinear layer = new ShardedToAllLinear(400, 50, group);
            assertEquals(Shape.of(50, 200), layer.weight.shape());
            double largest = layer.weight.abs().max().item();
            assertTrue(largest <= 0.05 && largest > 0.049, () -> "" + largest);
            QuantizedAllToShardedLinear quantized = new QuantizedAllToShardedLinear(64, 8, group);
            Array bias = quantized.bias;
            assertTrue(bias != null
                    && bias.shape().equals(Shape.of(4))
                    && bias.abs().max().item() == 0);
            return 0;
        });
    }

    @Test
    void whatCannotBeDividedIsNamed() {
        Communicator group = Communicator.threads(2).getFirst();
        Refused.with(
                IllegalArgumentException.class,
                () -> new AllToShardedLinear(4, 3, group),
                "Cannot shard the output of size 3 across 2 devices.");
        Refused.with(
                IllegalArgumentException.class,
                () -> new ShardedToAllLinear(3, 4, group),
                "Cannot shard the input of size 3 across 2 devices.");
        Refused.with(
                IllegalArgumentException.class,
                () -> ShardedToAllLinear.fromLinear(new Linear(3, 4), COLUMNS, group),
                "Cannot shard the input of size 3 across 2 devices.");
        Refused.with(
                IllegalArgumentException.class,
                () -> AllToShardedLinear.fromLinear(
                        AllToShardedLinear.fromLinear(new Linear(4, 4), group), ROWS, group),
                "AllToShardedLinear",
                "a whole Linear");
        Refused.with(
                IllegalArgumentException.class,
                () -> new FullyShardedModule(new Linear(2, 3), group),
                "weight",
                "(3,2)",
                "divisible by 2");
        Refused.with(IllegalArgumentException.class, () -> ROWS.withSegments(List.of(0.5, 0.5)), "rise");
    }

    @Test
    void parametersCanBeDividedInPlace() {
        Ranks.run(2, group -> {
            Sequential model = new Sequential(new Linear(4, 6), new ReLU());
            Nn.shardInplace(model, Sharding.ALL_TO_SHARDED, group);
            Map<String, Array> parts = model.parameters().flatten();
            assertEquals(Shape.of(3, 4), parts.get("layers.0.weight").shape());
            assertEquals(Shape.of(3), parts.get("layers.0.bias").shape());
            Nn.shardInplace(model, (path, array) -> path.endsWith("weight") ? COLUMNS : null, group);
            parts = model.parameters().flatten();
            assertEquals(Shape.of(3, 2), parts.get("layers.0.weight").shape());
            assertEquals(Shape.of(3), parts.get("layers.0.bias").shape());
            return 0;
        });
    }

    // ------------------------------------------------------------------------------------- fully sharded modules

    /// Training with a part of data and parameters on every rank ends where one process ends that has all.
    @TestFactory
    Stream<DynamicTest> fullyShardedTrainingIsThatOfOneProcess() {
        return sizes(size -> {
            Array x = input(7, 24, IN);
            Array y = input(8, 24, OUT);
            Mlp whole = new Mlp(true);
            List<Double> norms = new ArrayList<>();
            Adam optimizer = new Adam(0.01);
            for (int i = 0; i < 4; i++) {
                var step = Nn.valueAndGrad(whole, (a, b) -> mse(whole, a, b)).apply(x, y);
                Optimizer.Clipped clipped = Optimizer.clipGradNorm(step.grads(), 0.1);
                norms.add(clipped.norm().item());
                optimizer.update(whole, clipped.grads());
            }
            Map<String, Array> expected = whole.parameters().flatten();
            Ranks.run(size, group -> {
                Module model = Nn.fullyShard(new Mlp(true), group);
                assertEquals(size == 1, model instanceof Mlp);
                Adam mine = new Adam(0.01);
                Array inputs = part(x, 0, group);
                Array targets = part(y, 0, group);
                for (int i = 0; i < 4; i++) {
                    var step = Nn.valueAndGrad(model, (a, b) -> mse((Unary) model, a, b))
                            .apply(inputs, targets);
                    Optimizer.Clipped clipped = Optimizer.clipGradNormSharded(step.grads(), 0.1, group);
                    assertEquals(norms.get(i), clipped.norm().item(), 1e-10);
                    mine.update(model, clipped.grads());
                }
                String prefix = size == 1 ? "" : "module.";
                model.parameters()
                        .forEach((path, array) -> assertClose(
                                1e-8, part(expected.get(path.substring(prefix.length())), 0, group), array));
                return 0;
            });
        });
    }

    private static Array mse(Unary model, Array x, Array y) {
        return Losses.mseLoss(model.apply(x), y, Reduction.MEAN);
    }

    @Test
    void wholeParametersAreThereWhileTheModuleRuns() {
        Ranks.run(2, group -> {
            Random.seed(9);
            Linear inner = new Linear(3, 4);
            Array whole = inner.weight;
            FullyShardedModule model = new FullyShardedModule(inner, group, DType.FLOAT16);
            Array mine = inner.weight;
            assertClose(0, part(whole, 0, group), mine);
            model.gathered(() -> {
                assertEquals(DType.FLOAT16, inner.weight.dtype());
                assertClose(0, whole.astype(DType.FLOAT16), inner.weight);
                return 0;
            });
            assertSame(mine, inner.weight);
            Refused.with(
                    IllegalStateException.class,
                    () -> model.gathered(() -> {
                        throw new IllegalStateException("on purpose");
                    }),
                    "on purpose");
            assertSame(mine, inner.weight);
            // What the function leaves there is divided too.
            model.gathered(() -> inner.weight = inner.weight.add(1));
            assertClose(0, part(whole, 0, group).astype(DType.FLOAT16).add(1), inner.weight);
            assertSame(model, Nn.fullyShard(model, group));
            Tree<Array> gradients = Nn.valueAndGrad(
                            model, (Array x) -> model.apply(x).sum())
                    .apply(Ops.ones(2, 3))
                    .grads();
            assertEquals(2, gradients.flatten().size());
            return 0;
        });
    }
}
