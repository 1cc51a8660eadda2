package org.lazuli.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// [BrainFloats] by the Vector API, once a program goes on ([Handover]): vectors of shorts are half as long as those of floats.
final class VectorBrainFloats extends BrainFloats {
    private static final VectorSpecies<Float> FLOATS = VectorFunctions.SPECIES;
    private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
    private static final int LANES = FLOATS.length();

    /// What an element costs a plain loop, in multiplications.
    private static final int COST = 4;

    private final Handover widen = new Handover();
    private final Handover narrow = new Handover();
    private final Handover round = new Handover();

    @Override
    void widen(short[] a, int at, float[] o, int n) {
        int whole = whole(n, widen);
        for (int i = 0; i < whole; i += LANES) {
            IntVector bits = (IntVector)
                    ShortVector.fromArray(SHORTS, a, at + i).convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
            bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(o, i);
        }
        for (int i = whole; i < n; i++) {
            o[i] = toFloat(a[at + i]);
        }
    }

    @Override
    void narrow(float[] a, short[] o, int at, int n) {
        int whole = whole(n, narrow);
        for (int i = 0; i < whole; i += LANES) {
            ShortVector bits = (ShortVector)
                    upperHalf(FloatVector.fromArray(FLOATS, a, i)).convertShape(VectorOperators.I2S, SHORTS, 0);
            bits.intoArray(o, at + i);
        }
        for (int i = whole; i < n; i++) {
            o[at + i] = of(a[i]);
        }
    }

    @Override
    void round(float[] a, int from, int to) {
        int whole = from + whole(to - from, round);
        for (int i = from; i < whole; i += LANES) {
            upperHalf(FloatVector.fromArray(FLOATS, a, i))
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .intoArray(a, i);
        }
        super.round(a, whole, to);
    }

    /// How many of `n` elements vectors take.
    private static int whole(int n, Handover handover) {
        if (handover.isDone()) {
            return n - n % LANES;
        }
        handover.count((long) COST * n);
        return 0;
    }

    /// The bits of the nearest bfloat16s.
    private static IntVector upperHalf(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        IntVector half = bits.lanewise(VectorOperators.LSHR, 16);
        IntVector nearest = bits.add(half.and(1)).add(0x7FFF).lanewise(VectorOperators.LSHR, 16);
        return nearest.blend(half.or(0x40), x.test(VectorOperators.IS_NAN).cast(INTS));
    }
}
