package org.lazuli.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.KernelCall;
import org.lazuli.spi.OutOfDeviceMemoryException;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Runs a [Plan] on a backend. Called with the evaluator's lock held.
final class Executor {
    private final Plan plan;
    private final OpenBackend backend;
    private final IntPredicate wanted;
    private final @Nullable Stored[] slots;

    /// What of each slot was copied to other backends, where steps of theirs read it.
    private final Map<Integer, List<Stored>> copies = new HashMap<>();

    /// Other backends than the one that evaluates, on which steps ran.
    private final Set<OpenBackend> others = new LinkedHashSet<>();

    /// How many results each slot's value is; it stays until the end if it is any.
    private final int[] pins;

    /// @param wanted which results, by number, are still asked for when memory is short
    private Executor(Plan plan, OpenBackend backend, IntPredicate wanted) {
        this.plan = plan;
        this.backend = backend;
        this.wanted = wanted;
        this.slots = new Stored[plan.slots()];
        this.pins = new int[plan.slots()];
    }

    /// The values of the plan's results; null for one that was not stored, or given up because memory was short, since it is not wanted.
    static @Nullable Stored[] run(Plan plan, List<Stored> leaves, OpenBackend backend, IntPredicate wanted) {
        return new Executor(plan, backend, wanted).run(leaves);
    }

    private @Nullable Stored[] run(List<Stored> leaves) {
        for (int slot : plan.results()) {
            pins[slot]++;
        }
        try {
            for (int slot = 0; slot < plan.leaves(); slot++) {
                set(slot, plan.placements() == null ? bind(leaves.get(slot)) : leaves.get(slot));
            }
            for (Plan.Step step : plan.steps()) {
                execute(step);
                for (int slot : step.lastUses()) {
                    if (pins[slot] == 0) {
                        clear(slot);
                    }
                }
            }
            // Before anything is kept: what went wrong on the device must leave nothing behind.
            backend.backend().synchronize();
            for (OpenBackend other : others) {
                other.backend().synchronize();
            }
            @Nullable Stored[] results = new Stored[plan.results().length];
            for (int i = 0; i < results.length; i++) {
                results[i] = slots[plan.results()[i]];
                if (results[i] != null) {
                    results[i].storage().keep();
                }
            }
            return results;
        } catch (RuntimeException | Error e) {
            settle(e);
            throw e;
        } finally {
            for (int slot = 0; slot < slots.length; slot++) {
                clear(slot);
            }
        }
    }

    /// Waits for what was encoded before `failure`, so that its errors are not found in another evaluation.
    private void settle(Throwable failure) {
        settle(backend, failure);
        others.forEach(other -> settle(other, failure));
    }

    private static void settle(OpenBackend backend, Throwable failure) {
        if (backend.isClosed()) {
            return;
        }
        try {
            backend.backend().synchronize();
        } catch (RuntimeException late) {
            if (!late.equals(failure)) {
                failure.addSuppressed(late);
            }
        }
    }

    /// The leaf's value in this backend's memory.
    private Stored bind(Stored leaf) {
        OpenBackend owner = leaf.storage().backend();
        owner.checkOpen();
        if (owner == backend) {
            return leaf;
        }
        return transfer(leaf, backend);
    }

    private static Stored transfer(Stored stored, OpenBackend target) {
        Tensor copy = stored.storage().backend().transfer(stored.tensor(), target);
        return new Stored(new Storage(target, copy.buffer(), copy.shape().size()), copy);
    }

    /// A slot's value in the memory of the backend that reads it.
    private Tensor operand(int slot, OpenBackend target) {
        Stored stored = slot(slot);
        if (stored.storage().backend() == target) {
            return stored.tensor();
        }
        List<Stored> known = copies.computeIfAbsent(slot, s -> new ArrayList<>());
        for (Stored copy : known) {
            if (copy.storage().backend() == target) {
                return copy.tensor();
            }
        }
        Stored copy = transfer(stored, target);
        copy.storage().use();
        known.add(copy);
        return copy.tensor();
    }

    private OpenBackend target(@Nullable Placement placement) {
        if (placement == null || placement.device().equals(backend.name())) {
            return backend;
        }
        OpenBackend other = ActiveBackend.named(placement.device());
        others.add(other);
        return other;
    }

    private static Stream stream(@Nullable Placement placement, OpenBackend target) {
        return placement == null ? target.defaultStream() : new Stream(placement.stream());
    }

    private void execute(Plan.Step step) {
        switch (step) {
            case Plan.Look look -> {
                Stored x = slot(look.inputs()[0]);
                Tensor view = Layout.view(look.view(), x.tensor(), look.spec());
                if (view != null) {
                    set(look.outputs()[0], new Stored(x.storage(), view));
                } else {
                    OpenBackend owner = x.storage().backend();
                    owner.checkOpen();
                    if (owner != backend) {
                        others.add(owner);
                    }
                    Stored copy = allocate(x.tensor().spec(), look, owner);
                    owner.run(
                            new KernelCall(new Primitive.Copy(), List.of(x.tensor()), List.of(copy.tensor())),
                            owner.defaultStream());
                    set(
                            look.outputs()[0],
                            new Stored(
                                    copy.storage(),
                                    Tensor.contiguous(copy.storage().buffer(), look.spec())));
                }
            }
            case Plan.Run run -> {
                Placement placement = plan.placement(run);
                OpenBackend target = target(placement);
                target.run(call(run, run, target), stream(placement, target));
            }
            case Plan.Together together -> {
                List<KernelCall> calls = new ArrayList<>(together.runs().size());
                for (Plan.Run run : together.runs()) {
                    calls.add(call(run, together, backend));
                }
                backend.run(calls, backend.defaultStream());
            }
        }
    }

    /// @param step the run itself, or that which it is one of
    private KernelCall call(Plan.Run run, Plan.Step step, OpenBackend target) {
        List<Tensor> inputs = new ArrayList<>(run.inputs().length);
        for (int input : run.inputs()) {
            inputs.add(operand(input, target));
        }
        List<Tensor> outputs = new ArrayList<>(run.outputs().length);
        for (int i = 0; i < run.outputs().length; i++) {
            TensorSpec spec = run.specs().get(i);
            Stored donor = run.inPlace() ? donor(run, spec, target) : null;
            Stored output = donor != null
                    ? new Stored(
                            donor.storage(), Tensor.contiguous(donor.storage().buffer(), spec))
                    : allocate(spec, step, target);
            set(run.outputs()[i], output);
            outputs.add(output.tensor());
        }
        return new KernelCall(run.kernel(), inputs, outputs);
    }

    /// An input whose memory an output may take: nothing else will read it.
    private @Nullable Stored donor(Plan.Run run, TensorSpec spec, OpenBackend target) {
        for (int input : run.inputs()) {
            Stored stored = slot(input);
            Tensor tensor = stored.tensor();
            if (pins[input] == 0
                    && stored.storage().isDonatable()
                    && stored.storage().backend() == target
                    && tensor.spec().equals(spec)
                    && tensor.offset() == 0
                    && tensor.isContiguous()
                    && stored.storage().elements() == spec.shape().size()
                    && contains(run.lastUses(), input)) {
                return stored;
            }
        }
        return null;
    }

    private static boolean contains(int[] slots, int slot) {
        for (int candidate : slots) {
            if (candidate == slot) {
                return true;
            }
        }
        return false;
    }

    private Stored allocate(TensorSpec spec, Plan.Step step, OpenBackend target) {
        Buffer buffer;
        try {
            buffer = target.allocate(spec);
        } catch (OutOfDeviceMemoryException full) {
            if (!giveUpUnwanted(step)) {
                throw full;
            }
            buffer = target.allocate(spec);
        }
        return new Stored(new Storage(target, buffer, spec.shape().size()), Tensor.contiguous(buffer, spec));
    }

    /// Lets go of results that nobody holds a handle of any more, which the collection before has shown.
    private boolean giveUpUnwanted(Plan.Step current) {
        boolean found = false;
        for (int i = 0; i < plan.results().length; i++) {
            int slot = plan.results()[i];
            if (pins[slot] > 0 && !wanted.test(i)) {
                pins[slot]--;
                found = true;
            }
        }
        // What has had its last reader would otherwise stay until the end.
        boolean[] needed = new boolean[plan.slots()];
        int from = plan.steps().indexOf(current);
        for (Plan.Step step : plan.steps().subList(from, plan.steps().size())) {
            for (int slot : step.inputs()) {
                needed[slot] = true;
            }
            for (int slot : step.outputs()) {
                needed[slot] = true;
            }
        }
        for (int slot = 0; slot < slots.length; slot++) {
            if (!needed[slot] && pins[slot] == 0) {
                clear(slot);
            }
        }
        return found;
    }

    private Stored slot(int slot) {
        Stored stored = slots[slot];
        if (stored == null) {
            throw new AssertionError("slot " + slot + " is read before it is written");
        }
        return stored;
    }

    private void set(int slot, Stored stored) {
        stored.storage().use();
        slots[slot] = stored;
    }

    private void clear(int slot) {
        Stored stored = slots[slot];
        if (stored != null) {
            slots[slot] = null;
            stored.storage().letGo();
            List<Stored> copied = copies.remove(slot);
            if (copied != null) {
                copied.forEach(copy -> copy.storage().letGo());
            }
        }
    }
}
