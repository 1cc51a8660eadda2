package org.lazuli.metal.kernels;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.lazuli.DType;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Everything that works element by element, single instructions and fused ones, from one generator.
///
/// A kernel comes in two variants: *contiguous*, where each operand is a run of neighbours or a single element, with several elements a
/// thread; and *strided* for a number of axes, with a grid over them.
final class ElementwiseFamily implements KernelFamily {
    /// Of the 31 buffers that a kernel can have, those that are left when the constants and the layout have theirs.
    private static final int MAX_OPERANDS = 29;

    /// What one thread of a contiguous kernel loads of its widest operand.
    private static final int BYTES_PER_THREAD = 16;

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return inputs.size() < MAX_OPERANDS && Program.of(kernel, inputs) != null;
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        List<TensorSpec> specs = new ArrayList<>();
        for (Tensor input : inputs) {
            specs.add(input.spec());
        }
        Program program = Program.of(kernel, specs);
        if (program == null || outputs.isEmpty()) {
            return;
        }
        boolean fused = kernel instanceof FusedElementwise;
        int most = MAX_OPERANDS - inputs.size();
        if (outputs.size() <= most) {
            encode(program, fused, inputs, outputs, commands);
        } else {
            inParts(program, most, inputs, outputs, commands);
        }
    }

    /// More outputs than a kernel has buffers for: several kernels, each of which computes what its outputs need. What overwrites an input waits in
    /// scratch memory until all have read it.
    private static void inParts(
            Program program, int most, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        List<Tensor> targets = new ArrayList<>();
        for (Tensor output : outputs) {
            boolean inPlace = inputs.stream().anyMatch(input -> input.buffer().equals(output.buffer()));
            targets.add(
                    inPlace ? commands.temporary(output.dtype(), output.shape().size()) : output);
        }
        for (int from = 0; from < outputs.size(); from += most) {
            int to = Math.min(from + most, outputs.size());
            Ints some = Ints.of(Arrays.copyOfRange(program.outputs().toArray(), from, to));
            encode(program.storing(some), true, inputs, targets.subList(from, to), commands);
        }
        for (int i = 0; i < outputs.size(); i++) {
            if (!targets.get(i).equals(outputs.get(i))) {
                CopyFamily.copy(targets.get(i), outputs.get(i), commands);
            }
        }
    }

    private static void encode(
            Program program, boolean fused, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Tensor first = outputs.getFirst();
        Ints[] layouts = new Ints[inputs.size()];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = inputs.get(i).strides();
        }
        Collapsed collapsed = Collapsed.withRowMajor(first.shape(), layouts);
        boolean[] uniform = new boolean[layouts.length];
        boolean contiguous = collapsed.isRun(layouts.length);
        for (int i = 0; i < uniform.length; i++) {
            uniform[i] = collapsed.isUniform(i);
            contiguous &= uniform[i] || collapsed.isRun(i);
        }
        if (contiguous) {
            contiguous(program, fused, uniform, inputs, outputs, commands);
        } else {
            strided(program, fused, collapsed, inputs, outputs, commands);
        }
    }

    private static void contiguous(
            Program program,
            boolean fused,
            boolean[] uniform,
            List<Tensor> inputs,
            List<Tensor> outputs,
            Commands commands) {
        int widest = 1;
        for (Tensor output : outputs) {
            widest = Math.max(widest, output.dtype().bytes());
        }
        StringBuilder variant = new StringBuilder("contiguous");
        for (int i = 0; i < uniform.length; i++) {
            if (uniform[i]) {
                variant.append('_').append(i);
            } else {
                widest = Math.max(widest, inputs.get(i).dtype().bytes());
            }
        }
        int perThread = Math.min(8, BYTES_PER_THREAD / widest);
        String name = name(program, fused, variant.toString());
        Dispatch dispatch =
                commands.generated(name, () -> new ElementwiseText(program).contiguous(name, perThread, uniform));
        int size = outputs.getFirst().shape().size();
        bind(dispatch, program, inputs, outputs).ints(size).threads((int) (((long) size + perThread - 1) / perThread));
    }

    private static void strided(
            Program program,
            boolean fused,
            Collapsed collapsed,
            List<Tensor> inputs,
            List<Tensor> outputs,
            Commands commands) {
        int rank = collapsed.rank();
        String name = name(program, fused, "strided" + rank);
        Dispatch dispatch = commands.generated(name, () -> new ElementwiseText(program).strided(name, rank));
        bind(dispatch, program, inputs, outputs).ints(collapsed.table());
        if (outputs.getFirst().shape().size() > 0) {
            Grid.over(collapsed.dims(), dispatch.maxThreads()).run(dispatch);
        }
    }

    private static Dispatch bind(Dispatch dispatch, Program program, List<Tensor> inputs, List<Tensor> outputs) {
        inputs.forEach(dispatch::read);
        outputs.forEach(dispatch::write);
        long[] constants = program.constants();
        if (constants.length > 0) {
            dispatch.longs(constants);
        }
        return dispatch;
    }

    /// A name that is the same for the same text only.
    private static String name(Program program, boolean fused, String variant) {
        if (!fused) {
            FusedElementwise.Instruction only = program.instructions().getFirst();
            StringBuilder name = new StringBuilder(operation(only));
            for (DType input : program.inputs()) {
                name.append('_').append(input);
            }
            return name.append('_').append(variant).toString();
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((program.structure() + variant).getBytes(StandardCharsets.UTF_8));
            return "fused_" + variant + "_" + HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String operation(FusedElementwise.Instruction instruction) {
        String name = switch (instruction.op()) {
            case Primitive.Constant _ -> "constant_" + instruction.dtype();
            case Primitive.Unary(var op) -> op.name();
            case Primitive.Binary(var op) -> op.name();
            case Primitive.Select() -> "select";
            case Primitive.Cast(DType target) -> "cast_" + target;
        };
        return name.toLowerCase(Locale.ROOT);
    }
}
