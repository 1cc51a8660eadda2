/// The Metal backend, for the GPUs of Apple silicon.
///
/// It calls Metal through foreign functions, so the JVM wants `--enable-native-access=org.lazuli.metal` (on the class
/// path: `ALL-UNNAMED`).
module org.lazuli.metal {
    requires static org.jspecify;
    requires transitive org.lazuli;

    exports org.lazuli.metal;

    provides org.lazuli.spi.BackendProvider with
            org.lazuli.metal.MetalBackendProvider;
}
