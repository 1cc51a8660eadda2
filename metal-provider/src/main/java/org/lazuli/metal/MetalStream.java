package org.lazuli.metal;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lazuli.metal.objc.CommandBuffer;
import org.lazuli.metal.objc.CommandQueue;
import org.lazuli.metal.objc.Device;
import org.lazuli.metal.objc.SharedEvent;

/// A queue of batches that run one after another. The batch at its end is open: kernels are encoded into it until it is committed.
///
/// Its shared event has the number of the last batch that is complete. Each batch waits for the one before, since Metal keeps no order among uses of
/// untracked buffers, and sets the event at its end. A batch that failed does not, and whoever waits would wait for ever: the event is set from the
/// host when the failure is seen.
final class MetalStream implements AutoCloseable {
    /// Metal hands out 64 command buffers of a queue at most, and blocks then; this is well below.
    private static final int MAX_IN_FLIGHT = 24;

    private final int index;
    private final Streams streams;
    private final CommandQueue queue;
    private final SharedEvent event;
    private final ArrayDeque<Batch> inFlight = new ArrayDeque<>();
    private @Nullable Batch open;
    private long opened;
    private long completed;

    /// For each other stream, the last of its batches that a batch here has waited for. Those that come later here need not wait again.
    private long[] awaited = new long[1];

    MetalStream(int index, Device device, Streams streams) {
        this.index = index;
        this.streams = streams;
        this.queue = device.newCommandQueue();
        this.event = device.newSharedEvent();
    }

    int index() {
        return index;
    }

    SharedEvent event() {
        return event;
    }

    /// The number of the last batch that was begun.
    long opened() {
        return opened;
    }

    /// True if the batch may still be running, or is not even committed.
    boolean isPending(long serial) {
        return serial > completed;
    }

    /// The batch that takes commands now, after everything that other streams do with these tensors.
    Batch batchAfter(List<DeviceMemory> reads, List<DeviceMemory> writes) {
        boolean waits = false;
        if (streams.count() > 1) {
            for (MetalStream other : streams.all()) {
                waits |= waitFor(other, reads, writes) > 0;
            }
        }
        if (waits) {
            commit();
        }
        Batch current = open;
        if (current == null) {
            current = begin(reads, writes);
            open = current;
        }
        return current;
    }

    /// The batch of another stream that has to be waited for before these can be used here, or 0.
    private long waitFor(MetalStream other, List<DeviceMemory> reads, List<DeviceMemory> writes) {
        long last = other == this ? 0 : other.dependency(reads, writes);
        return other.index < awaited.length && last <= awaited[other.index] ? 0 : last;
    }

    /// The last batch here that has to be complete before another stream reads and writes these, or 0.
    private long dependency(List<DeviceMemory> reads, List<DeviceMemory> writes) {
        long last = 0;
        for (DeviceMemory memory : reads) {
            last = Math.max(last, memory.lastWrite(this));
        }
        for (DeviceMemory memory : writes) {
            last = Math.max(last, memory.lastUse(this));
        }
        return isPending(last) ? last : 0;
    }

    private Batch begin(List<DeviceMemory> reads, List<DeviceMemory> writes) {
        reap();
        if (inFlight.size() >= MAX_IN_FLIGHT) {
            streams.await(this, inFlight.getFirst().serial());
        }
        CommandBuffer commandBuffer = queue.commandBuffer();
        if (isPending(opened)) {
            commandBuffer.waitFor(event, opened);
        }
        for (MetalStream other : streams.all()) {
            long last = waitFor(other, reads, writes);
            if (last > 0) {
                other.commitThrough(last);
                commandBuffer.waitFor(other.event, last);
                awaited = Arrays.copyOf(awaited, Math.max(awaited.length, other.index + 1));
                awaited[other.index] = last;
            }
        }
        streams.counting().encoders++;
        return new Batch(++opened, commandBuffer);
    }

    /// The open batch. There is one: something was encoded just now.
    Batch current() {
        return Objects.requireNonNull(open);
    }

    /// Commits the open batch if it is this one or an earlier one.
    void commitThrough(long serial) {
        if (open != null && open.serial() <= serial) {
            commit();
        }
    }

    void commitIfFull(BatchSize limit) {
        if (open != null && open.isFull(limit)) {
            commit();
        }
    }

    /// Sends off what is encoded.
    void commit() {
        Batch batch = open;
        if (batch != null) {
            open = null;
            batch.endEncoding();
            batch.commandBuffer().signal(event, batch.serial());
            batch.commandBuffer().commit();
            inFlight.addLast(batch);
            streams.counting().commandBuffers++;
        }
    }

    /// Looks after the batches that are complete, and those that failed.
    void reap() {
        if (inFlight.isEmpty()) {
            return;
        }
        long reached = event.value();
        for (Batch batch = inFlight.peek(); batch != null; batch = inFlight.peek()) {
            if (batch.serial() > reached) {
                if (!batch.commandBuffer().hasFailed()) {
                    break;
                }
                event.signal(batch.serial());
            }
            // The event comes a little before the end; what the batch uses may be let go only then.
            batch.commandBuffer().waitUntilCompleted();
            inFlight.removeFirst();
            completed = batch.serial();
            streams.complete(batch);
            batch.commandBuffer().close();
        }
    }

    @Override
    public void close() {
        event.close();
        queue.close();
    }
}
