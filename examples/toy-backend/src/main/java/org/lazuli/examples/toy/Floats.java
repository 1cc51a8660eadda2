package org.lazuli.examples.toy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.lazuli.spi.Tensor;

/// The elements of a float32 tensor of any layout, numbered in row-major order.
final class Floats {
    private final MemorySegment memory;
    private final int[] places;

    Floats(Tensor tensor) {
        memory = Elements.memory(tensor.buffer());
        places = Elements.places(tensor);
    }

    float get(int i) {
        return memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) places[i] * Float.BYTES);
    }

    void set(int i, float value) {
        memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) places[i] * Float.BYTES, value);
    }
}
