package org.lazuli.metal.kernels;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Element by element.
final class ElementwiseFamily implements KernelFamily {
    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return kernel instanceof Primitive.Binary(Primitive.BinaryOp op)
                && op == Primitive.BinaryOp.ADD
                && inputs.getFirst().dtype() == DType.FLOAT32;
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        commands.kernel("add_float", () -> Msl.PRELUDE + """
                kernel void add_float(
                        device const float* a [[buffer(0)]],
                        device const float* b [[buffer(1)]],
                        device float* c [[buffer(2)]],
                        uint i [[thread_position_in_grid]]) {
                    c[i] = a[i] + b[i];
                }
                """)
                .read(inputs.get(0))
                .read(inputs.get(1))
                .write(outputs.get(0))
                .threads(outputs.get(0).shape().size());
    }
}
