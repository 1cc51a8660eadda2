package org.lazuli.metal.kernels;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Counts.
final class CreationFamily implements KernelFamily {
    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return kernel instanceof Primitive.Iota(DType dtype, int _) && dtype != DType.FLOAT64;
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Tensor output = outputs.getFirst();
        DType dtype = output.dtype();
        String name = "iota_" + dtype;
        commands.kernel(name, () -> source(name, dtype))
                .write(output)
                .threads(output.shape().size());
    }

    private static String source(String name, DType dtype) {
        Helpers helpers = new Helpers();
        Primitive.Cast cast = new Primitive.Cast(dtype);
        String value = new Expressions(helpers).of(cast, dtype, new DType[] {DType.UINT32}, new String[] {"i"});
        return Msl.PRELUDE + "\n" + helpers.text()
                + """

                kernel void %s(
                        device %s* out [[buffer(0)]],
                        uint i [[thread_position_in_grid]]) {
                    %s value = %s;
                    out[i] = %s;
                }
                """.formatted(
                                name,
                                Expressions.storage(dtype),
                                Expressions.register(dtype),
                                value,
                                Expressions.store(dtype, "value"));
    }
}
