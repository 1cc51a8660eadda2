package org.lazuli.metal;

/// The running figures of [MetalCounters].
final class Counting {
    long commandBuffers;
    long encoders;
    long dispatches;
    long barriers;
    long compilations;

    MetalCounters snapshot() {
        return new MetalCounters(commandBuffers, encoders, dispatches, barriers, compilations);
    }
}
