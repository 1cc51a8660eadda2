package org.lazuli.metal;

/// What a backend has done since it was opened: the host's work, which can be measured and bounded without a GPU.
///
/// @param commandBuffers committed
/// @param encoders opened
/// @param dispatches of kernels
/// @param barriers between dispatches of one encoder
/// @param compilations of kernels
public record MetalCounters(long commandBuffers, long encoders, long dispatches, long barriers, long compilations) {
    /// What was added since an earlier look.
    public MetalCounters since(MetalCounters before) {
        return new MetalCounters(
                commandBuffers - before.commandBuffers,
                encoders - before.encoders,
                dispatches - before.dispatches,
                barriers - before.barriers,
                compilations - before.compilations);
    }
}
