package org.lazuli.benchmarks.peers;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Fast;
import org.lazuli.Ops;
import org.lazuli.Transforms;

/// The inputs of the single operations, and what lazuli makes of them.
public final class Kernels {
    /// How far a library's results may be from ours, by the length of ours: single precision with room for another order of adding.
    public static final double TOLERANCE = 1e-5;

    private Kernels() {}

    /// @param x `rows` x `depth`
    /// @param y `depth` x `columns`
    public record Product(Values x, Values y) {
        /// @param shape rows x columns x depth, such as `64x64x64`
        public static Product of(String shape) {
            String[] sizes = shape.split("x", -1);
            long rows = Long.parseLong(sizes[0]);
            long columns = Long.parseLong(sizes[1]);
            long depth = Long.parseLong(sizes[2]);
            return new Product(Values.uniform(1, rows, depth), Values.uniform(2, depth, columns));
        }

        public void check(float[] product) {
            Agreement.check("the product", x.array().matmul(y.array()).toFloatArray(), product, TOLERANCE);
        }
    }

    public record MultiplyAdd(Values a, Values b, Values c) {
        public static MultiplyAdd of(int size) {
            return new MultiplyAdd(Values.uniform(1, size), Values.uniform(2, size), Values.uniform(3, size));
        }

        public void check(float[] result) {
            Agreement.check("a * b + c", a.array().mul(b.array()).add(c.array()).toFloatArray(), result, TOLERANCE);
        }
    }

    /// 4096 rows of 1024, what scales and shifts them, and the gradient that comes back.
    public record Rows(Values x, Values weight, Values bias, Values cotangent) {
        public static final double EPS = 1e-5;

        public static Rows create() {
            return new Rows(
                    Values.normal(1, 4096, 1024),
                    Values.normal(2, 1024),
                    Values.normal(3, 1024),
                    Values.normal(4, 4096, 1024));
        }

        public void checkSoftmax(float[] result) {
            Agreement.check("softmax", x.array().softmax(-1).toFloatArray(), result, TOLERANCE);
        }

        public void checkLayerNorm(float[] result) {
            Agreement.check(
                    "layer norm",
                    Fast.layerNorm(x.array(), weight.array(), bias.array(), EPS).toFloatArray(),
                    result,
                    TOLERANCE);
        }

        /// @param gradients by x, the weight and the bias
        public void checkLayerNorm(float[] result, List<float[]> gradients) {
            checkLayerNorm(result);
            List<Array> expected = Transforms.vjp(
                            in -> List.of(Fast.layerNorm(in.get(0), in.get(1), in.get(2), EPS)),
                            List.of(x.array(), weight.array(), bias.array()),
                            List.of(cotangent.array()))
                    .derivatives();
            Ops.eval(expected);
            for (int i = 0; i < expected.size(); i++) {
                Agreement.check(
                        "the gradient of layer norm by "
                                + List.of("x", "the weight", "the bias").get(i),
                        expected.get(i).toFloatArray(),
                        gradients.get(i),
                        TOLERANCE * 10);
            }
        }
    }
}
