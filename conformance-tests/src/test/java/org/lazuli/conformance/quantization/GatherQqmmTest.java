package org.lazuli.conformance.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.lazuli.Index.at;

import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Quantization;
import org.lazuli.Quantized;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;

/// Products of chosen matrices, both factors quantized: what the product of each pair alone is.
class GatherQqmmTest {
    @Test
    void eachProductIsThatOfItsPair() {
        Array x = Random.normal(Shape.of(2, 3, 64), Random.key(1));
        Array weights = Random.normal(Shape.of(4, 5, 64), Random.key(2));
        int[] lhs = {0, 1, 1};
        int[] rhs = {3, 0, 2};
        for (Quantization how : new Quantization[] {Quantization.MXFP4, Quantization.MXFP8, Quantization.NVFP4}) {
            Array products = Ops.gatherQqmm(x, Ops.quantize(weights, how), Ops.array(lhs), Ops.array(rhs));
            assertEquals(Shape.of(3, 3, 5), products.shape());
            for (int i = 0; i < lhs.length; i++) {
                Quantized w = Ops.quantize(weights.get(at(rhs[i])), how);
                assertArrayEquals(
                        Ops.qqmm(x.get(at(lhs[i])), w).toFloatArray(),
                        products.get(at(i)).toFloatArray(),
                        1e-4f,
                        how.toString());
            }
        }
    }

    @Test
    void affineFormatsAreRefused() {
        Quantized w = Ops.quantize(Ops.zeros(2, 4, 64), Quantization.AFFINE);
        Array x = Ops.zeros(1, 64);
        Array which = Ops.array(new int[] {1});
        Refused.with(IllegalArgumentException.class, () -> Ops.gatherQqmm(x, w, null, which), "affine");
    }
}
