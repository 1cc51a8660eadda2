package org.lazuli;

import java.util.List;
import java.util.function.Supplier;
import org.lazuli.graph.ActiveBackend;
import org.lazuli.graph.Evaluator;
import org.lazuli.graph.OpenBackend;
import org.lazuli.spi.BackendProvider;
import org.lazuli.spi.MemoryStats;

/// A place where operations run: a backend that is there to stay, opened when it is first needed.
///
/// Operations run on the default device. In the scope of another one a thread makes operations that run there, whoever evaluates them and
/// when; so does what a transformation makes of them, such as their gradient. Values move between devices by themselves.
///
/// ```java
/// Device.setDefault(Device.of("metal"));
/// try (var scope = Device.CPU.open()) {
///     y = x.astype(FLOAT64).matmul(w);      // float64 is not for GPUs
/// }
/// var z = y.astype(FLOAT32).exp();          // on Metal
/// ```
///
/// A kernel that a device lacks runs on the CPU without being told to: see [Backends.Current#fallbacks].
///
/// See also: MLX, *Devices and Streams*.
///
/// @param name the name of the backend's provider, such as `cpu` or `metal`
public record Device(String name) {
    /// The CPU, which is always there.
    public static final Device CPU = new Device(ActiveBackend.REFERENCE);

    /// What is known of a device.
    ///
    /// @param description in words, such as `Apple M4 Max`
    /// @param memory figures and limits
    /// @param fallbacks how many kernels ran on the CPU because this device lacks them
    public record Info(String name, String description, MemoryStats memory, long fallbacks) {}

    /// The device of this name, if there is a provider of it.
    ///
    /// @throws IllegalArgumentException if there is none; whether it can be used is another question: [#isAvailable]
    public static Device of(String name) {
        List<String> names =
                ActiveBackend.providers().stream().map(BackendProvider::name).toList();
        if (!names.contains(name) && !ActiveBackend.here().name().equals(name)) {
            throw new IllegalArgumentException("Device.of: there is no device '" + name + "'; there are " + names);
        }
        return new Device(name);
    }

    /// Every device that can be used here, the preferred first.
    public static List<Device> all() {
        return ActiveBackend.providers().stream()
                .filter(provider -> ActiveBackend.problem(provider) == null)
                .map(provider -> new Device(provider.name()))
                .toList();
    }

    /// Where operations run in no other device's scope.
    public static Device defaultDevice() {
        return new Device(ActiveBackend.current().name());
    }

    /// From now on, operations of the whole program run on this device, unless in another one's scope. Arrays keep their values.
    ///
    /// @return the default until now
    /// @throws IllegalStateException if it is not available
    public static Device setDefault(Device device) {
        return Evaluator.exclusively(() -> {
            Device before = defaultDevice();
            ActiveBackend.setCurrent(ActiveBackend.named(device.name()));
            return before;
        });
    }

    /// Whether it can be used here; [Backends#all] says why not.
    public boolean isAvailable() {
        return count() > 0;
    }

    /// How many devices of this name can be used: a provider gives one, or none.
    public int count() {
        return all().contains(this) || defaultDevice().equals(this) ? 1 : 0;
    }

    /// What it is, and its memory. Opens it if it was not.
    ///
    /// @throws IllegalStateException if it is not available
    public Info info() {
        try (var _ = open()) {
            OpenBackend backend = ActiveBackend.here();
            return new Info(name, backend.device(), Memory.stats(), backend.fallbacks());
        }
    }

    /// Opens, on this thread, a scope whose operations run on this device, in its default stream. [Memory] tells of this device inside.
    ///
    /// @throws IllegalStateException if it is not available
    public Stream.Scope open() {
        return Stream.defaultOf(this).open();
    }

    /// Runs `body` in the scope of this device.
    public <T> T run(Supplier<T> body) {
        return Stream.defaultOf(this).run(body);
    }

    @Override
    public String toString() {
        return "Device(" + name + ")";
    }
}
