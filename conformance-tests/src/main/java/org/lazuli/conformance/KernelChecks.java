package org.lazuli.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.conformance.laws.Choices;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedReduction;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Checks single kernels, called as the runtime calls them.
final class KernelChecks {
    private static final int SIZES = Draw.SIZES.size();
    private static final int LARGE = 20_000;

    private final Backend backend;
    private final Oracle oracle;
    private final String provider;
    private final Settings settings;

    /// @param provider a Java expression that gives the provider
    KernelChecks(Backend backend, Oracle oracle, String provider, Settings settings) {
        this.backend = backend;
        this.oracle = oracle;
        this.provider = provider;
        this.settings = settings;
    }

    /// All checks of a row on one of its dtypes.
    List<Check> of(Row row, DType dtype) {
        List<Check> checks = new ArrayList<>();
        add(
                checks,
                row,
                dtype,
                "values",
                SIZES,
                SIZES,
                c -> row.draw().apply(Draw.sized(dtype, c, Draw.Kind.ORDINARY)));
        if (row.operation().equals("Constant") || row.operation().equals("Iota")) {
            // No operands, so no layouts.
        } else {
            int kinds = Layouts.values().length;
            add(checks, row, dtype, "layouts", 2 * kinds, kinds, c -> {
                Layouts layout = c.of(List.of(Layouts.values()));
                Draw draw = c.flag() ? Draw.sized(dtype, c, Draw.Kind.ORDINARY) : Draw.deep(dtype, c);
                Case drawn = row.draw().apply(draw);
                return drawn.with(layout.apply(drawn.operands(), c));
            });
        }
        if (dtype.isFloating() && row.special().contains(Draw.Kind.SPECIAL)) {
            add(
                    checks,
                    row,
                    dtype,
                    "special-values",
                    10,
                    SIZES,
                    c -> row.draw().apply(Draw.sized(dtype, c, Draw.Kind.SPECIAL)));
        }
        if (dtype.isFloating() && row.special().contains(Draw.Kind.SUBNORMAL)) {
            add(
                    checks,
                    row,
                    dtype,
                    "subnormals",
                    5,
                    SIZES,
                    c -> row.draw().apply(Draw.sized(dtype, c, Draw.Kind.SUBNORMAL)));
        }
        checks.add(check(row, dtype, "deterministic", seed -> {
            Tally tally = new Tally();
            return tally.with(Search.first(seed, settings.tries(2), 2, c -> deterministic(draw(row, dtype, c), tally)));
        }));
        if (row.elementwise()) {
            checks.add(check(row, dtype, "in-place", seed -> {
                Tally tally = new Tally();
                return tally.with(Search.first(seed, settings.tries(4), SIZES, c -> {
                    Case drawn = row.draw().apply(Draw.sized(dtype, c, Draw.Kind.ORDINARY));
                    return inPlace(drawn, tally);
                }));
            }));
        }
        if (row.operation().equals("Gather") || row.operation().startsWith("Scatter.")) {
            checks.add(check(row, dtype, "index-errors", seed -> {
                Tally tally = new Tally();
                return tally.with(Search.first(seed, settings.tries(4), SIZES, c -> {
                    return indexError(wrong(row, Draw.sized(dtype, c, Draw.Kind.ORDINARY)), tally);
                }));
            }));
        }
        checks.add(check(row, dtype, "refusal", seed -> {
            Tally tally = new Tally();
            return tally.with(Search.first(seed, settings.tries(6), SIZES, c -> refusal(draw(row, dtype, c), tally)));
        }));
        return checks;
    }

    private static Check check(Row row, DType dtype, String name, Check.Body body) {
        return new Check(row.operation(), dtype.toString(), name, body);
    }

    /// Small or large, by the first choice.
    private static Case draw(Row row, DType dtype, Choices choices) {
        return row.draw()
                .apply(choices.between(0, 1) == 0 ? Draw.deep(dtype, choices) : Draw.large(dtype, choices, LARGE));
    }

    private static Case wrong(Row row, Draw draw) {
        int which = draw.choices.between(1, 5000);
        return row.operation().equals("Gather")
                ? MovementRows.gather(draw, which)
                : MovementRows.scatter(
                        Primitive.UpdateOp.valueOf(row.operation().substring("Scatter.".length())), draw, which);
    }

    private void add(
            List<Check> checks,
            Row row,
            DType dtype,
            String name,
            int tries,
            int kinds,
            Function<Choices, Case> cases) {
        checks.add(check(row, dtype, name, seed -> {
            Tally tally = new Tally();
            return tally.with(Search.first(seed, settings.tries(tries), kinds, c -> compare(cases.apply(c), tally)));
        }));
    }

    private boolean supports(Case drawn, Tally tally) {
        boolean supported = backend.supports(drawn.kernel(), HostTensor.specs(drawn.operands()));
        if (supported) {
            tally.ran();
        } else {
            tally.refused();
        }
        return supported;
    }

    private Finding locate(Finding finding, Case drawn) {
        return new Finding(
                finding.kind(),
                finding.got(),
                finding.reference(),
                finding.error(),
                finding.allowed(),
                drawn.input(),
                drawn.java(provider));
    }

    private Finding thrown(RuntimeException problem, String reference, Case drawn) {
        return Finding.thrown(problem, reference, drawn.input(), drawn.java(provider));
    }

    // ------------------------------------------------------------------------------------------------- checks

    /// The outputs against the oracle's.
    private @Nullable Finding compare(Case drawn, Tally tally) {
        if (!supports(drawn, tally)) {
            return null;
        }
        List<HostTensor> got;
        try {
            got = KernelRun.on(backend, drawn.kernel(), drawn.operands());
        } catch (RuntimeException e) {
            boolean right = drawn.judge().accepts(oracle, drawn.kernel(), drawn.operands(), e);
            return right ? null : thrown(e, "no exception", drawn);
        }
        Finding finding = switch (drawn.kernel()) {
            case FusedElementwise fused -> Judge.compare(itself(stepByStep(fused, drawn.operands())), got);
            case FusedReduction(FusedElementwise chain, Primitive.Reduce reduce) ->
                Judge.compare(itself(alone(reduce, stepByStep(chain, drawn.operands()))), got);
            default -> drawn.judge().judge(oracle, drawn.kernel(), drawn.operands(), got);
        };
        return finding == null ? null : locate(finding, drawn);
    }

    /// What the backend's own instructions give one by one.
    private List<HostTensor> stepByStep(FusedElementwise fused, List<HostTensor> inputs) {
        List<HostTensor> registers = new ArrayList<>(inputs);
        for (FusedElementwise.Instruction instruction : fused.instructions()) {
            List<HostTensor> operands = new ArrayList<>();
            for (int i = 0; i < instruction.operands().size(); i++) {
                operands.add(registers.get(instruction.operands().get(i)));
            }
            registers.addAll(alone(instruction.op(), operands));
        }
        List<HostTensor> result = new ArrayList<>();
        for (int i = 0; i < fused.outputs().size(); i++) {
            result.add(registers.get(fused.outputs().get(i)));
        }
        return result;
    }

    /// What an instruction gives on the backend, or from the oracle, where the backend does not support it.
    private List<HostTensor> alone(Primitive.Compute op, List<HostTensor> operands) {
        return backend.supports(op, HostTensor.specs(operands))
                ? KernelRun.on(backend, op, operands)
                : oracle.same(op, operands);
    }

    private static List<Expected> itself(List<HostTensor> outputs) {
        return outputs.stream().map(KernelChecks::itself).toList();
    }

    /// The same again, where NaN may have any bits.
    private static Expected itself(HostTensor output) {
        if (!output.dtype().isInexact()) {
            return new Expected.Bits(output.rowMajor());
        }
        double[] numbers = output.numbers();
        return new Expected.Near(output.spec(), numbers, new double[numbers.length], null, true);
    }

    private @Nullable Finding deterministic(Case drawn, Tally tally) {
        if (!supports(drawn, tally)) {
            return null;
        }
        List<HostTensor> first = KernelRun.on(backend, drawn.kernel(), drawn.operands());
        for (int round = 0; round < 2; round++) {
            List<HostTensor> again = KernelRun.on(backend, drawn.kernel(), drawn.operands());
            for (int i = 0; i < first.size(); i++) {
                // Which NaN comes out may differ: compiled code may exchange the operands of a sum.
                Finding finding = (moves(drawn.kernel()) ? new Expected.Bits(first.get(i)) : itself(first.get(i)))
                        .compare(again.get(i));
                if (finding != null) {
                    return locate(finding, drawn);
                }
            }
        }
        return null;
    }

    /// Whether a kernel only moves bits.
    private static boolean moves(Kernel kernel) {
        return switch (kernel) {
            case Primitive.Copy _, Primitive.Bitcast _, Primitive.Concatenate _, Primitive.Gather _ -> true;
            case Primitive.Scatter(var op, var _) -> op == Primitive.UpdateOp.SET;
            case Primitive.SliceUpdate(var op, var _, var _) -> op == Primitive.UpdateOp.SET;
            case Primitive.Compute _, FusedElementwise _, FusedReduction _, Accelerated _ -> false;
        };
    }

    /// An output in the memory of an input gives what it gives in memory of its own.
    private @Nullable Finding inPlace(Case drawn, Tally tally) {
        List<TensorSpec> outputs = KernelRun.outputs(drawn.kernel(), HostTensor.specs(drawn.operands()));
        if (!supports(drawn, tally)) {
            return null;
        }
        List<HostTensor> apart = KernelRun.on(backend, drawn.kernel(), drawn.operands());
        for (int i = 0; i < drawn.operands().size(); i++) {
            if (!drawn.operands().get(i).spec().equals(outputs.getFirst())) {
                continue;
            }
            List<Buffer> buffers = new ArrayList<>();
            try {
                List<Tensor> inputs = upload(drawn.operands(), buffers);
                List<Tensor> targets = new ArrayList<>(List.of(inputs.get(i)));
                for (TensorSpec spec : outputs.subList(1, outputs.size())) {
                    targets.addAll(upload(List.of(KernelRun.poison(spec)), buffers));
                }
                backend.run(drawn.kernel(), inputs, targets, Stream.DEFAULT);
                backend.synchronize();
                for (int k = 0; k < targets.size(); k++) {
                    Finding finding = itself(apart.get(k)).compare(HostTensor.download(backend, targets.get(k)));
                    if (finding != null) {
                        return new Finding(
                                finding.kind(),
                                finding.got() + " with the output in the memory of operand " + i,
                                finding.reference() + " with an output of its own",
                                finding.error(),
                                "nothing",
                                drawn.input(),
                                drawn.java(provider));
                    }
                }
            } finally {
                buffers.forEach(backend::release);
            }
        }
        return null;
    }

    private List<Tensor> upload(List<HostTensor> tensors, List<Buffer> buffers) {
        List<Tensor> result = new ArrayList<>();
        for (HostTensor tensor : tensors) {
            Tensor uploaded = tensor.upload(backend);
            buffers.add(uploaded.buffer());
            result.add(uploaded);
        }
        return result;
    }

    /// The exception for an index out of bounds is the reference's, word for word, and the backend works afterwards.
    private @Nullable Finding indexError(Case drawn, Tally tally) {
        if (drawn.operands().get(1).size() == 0 || !supports(drawn, tally)) {
            return null;
        }
        RuntimeException expected = oracle.problem(drawn.kernel(), drawn.operands());
        try {
            KernelRun.on(backend, drawn.kernel(), drawn.operands());
            return Finding.of("no exception", expected.toString(), drawn.input(), drawn.java(provider));
        } catch (RuntimeException e) {
            if (e.getClass() != expected.getClass()
                    || !String.valueOf(e.getMessage()).equals(expected.getMessage())) {
                return thrown(e, expected.toString(), drawn);
            }
        }
        // What is computed next is right again.
        HostTensor one = HostTensor.of(
                new TensorSpec(
                        drawn.operands().getFirst().dtype(),
                        drawn.operands().getFirst().shape()),
                new double[2 * drawn.operands().getFirst().size()]);
        if (backend.supports(new Primitive.Copy(), List.of(one.spec()))) {
            HostTensor copy =
                    KernelRun.on(backend, new Primitive.Copy(), List.of(one)).getFirst();
            Finding finding = new Expected.Bits(one).compare(copy);
            return finding == null ? null : locate(finding, drawn);
        }
        return null;
    }

    /// `supports` and `run` say the same. Where the answer is no, `run` throws and changes neither memory figures nor outputs; where it is yes, `run`
    /// does not refuse.
    private @Nullable Finding refusal(Case drawn, Tally tally) {
        boolean supported = supports(drawn, tally);
        List<Buffer> buffers = new ArrayList<>();
        try {
            List<Tensor> inputs = upload(drawn.operands(), buffers);
            List<HostTensor> before = KernelRun.outputs(drawn.kernel(), HostTensor.specs(drawn.operands())).stream()
                    .map(KernelRun::poison)
                    .toList();
            List<Tensor> outputs = upload(before, buffers);
            MemoryStats stats = backend.memory();
            try {
                backend.run(drawn.kernel(), inputs, outputs, Stream.DEFAULT);
            } catch (UnsupportedOperationException e) {
                if (supported) {
                    return thrown(e, "supports() says that it runs this", drawn);
                }
                return unchanged(drawn, stats, before, outputs);
            } finally {
                backend.synchronize();
            }
            return supported
                    ? null
                    : Finding.of(
                            "it ran",
                            "an UnsupportedOperationException, since supports() says that it does not run this",
                            drawn.input(),
                            drawn.java(provider));
        } finally {
            buffers.forEach(backend::release);
        }
    }

    private @Nullable Finding unchanged(
            Case drawn, MemoryStats before, List<HostTensor> poisoned, List<Tensor> outputs) {
        MemoryStats after = backend.memory();
        if (after.active() != before.active() || after.buffers() != before.buffers()) {
            return Finding.of(after + " after the refusal", before + " before it", drawn.input(), drawn.java(provider));
        }
        for (int i = 0; i < outputs.size(); i++) {
            Finding finding = new Expected.Bits(poisoned.get(i)).compare(HostTensor.download(backend, outputs.get(i)));
            if (finding != null) {
                return Finding.of(
                        finding.got() + " after the refusal",
                        finding.reference() + " before it",
                        drawn.input(),
                        drawn.java(provider));
            }
        }
        return null;
    }
}
