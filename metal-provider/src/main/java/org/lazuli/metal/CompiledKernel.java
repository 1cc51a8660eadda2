package org.lazuli.metal;

import org.lazuli.metal.objc.Pipeline;

/// A kernel that is ready to run.
final class CompiledKernel extends Tracked {
    private final String name;
    private final Pipeline pipeline;

    CompiledKernel(String name, Pipeline pipeline) {
        this.name = name;
        this.pipeline = pipeline;
    }

    String name() {
        return name;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    @Override
    void dispose() {
        pipeline.close();
    }
}
