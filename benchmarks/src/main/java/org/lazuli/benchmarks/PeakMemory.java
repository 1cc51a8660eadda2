package org.lazuli.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The most memory that a program had, beside its time.
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class PeakMemory {
    public long peakMegabytes;

    @Setup(Level.Iteration)
    public void clear() {
        peakMegabytes = 0;
    }
}
