package org.lazuli.metal.kernels;

import java.util.List;

/// All families of kernels. The first one that supports a kernel runs it.
public final class Families {
    private static final List<KernelFamily> ALL = List.of(
            new ElementwiseFamily(),
            new CopyFamily(),
            new CreationFamily(),
            new RandomFamily(),
            new ReduceFamily(),
            new ScanFamily(),
            new SortFamily(),
            new RowFamily(),
            new MatMulFamily(),
            new ConvolutionFamily(),
            new AttentionFamily(),
            new GatherFamily(),
            new ScatterFamily(),
            new SliceUpdateFamily(),
            new CustomFamily());

    private Families() {}

    public static List<KernelFamily> all() {
        return ALL;
    }
}
