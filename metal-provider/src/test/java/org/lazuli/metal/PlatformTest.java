package org.lazuli.metal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.lazuli.spi.Availability;
import org.lazuli.spi.BackendProvider;

class PlatformTest {
    @Test
    void needsAppleSilicon() {
        assertNull(Platform.problem("Mac OS X", "aarch64"));
        assertEquals("needs macOS on Apple silicon, this is Linux on x86-64", Platform.problem("Linux", "amd64"));
        assertEquals("needs macOS on Apple silicon, this is Linux on arm64", Platform.problem("Linux", "aarch64"));
        assertEquals("needs macOS on Apple silicon, this is macOS on x86-64", Platform.problem("Mac OS X", "x86_64"));
    }

    /// Nobody gets a simulated device without asking.
    @Test
    void isNotAvailableElsewhere() {
        String library = System.getProperty(MetalBackendProvider.LIBRARY_PROPERTY);
        boolean mac = Platform.problem(System.getProperty("os.name"), System.getProperty("os.arch")) == null;
        System.clearProperty(MetalBackendProvider.LIBRARY_PROPERTY);
        try {
            Availability availability = new MetalBackendProvider().availability();
            if (!mac) {
                Availability.Unavailable unavailable = assertInstanceOf(Availability.Unavailable.class, availability);
                assertTrue(unavailable.reason().startsWith("needs macOS on Apple silicon, this is "));
            }
        } finally {
            if (library != null) {
                System.setProperty(MetalBackendProvider.LIBRARY_PROPERTY, library);
            }
        }
    }

    @Test
    void aLibraryThatIsMissingIsAReason() {
        String library = System.getProperty(MetalBackendProvider.LIBRARY_PROPERTY);
        System.setProperty(MetalBackendProvider.LIBRARY_PROPERTY, "/no/such/library.so");
        try {
            Availability.Unavailable unavailable =
                    assertInstanceOf(Availability.Unavailable.class, new MetalBackendProvider().availability());
            assertTrue(unavailable.reason().contains("/no/such/library.so"), unavailable.reason());
        } finally {
            if (library == null) {
                System.clearProperty(MetalBackendProvider.LIBRARY_PROPERTY);
            } else {
                System.setProperty(MetalBackendProvider.LIBRARY_PROPERTY, library);
            }
        }
    }

    @Test
    void batchesDependOnTheArchitecture() {
        assertEquals(new BatchSize(20, 40L << 20), BatchSize.of("applegpu_g14p"));
        assertEquals(new BatchSize(40, 40L << 20), BatchSize.of("applegpu_g13g"));
        assertEquals(new BatchSize(50, 50L << 20), BatchSize.of("applegpu_g15s"));
        assertEquals(new BatchSize(50, 50L << 20), BatchSize.of("applegpu_g14d"));
        assertEquals(new BatchSize(40, 40L << 20), BatchSize.of(""));
    }

    @Test
    void isBuiltForThisInterface() {
        BackendProvider provider = new MetalBackendProvider();
        assertEquals("metal", provider.name());
        assertEquals(100, provider.priority());
        assertEquals(BackendProvider.SPI_VERSION, provider.spiVersion());
    }
}
