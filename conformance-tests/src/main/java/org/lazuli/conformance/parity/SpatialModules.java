package org.lazuli.conformance.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lazuli.nn.Bilinear;
import org.lazuli.nn.Conv3d;
import org.lazuli.nn.ConvTranspose1d;
import org.lazuli.nn.ConvTranspose2d;
import org.lazuli.nn.ConvTranspose3d;
import org.lazuli.nn.ConvTransposeOptions;
import org.lazuli.nn.Dropout2d;
import org.lazuli.nn.Dropout3d;
import org.lazuli.nn.GroupNorm;
import org.lazuli.nn.InstanceNorm;
import org.lazuli.nn.Module;
import org.lazuli.nn.Upsample;

/// MLX's modules for images and volumes.
final class SpatialModules {

    static final Map<String, Function<Call, Module>> MODULES = Map.ofEntries(
            Map.entry(
                    "nn.Bilinear",
                    call -> new Bilinear(
                            call.integer("input1_dims"),
                            call.integer("input2_dims"),
                            call.integer("output_dims"),
                            call.flag("bias", true))),
            Map.entry("nn.Conv3d", SpatialModules::conv3d),
            Map.entry(
                    "nn.ConvTranspose1d",
                    call -> new ConvTranspose1d(
                            call.integer("in_channels"),
                            call.integer("out_channels"),
                            call.integer("kernel_size"),
                            transposed(call))),
            Map.entry("nn.ConvTranspose2d", call -> transposed(call, ConvTranspose2d::new)),
            Map.entry("nn.ConvTranspose3d", call -> transposed(call, ConvTranspose3d::new)),
            Map.entry("nn.GroupNorm", SpatialModules::groupNorm),
            Map.entry(
                    "nn.InstanceNorm",
                    call -> new InstanceNorm(
                            call.integer("dims"),
                            InstanceNorm.Options.DEFAULT
                                    .withEps(call.real("eps", 1e-5))
                                    .withAffine(call.flag("affine", false)))),
            Map.entry("nn.Dropout2d", call -> new Dropout2d(call.real("p", 0.5))),
            Map.entry("nn.Dropout3d", call -> new Dropout3d(call.real("p", 0.5))),
            Map.entry("nn.Upsample", SpatialModules::upsample));

    private SpatialModules() {}

    private interface Transposed {
        Module create(int inChannels, int outChannels, List<Integer> kernel, ConvTransposeOptions options);
    }

    private static Module conv3d(Call call) {
        Conv3d.Options options = new Conv3d.Options(
                list(call, "stride", 1), list(call, "padding", 0), list(call, "dilation", 1), call.flag("bias", true));
        return new Conv3d(
                call.integer("in_channels"), call.integer("out_channels"), list(call, "kernel_size", 1), options);
    }

    private static Module transposed(Call call, Transposed layer) {
        return layer.create(
                call.integer("in_channels"),
                call.integer("out_channels"),
                list(call, "kernel_size", 1),
                transposed(call));
    }

    private static ConvTransposeOptions transposed(Call call) {
        return new ConvTransposeOptions(
                list(call, "stride", 1),
                list(call, "padding", 0),
                list(call, "dilation", 1),
                list(call, "output_padding", 0),
                call.flag("bias", true));
    }

    private static List<Integer> list(Call call, String name, int otherwise) {
        return ModuleTable.list(call, name, otherwise);
    }

    private static Module groupNorm(Call call) {
        GroupNorm.Options options = GroupNorm.Options.DEFAULT
                .withEps(call.real("eps", 1e-5))
                .withAffine(call.flag("affine", true))
                .withPytorchCompatible(call.flag("pytorch_compatible", false));
        return new GroupNorm(call.integer("num_groups"), call.integer("dims"), options);
    }

    private static Module upsample(Call call) {
        Upsample.Options options = Upsample.Options.DEFAULT
                .withMode(call.option("mode", Upsample.Mode.class, Upsample.Mode.NEAREST))
                .withAlignCorners(call.flag("align_corners", false))
                .withAntialias(call.flag("antialias", false));
        if (!call.isList("scale_factor")) {
            return new Upsample(call.real("scale_factor", 1), options);
        }
        List<Double> scales = new ArrayList<>();
        call.attribute("scale_factor").getAsJsonArray().forEach(scale -> scales.add(scale.getAsDouble()));
        return new Upsample(scales, options);
    }
}
