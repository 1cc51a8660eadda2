package org.lazuli.spi;

import java.util.List;

/// A kernel with the tensors that it works on, as [Backend#run] takes them.
public record KernelCall(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs) {}
