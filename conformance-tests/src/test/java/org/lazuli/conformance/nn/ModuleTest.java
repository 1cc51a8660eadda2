package org.lazuli.conformance.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.nn.Dropout;
import org.lazuli.nn.Embedding;
import org.lazuli.nn.FreezeOptions;
import org.lazuli.nn.Identity;
import org.lazuli.nn.LayerNorm;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Module;
import org.lazuli.nn.RMSNorm;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.Sequential;
import org.lazuli.nn.Tanh;
import org.lazuli.tree.Structure;
import org.lazuli.tree.Tree;

/// Modules as containers. Nothing here is evaluated.
@SuppressWarnings({"EffectivelyPrivate", "UnusedVariable"}) // models in methods have the public fields of any model
class ModuleTest {
    /// Members of all kinds.
    static class Mixed extends Module {
        public Embedding emb = new Embedding(7, 4);
        public Map<String, Object> blocks = new LinkedHashMap<>();
        public Array scale = Ops.ones(4);
        public Array _hidden = Ops.zeros(4);
        public final Array _constant = Ops.zeros(1);
        public String name = "mixed";
        public @Nullable Array nothing;
        public static final Array SHARED = Ops.zeros(1);
        protected Array inner = Ops.zeros(2);
        public Dropout drop = new Dropout(0.5);
        public Array runningMean = Ops.zeros(4);

        Mixed() {
            blocks.put("a", new Linear(4, 4));
            blocks.put("b", List.of(new LayerNorm(4), new Linear(4, 4, false)));
        }
    }

    static class Base extends Module {
        public Array first = Ops.zeros(1);
    }

    static class Derived extends Base {
        public Array second = Ops.zeros(1);
    }

    private final Mixed mixed = new Mixed();

    private static List<String> names(Tree<?> tree) {
        return List.copyOf(tree.flatten().keySet());
    }

    // Names

    @Test
    void parametersAreInOrderOfDeclarationSuperclassesFirst() {
        assertEquals(
                List.of(
                        "emb.weight",
                        "blocks.a.weight",
                        "blocks.a.bias",
                        "blocks.b.0.weight",
                        "blocks.b.0.bias",
                        "blocks.b.1.weight",
                        "scale",
                        "running_mean"),
                names(mixed.parameters()));
        assertEquals(List.of("first", "second"), names(new Derived().parameters()));
    }

    @Test
    void fieldNamesAreWrittenWithUnderscores() {
        class Names extends Module {
            public Array running_var = Ops.zeros(1);
            public Array Wxh = Ops.zeros(1);
            public Array ln1Weight = Ops.zeros(1);
            public Array inProjBias = Ops.zeros(1);
        }
        assertEquals(List.of("running_var", "Wxh", "ln1_weight", "in_proj_bias"), names(new Names().parameters()));
    }

    @Test
    void mapsWithoutAnOrderAreSorted() {
        class M extends Module {
            public Map<String, Array> weights = Map.of("b", Ops.zeros(1), "c", Ops.zeros(1), "a", Ops.zeros(1));
        }
        assertEquals(List.of("weights.a", "weights.b", "weights.c"), names(new M().parameters()));
        M updated = new M();
        updated.update(Tree.unflatten(Map.of("weights.b", Ops.ones(2))));
        assertEquals(List.of("weights.a", "weights.b", "weights.c"), names(updated.parameters()));
    }

    @Test
    void childrenAndModules() {
        assertEquals(List.of("emb", "blocks.a", "blocks.b.0", "blocks.b.1", "drop"), names(mixed.children()));
        assertEquals(names(mixed.children()), names(mixed.leafModules()));
        assertEquals(
                List.of("", "emb", "blocks.a", "blocks.b.0", "blocks.b.1", "drop"),
                List.copyOf(mixed.namedModules().keySet()));
        assertEquals(6, mixed.modules().size());
        var nested = new Sequential(new Sequential(new ReLU(), new Linear(1, 1)), x -> x);
        assertEquals(List.of("layers.0"), names(nested.children()));
        assertEquals(List.of("layers.0.layers.0", "layers.0.layers.1"), names(nested.leafModules()));
    }

    @Test
    void stateHasPrivateNamesToo() {
        assertTrue(names(mixed.state()).contains("_hidden"));
        assertFalse(names(mixed.state()).contains("_constant"));
        assertEquals(mixed.state().leaves(), Structure.flatten(mixed));
        Array other = Ops.ones(4);
        mixed.setState(mixed.state().map(array -> array == mixed._hidden ? other : array));
        assertSame(other, mixed._hidden);
    }

    @Test
    void filterAndMapKeepsPlacesOfWhatIsLeftOut() {
        Tree<Integer> sizes = mixed.filterAndMap(
                (module, name, value) -> !name.equals("blocks.b.0") && !name.equals("emb"), Array::size);
        assertEquals(
                List.of(
                        "blocks.a.weight",
                        "blocks.a.bias",
                        "blocks.b.1.weight",
                        "scale",
                        "_hidden",
                        "_constant",
                        "running_mean"),
                names(sizes));
        Tree<String> types = mixed.filterAndMap(
                Module::validChildFilter,
                value -> value.getClass().getSimpleName(),
                (module, name, value) -> value instanceof Module);
        assertEquals("LayerNorm", types.get("blocks.b.0").value());
    }

    // Replacing

    @Test
    void updateTakesPartsOfTheTree() {
        Array a = Ops.ones(4);
        Array b = Ops.ones(4, 4);
        assertSame(mixed, mixed.update(Tree.unflatten(Map.of("scale", a, "blocks.b.1.weight", b))));
        assertSame(a, mixed.scale);
        assertSame(b, mixed.parameters().get("blocks.b.1.weight").value());
        mixed.update(Tree.empty());
        mixed.update(Tree.unflatten(Map.of("runningMean", b)));
        assertSame(b, mixed.runningMean);
    }

    @Test
    void updateRefusesWhatLeadsNowhereAndChangesNothing() {
        Array scale = mixed.scale;
        Map<String, Array> leaves = new LinkedHashMap<>();
        leaves.put("scale", Ops.ones(4));
        leaves.put("blocks.c.weight", Ops.ones(4));
        Exception error = assertThrows(IllegalArgumentException.class, () -> mixed.update(Tree.unflatten(leaves)));
        assertEquals(
                "update: nothing is called 'blocks.c': 'blocks' has [a, b];"
                        + " other names are ignored with strict = false",
                error.getMessage());
        assertSame(scale, mixed.scale);
        mixed.update(Tree.unflatten(leaves), false);
        assertNotSame(scale, mixed.scale);

        assertMessage(
                "update: 'scale' is of type Array, but the tree has several values, [x] there",
                () -> mixed.update(Tree.unflatten(Map.of("scale.x", Ops.ones(1)))));
        assertMessage(
                "update: 'emb' is of type Embedding, but the tree has a single value there",
                () -> mixed.update(Tree.unflatten(Map.of("emb", Ops.ones(1)))));
        assertMessage(
                "update: no element 2 in 'blocks.b', a list of 2",
                () -> mixed.update(Tree.unflatten(Map.of("blocks.b.2.weight", Ops.ones(1)))));
        assertMessage(
                "update: the module is of type Mixed, but the tree has a single value there",
                () -> mixed.update(Tree.leaf(Ops.ones(1))));
    }

    @Test
    void arraysInListsAndMapsAreReplaced() {
        class Tables extends Module {
            public List<List<Array>> fixed = List.of(List.of(Ops.zeros(1)), List.of(Ops.zeros(2), Ops.zeros(3)));
            public List<Array> mutable = new ArrayList<>(List.of(Ops.zeros(4)));
            public final Map<String, Array> map = new LinkedHashMap<>(Map.of("0", Ops.zeros(5)));
        }
        Tables tables = new Tables();
        List<Array> mutable = tables.mutable;
        tables.apply(array -> Ops.ones(array.size() + 10));
        assertEquals(
                List.of(11, 12, 13, 14, 15),
                tables.parameters().map(Array::size).leaves());
        assertSame(mutable, tables.mutable);
        // A name that is a number looks like a position to unflatten.
        tables.update(Tree.unflatten(Map.of("map.0", Ops.ones(7))));
        assertEquals(7, tables.parameters().get("map.0").value().size());
    }

    @Test
    void anUnmodifiableListInAFinalFieldIsRefusedBeforeAnythingChanges() {
        class Tables extends Module {
            public Array first = Ops.zeros(1);
            public final List<Array> fixed = List.of(Ops.zeros(1));
        }
        Tables tables = new Tables();
        Array first = tables.first;
        Exception error = assertThrows(IllegalStateException.class, () -> tables.apply(array -> Ops.ones(2)));
        assertTrue(String.valueOf(error.getMessage())
                .endsWith("fixed is final and cannot be replaced: write `public List fixed;`"));
        assertSame(first, tables.first);
    }

    @Test
    void updateModulesReplacesModules() {
        mixed.updateModules(Tree.unflatten(Map.of("blocks.a", new Identity())));
        assertInstanceOf(Identity.class, mixed.blocks.get("a"));
        mixed.updateModules(Tree.unflatten(Map.of("blocks.b.1", new Identity())));
        assertEquals("Identity()", mixed.children().get("blocks.b.1").value().toString());
        assertMessage(
                "updateModules: nothing is called 'nope': the module has"
                        + " [emb, blocks, scale, _hidden, _constant, nothing, drop, running_mean];"
                        + " other names are ignored with strict = false",
                () -> mixed.updateModules(Tree.unflatten(Map.of("nope", new ReLU()))));
        mixed.updateModules(Tree.unflatten(Map.of("nope", new ReLU())), false);
    }

    @Test
    void updateModulesChecksDeclaredTypes() {
        class Typed extends Module {
            public Linear linear = new Linear(1, 1);
            public List<Linear> layers = List.of(new Linear(1, 1));
        }
        Typed typed = new Typed();
        for (String path : List.of("linear", "layers.0")) {
            Exception error = assertThrows(
                    IllegalArgumentException.class,
                    () -> typed.updateModules(Tree.unflatten(Map.of(path, new Identity()))));
            assertTrue(
                    String.valueOf(error.getMessage()).contains("is declared to hold Linear, not Identity"),
                    error.getMessage());
        }
    }

    @Test
    void setDtypeConvertsFloats() {
        mixed.scale = Ops.arange(4);
        mixed.setDtype(DType.BFLOAT16);
        assertEquals(DType.INT32, mixed.scale.dtype());
        assertEquals(DType.BFLOAT16, mixed.emb.weight.dtype());
        mixed.setDtype(DType.FLOAT16, dtype -> true);
        assertEquals(DType.FLOAT16, mixed.scale.dtype());
    }

    // Freezing

    @Test
    void freezesAndUnfreezes() {
        mixed.freeze();
        assertTrue(mixed.trainableParameters().isEmpty());
        mixed.unfreeze("weight");
        assertEquals(
                List.of("emb.weight", "blocks.a.weight", "blocks.b.0.weight", "blocks.b.1.weight"),
                names(mixed.trainableParameters()));
        mixed.unfreeze(FreezeOptions.ALL.withRecurse(false));
        assertTrue(names(mixed.trainableParameters()).contains("scale"));
        assertFalse(names(mixed.trainableParameters()).contains("blocks.a.bias"));
        mixed.unfreeze();
        assertEquals(names(mixed.parameters()), names(mixed.trainableParameters()));
        mixed.freeze("runningMean");
        assertFalse(names(mixed.trainableParameters()).contains("running_mean"));
    }

    @Test
    void freezesArraysInLists() {
        class Tables extends Module {
            public List<Array> tables = List.of(Ops.zeros(1), Ops.zeros(2));
        }
        Tables tables = new Tables();
        tables.freeze("tables.0");
        assertEquals(List.of("tables.1"), names(tables.trainableParameters()));
        tables.freeze();
        assertTrue(tables.trainableParameters().isEmpty());
    }

    @Test
    void strictKeysMustExistSomewhere() {
        FreezeOptions strict = FreezeOptions.ALL.withStrict(true);
        mixed.freeze(strict.withKeys("bias"));
        for (String key : List.of("nope", "nothing")) {
            assertThrows(IllegalArgumentException.class, () -> mixed.freeze(strict.withKeys(key)));
            assertThrows(IllegalArgumentException.class, () -> mixed.unfreeze(strict.withKeys(key)));
        }
        mixed.freeze("nope");
    }

    // Modes and text

    @Test
    void trainAndEvalReachEveryModule() {
        mixed.eval();
        assertTrue(mixed.modules().stream().noneMatch(Module::training));
        mixed.drop.train();
        assertTrue(mixed.drop.training());
        assertFalse(mixed.training());
        mixed.train();
        assertTrue(mixed.modules().stream().allMatch(Module::training));
    }

    @Test
    void printsTheTreeOfModules() {
        assertEquals("""
                Mixed(
                  (emb): Embedding(7, 4)
                  (blocks.a): Linear(input_dims=4, output_dims=4, bias=True)
                  (blocks.b.0): LayerNorm(4, eps=1e-05, affine=True)
                  (blocks.b.1): Linear(input_dims=4, output_dims=4, bias=False)
                  (drop): Dropout(p=0.5)
                )""", mixed.toString());
        assertEquals("""
                Sequential(
                  (layers.0): Sequential(
                    (layers.0): Tanh()
                  )
                )""", new Sequential(new Sequential(new Tanh())).toString());
        assertEquals("Identity()", new Identity() {}.toString());
    }

    @Test
    void printsNumbersAsPythonDoes() {
        Map<Double, String> texts = Map.of(
                1e-5,
                "1e-05",
                0.1,
                "0.1",
                100.0,
                "100.0",
                1e16,
                "1e+16",
                1e15,
                "1000000000000000.0",
                1.5e-7,
                "1.5e-07",
                2.5e200,
                "2.5e+200",
                0.0001,
                "0.0001",
                0.0,
                "0.0");
        texts.forEach((eps, text) -> assertEquals("RMSNorm(3, eps=" + text + ")", new RMSNorm(3, eps).toString()));
    }

    // Weights

    @Test
    void loadWeightsChecksNamesAndShapes() {
        Linear linear = new Linear(2, 3);
        Array weight = linear.weight;
        assertMessage(
                "loadWeights: the parameters [bias] are missing, and the module has no parameters [extra.b]:"
                        + " the model must be the one that was saved, or pass strict = false",
                () -> linear.loadWeights(Map.of("weight", Ops.ones(3, 2), "extra.b", Ops.ones(1))));
        assertMessage(
                "loadWeights: 'weight' has shape (3,2), but the weights to load have (2,3):"
                        + " make the model with the sizes it was saved with",
                () -> linear.loadWeights(Map.of("weight", Ops.ones(2, 3), "bias", Ops.ones(3))));
        assertSame(weight, linear.weight);
        linear.loadWeights(Map.of("weight", Ops.ones(2, 3), "extra.b", Ops.ones(1)), false);
        assertEquals(Ops.ones(2, 3).shape(), linear.weight.shape());
        assertMessage(
                "loadWeights: model.bin ends neither in .safetensors nor in .npz: rename it",
                () -> linear.loadWeights(Path.of("model.bin")));
        assertThrows(IllegalArgumentException.class, () -> linear.saveWeights(Path.of("model")));
    }

    // Models that cannot work

    @Test
    void aFinalParameterIsRefused() {
        class Bad extends Module {
            public final Array weight = Ops.zeros(1);
        }
        Exception error = assertThrows(IllegalStateException.class, () -> new Bad().parameters());
        assertTrue(
                String.valueOf(error.getMessage())
                        .endsWith("the parameter weight is final, but training replaces it:"
                                + " write `public Array weight;`"),
                error.getMessage());
    }

    @Test
    void javaArraysAreRefused() {
        class Bad extends Module {
            public Linear[] layers = {new Linear(1, 1)};
        }
        Exception error = assertThrows(IllegalStateException.class, () -> new Bad().parameters());
        assertTrue(
                String.valueOf(error.getMessage())
                        .endsWith("Linear[] layers would not be seen:" + " write `public List<Linear> layers;`"),
                error.getMessage());
    }

    @Test
    void twoFieldsOfOneNameAreRefused() {
        class Bad extends Module {
            public Array runningMean = Ops.zeros(1);
            public Array running_mean = Ops.zeros(1);
        }
        Exception error = assertThrows(IllegalStateException.class, () -> new Bad().parameters());
        assertTrue(
                String.valueOf(error.getMessage()).endsWith("are both called running_mean: rename one"),
                error.getMessage());
    }

    @Test
    void aModuleThatContainsItselfIsRefused() {
        class Loop extends Module {
            public @Nullable Module next;
        }
        Loop loop = new Loop();
        loop.next = loop;
        assertThrows(IllegalStateException.class, loop::modules);
        assertThrows(IllegalStateException.class, loop::parameters);
    }

    @Test
    void membersOfOtherTypesAreNoParameters() {
        class Other extends Module {
            public Object object = Ops.zeros(1);
            public Set<Array> set = Set.of(Ops.zeros(1));
            public int number = 1;
        }
        assertTrue(new Other().parameters().isEmpty());
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
