package org.lazuli.graph;

import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.UpdateOp;

/// How many operands an instruction has, for graphs that come from outside: whoever builds one with operations gives the right number.
final class Operands {
    private Operands() {}

    /// @throws IllegalArgumentException if an instruction cannot have this number of operands
    static void check(Primitive primitive, int count) {
        boolean fits = switch (primitive) {
            case Primitive.Constant _, Primitive.Iota _ -> count == 0;
            case Primitive.Reshape _,
                    Primitive.Transpose _,
                    Primitive.Broadcast _,
                    Primitive.Slice _,
                    Primitive.Windows _,
                    Primitive.StopGradient _,
                    Primitive.Element _,
                    Primitive.RandomBits _,
                    Primitive.Unary _,
                    Primitive.Cast _,
                    Primitive.Reduce _,
                    Primitive.ArgReduce _,
                    Primitive.Scan _,
                    Primitive.Sort _,
                    Primitive.ArgSort _,
                    Primitive.Copy _,
                    Primitive.Bitcast _ -> count == 1;
            case Primitive.Binary _, Primitive.SliceUpdate _, Primitive.MatMul _, Primitive.Convolution _ -> count == 2;
            case Primitive.Select _ -> count == 3;
            case Primitive.Gather(Ints axes) -> count == axes.size() + 1;
            case Primitive.Scatter(UpdateOp _, Ints axes) -> count == axes.size() + 2;
            case Primitive.Fallback(Accelerated _, int arguments) -> arguments >= 0 && count == arguments + 1;
            case Primitive.FallbackTuple(Accelerated _, int arguments) -> arguments >= 0 && count > arguments;
            case Primitive.Custom _ -> false;
            // At least one, or what the rule for its shape demands.
            default -> count >= 1;
        };
        if (!fits) {
            throw new IllegalArgumentException(primitive + " does not take " + count + " operands");
        }
    }
}
