package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.lazuli.Array;
import org.lazuli.function.Unary;
import org.lazuli.optimizers.AdaDelta;
import org.lazuli.optimizers.Adafactor;
import org.lazuli.optimizers.Adagrad;
import org.lazuli.optimizers.Adam;
import org.lazuli.optimizers.AdamW;
import org.lazuli.optimizers.Adamax;
import org.lazuli.optimizers.Lion;
import org.lazuli.optimizers.MultiOptimizer;
import org.lazuli.optimizers.Muon;
import org.lazuli.optimizers.Optimizer;
import org.lazuli.optimizers.RMSprop;
import org.lazuli.optimizers.Schedules;
import org.lazuli.optimizers.Sgd;

/// What each of MLX's optimizers and schedules is called here.
final class OptimizerTable {

    private OptimizerTable() {}

    /// Makes the optimizer of a case.
    static Optimizer create(JsonObject json) {
        if (json.has("optimizers")) {
            return multiple(json);
        }
        Call call = Call.of(json.get("optimizer").getAsString(), json.getAsJsonObject("args"));
        Rate rate = json.has("schedule")
                ? new Rate(0, schedule(json.getAsJsonObject("schedule")))
                : new Rate(call.real("learning_rate", 0), null);
        Optimizer optimizer = create(call, rate);
        call.checkAllUsed();
        return optimizer;
    }

    /// @param schedule null for a fixed value
    private record Rate(double value, @Nullable Unary schedule) {
        <O> Optimizer create(
                O options, BiFunction<Double, O, Optimizer> fixed, BiFunction<Unary, O, Optimizer> scheduled) {
            return schedule == null ? fixed.apply(value, options) : scheduled.apply(schedule, options);
        }
    }

    private static Optimizer create(Call call, Rate rate) {
        return switch (call.operation()) {
            case "SGD" ->
                rate.create(
                        new Sgd.Options(
                                call.real("momentum", 0),
                                call.real("weight_decay", 0),
                                call.real("dampening", 0),
                                call.flag("nesterov", false)),
                        Sgd::new,
                        Sgd::new);
            case "RMSprop" ->
                rate.create(
                        new RMSprop.Options(call.real("alpha", 0.99), call.real("eps", 1e-8)),
                        RMSprop::new,
                        RMSprop::new);
            case "Adagrad" -> rate.create(new Adagrad.Options(call.real("eps", 1e-8)), Adagrad::new, Adagrad::new);
            case "AdaDelta" ->
                rate.create(
                        new AdaDelta.Options(call.real("rho", 0.9), call.real("eps", 1e-6)),
                        AdaDelta::new,
                        AdaDelta::new);
            case "Adam" ->
                rate.create(
                        new Adam.Options(
                                beta(call, 0, 0.9),
                                beta(call, 1, 0.999),
                                call.real("eps", 1e-8),
                                call.flag("bias_correction", false)),
                        Adam::new,
                        Adam::new);
            case "AdamW" ->
                rate.create(
                        new AdamW.Options(
                                beta(call, 0, 0.9),
                                beta(call, 1, 0.999),
                                call.real("eps", 1e-8),
                                call.real("weight_decay", 0.01),
                                call.flag("bias_correction", false)),
                        AdamW::new,
                        AdamW::new);
            case "Adamax" ->
                rate.create(
                        new Adamax.Options(beta(call, 0, 0.9), beta(call, 1, 0.999), call.real("eps", 1e-8)),
                        Adamax::new,
                        Adamax::new);
            case "Lion" ->
                rate.create(
                        new Lion.Options(beta(call, 0, 0.9), beta(call, 1, 0.99), call.real("weight_decay", 0)),
                        Lion::new,
                        Lion::new);
            case "Adafactor" -> adafactor(call, rate);
            case "Muon" ->
                rate.create(
                        new Muon.Options(
                                call.real("momentum", 0.95),
                                call.real("weight_decay", 0.01),
                                call.flag("nesterov", true),
                                call.integer("ns_steps", 5)),
                        Muon::new,
                        Muon::new);
            default -> throw new Unmapped("optimizers." + call.operation());
        };
    }

    private static Optimizer adafactor(Call call, Rate rate) {
        Adafactor.Options options = Adafactor.Options.DEFAULT
                .withClipThreshold(call.real("clip_threshold", 1))
                .withDecayRate(call.real("decay_rate", -0.8))
                .withWeightDecay(call.real("weight_decay", 0))
                .withScaleParameter(call.flag("scale_parameter", true))
                .withRelativeStep(call.flag("relative_step", true))
                .withWarmupInit(call.flag("warmup_init", false));
        if (call.has("eps")) {
            JsonArray eps = call.attribute("eps").getAsJsonArray();
            options = options.withEps1(eps.get(0).getAsDouble())
                    .withEps2(eps.get(1).getAsDouble());
        }
        if (call.has("beta_1")) {
            options = options.withBeta1(call.real("beta_1", 0));
        }
        return options.relativeStep() && rate.schedule() == null
                ? new Adafactor(options)
                : rate.create(options, Adafactor::new, Adafactor::new);
    }

    /// Several optimizers, and which gradients each but the last takes.
    private static Optimizer multiple(JsonObject json) {
        List<Optimizer> optimizers = new ArrayList<>();
        json.getAsJsonArray("optimizers").forEach(one -> optimizers.add(create(one.getAsJsonObject())));
        List<BiPredicate<String, Array>> filters = new ArrayList<>();
        json.getAsJsonArray("filters").forEach(one -> filters.add(filter(one.getAsJsonObject())));
        return new MultiOptimizer(optimizers, filters);
    }

    private static BiPredicate<String, Array> filter(JsonObject json) {
        return json.has("ndim")
                ? (path, gradient) -> gradient.ndim() == json.get("ndim").getAsInt()
                : (path, gradient) -> path.contains(json.get("name_contains").getAsString());
    }

    private static double beta(Call call, int number, double otherwise) {
        return call.has("betas")
                ? call.attribute("betas").getAsJsonArray().get(number).getAsDouble()
                : otherwise;
    }

    /// Makes a learning rate schedule.
    static Unary schedule(JsonObject json) {
        String name = json.get("fn").getAsString();
        Call call = Call.of(name, json.has("args") ? json.getAsJsonObject("args") : new JsonObject());
        Unary schedule = switch (name) {
            case "exponential_decay" -> Schedules.exponentialDecay(call.real("init", 0), call.real("decay_rate", 0));
            case "step_decay" ->
                Schedules.stepDecay(call.real("init", 0), call.real("decay_rate", 0), call.integer("step_size"));
            case "cosine_decay" ->
                call.has("end")
                        ? Schedules.cosineDecay(call.real("init", 0), call.integer("decay_steps"), call.real("end", 0))
                        : Schedules.cosineDecay(call.real("init", 0), call.integer("decay_steps"));
            case "linear_schedule" ->
                Schedules.linearSchedule(call.real("init", 0), call.real("end", 0), call.integer("steps"));
            case "join_schedules" -> joined(json.getAsJsonArray("schedules"), json.getAsJsonArray("boundaries"));
            default -> throw new Unmapped("optimizers." + name);
        };
        call.checkAllUsed();
        return schedule;
    }

    private static Unary joined(JsonArray parts, JsonArray boundaries) {
        List<Unary> schedules = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        parts.forEach(part -> schedules.add(schedule(part.getAsJsonObject())));
        boundaries.asList().stream().map(JsonElement::getAsInt).forEach(steps::add);
        return Schedules.joinSchedules(schedules, steps);
    }
}
