package org.lazuli.metal;

import java.util.HashSet;
import java.util.Set;
import org.lazuli.metal.objc.Buffer;
import org.lazuli.metal.objc.Device;
import org.lazuli.spi.BufferPool;
import org.lazuli.spi.OutOfDeviceMemoryException;

/// Where the buffer pool's memory comes from: shared buffers, of which there is one kind.
final class SharedMemory implements BufferPool.Memory<SharedMemory.Kind, DeviceMemory>, AutoCloseable {
    enum Kind {
        SHARED
    }

    private static final long SMALLEST = 16;

    private final Device device;
    private final Streams streams;

    /// What was obtained and not given back.
    private final Set<DeviceMemory> all = new HashSet<>();

    SharedMemory(Device device, Streams streams) {
        this.device = device;
        this.streams = streams;
    }

    @Override
    public DeviceMemory obtain(Kind kind, long bytes) {
        // The pool rounds sizes up, maybe over the device's limit, and asks for none at all for an empty array.
        long size = Math.max(SMALLEST, Math.min(bytes, device.maxBufferLength()));
        Buffer buffer = device.newBuffer(size);
        if (buffer == null) {
            // What was given back may still be waiting for the device.
            streams.drain();
            buffer = device.newBuffer(size);
        }
        if (buffer == null) {
            throw new OutOfDeviceMemoryException("Metal has no memory for a buffer of " + size + " bytes");
        }
        DeviceMemory memory = new DeviceMemory(buffer);
        all.add(memory);
        return memory;
    }

    @Override
    public void giveBack(DeviceMemory memory) {
        all.remove(memory);
        streams.retire(memory);
    }

    /// Gives everything back, what arrays still hold too.
    @Override
    public void close() {
        all.forEach(streams::retire);
        all.clear();
    }
}
