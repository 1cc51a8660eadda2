package org.lazuli.metal.objc;

import java.lang.foreign.MemorySegment;

/// A number that only grows, which host and devices set and wait for.
public final class SharedEvent extends Owned {
    SharedEvent(MemorySegment id) {
        super(id);
    }

    public long value() {
        return Send.u(id(), Selector.SIGNALED_VALUE);
    }

    /// Sets the value from the host.
    public void signal(long value) {
        Send.v_u(id(), Selector.SET_SIGNALED_VALUE, value);
    }

    /// Waits until the value is reached; false if that takes longer than the timeout.
    public boolean await(long value, long milliseconds) {
        return Send.b_uu(id(), Selector.WAIT_UNTIL_SIGNALED, value, milliseconds);
    }
}
