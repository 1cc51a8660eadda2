package org.lazuli.metal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.metal.objc.Device;
import org.lazuli.spi.BufferPool;

/// All streams of a backend: waits for them, keeps what they use alive, and collects what went wrong.
final class Streams implements AutoCloseable {
    /// How often, in milliseconds, a wait looks whether what it waits for has failed.
    private static final long PATIENCE = 20;

    private final Device device;
    private final Counting counting;
    private final List<MetalStream> all = new ArrayList<>();

    /// Let go by their owners while batches use them.
    private final List<Tracked> retired = new ArrayList<>();

    private @Nullable RuntimeException failure;
    private @Nullable BufferPool<SharedMemory.Kind, DeviceMemory> pool;

    Streams(Device device, Counting counting) {
        this.device = device;
        this.counting = counting;
    }

    /// The pool that the memory of index checks goes back to.
    void setPool(BufferPool<SharedMemory.Kind, DeviceMemory> pool) {
        this.pool = pool;
    }

    Counting counting() {
        return counting;
    }

    List<MetalStream> all() {
        return Collections.unmodifiableList(all);
    }

    int count() {
        return all.size();
    }

    /// The stream of this number, made if it is new.
    MetalStream get(int index) {
        while (all.size() <= index) {
            all.add(new MetalStream(all.size(), device, this));
        }
        return all.get(index);
    }

    /// Waits until the batch is complete, or has failed.
    void await(MetalStream stream, long serial) {
        if (!stream.isPending(serial)) {
            return;
        }
        stream.commitThrough(serial);
        while (!stream.event().await(serial, PATIENCE)) {
            // It may be another stream's failure that this one waits for.
            all.forEach(MetalStream::reap);
        }
        stream.reap();
        dispose();
    }

    /// Waits until no batch uses the memory: the host may touch it then.
    void await(DeviceMemory memory) {
        for (MetalStream stream : all) {
            await(stream, memory.lastUse(stream));
        }
    }

    /// Waits for everything.
    void drain() {
        all.forEach(MetalStream::commit);
        for (MetalStream stream : all) {
            await(stream, stream.opened());
        }
    }

    /// Takes what nobody will use any more, and disposes of it when the batches that do have run.
    void retire(Tracked tracked) {
        retired.add(tracked);
        dispose();
    }

    private void dispose() {
        retired.removeIf(tracked -> {
            for (MetalStream stream : all) {
                if (stream.isPending(tracked.lastUse(stream))) {
                    return false;
                }
            }
            tracked.dispose();
            return true;
        });
    }

    /// Notes what a batch that has run has to say. The first failure counts: what follows computes with what it left.
    void complete(Batch batch) {
        if (failure == null && batch.commandBuffer().hasFailed()) {
            failure = new MetalException(
                    "metal: work on the device failed: " + batch.commandBuffer().error());
        }
        for (IndexCheck check : batch.checks()) {
            if (failure == null) {
                failure = check.error();
            }
            if (pool != null) {
                pool.release(check.findings());
            }
        }
    }

    /// Throws what went wrong in the batches that are complete, once.
    void throwFailure() {
        RuntimeException thrown = failure;
        if (thrown != null) {
            failure = null;
            throw thrown;
        }
    }

    @Override
    public void close() {
        drain();
        failure = null;
        all.forEach(MetalStream::close);
        all.clear();
    }
}
