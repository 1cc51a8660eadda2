package org.lazuli.metal.objc;

import java.lang.foreign.MemorySegment;

/// Commands that are committed and run together.
public final class CommandBuffer extends Owned {
    private final MemorySegment sizes;

    CommandBuffer(MemorySegment id, MemorySegment sizes) {
        super(id);
        this.sizes = sizes;
    }

    /// An encoder whose dispatches may run at the same time, unless a barrier is between them.
    public ComputeEncoder concurrentEncoder() {
        long concurrent = MetalConstant.DISPATCH_CONCURRENT.value();
        return new ComputeEncoder(Owned.retained(Send.p_u(id(), Selector.COMPUTE_ENCODER, concurrent)), sizes);
    }

    /// The commands that follow wait until the event has this value. No encoder may be open.
    public void waitFor(SharedEvent event, long value) {
        Send.v_pu(id(), Selector.ENCODE_WAIT, event.id(), value);
    }

    /// The event gets this value when what was encoded before has run. No encoder may be open.
    public void signal(SharedEvent event, long value) {
        Send.v_pu(id(), Selector.ENCODE_SIGNAL, event.id(), value);
    }

    public void commit() {
        Send.v(id(), Selector.COMMIT);
    }

    public void waitUntilCompleted() {
        Send.v(id(), Selector.WAIT_UNTIL_COMPLETED);
    }

    public boolean hasFailed() {
        return Send.u(id(), Selector.STATUS) == MetalConstant.STATUS_ERROR.value();
    }

    /// Why it failed.
    public NSError error() {
        return NSError.of(Send.p(id(), Selector.ERROR));
    }
}
