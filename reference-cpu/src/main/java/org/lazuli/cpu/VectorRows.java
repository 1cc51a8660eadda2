package org.lazuli.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/// [RowLoops] by the Vector API. Rows are padded to whole vectors, so no loop has a rest to deal with.
///
/// Sums run in four vectors, so that additions do not wait for each other.
final class VectorRows extends RowLoops {
    private static final VectorSpecies<Float> SPECIES = VectorFunctions.SPECIES;
    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
    private static final int LANES = SPECIES.length();

    @Override
    int room(int n) {
        return (n + LANES - 1) / LANES * LANES;
    }

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(SPECIES, a, i);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    private static float total(FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3) {
        return VectorFunctions.total(s0.add(s1).add(s2.add(s3)));
    }

    /// By the bits of elements, as integers: those of positive numbers lie in the same order, and those of negative ones, without the sign, in the other. A
    /// maximum of integers is one instruction, where that of floats, with NaN to be kept, is five.
    @Override
    void measure(float[] a, int at, int n, Extent extent) {
        // What is there already changes nothing.
        pad(a, at, n, a[at]);
        IntVector most = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector least = most;
        int end = at + room(n);
        for (int i = at; i < end; i += LANES) {
            IntVector bits = load(a, i).reinterpretAsInts();
            most = most.max(bits);
            least = least.max(bits.lanewise(VectorOperators.XOR, Integer.MIN_VALUE));
        }
        set(extent, a, at, n, most.reduceLanes(VectorOperators.MAX), least.reduceLanes(VectorOperators.MAX));
    }

    /// @param most the largest bits of an element, as an integer
    /// @param least the same with the other sign
    private void set(Extent extent, float[] a, int at, int n, int most, int least) {
        float bound = least >= 0 ? Float.intBitsToFloat(least ^ Integer.MIN_VALUE) : 0;
        // Negative numbers alone are in the other order, and NaN has either sign.
        float largest = Float.isNaN(bound) ? bound : most >= 0 ? Float.intBitsToFloat(most) : maximum(a, at, n);
        extent.set(largest, bound);
    }

    /// The largest element where none is NaN.
    private float maximum(float[] a, int at, int n) {
        FloatVector m = all(Float.NEGATIVE_INFINITY);
        int end = at + room(n);
        for (int i = at; i < end; i += LANES) {
            FloatVector x = load(a, i);
            m = m.blend(x, m.compare(VectorOperators.LT, x));
        }
        return m.reduceLanes(VectorOperators.MAX);
    }

    @Override
    float exponentials(float[] a, int at, float[] o, int to, int n, Extent extent) {
        float sum = extent.isNear() ? near(a, at, o, to, n, extent.largest()) : far(a, at, o, to, n, extent.largest());
        return room(n) == n ? sum : withoutRest(o, to, n);
    }

    @Override
    float exponentials(float[] a, int at, float[] o, int to, int n, Extent extent, int next) {
        float sum;
        if (extent.isNear()) {
            sum = near(a, at, o, to, n, extent.largest(), next, extent);
        } else {
            sum = far(a, at, o, to, n, extent.largest());
            measure(a, next, n, extent);
        }
        return room(n) == n ? sum : withoutRest(o, to, n);
    }

    /// Exponentials that all are normal numbers, and their sum with those in the rest of the last vector.
    private float near(float[] a, int at, float[] o, int to, int n, float shift) {
        int end = room(n);
        FloatVector sum = all(0);
        for (int i = 0; i < end; i += LANES) {
            FloatVector y = VectorFunctions.expOfNear(load(a, at + i).sub(shift));
            y.intoArray(o, to + i);
            sum = sum.add(y);
        }
        return VectorFunctions.quickTotal(sum);
    }

    /// The same, and the extent of the row at `next`.
    private float near(float[] a, int at, float[] o, int to, int n, float shift, int next, Extent extent) {
        int end = room(n);
        FloatVector sum = all(0);
        IntVector most = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector least = most;
        for (int i = 0; i < end; i += LANES) {
            IntVector bits = load(a, next + i).reinterpretAsInts();
            most = most.max(bits);
            least = least.max(bits.lanewise(VectorOperators.XOR, Integer.MIN_VALUE));
            FloatVector y = VectorFunctions.expOfNear(load(a, at + i).sub(shift));
            y.intoArray(o, to + i);
            sum = sum.add(y);
        }
        set(extent, a, next, n, most.reduceLanes(VectorOperators.MAX), least.reduceLanes(VectorOperators.MAX));
        return VectorFunctions.quickTotal(sum);
    }

    /// Any exponentials, and their sum likewise.
    private float far(float[] a, int at, float[] o, int to, int n, float shift) {
        int end = room(n);
        FloatVector sum = all(0);
        for (int i = 0; i < end; i += LANES) {
            FloatVector y = VectorFunctions.expOfNegative(load(a, at + i).sub(shift));
            y.intoArray(o, to + i);
            sum = sum.add(y);
        }
        return VectorFunctions.quickTotal(sum);
    }

    /// The sum of a row alone, where its last vector has a rest.
    private float withoutRest(float[] o, int to, int n) {
        FloatVector sum = all(0);
        Arrays.fill(o, to + n, to + room(n), 0);
        for (int i = to; i < to + n; i += LANES) {
            sum = sum.add(load(o, i));
        }
        return VectorFunctions.quickTotal(sum);
    }

    @Override
    int lanes() {
        return LANES;
    }

    @Override
    void exponentials(float[] tiles, int n, float[] largest, float[] totals) {
        int size = n * LANES;
        for (int row = 0, first = 0; row < largest.length; row += LANES, first += size) {
            FloatVector m = load(tiles, first);
            for (int i = first + LANES; i < first + size; i += LANES) {
                m = m.max(load(tiles, i));
            }
            FloatVector total = all(0);
            for (int i = first; i < first + size; i += LANES) {
                FloatVector y = VectorFunctions.expOfNegative(load(tiles, i).sub(m));
                y.intoArray(tiles, i);
                total = total.add(y);
            }
            m.intoArray(largest, row);
            total.intoArray(totals, row);
        }
    }

    @Override
    float sum(float[] a, int at, int n) {
        pad(a, at, n, 0);
        FloatVector s0 = all(0);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int end = at + room(n);
        int i = at;
        for (; i <= end - 4 * LANES; i += 4 * LANES) {
            s0 = s0.add(load(a, i));
            s1 = s1.add(load(a, i + LANES));
            s2 = s2.add(load(a, i + 2 * LANES));
            s3 = s3.add(load(a, i + 3 * LANES));
        }
        for (; i < end; i += LANES) {
            s0 = s0.add(load(a, i));
        }
        return total(s0, s1, s2, s3);
    }

    @Override
    float squares(float[] a, int at, int n, float mean) {
        pad(a, at, n, mean);
        FloatVector s0 = all(0);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int end = at + room(n);
        int i = at;
        for (; i <= end - 4 * LANES; i += 4 * LANES) {
            FloatVector d0 = load(a, i).sub(mean);
            FloatVector d1 = load(a, i + LANES).sub(mean);
            FloatVector d2 = load(a, i + 2 * LANES).sub(mean);
            FloatVector d3 = load(a, i + 3 * LANES).sub(mean);
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
            s2 = d2.fma(d2, s2);
            s3 = d3.fma(d3, s3);
        }
        for (; i < end; i += LANES) {
            FloatVector d = load(a, i).sub(mean);
            s0 = d.fma(d, s0);
        }
        return total(s0, s1, s2, s3);
    }

    @Override
    void normalize(
            float[] a,
            int at,
            float[] o,
            int to,
            int n,
            float mean,
            float by,
            float @Nullable [] weight,
            float @Nullable [] bias) {
        int end = room(n);
        if (weight != null && bias != null) {
            for (int i = 0; i < end; i += LANES) {
                FloatVector normal = load(a, at + i).sub(mean).mul(by);
                normal.mul(load(weight, i)).add(load(bias, i)).intoArray(o, to + i);
            }
            return;
        }
        for (int i = 0; i < end; i += LANES) {
            load(a, at + i).sub(mean).mul(by).intoArray(o, to + i);
        }
        if (weight != null) {
            for (int i = 0; i < end; i += LANES) {
                load(o, to + i).mul(load(weight, i)).intoArray(o, to + i);
            }
        }
        if (bias != null) {
            for (int i = 0; i < end; i += LANES) {
                load(o, to + i).add(load(bias, i)).intoArray(o, to + i);
            }
        }
    }

    @Override
    float dot(float[] a, int at, float[] b, int bAt, int n) {
        pad(a, at, n, 0);
        pad(b, bAt, n, 0);
        FloatVector s0 = all(0);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int end = room(n);
        int i = 0;
        for (; i <= end - 4 * LANES; i += 4 * LANES) {
            s0 = load(a, at + i).fma(load(b, bAt + i), s0);
            s1 = load(a, at + i + LANES).fma(load(b, bAt + i + LANES), s1);
            s2 = load(a, at + i + 2 * LANES).fma(load(b, bAt + i + 2 * LANES), s2);
            s3 = load(a, at + i + 3 * LANES).fma(load(b, bAt + i + 3 * LANES), s3);
        }
        for (; i < end; i += LANES) {
            s0 = load(a, at + i).fma(load(b, bAt + i), s0);
        }
        return VectorFunctions.quickTotal(s0.add(s1).add(s2.add(s3)));
    }

    @Override
    void moments(float[] a, int at, float[] g, int gAt, float[] weight, int n, float mean, float[] sums) {
        pad(a, at, n, mean);
        pad(g, gAt, n, 0);
        FloatVector s0 = all(0);
        FloatVector s1 = s0;
        FloatVector t0 = s0;
        FloatVector t1 = s0;
        int end = room(n);
        int i = 0;
        for (; i <= end - 2 * LANES; i += 2 * LANES) {
            FloatVector h0 = load(g, gAt + i).mul(load(weight, i));
            FloatVector h1 = load(g, gAt + i + LANES).mul(load(weight, i + LANES));
            s0 = s0.add(h0);
            s1 = s1.add(h1);
            t0 = h0.fma(load(a, at + i).sub(mean), t0);
            t1 = h1.fma(load(a, at + i + LANES).sub(mean), t1);
        }
        for (; i < end; i += LANES) {
            FloatVector h = load(g, gAt + i).mul(load(weight, i));
            s0 = s0.add(h);
            t0 = h.fma(load(a, at + i).sub(mean), t0);
        }
        sums[0] = VectorFunctions.total(s0.add(s1));
        sums[1] = VectorFunctions.total(t0.add(t1));
    }

    @Override
    void combine(
            float[] a,
            int at,
            float[] g,
            int gAt,
            float[] weight,
            float[] o,
            int to,
            int n,
            float mean,
            float shift,
            float slope,
            float by) {
        int end = room(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector h = load(g, gAt + i).mul(load(weight, i)).sub(shift);
            h.sub(load(a, at + i).sub(mean).mul(slope)).mul(by).intoArray(o, to + i);
        }
    }

    @Override
    void accumulate(
            float[] a, int at, float[] g, int gAt, int n, float mean, float by, float[] products, float[] sums) {
        // Four vectors at a time, not for the sake of the loop, but because HotSpot would put a shorter method into its
        // caller, which then is so large that it makes an object of every cotangent.
        int end = room(n);
        int i = 0;
        for (; i <= end - 4 * LANES; i += 4 * LANES) {
            FloatVector g0 = load(g, gAt + i);
            FloatVector g1 = load(g, gAt + i + LANES);
            FloatVector g2 = load(g, gAt + i + 2 * LANES);
            FloatVector g3 = load(g, gAt + i + 3 * LANES);
            FloatVector a0 = load(a, at + i).sub(mean).mul(by);
            FloatVector a1 = load(a, at + i + LANES).sub(mean).mul(by);
            FloatVector a2 = load(a, at + i + 2 * LANES).sub(mean).mul(by);
            FloatVector a3 = load(a, at + i + 3 * LANES).sub(mean).mul(by);
            a0.fma(g0, load(products, i)).intoArray(products, i);
            a1.fma(g1, load(products, i + LANES)).intoArray(products, i + LANES);
            a2.fma(g2, load(products, i + 2 * LANES)).intoArray(products, i + 2 * LANES);
            a3.fma(g3, load(products, i + 3 * LANES)).intoArray(products, i + 3 * LANES);
            load(sums, i).add(g0).intoArray(sums, i);
            load(sums, i + LANES).add(g1).intoArray(sums, i + LANES);
            load(sums, i + 2 * LANES).add(g2).intoArray(sums, i + 2 * LANES);
            load(sums, i + 3 * LANES).add(g3).intoArray(sums, i + 3 * LANES);
        }
        for (; i < end; i += LANES) {
            FloatVector cotangent = load(g, gAt + i);
            load(a, at + i).sub(mean).mul(by).fma(cotangent, load(products, i)).intoArray(products, i);
            load(sums, i).add(cotangent).intoArray(sums, i);
        }
    }

    @Override
    void multiplyShifted(float[] y, int at, float[] g, int gAt, float[] o, int to, int n, float shift) {
        int end = room(n);
        for (int i = 0; i < end; i += LANES) {
            load(g, gAt + i).sub(shift).mul(load(y, at + i)).intoArray(o, to + i);
        }
    }

    @Override
    void add(float[] a, float[] o, int n) {
        int end = room(n);
        for (int i = 0; i < end; i += LANES) {
            load(o, i).add(load(a, i)).intoArray(o, i);
        }
    }

    @Override
    void scale(float[] a, int at, int n, float by) {
        int end = at + room(n);
        for (int i = at; i < end; i += LANES) {
            load(a, i).mul(by).intoArray(a, i);
        }
    }
}
