package org.lazuli;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lazuli.graph.ActiveBackend;
import org.lazuli.graph.Evaluator;
import org.lazuli.graph.Placement;

/// A queue of a [Device]. Operations of one stream run one after the other; those of different streams may run at the same time, where the
/// device can, unless one needs the other's result.
///
/// ```java
/// Stream side = Stream.create(Device.defaultDevice());
/// Array a;
/// try (var scope = side.open()) {
///     a = x.matmul(w1);
/// }
/// Array b = x.matmul(w2);
/// eval(a, b);                // side by side, on a device with several queues
/// ```
///
/// A stream is a name for independence and nothing else: results never depend on it. Any thread may use any stream; nothing has to be set up or
/// cleared for a thread. On the CPU all streams are one, as each kernel uses all cores.
///
/// See also: MLX, *Using Streams*.
///
/// @param index 0 for the first stream of a device
public record Stream(Device device, int index) {
    private static final AtomicInteger COUNT = new AtomicInteger();

    public Stream {
        if (index < 0) {
            throw new IllegalArgumentException("stream: the index must not be negative: " + index);
        }
    }

    /// A stream of its own.
    public static Stream create(Device device) {
        return new Stream(device, COUNT.incrementAndGet());
    }

    /// The stream of a device's operations that are in no other stream's scope.
    public static Stream defaultOf(Device device) {
        return new Stream(device, Placement.defaultStream(device.name()));
    }

    /// From now on, operations of the whole program that run on this stream's device are in this stream, unless in another one's scope.
    ///
    /// @return the default of that device until now
    public static Stream setDefault(Stream stream) {
        Stream before = defaultOf(stream.device);
        Placement.setDefaultStream(stream.placement());
        return before;
    }

    /// Waits until everything that [Ops#asyncEval] was asked for is computed. Other evaluations are complete when they return.
    public static void synchronize() {
        Evaluator.awaitBackground();
    }

    private Placement placement() {
        return new Placement(device.name(), index);
    }

    /// Opens, on this thread, a scope whose operations run in this stream. Scopes nest, and are closed innermost first.
    ///
    /// @throws IllegalStateException if the device is not available
    public Scope open() {
        ActiveBackend.named(device.name());
        return new Scope(placement());
    }

    /// Runs `body` in the scope of this stream.
    public <T> T run(Supplier<T> body) {
        try (var _ = open()) {
            return body.get();
        }
    }

    @Override
    public String toString() {
        return "Stream(" + device + ", " + index + ")";
    }

    /// See [Stream#open].
    public static final class Scope implements AutoCloseable {
        private final Thread owner = Thread.currentThread();
        private final @Nullable Placement before;

        private Scope(Placement placement) {
            before = Placement.swap(placement);
        }

        /// Goes back to the scope around it.
        ///
        /// @throws IllegalStateException on another thread than the one that opened it
        @Override
        public void close() {
            if (Thread.currentThread() != owner) {
                throw new IllegalStateException("stream: the scope belongs to " + owner + ", and cannot be closed by "
                        + Thread.currentThread() + "; open one there");
            }
            Placement.swap(before);
        }
    }
}
