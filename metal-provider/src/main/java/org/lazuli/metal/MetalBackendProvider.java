package org.lazuli.metal;

import org.jspecify.annotations.Nullable;
import org.lazuli.metal.objc.AutoreleasePool;
import org.lazuli.metal.objc.Device;
import org.lazuli.metal.objc.MetalConstant;
import org.lazuli.metal.objc.ObjectiveC;
import org.lazuli.spi.Availability;
import org.lazuli.spi.BackendProvider;

/// Provides the backend `metal`, of priority 100: available on macOS on Apple silicon, or with a simulated device that the system property
/// `lazuli.metal.library` names.
public final class MetalBackendProvider implements BackendProvider {
    /// The system property that names a library to use in place of the system's Metal, by its absolute path.
    public static final String LIBRARY_PROPERTY = "lazuli.metal.library";

    @Override
    public String name() {
        return MetalBackend.NAME;
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public int spiVersion() {
        return SPI_VERSION;
    }

    @Override
    public Availability availability() {
        String reason = problem();
        return reason == null ? Availability.available() : Availability.unavailable(reason);
    }

    private static @Nullable String problem() {
        String library = library();
        if (library == null) {
            String problem = Platform.problem(System.getProperty("os.name", "?"), System.getProperty("os.arch", "?"));
            if (problem != null) {
                return problem;
            }
        }
        try {
            ObjectiveC.load(library);
        } catch (UnsatisfiedLinkError | IllegalStateException e) {
            return (library == null ? "Metal" : "the library that " + LIBRARY_PROPERTY + " names")
                    + " cannot be loaded: " + e.getMessage();
        }
        try (AutoreleasePool _ = AutoreleasePool.push();
                Device device = Device.systemDefault()) {
            if (device == null) {
                return "there is no Metal device";
            }
            return device.supportsFamily(MetalConstant.FAMILY_APPLE_7)
                    ? null
                    : "needs a GPU of Apple silicon, this is " + device.name();
        }
    }

    /// What the property names, or null for the system's Metal.
    private static @Nullable String library() {
        String library = System.getProperty(LIBRARY_PROPERTY);
        return library == null || library.isBlank() ? null : library;
    }

    @Override
    public MetalBackend open() {
        String problem = problem();
        if (problem != null) {
            throw new IllegalStateException("metal: " + problem);
        }
        try (AutoreleasePool _ = AutoreleasePool.push()) {
            Device device = Device.systemDefault();
            if (device == null) {
                throw new IllegalStateException("metal: there is no Metal device");
            }
            return new MetalBackend(device, library() != null);
        }
    }
}
