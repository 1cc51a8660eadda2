package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.nn.Module;
import org.lazuli.nn.QQLinear;

/// What holds for every layer: gradients, modes, freezing, files, batches, compilation.
class EveryLayerTest {
    /// Made with frozen parameters, which [Module#unfreeze()] would set free, integers among them.
    private static final Set<String> QUANTIZED = Set.of("QuantizedLinear", "QuantizedEmbedding");

    private static final long SEED = 11;

    @TempDir
    Path folder;

    @Test
    void noLayerIsMissing() {
        Set<String> layers = new ClassFileImporter()
                .importPackages("org.lazuli.nn").stream()
                        .filter(type -> type.getPackageName().equals("org.lazuli.nn")
                                && type.isAssignableTo(Module.class)
                                && type.getModifiers().contains(JavaModifier.PUBLIC)
                                && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(layers.size() > 70, layers::toString);
        assertEquals(
                layers,
                LayerCases.all().stream()
                        .map(one -> one.type().getSimpleName())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Stream<DynamicTest> forEach(Consumer<LayerCase> test) {
        return LayerCases.all().stream().map(one -> DynamicTest.dynamicTest(one.name(), () -> test.accept(one)));
    }

    @TestFactory
    Stream<DynamicTest> gradientsAreDifferencesInTraining() {
        return withDerivatives(one -> LayerGradients.check(one, true));
    }

    @TestFactory
    Stream<DynamicTest> gradientsAreDifferencesInUse() {
        return withDerivatives(one -> LayerGradients.check(one, false));
    }

    /// A [QQLinear] is constant between the steps of its rounding, and has a gradient that passes them over: see below.
    private static Stream<DynamicTest> withDerivatives(Consumer<LayerCase> test) {
        return LayerCases.all().stream()
                .filter(one -> one.type() != QQLinear.class)
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> test.accept(one)));
    }

    @Test
    void gradientsOfRoundedOperandsAreThoseOfTheirProduct() {
        for (Quantization how : List.of(Quantization.NVFP4, Quantization.MXFP8)) {
            Random.seed(SEED);
            QQLinear layer = new QQLinear(64, 3, how);
            Array x = Random.normal(Shape.of(4, 64));
            Array cotangent = Random.normal(Shape.of(4, 3));
            List<Array> gradients = Transforms.vjp(
                            in -> {
                                layer.weight = in.get(1);
                                return List.of(layer.apply(in.get(0)));
                            },
                            List.of(x, layer.weight),
                            List.of(cotangent))
                    .derivatives();
            Array weight = layer.weight;
            assertEqual(1e-5, cotangent.matmul(rounded(weight, how)), gradients.get(0));
            assertEqual(1e-5, cotangent.transpose().matmul(rounded(x, how)), gradients.get(1));
        }
    }

    private static Array rounded(Array x, Quantization how) {
        return Ops.dequantize(Ops.quantize(x, how), DType.FLOAT32);
    }

    @TestFactory
    Stream<DynamicTest> aSeedGivesTheSameLayer() {
        return forEach(one -> assertSameParameters(one.make(SEED), one.make(SEED)));
    }

    @TestFactory
    Stream<DynamicTest> weightsGoThroughFiles() {
        return forEach(one -> {
            for (String extension : List.of(".safetensors", ".npz")) {
                Path file = folder.resolve(one.name().replace(' ', '-') + extension);
                Module saved = one.make(SEED);
                Module loaded = one.make(SEED + 1);
                saved.saveWeights(file);
                loaded.loadWeights(file);
                assertSameParameters(saved, loaded);
                saved.eval();
                loaded.eval();
                List<Array> inputs = one.draw(SEED, DType.FLOAT32);
                assertEqual(0, one.call().apply(saved, inputs), one.call().apply(loaded, inputs));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> frozenLayersHaveNothingToTrain() {
        return forEach(one -> {
            Module layer = one.make(SEED);
            Set<String> trainable = layer.trainableParameters().flatten().keySet();
            layer.freeze();
            assertEquals(Set.of(), layer.trainableParameters().flatten().keySet());
            layer.unfreeze(
                    QUANTIZED.contains(one.type().getSimpleName()) ? trainable.toArray(String[]::new) : new String[0]);
            assertEquals(trainable, layer.trainableParameters().flatten().keySet());
        });
    }

    @TestFactory
    Stream<DynamicTest> modesReachEveryPart() {
        return forEach(one -> {
            Module layer = one.make(SEED);
            assertTrue(layer.modules().stream().allMatch(Module::training));
            layer.eval();
            assertTrue(layer.modules().stream().noneMatch(Module::training));
            // Nothing is random in use, and nothing is remembered.
            List<Array> inputs = one.draw(SEED, DType.FLOAT32);
            Array first = one.call().apply(layer, inputs);
            assertEqual(0, first, one.call().apply(layer, inputs));
            assertSameParameters(one.make(SEED).eval(), layer);
        });
    }

    @TestFactory
    Stream<DynamicTest> textsNameTheClassAndItsParts() {
        return forEach(one -> {
            Module layer = one.make(SEED);
            String text = layer.toString();
            assertTrue(text.startsWith(one.type().getSimpleName() + "(") && text.endsWith(")"), text);
            layer.namedModules().keySet().stream()
                    .filter(path -> path.indexOf('.') < 0 && !path.isEmpty())
                    .forEach(path -> assertTrue(text.contains("\n  (" + path + "): "), text));
        });
    }

    @TestFactory
    Stream<DynamicTest> batchesOfBatchesAreLoops() {
        return forEach(one -> {
            Module layer = one.make(SEED).setDtype(DType.FLOAT64).eval();
            List<List<Array>> examples = IntStream.range(0, 3)
                    .mapToObj(i -> one.draw(SEED + 100 * i, DType.FLOAT64))
                    .toList();
            List<Array> stacked = new ArrayList<>();
            for (int i = 0; i < one.inputs().size(); i++) {
                int number = i;
                stacked.add(Ops.stack(
                        examples.stream().map(example -> example.get(number)).toList()));
            }
            Array together = Transforms.vmapList(in -> List.of(one.call().apply(layer, in)), new int[stacked.size()])
                    .apply(stacked)
                    .getFirst();
            Array loop = Ops.stack(examples.stream()
                    .map(example -> one.call().apply(layer, example))
                    .toList());
            assertEqual(1e-12, loop, together);
        });
    }

    @TestFactory
    Stream<DynamicTest> compiledLayersAreTheSame() {
        return forEach(one -> {
            Module layer = one.make(SEED).setDtype(DType.FLOAT64).eval();
            List<Array> inputs = one.draw(SEED, DType.FLOAT64);
            Array compiled = Transforms.compileList(in -> List.of(one.call().apply(layer, in)), layer, Random.state())
                    .apply(inputs)
                    .getFirst();
            assertEqual(1e-12, one.call().apply(layer, inputs), compiled);
        });
    }

    private static void assertSameParameters(Module expected, Module actual) {
        var parameters = expected.parameters().flatten();
        var others = actual.parameters().flatten();
        assertEquals(List.copyOf(parameters.keySet()), List.copyOf(others.keySet()));
        parameters.forEach(
                (path, array) -> assertTrue(array.arrayEqual(others.get(path)).itemBoolean(), path));
    }

    /// @param bound of the difference, as a share of the largest element
    private static void assertEqual(double bound, Array expected, Array actual) {
        assertEquals(expected.dtype(), actual.dtype());
        assertEquals(expected.shape(), actual.shape());
        double largest = expected.astype(DType.FLOAT64).abs().max().item();
        double difference =
                expected.astype(DType.FLOAT64).sub(actual).abs().max().item();
        assertTrue(
                difference <= bound * Math.max(1, largest),
                () -> difference + " between " + expected + "\nand " + actual);
    }
}
