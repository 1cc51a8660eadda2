package org.lazuli.metal.kernels;

import java.util.List;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Runs some of the instructions. A family is stateless; [Families] lists them all.
public interface KernelFamily {
    /// Whether [#encode] takes this kernel on operands of these types and shapes, in any layout. (float64 operands are refused before anybody
    /// is asked; a float64 result is for the family to refuse.)
    boolean supports(Kernel kernel, List<TensorSpec> inputs);

    /// Encodes a supported kernel. Outputs are contiguous and not empty, or there is nothing to do for them.
    void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands);
}
