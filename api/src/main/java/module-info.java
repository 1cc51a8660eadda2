/// Lazy arrays, composable function transforms and neural networks.
@SuppressWarnings("module") // The conformance suite is a module that need not be there.
module org.lazuli {
    requires static transitive org.jspecify;

    exports org.lazuli;
    exports org.lazuli.export;
    exports org.lazuli.function;
    exports org.lazuli.graph to
            org.lazuli.conformance;
    exports org.lazuli.io;
    exports org.lazuli.nn;
    exports org.lazuli.nn.init;
    exports org.lazuli.optimizers;
    exports org.lazuli.spi;
    exports org.lazuli.train;
    exports org.lazuli.train.tensorboard;
    exports org.lazuli.tree;

    uses org.lazuli.spi.BackendProvider;
}
