package org.lazuli.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.OutOfDeviceMemoryException;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Runs a [Plan] on a backend. Called with the evaluator's lock held.
final class Executor {
    private final Plan plan;
    private final OpenBackend backend;
    private final IntPredicate wanted;
    private final @Nullable Stored[] slots;

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

    /// The values of the plan's results; null for one that was given up because memory was short and it is not wanted.
    static @Nullable Stored[] run(Plan plan, List<Stored> leaves, OpenBackend backend, IntPredicate wanted) {
        return new Executor(plan, backend, wanted).run(leaves);
    }

    private @Nullable Stored[] run(List<Stored> leaves) {
        for (int slot : plan.results()) {
            pins[slot]++;
        }
        try {
            for (int slot = 0; slot < plan.leaves(); slot++) {
                set(slot, bind(leaves.get(slot)));
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
        Tensor copy = owner.transfer(leaf.tensor(), backend);
        return new Stored(new Storage(backend, copy.buffer(), copy.shape().size()), copy);
    }

    private void execute(Plan.Step step) {
        switch (step) {
            case Plan.Look look -> {
                Stored x = slot(look.inputs()[0]);
                Tensor view = Layout.view(look.view(), x.tensor(), look.spec());
                if (view != null) {
                    set(look.outputs()[0], new Stored(x.storage(), view));
                } else {
                    Stored copy = allocate(x.tensor().spec(), look);
                    backend.run(new Primitive.Copy(), List.of(x.tensor()), List.of(copy.tensor()));
                    set(
                            look.outputs()[0],
                            new Stored(
                                    copy.storage(),
                                    Tensor.contiguous(copy.storage().buffer(), look.spec())));
                }
            }
            case Plan.Run run -> {
                List<Tensor> inputs = new ArrayList<>(run.inputs().length);
                for (int input : run.inputs()) {
                    inputs.add(slot(input).tensor());
                }
                List<Tensor> outputs = new ArrayList<>(run.outputs().length);
                for (int i = 0; i < run.outputs().length; i++) {
                    TensorSpec spec = run.specs().get(i);
                    Stored donor = run.inPlace() ? donor(run, spec) : null;
                    Stored output = donor != null
                            ? new Stored(
                                    donor.storage(),
                                    Tensor.contiguous(donor.storage().buffer(), spec))
                            : allocate(spec, run);
                    set(run.outputs()[i], output);
                    outputs.add(output.tensor());
                }
                backend.run(run.kernel(), inputs, outputs);
            }
        }
    }

    /// An input whose memory an output may take: nothing else will read it.
    private @Nullable Stored donor(Plan.Run run, TensorSpec spec) {
        for (int input : run.inputs()) {
            Stored stored = slot(input);
            Tensor tensor = stored.tensor();
            if (pins[input] == 0
                    && stored.storage().isDonatable()
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

    private Stored allocate(TensorSpec spec, Plan.Step step) {
        Buffer buffer;
        try {
            buffer = backend.allocate(spec);
        } catch (OutOfDeviceMemoryException full) {
            if (!giveUpUnwanted(step)) {
                throw full;
            }
            buffer = backend.allocate(spec);
        }
        return new Stored(new Storage(backend, buffer, spec.shape().size()), Tensor.contiguous(buffer, spec));
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
        }
    }
}
