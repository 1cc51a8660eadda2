/// Lazy arrays, composable function transforms and neural networks.
module org.lazuli {
    requires static org.jspecify;

    exports org.lazuli;
    exports org.lazuli.spi;

    uses org.lazuli.spi.BackendProvider;
}
