/// Lazy arrays, composable function transforms and neural networks.
module org.lazuli {
    requires static transitive org.jspecify;

    exports org.lazuli;
    exports org.lazuli.function;
    exports org.lazuli.io;
    exports org.lazuli.nn;
    exports org.lazuli.nn.init;
    exports org.lazuli.optimizers;
    exports org.lazuli.spi;
    exports org.lazuli.tree;

    uses org.lazuli.spi.BackendProvider;
}
