package org.lazuli.metal.texts;

import java.util.List;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// A kernel with operands and results that it could be asked to run on.
record Case(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
    List<TensorSpec> specs() {
        return inputs.stream().map(Tensor::spec).toList();
    }

    @Override
    public String toString() {
        return kernel + " " + specs();
    }
}
