package org.lazuli.metal.kernels;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive.Convolution;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Convolution over any number of spatial axes, of operands in any layout; float16 and bfloat16 are added up in float32. By tiles of a matrix product
/// that reads its left operand from the input, or where that would leave most of a tile empty one thread an element.
final class ConvolutionFamily implements KernelFamily {
    private static final int TILE = 32;
    private static final int TILE_THREADS = 128;

    /// Tiles pay with so many channels in the result of a group, positions, and products for each.
    private static final int LEAST = 8;

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return kernel instanceof Convolution && inputs.getFirst().dtype().isInexact();
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Convolution convolution = (Convolution) kernel;
        Tensor input = inputs.get(0);
        Tensor weight = inputs.get(1);
        Tensor result = outputs.getFirst();
        if (result.shape().size() == 0) {
            return;
        }
        int spatial = input.shape().rank() - 2;
        int outChannels = weight.shape().dim(0);
        int groupOut = outChannels / convolution.groups();
        int depth = weight.shape().size() / outChannels;
        int positions = result.shape().size() / outChannels;
        boolean complex = result.dtype() == DType.COMPLEX64;
        boolean tiled = !complex && groupOut >= LEAST && positions >= LEAST && depth >= LEAST;
        String type = Msl.storage(result.dtype());
        String name = "convolution_" + (tiled ? "tiles" : "direct") + "_" + type + "_" + spatial + "d";
        Dispatch dispatch = commands.kernel(
                        name,
                        () -> KernelText.of("CONVOLUTION", name)
                                .define("ELEMENT", type)
                                .define("COMPLEX", complex)
                                .define("TILE", TILE)
                                .define("SPATIAL", spatial)
                                .with(
                                        tiled
                                                ? new String[] {"tiles", "convolution", "convolution_tiles"}
                                                : new String[] {"convolution", "convolution_direct"}))
                .read(input)
                .read(weight)
                .write(result)
                .ints(geometry(convolution, input, weight, result, positions, depth));
        if (tiled) {
            dispatch.groups(
                    Math.ceilDiv(groupOut, TILE),
                    Math.ceilDiv(positions, TILE),
                    convolution.groups(),
                    TILE_THREADS,
                    1,
                    1);
        } else {
            int width = Math.min(Integer.highestOneBit(outChannels), 32);
            dispatch.threads(outChannels, positions, 1, width, 128 / width, 1);
        }
    }

    /// The kernels' `Geometry`.
    private static int[] geometry(Convolution c, Tensor input, Tensor weight, Tensor result, int positions, int depth) {
        int spatial = input.shape().rank() - 2;
        int[] geometry = new int[9 + 9 * spatial];
        geometry[0] = positions;
        geometry[1] = depth;
        geometry[2] = weight.shape().dim(spatial + 1);
        geometry[3] = weight.shape().dim(0) / c.groups();
        geometry[4] = weight.shape().dim(0);
        geometry[5] = input.strides().get(0);
        geometry[6] = input.strides().get(spatial + 1);
        geometry[7] = weight.strides().get(0);
        geometry[8] = weight.strides().get(spatial + 1);
        for (int d = 0; d < spatial; d++) {
            int size = weight.shape().dim(d + 1);
            int dilation = c.kernelDilation().get(d);
            int at = 9 + 9 * d;
            geometry[at] = input.shape().dim(d + 1);
            geometry[at + 1] = result.shape().dim(d + 1);
            geometry[at + 2] = size;
            geometry[at + 3] = c.strides().get(d);
            geometry[at + 4] =
                    (c.flip() ? (size - 1) * dilation : 0) - c.padLow().get(d);
            geometry[at + 5] = c.flip() ? -dilation : dilation;
            geometry[at + 6] = c.inputDilation().get(d);
            geometry[at + 7] = input.strides().get(d + 1);
            geometry[at + 8] = weight.strides().get(d + 1);
        }
        return geometry;
    }
}
