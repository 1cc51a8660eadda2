package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lazuli.function.Unary;
import org.lazuli.nn.AvgPool1d;
import org.lazuli.nn.AvgPool2d;
import org.lazuli.nn.AvgPool3d;
import org.lazuli.nn.BatchNorm;
import org.lazuli.nn.CELU;
import org.lazuli.nn.Conv1d;
import org.lazuli.nn.Conv2d;
import org.lazuli.nn.Dropout;
import org.lazuli.nn.ELU;
import org.lazuli.nn.Embedding;
import org.lazuli.nn.GELU;
import org.lazuli.nn.GLU;
import org.lazuli.nn.HardShrink;
import org.lazuli.nn.HardTanh;
import org.lazuli.nn.Hardswish;
import org.lazuli.nn.Identity;
import org.lazuli.nn.LayerNorm;
import org.lazuli.nn.LeakyReLU;
import org.lazuli.nn.Linear;
import org.lazuli.nn.LogSigmoid;
import org.lazuli.nn.LogSoftmax;
import org.lazuli.nn.MaxPool1d;
import org.lazuli.nn.MaxPool2d;
import org.lazuli.nn.MaxPool3d;
import org.lazuli.nn.Mish;
import org.lazuli.nn.Module;
import org.lazuli.nn.PReLU;
import org.lazuli.nn.QuantizedEmbedding;
import org.lazuli.nn.QuantizedLinear;
import org.lazuli.nn.RMSNorm;
import org.lazuli.nn.ReLU;
import org.lazuli.nn.ReLU2;
import org.lazuli.nn.ReLU6;
import org.lazuli.nn.SELU;
import org.lazuli.nn.Sequential;
import org.lazuli.nn.SiLU;
import org.lazuli.nn.Sigmoid;
import org.lazuli.nn.Softmax;
import org.lazuli.nn.Softmin;
import org.lazuli.nn.Softplus;
import org.lazuli.nn.Softshrink;
import org.lazuli.nn.Softsign;
import org.lazuli.nn.Step;
import org.lazuli.nn.Tanh;

/// What each of MLX's modules is called here, and which options its arguments are.
final class ModuleTable {

    private static final Map<String, Function<Call, Module>> MODULES = Map.ofEntries(
            Map.entry("nn.Linear", ModuleTable::linear),
            Map.entry("nn.Identity", call -> new Identity()),
            Map.entry("nn.Embedding", call -> new Embedding(call.integer("num_embeddings"), call.integer("dims"))),
            Map.entry(
                    "nn.QuantizedLinear",
                    call -> new QuantizedLinear(
                            call.integer("input_dims"),
                            call.integer("output_dims"),
                            call.flag("bias", true),
                            QuantizedOperations.how(call))),
            Map.entry(
                    "nn.QuantizedEmbedding",
                    call -> new QuantizedEmbedding(
                            call.integer("num_embeddings"), call.integer("dims"), QuantizedOperations.how(call))),
            Map.entry("nn.Conv1d", ModuleTable::conv1d),
            Map.entry("nn.Conv2d", ModuleTable::conv2d),
            Map.entry("nn.MaxPool1d", call -> pool(call, MaxPool1d::new)),
            Map.entry("nn.MaxPool2d", call -> pool(call, MaxPool2d::new)),
            Map.entry("nn.MaxPool3d", call -> pool(call, MaxPool3d::new)),
            Map.entry("nn.AvgPool1d", call -> pool(call, AvgPool1d::new)),
            Map.entry("nn.AvgPool2d", call -> pool(call, AvgPool2d::new)),
            Map.entry("nn.AvgPool3d", call -> pool(call, AvgPool3d::new)),
            Map.entry("nn.BatchNorm", ModuleTable::batchNorm),
            Map.entry("nn.LayerNorm", ModuleTable::layerNorm),
            Map.entry(
                    "nn.RMSNorm",
                    call -> call.has("eps")
                            ? new RMSNorm(call.integer("dims"), call.real("eps", 0))
                            : new RMSNorm(call.integer("dims"))),
            Map.entry("nn.Dropout", call -> call.has("p") ? new Dropout(call.real("p", 0)) : new Dropout()),
            Map.entry("nn.Sequential", ModuleTable::sequential),
            Map.entry("nn.CELU", call -> call.has("alpha") ? new CELU(call.real("alpha", 0)) : new CELU()),
            Map.entry("nn.ELU", call -> call.has("alpha") ? new ELU(call.real("alpha", 0)) : new ELU()),
            Map.entry("nn.GELU", ModuleTable::gelu),
            Map.entry("nn.GLU", call -> call.has("axis") ? new GLU(call.integer("axis")) : new GLU()),
            Map.entry(
                    "nn.HardShrink",
                    call -> call.has("lambd") ? new HardShrink(call.real("lambd", 0)) : new HardShrink()),
            Map.entry("nn.HardTanh", call -> new HardTanh()),
            Map.entry("nn.Hardswish", call -> new Hardswish()),
            Map.entry(
                    "nn.LeakyReLU",
                    call -> call.has("negative_slope")
                            ? new LeakyReLU(call.real("negative_slope", 0))
                            : new LeakyReLU()),
            Map.entry("nn.LogSigmoid", call -> new LogSigmoid()),
            Map.entry("nn.LogSoftmax", call -> new LogSoftmax()),
            Map.entry("nn.Mish", call -> new Mish()),
            Map.entry(
                    "nn.PReLU",
                    call -> call.has("num_parameters")
                            ? new PReLU(call.integer("num_parameters"), call.real("init", 0.25))
                            : new PReLU()),
            Map.entry("nn.ReLU", call -> new ReLU()),
            Map.entry("nn.ReLU2", call -> new ReLU2()),
            Map.entry("nn.ReLU6", call -> new ReLU6()),
            Map.entry("nn.SELU", call -> new SELU()),
            Map.entry("nn.SiLU", call -> new SiLU()),
            Map.entry("nn.Sigmoid", call -> new Sigmoid()),
            Map.entry("nn.Softmax", call -> new Softmax()),
            Map.entry("nn.Softmin", call -> new Softmin()),
            Map.entry("nn.Softplus", call -> new Softplus()),
            Map.entry(
                    "nn.Softshrink",
                    call -> call.has("lambd") ? new Softshrink(call.real("lambd", 0)) : new Softshrink()),
            Map.entry("nn.Softsign", call -> new Softsign()),
            Map.entry("nn.Step", call -> call.has("threshold") ? new Step(call.real("threshold", 0)) : new Step()),
            Map.entry("nn.Tanh", call -> new Tanh()),
            Map.entry("Mixed", call -> new Mixed(call.integer("vocab"), call.integer("dims"))),
            Map.entry(
                    "MLP",
                    call -> new MLP(
                            call.integer("num_layers"),
                            call.integer("input_dim"),
                            call.integer("hidden_dim"),
                            call.integer("output_dim"))));

    private static final List<Map<String, Function<Call, Module>>> TABLES =
            List.of(MODULES, SequenceModules.MODULES, SpatialModules.MODULES);

    private ModuleTable() {}

    private interface Pooling {
        Module create(List<Integer> kernel, List<Integer> stride, List<Integer> padding);
    }

    /// The names of modules, here and within the arguments, that the table does not have.
    static void collectUnmapped(JsonElement json, Set<String> names) {
        if (json.isJsonArray()) {
            json.getAsJsonArray().forEach(element -> collectUnmapped(element, names));
        } else if (json.isJsonObject()) {
            JsonObject object = json.getAsJsonObject();
            if (object.has("module") && find(object.get("module").getAsString()) == null) {
                names.add(object.get("module").getAsString());
            }
            object.asMap().values().forEach(member -> collectUnmapped(member, names));
        }
    }

    private static @Nullable Function<Call, Module> find(String name) {
        return TABLES.stream()
                .map(table -> table.get(name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /// Makes the module of an object with `module` and `args`.
    static Module create(JsonObject json) {
        String name = json.get("module").getAsString();
        Function<Call, Module> function = find(name);
        if (function == null) {
            throw new Unmapped(name);
        }
        Call call = Call.of(name, json.has("args") ? json.getAsJsonObject("args") : new JsonObject());
        Module module = function.apply(call);
        call.checkAllUsed();
        return module;
    }

    private static Module linear(Call call) {
        int in = call.integer("input_dims");
        int out = call.integer("output_dims");
        return call.has("bias") ? new Linear(in, out, call.flag("bias", true)) : new Linear(in, out);
    }

    private static Module conv1d(Call call) {
        Conv1d.Options options = Conv1d.Options.DEFAULT
                .withStride(call.integer("stride", 1))
                .withPadding(call.integer("padding", 0))
                .withDilation(call.integer("dilation", 1))
                .withGroups(call.integer("groups", 1))
                .withBias(call.flag("bias", true));
        return new Conv1d(
                call.integer("in_channels"), call.integer("out_channels"), call.integer("kernel_size"), options);
    }

    private static Module conv2d(Call call) {
        Conv2d.Options options = new Conv2d.Options(
                list(call, "stride", 1),
                list(call, "padding", 0),
                list(call, "dilation", 1),
                call.integer("groups", 1),
                call.flag("bias", true));
        return new Conv2d(
                call.integer("in_channels"), call.integer("out_channels"), list(call, "kernel_size", 1), options);
    }

    /// The stride is the kernel's size unless it is given.
    private static Module pool(Call call, Pooling pooling) {
        List<Integer> kernel = list(call, "kernel_size", 1);
        List<Integer> stride = call.has("stride") ? list(call, "stride", 1) : kernel;
        return pooling.create(kernel, stride, list(call, "padding", 0));
    }

    static List<Integer> list(Call call, String name, int otherwise) {
        List<Integer> result = new ArrayList<>();
        for (int value : call.has(name) ? call.integers(name) : new int[] {otherwise}) {
            result.add(value);
        }
        return result;
    }

    private static Module batchNorm(Call call) {
        BatchNorm.Options options = BatchNorm.Options.DEFAULT
                .withEps(call.real("eps", 1e-5))
                .withMomentum(call.real("momentum", 0.1))
                .withAffine(call.flag("affine", true))
                .withTrackRunningStats(call.flag("track_running_stats", true));
        return new BatchNorm(call.integer("num_features"), options);
    }

    private static Module layerNorm(Call call) {
        LayerNorm.Options options = LayerNorm.Options.DEFAULT
                .withEps(call.real("eps", 1e-5))
                .withAffine(call.flag("affine", true))
                .withBias(call.flag("bias", true));
        return new LayerNorm(call.integer("dims"), options);
    }

    /// The reference calls one approximation by two names.
    private static Module gelu(Call call) {
        if (!call.has("approx")) {
            return new GELU();
        }
        return new GELU(
                call.text("approx", "").equals("tanh")
                        ? GELU.Approx.PRECISE
                        : call.option("approx", GELU.Approx.class, GELU.Approx.NONE));
    }

    private static Module sequential(Call call) {
        List<Unary> layers = new ArrayList<>();
        for (JsonElement element : call.attribute("modules").getAsJsonArray()) {
            JsonObject layer = element.getAsJsonObject();
            if (layer.has("fn")) {
                layers.add(function(layer));
            } else if (create(layer) instanceof Unary unary) {
                layers.add(unary);
            } else {
                throw new Unmapped("nn.Sequential of " + layer.get("module").getAsString());
            }
        }
        return new Sequential(layers);
    }

    /// The function of an object with `fn`.
    static Unary function(JsonElement json) {
        String name = json.getAsJsonObject().get("fn").getAsString();
        if (!OperationTable.has(name)) {
            throw new Unmapped(name);
        }
        return x -> {
            Value value = OperationTable.apply(new Call(name, List.of(new Value.One(x)), Map.of(), List.of()));
            return ((Value.One) value).array();
        };
    }
}
