package org.lazuli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.graph.ActiveBackend;
import org.lazuli.graph.Evaluator;
import org.lazuli.graph.OpenBackend;
import org.lazuli.spi.BackendProvider;

/// The backends there are, and the one that evaluates.
///
/// Nothing has to be done: the first evaluation opens the available backend of the highest priority. `-Dlazuli.backend=NAME` or the
/// environment variable `LAZULI_BACKEND` choose another, as does [#use].
///
/// ```java
/// System.out.println(Backends.current());      // cpu: AMD EPYC, 2 threads
/// for (var info : Backends.all()) {
///     System.out.println(info);                // name, priority, and why one is not available
/// }
/// ```
public final class Backends {
    private Backends() {}

    /// A backend in use.
    ///
    /// @param name the provider's name
    /// @param device the device in words
    /// @param fallbacks how many kernels ran on the reference backend because this one does not support them
    public record Current(String name, String device, long fallbacks) {
        @Override
        public String toString() {
            return name + ": " + device;
        }
    }

    /// A provider that was found.
    ///
    /// @param problem why its backend cannot be used here, or null if it can
    public record Found(String name, int priority, @Nullable String problem) {}

    /// The backend that evaluates, opened now if it was not.
    ///
    /// @throws IllegalStateException if there is none, or not the one that was asked for; the message lists what was tried and why
    public static Current current() {
        OpenBackend backend = ActiveBackend.current();
        return new Current(backend.name(), backend.device(), backend.fallbacks());
    }

    /// Every provider, the preferred first.
    public static List<Found> all() {
        return ActiveBackend.providers().stream()
                .map(provider -> new Found(provider.name(), provider.priority(), ActiveBackend.problem(provider)))
                .toList();
    }

    /// Opens the backend of this name and evaluates on it until the returned scope is closed, which also closes the backend. For the whole program,
    /// not only this thread.
    ///
    /// @throws IllegalStateException if it is not available
    public static Scope use(String name) {
        return new Scope(ActiveBackend.open(name));
    }

    /// [#use(String)] with a provider that is not registered as a service.
    public static Scope use(BackendProvider provider) {
        return new Scope(ActiveBackend.open(provider));
    }

    /// A stretch of the program that evaluates on a backend of its own.
    public static final class Scope implements AutoCloseable {
        private final @Nullable OpenBackend before = ActiveBackend.currentOrNull();
        private final OpenBackend backend;

        private Scope(OpenBackend backend) {
            this.backend = backend;
            ActiveBackend.setCurrent(backend);
        }

        /// Closes the backend and goes back to the one before. Arrays whose values it held cannot be read afterwards.
        @Override
        public void close() {
            Evaluator.exclusively(() -> {
                ActiveBackend.setCurrent(before);
                ActiveBackend.close(backend);
                return backend;
            });
        }
    }
}
