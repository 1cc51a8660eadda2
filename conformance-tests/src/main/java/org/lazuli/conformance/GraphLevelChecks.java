package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.conformance.laws.Deviation;
import org.lazuli.conformance.laws.GraphChecks;
import org.lazuli.conformance.laws.ProgramChecks;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// Checks the backend through the public interface, as the one that evaluates: the graph of each instruction with its derivatives, batched and
/// compiled, and whole programs. What the backend does not support falls back there, so nothing is unsupported.
final class GraphLevelChecks {
    static final String PROGRAMS = "programs";

    private static final int CHOICES = 256;
    private static final int TRIES = 3;
    private static final int PROGRAM_TRIES = 20;

    private final List<DType> reals;
    private final Settings settings;

    GraphLevelChecks(Backend backend, Settings settings) {
        this.settings = settings;
        TensorSpec wide = new TensorSpec(DType.FLOAT64, Shape.of(2));
        boolean hasWide = backend.supports(new Primitive.Binary(Primitive.BinaryOp.ADD), List.of(wide, wide));
        reals = hasWide ? List.of(DType.FLOAT32, DType.FLOAT64) : List.of(DType.FLOAT32);
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        for (String operation : GraphChecks.operations()) {
            for (DType real : reals) {
                for (String name : GraphChecks.names()) {
                    checks.add(check(
                            operation,
                            real,
                            name,
                            TRIES,
                            "GraphChecks.check(\"" + operation + "\", \"" + name + "\", DType." + real.name() + ", ",
                            (type, choices) -> GraphChecks.check(operation, name, type, choices)));
                }
            }
        }
        for (DType real : reals) {
            for (String name : ProgramChecks.names()) {
                checks.add(check(
                        PROGRAMS,
                        real,
                        name,
                        PROGRAM_TRIES,
                        "ProgramChecks.check(\"" + name + "\", DType." + real.name() + ", ",
                        (type, choices) -> ProgramChecks.check(name, type, choices)));
            }
        }
        return checks;
    }

    private Check check(
            String operation,
            DType real,
            String name,
            int tries,
            String call,
            BiFunction<DType, List<Integer>, @Nullable Deviation> check) {
        return new Check(operation, real.toString(), name, seed -> {
            Tally tally = new Tally();
            return tally.with(Search.first(seed, CHOICES, settings.tries(tries), 1, choices -> {
                tally.ran();
                Deviation deviation = check.apply(real, choices.numbers());
                return deviation == null ? null : finding(deviation, call, choices.numbers());
            }));
        });
    }

    private static Finding finding(Deviation deviation, String call, List<Integer> choices) {
        int last = choices.size();
        while (last > 0 && choices.get(last - 1) == 0) {
            last--;
        }
        return new Finding(
                "graph",
                deviation.got(),
                deviation.reference(),
                deviation.error(),
                deviation.allowed(),
                deviation.input(),
                "System.out.println(" + call + JavaText.of(choices.subList(0, last)) + "));");
    }
}
