package org.lazuli.metal;

import java.util.Arrays;

/// Something that command buffers use and that has to outlive them: remembers the last batch of each stream that uses it, and which one wrote it last.
abstract class Tracked {
    /// By stream; 0 for none.
    private long[] uses = new long[1];

    private int writer;
    private long written;

    final void use(MetalStream stream, long serial) {
        if (stream.index() >= uses.length) {
            uses = Arrays.copyOf(uses, stream.index() + 1);
        }
        uses[stream.index()] = serial;
    }

    final void write(MetalStream stream, long serial) {
        use(stream, serial);
        writer = stream.index();
        written = serial;
    }

    /// The last batch of this stream that uses it, or 0.
    final long lastUse(MetalStream stream) {
        return stream.index() < uses.length ? uses[stream.index()] : 0;
    }

    /// The last batch of this stream that wrote it, if nobody has written it since; or 0.
    final long lastWrite(MetalStream stream) {
        return stream.index() == writer ? written : 0;
    }

    /// Lets it go for good. Called when no batch uses it any more.
    abstract void dispose();
}
