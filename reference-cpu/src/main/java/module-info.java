/// The reference CPU backend.
module org.lazuli.cpu {
    requires static org.jspecify;
    requires static jdk.incubator.vector;
    requires transitive org.lazuli;

    exports org.lazuli.cpu;

    provides org.lazuli.spi.BackendProvider with
            org.lazuli.cpu.CpuBackendProvider;
}
