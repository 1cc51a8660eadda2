package org.lazuli.metal;

import java.util.ArrayList;
import java.util.List;
import org.lazuli.metal.objc.CommandBuffer;
import org.lazuli.metal.objc.ComputeEncoder;

/// A command buffer with its one encoder, and what has to be looked at when it is complete.
final class Batch {
    private final long serial;
    private final CommandBuffer commandBuffer;
    private final ComputeEncoder encoder;
    private final Hazards hazards = new Hazards();
    private final List<IndexCheck> checks = new ArrayList<>();
    private int dispatches;
    private long bytes;

    Batch(long serial, CommandBuffer commandBuffer) {
        this.serial = serial;
        this.commandBuffer = commandBuffer;
        this.encoder = commandBuffer.concurrentEncoder();
    }

    /// Its number in its stream, from 1.
    long serial() {
        return serial;
    }

    CommandBuffer commandBuffer() {
        return commandBuffer;
    }

    ComputeEncoder encoder() {
        return encoder;
    }

    Hazards hazards() {
        return hazards;
    }

    List<IndexCheck> checks() {
        return checks;
    }

    /// Accounts for a dispatch.
    void add(long moved) {
        dispatches++;
        bytes += moved;
    }

    /// Whether there is enough in it to be sent off.
    boolean isFull(BatchSize limit) {
        return dispatches >= limit.dispatches() || bytes >= limit.bytes();
    }

    void endEncoding() {
        encoder.endEncoding();
        encoder.close();
    }
}
