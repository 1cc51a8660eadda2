package org.lazuli.spi;

/// A backend's memory figures, in bytes.
///
/// @param active in buffers that arrays hold
/// @param peak the most that was active since the start or the last reset
/// @param cached in buffers kept for reuse
/// @param buffers the number of active buffers
/// @param memoryLimit the most that may be active
/// @param cacheLimit the most that may be cached
public record MemoryStats(long active, long peak, long cached, long buffers, long memoryLimit, long cacheLimit) {}
