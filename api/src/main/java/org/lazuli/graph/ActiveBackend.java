package org.lazuli.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.lazuli.spi.Availability;
import org.lazuli.spi.BackendProvider;

/// Chooses the backend that evaluates: found once by `ServiceLoader`, or set for a while by a program or a test.
public final class ActiveBackend {
    /// The provider whose backend runs what others lack.
    public static final String REFERENCE = "cpu";

    private static @Nullable OpenBackend current;
    private static @Nullable OpenBackend reference;

    /// The backends that were opened to stay, by name.
    private static final Map<String, OpenBackend> DEVICES = new HashMap<>();

    private ActiveBackend() {}

    /// The backend that evaluates now, opened at the first call.
    public static synchronized OpenBackend current() {
        OpenBackend backend = current;
        if (backend == null) {
            String property = System.getProperty("lazuli.backend");
            String environment = System.getenv("LAZULI_BACKEND");
            String wanted = property != null ? property : environment;
            backend = open(choose(providers(), wanted, property != null ? "-Dlazuli.backend" : "LAZULI_BACKEND"));
            current = backend;
            DEVICES.put(backend.name(), backend);
        }
        return backend;
    }

    /// The backend of this name: the one that evaluates if it is that, else one that is opened at the first call and stays open.
    public static synchronized OpenBackend named(String name) {
        OpenBackend now = current;
        if (now != null && !now.isClosed() && now.name().equals(name)) {
            return now;
        }
        OpenBackend backend = DEVICES.get(name);
        if (backend == null || backend.isClosed()) {
            backend = open(choose(providers(), name, "the program"));
            DEVICES.put(name, backend);
        }
        return backend;
    }

    /// The backend of the placement that is open on this thread, else the one that evaluates.
    public static OpenBackend here() {
        Placement placement = Placement.current();
        return placement == null ? current() : named(placement.device());
    }

    /// Makes `backend` the one that evaluates; null goes back to the default choice at the next use.
    public static synchronized void setCurrent(@Nullable OpenBackend backend) {
        current = backend;
    }

    /// The one that evaluates now, or null if none was needed yet.
    public static synchronized @Nullable OpenBackend currentOrNull() {
        return current;
    }

    static synchronized OpenBackend reference() {
        OpenBackend backend = reference;
        if (backend == null || backend.isClosed()) {
            OpenBackend now = current;
            backend = now != null && now.name().equals(REFERENCE) && !now.isClosed() ? now : DEVICES.get(REFERENCE);
            if (backend == null || backend.isClosed()) {
                backend =
                        open(choose(providers(), REFERENCE, "the fallback for kernels that the chosen backend lacks"));
                DEVICES.put(REFERENCE, backend);
            }
            reference = backend;
        }
        return backend;
    }

    /// Opens a provider's backend, after checking that it is available.
    public static OpenBackend open(BackendProvider provider) {
        String problem = problem(provider);
        if (problem != null) {
            throw new IllegalStateException("backend '" + provider.name() + "' is not available: " + problem);
        }
        return new OpenBackend(provider.open());
    }

    /// Opens the provider of this name.
    public static OpenBackend open(String name) {
        return open(choose(providers(), name, "the program"));
    }

    /// Closes a backend that [#open] opened.
    public static void close(OpenBackend backend) {
        backend.close();
    }

    /// All providers there are, the preferred first.
    public static List<BackendProvider> providers() {
        List<BackendProvider> found = new ArrayList<>();
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            found.add(provider);
        }
        found.sort((a, b) -> Integer.compare(b.priority(), a.priority()));
        return found;
    }

    /// Why a provider cannot be used here, or null if it can.
    public static @Nullable String problem(BackendProvider provider) {
        if (provider.spiVersion() != BackendProvider.SPI_VERSION) {
            return "it was built for version " + provider.spiVersion() + " of the backend interface, this is version "
                    + BackendProvider.SPI_VERSION + "; use a version of it that matches";
        }
        return switch (provider.availability()) {
            case Availability.Available _ -> null;
            case Availability.Unavailable unavailable -> unavailable.reason();
        };
    }

    /// The provider to use: the one asked for, else the first that is available.
    ///
    /// @param wanted a name, or null for the best
    /// @param asker who asked for that name, for the error
    static BackendProvider choose(List<BackendProvider> providers, @Nullable String wanted, String asker) {
        for (BackendProvider provider : providers) {
            if ((wanted == null || provider.name().equals(wanted)) && problem(provider) == null) {
                return provider;
            }
        }
        StringBuilder message = new StringBuilder(
                wanted == null
                        ? "no backend is available."
                        : "backend '" + wanted + "', asked for by " + asker + ", is not available.");
        if (providers.isEmpty()) {
            message.append(" No provider was found: add the dependency org.lazuli:lazuli-reference-cpu");
        } else {
            message.append(" Tried:");
            for (BackendProvider provider : providers) {
                String problem = problem(provider);
                message.append("\n  ")
                        .append(provider.name())
                        .append(" (priority ")
                        .append(provider.priority())
                        .append("): ")
                        .append(problem == null ? "available" : problem);
            }
        }
        throw new IllegalStateException(message.toString());
    }
}
